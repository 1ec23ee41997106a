// Reading what a record is shown with: read_included() of include.hpp.
#include "base/text.hpp"
#include "crm/columns.hpp"
#include "crm/fit.hpp"
#include "crm/include.hpp"
#include "crm/reading.hpp"
#include "crm/tools.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <utility>

namespace crm {

namespace {

constexpr std::size_t longest_listed_text = 1'000; // of one value in a list

// shown_fields() is what a page shows of a record, and the text that it is read for. Behind a
// relation (`before`) no second one is crossed, and `back` leads to the record that has the list.
std::vector<std::string> shown_fields(const twenty::object& of, const twenty::access& may,
                                      const std::string& before, std::string_view back = {}) {
    std::vector<std::string> names;
    bool timed = true;
    for (const auto& name : list_fields(of, may)) {
        const auto* f = of.find_field(name);
        const bool relation = f && !f->relations.empty();
        if (relation && (!before.empty() || name == back)) continue;
        if (name == "updatedAt") timed = false;
        names.push_back(before + name);
    }
    for (const auto* f : may.fields(of)) {
        const bool told = f->type == twenty::field_type::rich_text ||
                          (f->name == "createdAt" && !timed) ||
                          (of.name_singular == timeline && f->name == "linkedRecordCachedName");
        if (told) names.push_back(before + f->name);
    }
    return names;
}

// The order of the time that the records have of themselves.
std::string newest_by(const twenty::object& of) {
    for (const auto* name : {"happensAt", "createdAt"})
        if (of.find_field(name)) return name;
    return {};
}

twenty::page newest(const included& what, const std::string& id) {
    twenty::page p;
    // A root of its own with the record's id as filter is sorted and bounded; Twenty ignores both
    // in a list inside of a record.
    p.filter = json::make({{what.join, json::make({{"eq", id}})}});
    if (const auto by = newest_by(*what.of); !by.empty())
        p.order = json::list({json::make({{by, "DescNullsLast"}})});
    p.first = static_cast<int>(most_related);
    return p;
}

json::array compact_rows(const json::value& root, const twenty::object& of,
                         const twenty::access& may) {
    json::array rows;
    const auto nodes = twenty::connection_nodes(root);
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all)
            rows.push_back(twenty::compact_record(node, of, may));
    return rows;
}

// Threat: the cached name of an entry is the title of a private mail or meeting. Defence: dropped.
void without_private_name(json::value& entry) {
    const auto name = text::lower(entry.text("name"));
    auto* members = entry.if_object();
    if (members && (name.find("message") != std::string::npos ||
                    name.find("calendarevent") != std::string::npos))
        members->erase("linkedRecordCachedName");
}

// read_ends() reads the records that link rows name by their ids, object by object, and leaves out
// what the key's role may not read. read_root() has left only ids when Twenty refused one of these
// objects without saying which.
async<linked_records> read_ends(call_slot& slot, link l, json::array rows,
                                const twenty::access& may) {
    linked_records out;
    for (const auto& end : l.ends) {
        std::vector<std::string> ids;
        for (const auto& row : rows)
            if (const auto id = row.text(end.join); text::is_uuid(id)) ids.emplace_back(id);
        const auto of = may.by_singular(end.object);
        if (ids.empty() || !of) continue;
        const auto* label = may.label(*of);
        twenty::wanted_fields want;
        want.fields.emplace_back(label ? label->name : "id");
        request_maker make = [&of, &ids](const std::string& selection) {
            return result<twenty::request>(twenty::records_request(*of, ids, selection));
        };
        reading found = co_await read_root(slot, *of, may, std::move(want), std::move(make),
                                           twenty::root_many(*of));
        const auto nodes = twenty::connection_nodes(std::move(found.root));
        const auto* all = nodes.if_array();
        if (found.failure || !all || all->size() < ids.size()) out.hidden = true;
        if (found.failure || !all) continue;
        for (const auto& node : *all) {
            json::object one;
            if (l.mixed) one.append("object", end.object);
            one.append("id", std::string(node.text("id")));
            if (auto name = twenty::record_label(node, *of); !name.empty())
                one.append("label", std::move(name));
            out.records.emplace_back(std::move(one));
        }
    }
    co_return out;
}

// The record that a relation leads to, by the id that it shows.
async<std::vector<std::string>> read_one(call_slot& slot, included what, json::object& record,
                                         const twenty::access& may) {
    std::vector<std::string> notes;
    const auto* shown = record.find(what.name);
    const std::string id(shown ? shown->text("id") : "");
    if (!text::is_uuid(id)) {
        if (!record.find(what.join)) co_return notes; // it leads nowhere
        notes.push_back(what.name + " is not shown: it is deleted, or may not be read.");
        co_return notes;
    }
    twenty::wanted_fields want;
    want.fields = shown_fields(*what.of, may, "");
    request_maker make = [&](const std::string& selection) {
        return twenty::get_request(what.of, id, selection);
    };
    reading found = co_await read_root(slot, what.of, may, std::move(want), std::move(make),
                                       twenty::root_one(what.of));
    if (found.failure) {
        notes.push_back(what.name + " could not be read: " + found.failure->message);
        co_return notes;
    }
    json::value compact = twenty::compact_record(found.root, *what.of, may);
    fit(compact, longest_listed_text, record_budget);
    record.set(what.name, std::move(compact));
    co_return std::move(found.notes);
}

// wanted_of_included() is what is read of the records that are included, or of those behind the
// rows that link them: of one kind as in a list of these, of several kinds their names alone.
twenty::wanted_fields wanted_of_included(const included& what, const twenty::access& may) {
    twenty::wanted_fields want;
    if (what.through && what.through->mixed) {
        for (const auto& end : what.through->ends)
            want.fields.push_back(end.relation);
    } else if (what.through) {
        const auto& end = what.through->ends.front();
        want.fields = shown_fields(*may.schema().by_singular(end.object), may, end.relation + ".");
    } else {
        want.fields = shown_fields(*what.of, may, "", what.back);
    }
    return want;
}

async<std::vector<std::string>> read_mails(call_slot& slot, included what, std::string id,
                                           json::object& record, const twenty::access& may) {
    correspondence mails = *what.mails_or_meetings;
    auto read = co_await read_correspondence(slot, std::move(mails), id, may);
    if (read.failure)
        read.notes.push_back(what.name + " could not be read: " + read.failure->message);
    else
        record.set(what.name, std::move(read.records));
    co_return std::move(read.notes);
}

std::string note_on_more_included(const included& what, const std::string& id, std::size_t shown,
                                  std::size_t total) {
    shortened list;
    list.name = what.name;
    list.shown = shown;
    list.total = total;
    list.object = what.of->name_singular;
    list.join = what.join;
    return note_on(list, id);
}

} // namespace

