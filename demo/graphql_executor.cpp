#include "demo/graphql_executor.hpp"

#include "demo/errors.hpp"
#include "demo/graphql_arguments.hpp"
#include "demo/grouping.hpp"
#include "demo/ordering.hpp"
#include "demo/values.hpp"

#include <algorithm>

namespace demo {

namespace {

constexpr std::int64_t default_page = 200;

std::optional<std::int64_t> integer(const json::value& v) { return v.as_int(); }

json::array list_of(const json::value& v) {
    if (const auto* a = v.if_array()) return *a;
    if (v.is_null()) return {};
    return {v};
}

root_arguments arguments_of(root what) {
    return what == root::find_many  ? root_arguments::list
           : what == root::find_one ? root_arguments::one
           : what == root::group_by ? root_arguments::groups
                                    : root_arguments::any;
}

} // namespace

result<json::value> graphql_executor::run(const root_field& r, const graphql::field& f) {
    const auto arg = [&](std::string_view name) { return argument_of(f, name, call_.variables); };
    const object& on = *r.on;
    CHECK_OK(check_arguments(arguments_of(r.what), f, call_.variables));
    CHECK_OK(check_directives(f.selections));
    switch (r.what) {
    case root::find_many:
        return find_many(on, f);
    case root::find_one:
        return find_one(on, f);
    case root::duplicates:
        return duplicates(on, f);
    case root::group_by:
        return group(on, f);
    case root::create_one:
        if (!arg("data").if_object() && !arg("data").if_array())
            return missing_argument("data", "object");
        return one(on, runner_.create(on, {arg("data")}, arg("upsert").as_bool().value_or(false)),
                   f);
    case root::create_many:
        if (!arg("data").if_array()) return missing_argument("data", "array");
        return many(
            on, runner_.create(on, list_of(arg("data")), arg("upsert").as_bool().value_or(false)),
            f);
    case root::update_many:
        if (!arg("filter").if_object()) return missing_argument("filter", "object");
        return many(on, runner_.update_many(on, arg("filter"), arg("data"), false), f);
    case root::delete_many:
        return many(on, runner_.soft_delete_many(on, arg("filter"), false), f);
    case root::restore_many:
        return many(on, runner_.restore_many(on, arg("filter"), false), f);
    case root::destroy_many:
        return gone(on, runner_.destroy_many(on, arg("filter"), false), f);
    case root::merge:
        return merge(on, f);
    case root::update_one:
    case root::delete_one:
    case root::destroy_one:
    case root::restore_one:
        return by_id(r.what, on, f);
    }
    return json::value();
}

result<json::value> graphql_executor::by_id(root what, const object& on, const graphql::field& f) {
    TRY(id, read_leaf({on.find_field("id"), leaf::uuid, "id"},
                      argument_of(f, "id", call_.variables), refusal::bad_data, false));
    const std::string& key = *id.if_string();
    if (what == root::update_one)
        return one(on, runner_.update(on, key, argument_of(f, "data", call_.variables)), f);
    if (what == root::delete_one) return one(on, runner_.soft_delete(on, key), f);
    if (what == root::restore_one) return one(on, runner_.restore(on, key), f);
    TRY(lost, runner_.destroy(on, key));
    TRY(node, view_.node(on, lost.front(), f.selections));
    return json::value(std::move(node));
}

result<json::value> graphql_executor::one(const object& on, result<rows> done,
                                          const graphql::field& f) {
    if (!done) return std::move(done).failure();
    TRY(node, view_.node(on, *done->front(), f.selections));
    return json::value(std::move(node));
}
result<json::value> graphql_executor::many(const object& on, result<rows> done,
                                           const graphql::field& f) {
    if (!done) return std::move(done).failure();
    return view_.nodes(on, *done, f.selections);
}
result<json::value> graphql_executor::gone(const object& on, result<std::vector<record>> done,
                                           const graphql::field& f) {
    if (!done) return std::move(done).failure();
    rows all;
    for (const auto& row : *done)
        all.push_back(&row);
    return view_.nodes(on, all, f.selections);
}

result<json::value> graphql_executor::find_many(const object& on, const graphql::field& f) {
    page_request p;
    const auto arg = [&](std::string_view name) { return argument_of(f, name, call_.variables); };
    const auto text = [&](std::string_view name) {
        const json::value v = arg(name);
        return v.if_string() ? *v.if_string() : std::string();
    };
    p.filter = arg("filter");
    p.order_by = arg("orderBy");
    p.first = integer(arg("first"));
    p.last = integer(arg("last"));
    p.offset = std::max<std::int64_t>(0, integer(arg("offset")).value_or(0));
    p.after = text("after");
    p.before = text("before");
    if (!p.first && !p.last) (p.before.empty() ? p.first : p.last) = default_page;
    TRY(found, runner_.find_many(on, p));
    return view_.connection(on, found, f.selections);
}

result<json::value> graphql_executor::find_one(const object& on, const graphql::field& f) {
    TRY(row, runner_.find_one(on, argument_of(f, "filter", call_.variables)));
    TRY(node, view_.node(on, *row, f.selections));
    return json::value(std::move(node));
}

result<json::value> graphql_executor::duplicates(const object& on, const graphql::field& f) {
    const json::value ids = argument_of(f, "ids", call_.variables);
    const json::value data = argument_of(f, "data", call_.variables);
    TRY(found,
        runner_.duplicates(on, ids.is_null() ? nullptr : &ids, data.is_null() ? nullptr : &data));
    json::array out;
    for (auto& alike : found) {
        page p;
        p.rows = p.matched = std::move(alike);
        TRY(connection, view_.connection(on, p, f.selections));
        out.push_back(std::move(connection));
    }
    return json::value(std::move(out));
}

result<json::value> graphql_executor::group(const object& on, const graphql::field& f) {
    page_request p;
    p.filter = argument_of(f, "filter", call_.variables);
    p.order_by = argument_of(f, "orderByForRecords", call_.variables);
    CHECK_OK(check_group_fields(on, argument_of(f, "groupBy", call_.variables)));
    TRY(found, runner_.find_many(on, p));
    sort_rows(found.matched, found.order, runner_.data());
    const auto skipped = static_cast<std::size_t>(std::max<std::int64_t>(
        0, integer(argument_of(f, "offsetForRecords", call_.variables)).value_or(0)));
    TRY(groups,
        group_rows(runner_.model(), runner_.data(), on, argument_of(f, "groupBy", call_.variables),
                   argument_of(f, "orderBy", call_.variables), found.matched));
    const auto limit = integer(argument_of(f, "limit", call_.variables)).value_or(default_groups);
    if (limit > 0 && groups.size() > static_cast<std::size_t>(limit)) // 0 and less: all
        groups.resize(static_cast<std::size_t>(limit));
    json::array out;
    for (auto& g : groups) {
        page shown;
        shown.rows = shown.matched = std::move(g.rows);
        const auto away = std::min(skipped, shown.rows.size());
        shown.rows.erase(shown.rows.begin(),
                         shown.rows.begin() + static_cast<std::ptrdiff_t>(away));
        TRY(connection, view_.connection(on, shown, f.selections));
        for (const auto* field : flatten(f.selections, call_.document, call_.variables))
            if (field->name == "groupByDimensionValues") {
                json::object whole = *connection.if_object();
                whole.set(field->name, g.dimensions);
                connection = std::move(whole);
            }
        out.push_back(std::move(connection));
    }
    return json::value(std::move(out));
}

result<done> graphql_executor::check_group_fields(const object& on, const json::value& by) const {
    if (!by.if_array()) return done{};
    for (const auto& item : *by.if_array()) {
        if (!item.if_object()) continue;
        for (const auto& [name, how] : *item.if_object()) {
            const field* f = on.find_field(name);
            if (f && !runner_.rights().may_read(on, *f))
                return no_permission("read field \"" + name + "\" on \"" + on.singular + "\"");
        }
    }
    return done{};
}

namespace {

// Of a document with fragments all is merged.
merged_parts merged_parts_of(const graphql::selection_set& selections) {
    merged_parts out;
    out.all = false;
    for (const auto& s : selections) {
        const auto* f = std::get_if<graphql::field>(&s.node);
        if (!f) return {};
        auto& parts = out.by_field[f->name];
        for (const auto& inside : f->selections)
            if (const auto* part = std::get_if<graphql::field>(&inside.node))
                parts.insert(part->name);
    }
    return out;
}

} // namespace

result<json::value> graphql_executor::merge(const object& on, const graphql::field& f) {
    std::vector<std::string> ids;
    for (const auto& id : list_of(argument_of(f, "ids", call_.variables)))
        if (id.if_string()) ids.push_back(*id.if_string());
    const auto priority = integer(argument_of(f, "conflictPriorityIndex", call_.variables));
    const bool dry = argument_of(f, "dryRun", call_.variables).as_bool().value_or(false);
    TRY(merged, runner_.merge(on, ids, priority.value_or(0), dry, merged_parts_of(f.selections)));
    TRY(node, view_.node(on, merged, f.selections));
    return json::value(std::move(node));
}

} // namespace demo
