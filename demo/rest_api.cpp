#include "demo/rest_api.hpp"

#include "base/text.hpp"
#include "demo/errors.hpp"
#include "demo/grouping.hpp"
#include "demo/records.hpp"
#include "demo/rest_grammar.hpp"
#include "demo/rest_query.hpp"
#include "demo/rest_view.hpp"
#include "demo/values.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

// `settings_routes` are the names behind Twenty's legacy or settings routes.
constexpr std::array<std::string_view, 4> settings_routes{"metadata", "apiKeys", "webhooks",
                                                          "views"};

response refused(const error& e) { return json_response(rest_status(e), rest_body(e)); }

response no_route(const request& r) {
    return json_response(
        404, json::make({{"message", "Cannot " + r.method + " " + std::string(path_of(r.target))},
                         {"error", "Not Found"},
                         {"statusCode", 404}}));
}

error bad_path(const request& r) {
    return refuse(refusal::bad_query, "Query path '" + std::string(path_of(r.target)) +
                                          "' invalid. Valid examples: /rest/companies/id or "
                                          "/rest/companies or /rest/batch/companies");
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> out;
    for (auto& part : text::split(path, '/'))
        if (!part.empty()) out.push_back(std::move(part)); // empty segments are dropped
    if (!out.empty()) out.erase(out.begin());              // "rest"
    return out;
}

result<const object*> find_object(const schema& model, const std::string& name) {
    if (const object* o = model.find_plural(name)) return o;
    const object* o = model.find_singular(name);
    return refuse(refusal::bad_query,
                  "object '" + name + "' not found. " +
                      (o ? "Did you mean '" + o->plural + "'?" : std::string("eg: companies")));
}

class rest {
  public:
    rest(session& with, const request& r)
        : with_(with), request_(r), query_(query_of(r.target)),
          runner_(with.model, with.data, with.limit, *with.caller, with.now) {}

    // The answer's status rides along, because only creating differs.
    struct answer {
        int status = 200;
        json::value body;
    };

    result<answer> run(const std::vector<std::string>& segments) {
        if (segments.size() > 2) return bad_path(request_);
        const bool prefixed =
            segments.size() == 2 && (segments[0] == "batch" || segments[0] == "restore");
        TRY(on, find_object(with_.model, segments[prefixed ? 1 : 0]));
        TRY(depth, parse_rest_depth(single(query_, "depth")));
        depth_ = depth;
        const std::string& m = request_.method;
        if (prefixed && segments[0] == "batch" && m == "POST") return create_many(*on);
        if (prefixed && segments[0] == "restore" && m == "PATCH") return restore_many(*on);
        if (prefixed) return bad_path(request_);
        const std::string id = segments.size() == 2 ? segments[1] : std::string();
        if (id == "duplicates" && m == "POST") return duplicates(*on);
        if (id == "merge" && m == "PATCH") return merge(*on);
        if (id == "groupBy" && m == "GET") return group_by(*on);
        if (!id.empty() && !is_record_id(id))
            return refuse(refusal::bad_query, "'" + id + "' is not a valid UUID");
        if (m == "GET") return id.empty() ? list(*on) : get(*on, id);
        if (m == "POST" && id.empty()) return create(*on);
        if (m == "PATCH" || m == "PUT") return id.empty() ? update_many(*on) : update(*on, id);
        if (m == "DELETE") return remove(*on, id);
        return bad_path(request_);
    }

  private:
    // -- parameters ------------------------------------------------------------------------

    result<json::value> filter() const {
        const auto given = single(query_, "filter");
        if (!given || given->empty()) return json::value(json::object());
        return parse_rest_filter(*given);
    }
    [[nodiscard]] bool flag(std::string_view name) const { return single(query_, name) == "true"; }

    result<json::value> body() const {
        if (request_.body.empty())
            return refuse(refusal::type_error,
                          "Cannot read properties of undefined (reading 'position')");
        if (!text::starts_with_ci(request_.content_type, "application/json"))
            return json::value(request_.body);
        auto parsed = json::parse(request_.body, body_limits);
        return parsed ? *std::move(parsed) : json::value();
    }