async<std::vector<std::string>> read_included(call_slot& slot, included what, std::string id,
                                              json::object& record, const twenty::access& may) {
    if (what.to_one) {
        auto notes = co_await read_one(slot, std::move(what), record, may);
        co_return notes;
    }
    std::vector<std::string> notes;
    if (what.mails_or_meetings) {
        auto read = co_await read_mails(slot, std::move(what), std::move(id), record, may);
        co_return read;
    }
    twenty::wanted_fields want = wanted_of_included(what, may);
    twenty::page page = newest(what, id);
    reading found = co_await read_list(slot, what.of, may, std::move(want), std::move(page));
    if (found.failure) {
        notes.push_back(what.name + " could not be read: " + found.failure->message);
        co_return notes;
    }
    // Threat: records that may not be read look like none. Defence: such a list is not shown.
    if (what.through && !what.through->mixed && found.ids_only) {
        notes.push_back(what.name + " are not shown: the API key's role may not read them.");
        co_return notes;
    }
    // From here the rows are compact, so what the grant may not see is gone before it is arranged.
    json::array rows = compact_rows(found.root, *what.of, may);
    if (what.through) {
        linked_records behind;
        if (found.ids_only) {
            link l = *what.through;
            behind = co_await read_ends(slot, std::move(l), std::move(rows), may);
            found.notes.clear(); // their names are there
        } else {
            behind = records_behind(rows, *what.through);
        }
        // The total counts the rows, so it may be more than the records behind them.
        rows = std::move(behind.records);
        if (behind.hidden && what.through->mixed) notes.push_back(note_on_hidden(*what.through));
    }
    for (auto& row : rows) {
        if (what.of->name_singular == timeline) without_private_name(row);
        fit(row, longest_listed_text, record_budget);
    }
    const auto* counted = found.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;
    if (std::cmp_greater(total, most_related))
        notes.push_back(
            note_on_more_included(what, id, rows.size(), static_cast<std::size_t>(total)));
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    record.set(what.name, std::move(rows));
    co_return notes;
}

} // namespace crm
