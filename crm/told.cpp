#include "crm/told.hpp"

#include "base/text.hpp"

namespace crm {

namespace {

void add_id(std::vector<std::string>& ids, const json::value* id) {
    const auto* text = id ? id->if_string() : nullptr;
    if (text && text::is_uuid(*text)) ids.push_back(text::lower(*text));
}

// Of the lines of a result those that say "failed" are left out: nothing was written there.
void add_ids(std::vector<std::string>& ids, const json::value* list) {
    const auto* all = list ? list->if_array() : nullptr;
    if (!all) return;
    for (const auto& one : *all)
        if (one.text("outcome") != "failed") add_id(ids, one.if_object() ? one.find("id") : &one);
}

std::size_t items_in(const json::object& body, std::string_view name) {
    const auto* list = body.find(name);
    const auto* items = list ? list->if_array() : nullptr;
    return items ? items->size() : 0;
}

void tell_object(mcp::call_report& told, const json::value& arguments, const twenty::access& may) {
    if (const auto name = arguments.text("objectName"); !name.empty())
        if (const auto* of = may.schema().find(name)) told.object = of->name_singular;
}

void add_named(std::vector<std::string>& ids, const json::value& arguments) {
    add_id(ids, arguments.find("id"));
    add_ids(ids, arguments.find("ids"));
    add_ids(ids, arguments.find("records"));
}

// The results of writing tools: one record's `id`, or a line for each of several in `results`.
void tell_written(mcp::call_report& told, const json::value& arguments, const crm_outcome& done) {
    if (done.failure) {
        add_named(told.ids, arguments);
        if (told.ids.empty()) add_id(told.ids, done.more.find("id"));
        if (told.ids.empty()) add_ids(told.ids, done.more.find("results"));
        return;
    }
    add_id(told.ids, done.body.find("id"));
    add_ids(told.ids, done.body.find("results"));
    told.rows = told.ids.size();
}

} // namespace

void tell_begun(mcp::call_report& told, const json::value& arguments, const twenty::access& may) {
    tell_object(told, arguments, may);
    add_named(told.ids, arguments);
}

void tell(mcp::call_report& told, const json::value& arguments, const twenty::access& may,
          const crm_outcome& done) {
    tell_object(told, arguments, may);
    told.ids.clear(); // of a first try, whose schema was out of date
    if (told.writes) return tell_written(told, arguments, done);
    told.rows = done.body.contains("record") ? 1 : items_in(done.body, "rows");
}

} // namespace crm
