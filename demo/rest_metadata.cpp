// The REST side of the metadata: it needs the right to change the schema, even to read it.
#include "demo/rest_api.hpp"

#include "base/text.hpp"
#include "demo/errors.hpp"
#include "demo/metadata_shape.hpp"
#include "demo/rest_grammar.hpp"
#include "demo/rest_query.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

constexpr std::array<std::string_view, 5> hidden_of_object{"description", "shortcut", "color",
                                                           "isCustom", "duplicateCriteria"};
constexpr std::size_t most_per_page = 1000;

// REST leaves out what is null, and a little more.
json::object without_nulls(const json::object& whole) {
    json::object out;
    for (const auto& [name, v] : whole)
        if (!v.is_null() && name != "isCustom" && name != "indexMetadataList" &&
            name != "searchFieldMetadataList")
            out.append(name, v);
    return out;
}

json::value field_shape(const session& with, const object& o, const field& f) {
    json::object out = without_nulls(describe_field(with, o, f));
    out.append("workspaceId", with.facts.id);
    return out;
}

json::value object_shape(const session& with, const object& o) {
    json::object out = without_nulls(describe_object(with, o));
    for (const auto name : hidden_of_object)
        out.erase(name);
    out.append("workspaceId", with.facts.id);
    json::array fields;
    for (const auto& f : o.fields)
        fields.push_back(field_shape(with, o, f));
    out.append("fields", std::move(fields));
    return out;
}

response list_page(const request& r, std::string_view name, json::array all) {
    std::sort(all.begin(), all.end(), [](const json::value& a, const json::value& b) {
        return a.text("id") > b.text("id");
    });
    const auto query = query_of(r.target);
    const std::string after = single(query, "starting_after").value_or("");
    if (!after.empty() && !text::is_uuid(after))
        return json_response(500, "invalid input syntax for type uuid: \"" + after + "\"");
    const std::size_t total = all.size();
    std::erase_if(all,
                  [&](const auto& item) { return !after.empty() && item.text("id") >= after; });
    const auto given = single(query, "limit");
    const auto limit = parse_rest_limit(given);
    const std::size_t size =
        given && limit ? static_cast<std::size_t>(*limit) : std::min(all.size(), most_per_page);
    const bool more = all.size() > size;
    if (more) all.resize(size);
    json::object info;
    info.append("hasNextPage", more);
    info.append("startCursor", all.empty() ? json::value() : json::value(all.front().text("id")));
    info.append("endCursor", all.empty() ? json::value() : json::value(all.back().text("id")));
    return json_response(200, json::make({{"data", json::make({{name, std::move(all)}})},
                                          {"pageInfo", std::move(info)},
                                          {"totalCount", total}}));
}

response rest_object(const session& with, const std::string& id) {
    if (!text::is_uuid(id))
        return json_response(400, json::make({{"message", "Validation failed (uuid is expected)"},
                                              {"error", "Bad Request"},
                                              {"statusCode", 400}}));
    const object* o = with.model.find_id(id);
    if (o) return json_response(200, json::make({{"data", object_shape(with, *o)}}));
    return json_response(404, json::make({{"statusCode", 404},
                                          {"error", "Error"},
                                          {"messages", json::list({"Object metadata not found"})},
                                          {"code", "OBJECT_METADATA_NOT_FOUND"}}));
}

response refuse_new_object(const request& r) {
    const auto body = json::parse(r.body, json::upstream);
    json::array messages;
    for (const std::string name : {"nameSingular", "namePlural", "labelSingular", "labelPlural"}) {
        if (body && !body->text(name).empty()) continue;
        messages.emplace_back(name + " should not be empty");
        messages.emplace_back(name + " must be a string");
    }
    if (messages.empty()) messages.emplace_back("Objects are created through /metadata");
    return json_response(400, json::make({{"message", std::move(messages)},
                                          {"error", "Bad Request"},
                                          {"statusCode", 400}}));
}

response rest_api_keys(const session& with) {
    json::array out;
    const std::string made_at = iso_date_time(with.facts.started);
    for (const auto& key : with.keys.keys())
        out.push_back(json::make(
            {{"workspaceId", with.facts.id},
             {"id", key.id},
             {"name", key.name},
             {"expiresAt", made_at},
             {"revokedAt", key.who == role::revoked ? json::value(made_at) : json::value()},
             {"createdAt", made_at},
             {"updatedAt", made_at}}));
    return json_response(200, std::move(out));
}

} // namespace

response answer_rest_metadata(session& with, const request& r,
                              const std::vector<std::string>& segments) {
    if (!permissions(with.caller->who).may_change_schema())
        return json_response(403, rest_body(no_permission(), 403));
    const std::size_t first = segments[0] == "metadata" ? 1 : 0;
    const std::string what = segments.size() > first ? segments[first] : std::string();
    if (what == "apiKeys") return rest_api_keys(with);
    if (what == "webhooks" || what == "views") return json_response(200, json::array());
    if (what == "objects" && r.method == "POST") return refuse_new_object(r);
    if (what == "objects" && segments.size() > first + 1)
        return rest_object(with, segments[first + 1]);
    if (what == "objects" || what == "fields") {
        json::array all;
        for (const auto& o : with.model.objects()) {
            if (what == "objects")
                all.push_back(object_shape(with, o));
            else
                for (const auto& f : o.fields)
                    all.push_back(field_shape(with, o, f));
        }
        return list_page(r, what, std::move(all));
    }
    const error e = refuse(refusal::bad_query, "'" + what + "' is not a valid UUID");
    return json_response(rest_status(e), rest_body(e));
}

response rest_open_api(const session& with) {
    json::object paths;
    for (const auto& o : with.model.objects())
        paths.append("/" + o.plural,
                     json::make({{"get", json::object()}, {"post", json::object()}}));
    return json_response(
        200, json::make({{"openapi", "3.1.1"},
                         {"info", json::make({{"title", "Twenty Api"},
                                              {"description", "The demo workspace's REST API."},
                                              {"version", "v0.1"}})},
                         {"servers", json::array()},
                         {"tags", json::array()},
                         {"paths", std::move(paths)},
                         {"components", json::object()}}));
}

} // namespace demo
