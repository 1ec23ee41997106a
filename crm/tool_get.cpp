#include "base/text.hpp"
#include "crm/choice_labels.hpp"
#include "crm/columns.hpp"
#include "crm/fit.hpp"
#include "crm/include.hpp"
#include "crm/record.hpp"
#include "crm/related.hpp"
#include "crm/tools.hpp"
#include "mcp/client_limits.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

// longest_unasked bounds one text, unless the record's fields are named: then as much as the budget
// allows.
constexpr std::size_t longest_unasked = 10'000;
constexpr std::size_t longest_record_label = 300;

result<std::vector<included>> wanted_included(const json::value& arguments,
                                              const twenty::object& of, const twenty::access& may) {
    std::vector<included> out;
    for (const auto& name : name_list(arguments.find("include"))) {
        TRY(one, find_included(name, of, may));
        if (std::any_of(out.begin(), out.end(),
                        [&](const included& known) { return known.name == one.name; }))
            continue;
        out.push_back(std::move(one));
    }
    if (out.size() > most_included)
        return error(errc::bad_request, "\"include\" takes at most 8 names a call.");
    return out;
}

// ellipsis is what fit() puts where it cut a text.
constexpr std::string_view ellipsis = "…";

// The text at a path of a compact record (bodyV2, bodyV2.markdown, name.firstName).
const std::string* text_at(const json::value& record, std::string_view path) {
    const json::value* at = &record;
    for (const auto& step : text::split(path, '.')) {
        if (at->is_string()) break; // rich text is its markdown
        at = at->find(text::trim(step));
        if (!at) return nullptr;
    }
    return at->if_string();
}

bool has_member(const json::value& record, std::string_view name) {
    const auto* members = record.if_object();
    return members && std::ranges::any_of(*members, [&](const auto& member) {
               return text::iequals(member.first, name);
           });
}

// The record is not const here, so casting away what the search has added is safe.
std::string* text_at(json::value& record, std::string_view path) {
    return const_cast<std::string*>(text_at(std::as_const(record), path));
}

// wanted_offset() is where reading begins in the one text that is named; 0: at its beginning.
result<std::size_t> wanted_offset(const json::value& arguments,
                                  const std::vector<std::string>& fields) {
    const auto* given = arguments.find("offset");
    const auto offset = given ? given->as_int().value_or(0) : 0;
    if (offset <= 0) return std::size_t{0};
    if (fields.size() != 1)
        return error(errc::bad_request, "\"offset\" reads on in one text: name its field alone in "
                                        "fields. Example: {\"fields\":[\"bodyV2\"],\"offset\":"
                                        "24000}");
    return static_cast<std::size_t>(offset);
}

// skip() drops the beginning of the text, whole characters only, so that `offset` may become less:
// the note says the byte at which the text really begins.
result<std::string> skip(json::value& record, const std::string& field, std::size_t& offset) {
    auto* written = text_at(record, field);
    if (!written)
        return error(errc::bad_request, field + " is empty or no text; offset reads on in texts.");
    const auto whole = written->size();
    offset = text::cut_utf8(*written, std::min(offset, whole)).size();
    written->erase(0, offset);
    return field + " is shown from byte " + std::to_string(offset) + " of " +
           std::to_string(whole) + ".";
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

async<record_reading> read_record(call_slot& slot, const twenty::readable_object& of,
                                  const twenty::access& may, std::string id,
                                  twenty::wanted_fields want, bool deleted_too) {
    request_maker make = [&of, &id, deleted_too](const std::string& selection) {
        return twenty::get_request(of, id, selection, deleted_too);
    };
    const bool whole = want.whole;
    reading found =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_one(of));
    record_reading out;
    out.failure = std::move(found.failure);
    out.stale_schema = found.stale_schema;
    out.notes = std::move(found.notes);
    if (!out.failure && found.root.text("id").empty()) out.failure = twenty::unexpected_form();
    if (out.failure) co_return out;
    for (const auto& list : shorten_lists(found.root, of, may, most_related))
        out.notes.push_back(note_on(list, id));
    out.label = twenty::record_label(found.root, of);
    if (out.label.size() > longest_record_label)
        out.label = std::string(text::cut_utf8(out.label, longest_record_label)) + "…";
    // compact_record() drops what is empty; a write has to know which of its values read as empty.
    for (const auto& [name, v] : *found.root.if_object())
        if (v.is_null()) out.empty.append(name, json::value());
    out.record = twenty::compact_record(found.root, of, may, whole);
    co_return out;
}