    // -- shapes ----------------------------------------------------------------------------

    [[nodiscard]] rest_view view() const { return {with_, runner_.rights(), depth_}; }
    static answer wrapped(std::string name, json::value v, int status = 200) {
        return {status, json::make({{"data", json::make({{std::move(name), std::move(v)}})}})};
    }

    // -- reading ---------------------------------------------------------------------------

    result<answer> list(const object& on) {
        page_request p;
        TRY(limit, parse_rest_limit(single(query_, "limit")));
        TRY(wanted, filter());
        p.filter = std::move(wanted);
        p.lenient = true;
        if (const auto order = single(query_, "order_by"); order && !order->empty()) {
            TRY(parsed, parse_rest_order(*order));
            p.order_by = std::move(parsed);
        }
        p.after = single(query_, "starting_after").value_or("");
        p.before = single(query_, "ending_before").value_or("");
        (p.before.empty() || !p.after.empty() ? p.first : p.last) = limit;
        TRY(found, runner_.find_many(on, p));
        const json::value nodes = view().list(on, found.rows);
        return answer{200, json::make({{"data", json::make({{on.plural, nodes}})},
                                       {"totalCount", found.matched.size()},
                                       {"pageInfo", rest_page_info(found, *nodes.if_array())}})};
    }

    result<answer> get(const object& on, const std::string& id) {
        TRY(row, runner_.get(on, text::lower(id)));
        return wrapped(on.singular, view().record_shape(on, *row));
    }

    result<answer> group_by(const object& on) {
        const auto given = single(query_, "group_by");
        auto dimensions = given ? json::parse(*given) : error{errc::bad_json, {}};
        if (!dimensions || !dimensions->if_array())
            return refuse(refusal::bad_query,
                          "Invalid group_by query parameter - should be a valid array of objects - "
                          "ex: [{\"firstField\": true}, {\"secondField\": {\"subField\": true}}, "
                          "{\"dateField\": {\"granularity\": 'DAY'}}]");
        page_request p;
        TRY(wanted, filter());
        p.filter = std::move(wanted);
        p.lenient = true;
        TRY(found, runner_.find_many(on, p));
        json::value order;
        if (const auto order_by = single(query_, "order_by"))
            if (auto parsed = json::parse(*order_by)) order = *std::move(parsed);
        TRY(groups, group_rows(with_.model, with_.data, on, *dimensions, order, found.matched));
        json::value names;
        if (const auto aggregates = single(query_, "aggregate"))
            if (auto parsed = json::parse(*aggregates)) names = *std::move(parsed);
        const auto limit_given = single(query_, "limit");
        const auto limit =
            limit_given ? json::value(json::number{*limit_given}).as_int() : std::nullopt;
        json::array out;
        for (const auto& g : groups) {
            if (out.size() == static_cast<std::size_t>(limit.value_or(default_groups))) break;
            out.emplace_back(view().group(on, g, names, flag("include_records_sample")));
        }
        return answer{200, json::value(std::move(out))};
    }

    result<answer> duplicates(const object& on) {
        TRY(given, body());
        TRY(found, runner_.duplicates(on, given.find("ids"), given.find("data")));
        json::array out;
        for (auto& alike : found) {
            page p;
            p.rows = p.matched = alike;
            const json::value nodes = view().list(on, p.rows);
            out.push_back(json::make({{on.singular + "Duplicates", nodes},
                                      {"totalCount", alike.size()},
                                      {"pageInfo", rest_page_info(p, *nodes.if_array())}}));
        }
        return answer{200, json::make({{"data", std::move(out)}})};
    }

    // -- writing ---------------------------------------------------------------------------

    result<answer> create(const object& on) {
        TRY(data, body());
        TRY(made, runner_.create(on, json::array(1, data), flag("upsert")));
        return wrapped("create" + capitalised(on.singular), view().record_shape(on, *made.front()),
                       201);
    }

