#include "base/text.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/record.hpp"
#include "twenty/shape.hpp"

#include <utility>

namespace mcp {

namespace {

// Record text beyond this is cut; `fields` still reaches everything else.
constexpr std::size_t longest_text = 10'000;

void cut_long_text(json::value& record, std::vector<std::string>& notes, const std::string& path) {
    if (auto* s = record.if_string(); s && s->size() > longest_text) {
        notes.push_back(path + " was cut; it has " + std::to_string(s->size()) + " bytes.");
        *s = std::string(text::cut_utf8(*s, longest_text)) + "…";
    }
    if (auto* members = record.if_object())
        for (auto& [name, v] : *members)
            cut_long_text(v, notes, path.empty() ? name : path + "." + name);
}

// Twenty links notes and tasks to anything through rows of their own (noteTarget). Depth 1
// shows the records behind such rows instead of the rows.
struct link {
    std::string rows;     // noteTargets
    std::string behind;   // note
    std::string shown_as; // notes
};

std::optional<link> link_of(const twenty::relation& to, const twenty::access& may) {
    constexpr std::string_view suffix = "Target";
    if (!to.target_object.ends_with(suffix)) return std::nullopt;
    const auto name = to.target_object.substr(0, to.target_object.size() - suffix.size());
    const auto* linked = may.schema().by_singular(name);
    const auto* rows = may.schema().by_singular(to.target_object);
    if (!linked || !rows || !may.can_read(*linked) || !rows->find_field(name)) return std::nullopt;
    link l;
    l.rows = to.query_name;
    l.behind = name;
    l.shown_as = linked->name_plural;
    return l;
}

struct relations_shown {
    std::vector<std::string> names;
    std::vector<link> links;
};

relations_shown to_many_of(const twenty::object& of, const twenty::access& may) {
    relations_shown shown;
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            if (to->kind != twenty::relation_kind::one_to_many) continue;
            const auto* target = may.schema().by_singular(to->target_object);
            auto behind = link_of(*to, may);
            // Twenty's own bookkeeping (timeline, favourites, participants) stays out.
            if (!behind && target->is_system) continue;
            shown.names.push_back(to->query_name);
            if (behind) shown.links.push_back(std::move(*behind));
        }
    return shown;
}

void show_behind(json::object& record, const link& l) {
    const auto* rows = record.find(l.rows);
    if (!rows || !rows->if_array()) return;
    json::array behind;
    for (const auto& row : *rows->if_array())
        if (const auto* linked = row.find(l.behind)) behind.push_back(*linked);
    record.erase(l.rows);
    if (!behind.empty()) record.set(l.shown_as, std::move(behind));
}

} // namespace

result<std::string> checked_id(std::string_view id) {
    const auto trimmed = text::trim(id);
    if (!text::is_uuid(trimmed))
        return error(errc::bad_request,
                     "\"id\" must be a record's UUID, as find_records and search_records show "
                     "it. Example: {\"id\":\"0190c1f2-5f5c-4e0a-9a35-0d9c1a2b3c4d\"}");
    return text::lower(trimmed);
}

task<record_reading> read_record(exchange& slot, const twenty::object& of,
                                 const twenty::access& may, std::string id,
                                 twenty::wanted_fields want, bool deleted_too) {
    request_maker make = [&of, &id, deleted_too](const std::string& selection) {
        return twenty::get_request(of, id, selection, deleted_too);
    };
    reading found =
        co_await read_root(slot, of, may, std::move(want), std::move(make), of.name_singular);
    record_reading out;
    out.failure = std::move(found.failure);
    out.stale_schema = found.stale_schema;
    out.notes = std::move(found.notes);
    if (out.failure) co_return out;
    out.label = twenty::record_label(found.root, of);
    out.record = twenty::compact_record(found.root, of, may);
    cut_long_text(out.record, out.notes, "");
    co_return out;
}

crm_outcome failed(const record_reading& broken) {
    crm_outcome out;
    out.failure = broken.failure;
    out.stale_schema = broken.stale_schema;
    return out;
}

task<crm_outcome> get_record(exchange& slot, const json::value& arguments,
                             const call_context& context, const twenty::access& may) {
    auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    const twenty::object& of = **found;

    const auto* depth = arguments.find("depth");
    relations_shown relations;
    if (depth && depth->as_int() == 1) relations = to_many_of(of, may);
    twenty::wanted_fields want;
    want.fields = name_list(arguments.find("fields"));
    want.expand = relations.names;

    record_reading read = co_await read_record(slot, of, may, *id, std::move(want), false);
    if (read.failure) co_return failed(read);
    if (auto* members = read.record.if_object())
        for (const link& l : relations.links)
            show_behind(*members, l);
    crm_outcome out;
    out.notes = std::move(read.notes);
    out.body.set("object", of.name_singular);
    if (!read.label.empty()) out.body.set("label", read.label);
    out.body.set("record", std::move(read.record));
    if (const auto url = record_url(context, of, *id); !url.empty()) out.body.set("url", url);
    co_return out;
}

} // namespace mcp