void fit(record_reading& read, std::size_t longest, std::size_t budget, std::size_t skipped) {
    const auto taken = fit(read.record, longest, budget);
    for (const auto& part : taken.cut) {
        const auto* text = text_at(read.record, part.path);
        std::string how;
        if (text)
            how = " get_record with fields [\"" + part.path + "\"] and offset " +
                  std::to_string(skipped + text->size() - ellipsis.size()) + " reads on.";
        else if (longest < budget)
            how = " get_record shows more when fields names it alone.";
        read.notes.push_back(part.path + " was cut; it has " +
                             std::to_string(part.bytes + skipped) + " bytes." + how);
    }
    if (!taken.left_out.empty())
        read.notes.push_back(
            "Left out because the record is too large: " + text::join(taken.left_out, ", ") +
            ". get_record shows them when they are named in fields.");
}

crm_outcome failed(const record_reading& broken) {
    crm_outcome out;
    out.failure = broken.failure;
    out.stale_schema = broken.stale_schema;
    return out;
}

namespace {

twenty::wanted_fields wanted_of(const json::value& arguments, const relations_shown& relations,
                                const std::vector<included>& includes) {
    twenty::wanted_fields want;
    want.fields = name_list(arguments.find("fields"));
    want.expand = relations.names;
    if (!want.fields.empty()) // what leads to the records that are included
        for (const included& one : includes)
            if (one.to_one) want.expand.push_back(one.name);
    want.whole = arguments.text("detail") == "full" && want.fields.empty();
    return want;
}

crm_outcome shown(record_reading& read, const json::value& arguments,
                  const twenty::readable_object& of, const twenty::access& may,
                  const std::string& url) {
    crm_outcome out;
    out.notes = std::move(read.notes);
    out.body.set("object", of->name_singular);
    if (!read.label.empty()) out.body.set("label", read.label);
    choice_labels choices;
    choices.add_record(read.record, of, may);
    choices.write_to(out.body);
    // Twenty answers null for a field that is gone or has another name by now
    // [twenty-golden-2 metadata-change/041, 050].
    for (const auto& name : name_list(arguments.find("fields")))
        out.stale_schema =
            out.stale_schema || !has_member(read.record, shown_member(of, may, name));
    out.body.set("record", std::move(read.record));
    if (!url.empty()) out.body.set("url", url);
    return out;
}

} // namespace

async<crm_outcome> get_record(call_slot& slot, const json::value& arguments,
                              const call_context& context, const twenty::access& may) {
    auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    const twenty::readable_object& of = *found;
    // All arguments are judged before the first request: a wrong name at the end costs no call.
    auto includes = wanted_included(arguments, of, may);
    if (!includes) co_return failed(includes.failure());

    const auto* depth = arguments.find("depth");
    relations_shown relations;
    if (depth && depth->as_int() == 1) relations = to_many_of(of, may);
    twenty::wanted_fields want = wanted_of(arguments, relations, *includes);
    for (const auto& name : want.fields)
        remember_used(context.memory, of, name.substr(0, name.find('.')));
    auto offset = wanted_offset(arguments, want.fields);
    if (!offset) co_return failed(offset.failure());
    const auto budget = fitting(slot, record_budget);
    const auto longest = want.fields.empty() && !want.whole ? longest_unasked : budget;

    const std::string first_field = want.fields.empty() ? "" : want.fields.front();

    record_reading read = co_await read_record(slot, of, may, *id, std::move(want), false);
    if (read.failure) co_return failed(read);
    if (*offset > 0) {
        auto note = skip(read.record, first_field, *offset);
        if (!note) co_return failed(note.failure());
        read.notes.push_back(std::move(note).value());
    }
    auto* members = read.record.if_object();
    for (const link& l : relations.links)
        if (auto note = show_behind(*members, l); !note.empty())
            read.notes.push_back(std::move(note));
    // Included records have limits of their own, so they are fitted with the others only.
    fit(read, longest, budget, *offset);
    for (const included& one : *includes) {
        included what = one;
        auto notes = co_await read_included(slot, std::move(what), *id, *members, may);
        read.notes.insert(read.notes.end(), notes.begin(), notes.end());
    }
    // The whole is fitted once more, because what is included adds to it.
    if (!includes->empty()) fit(read, budget, budget);
    co_return shown(read, arguments, of, may, record_url(context, of, *id));
}

} // namespace crm