    result<answer> create_many(const object& on) {
        TRY(data, body());
        if (!data.if_array())
            return refuse(refusal::type_error, "args.data.forEach is not a function");
        TRY(made, runner_.create(on, *data.if_array(), flag("upsert")));
        return wrapped("create" + capitalised(on.plural), view().list(on, made), 201);
    }

    result<answer> update(const object& on, const std::string& id) {
        TRY(data, body());
        TRY(done, runner_.update(on, text::lower(id), data));
        return wrapped("update" + capitalised(on.singular), view().record_shape(on, *done.front()));
    }

    result<answer> update_many(const object& on) {
        TRY(data, body());
        TRY(wanted, filter());
        TRY(done, runner_.update_many(on, wanted, data, true));
        return wrapped("update" + capitalised(on.plural), view().list(on, done));
    }

    result<answer> restore_many(const object& on) {
        TRY(wanted, filter());
        TRY(done, runner_.restore_many(on, wanted, true));
        return wrapped("restore" + capitalised(on.plural), view().list(on, done));
    }

    // remove() destroys a record for good unless soft_delete=true is there.
    result<answer> remove(const object& on, const std::string& id) {
        const bool soft = flag("soft_delete");
        const std::string one = "delete" + capitalised(on.singular);
        const std::string all = "delete" + capitalised(on.plural);
        if (!id.empty() && soft) {
            TRY(done, runner_.soft_delete(on, text::lower(id)));
            return wrapped(one, view().record_shape(on, *done.front()));
        }
        if (!id.empty()) {
            TRY(gone, runner_.destroy(on, text::lower(id)));
            return wrapped(one, json::make({{"id", id_of(gone.front())}}));
        }
        TRY(wanted, filter());
        if (soft) {
            TRY(done, runner_.soft_delete_many(on, wanted, true));
            return wrapped(all, view().list(on, done));
        }
        TRY(gone, runner_.destroy_many(on, wanted, true));
        json::array ids;
        for (const auto& row : gone)
            ids.push_back(json::make({{"id", id_of(row)}}));
        return wrapped(all, std::move(ids));
    }

    result<answer> merge(const object& on) {
        TRY(data, body());
        std::vector<std::string> ids;
        if (const auto* given = data.find("ids"); given && given->if_array())
            for (const auto& id : *given->if_array())
                if (id.if_string()) ids.push_back(text::lower(*id.if_string()));
        const auto* priority = data.find("conflictPriorityIndex");
        TRY(merged, runner_.merge(on, ids, priority ? priority->as_int().value_or(0) : 0,
                                  data.flag("dryRun"), {}));
        return wrapped("merge" + capitalised(on.singular), view().record_shape(on, merged));
    }

    session& with_;
    const request& request_;
    text::fields query_;
    records runner_;
    int depth_ = 0;
};

// Malformed JSON is refused before anything else is looked at.
std::optional<response> malformed(const request& r) {
    if (r.body.empty() || !text::starts_with_ci(r.content_type, "application/json"))
        return std::nullopt;
    if (json::parse(r.body, body_limits)) return std::nullopt;
    return json_response(400, json::make({{"message", "Unexpected end of JSON input"},
                                          {"error", "Bad Request"},
                                          {"statusCode", 400}}));
}

} // namespace

response answer_rest(session& with, const request& r) {
    if (auto bad = malformed(r)) return *bad;
    const auto segments = segments_of(path_of(r.target));
    if (segments.empty()) return no_route(r);
    if (segments[0] == "open-api") return rest_open_api(with);
    if (std::find(settings_routes.begin(), settings_routes.end(), segments[0]) !=
            settings_routes.end() &&
        !with.model.find_plural(segments[0]) && segments[0] != "views")
        return answer_rest_metadata(with, r, segments);
    auto done = rest(with, r).run(segments);
    if (!done) return refused(done.failure());
    return json_response(done->status, done->body);
}

} // namespace demo
