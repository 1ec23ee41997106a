#include "mcp/include.hpp"

#include "base/text.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/fit.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

constexpr std::string_view timeline = "timelineActivity";
constexpr std::size_t longest_text = 1'000; // of one value in a list

std::vector<included> all_included(const twenty::object& of, const twenty::access& may) {
    std::vector<included> out;
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            included one;
            one.name = to->query_name;
            one.of = may.schema().by_singular(to->target_object);
            one.to_one = to->kind == twenty::relation_kind::many_to_one;
            if (!one.to_one) {
                one.through = link_of(of, *to, may);
                if (one.through) one.name = one.through->shown_as;
                one.join = join_back(of, *to, may);
                if (one.join.empty()) continue;
            }
            out.push_back(std::move(one));
        }
    return out;
}

// What is shown of a record in such a list: what a page shows, and the text it is read for.
std::vector<std::string> shown_fields(const twenty::object& of, const twenty::access& may,
                                      const std::string& before) {
    std::vector<std::string> names;
    for (const auto& name : list_fields(of, may)) {
        const bool relation = of.find_relation(name).has_value();
        if (before.empty() || !relation) names.push_back(before + name);
    }
    for (const auto* f : may.fields(of)) {
        const bool told = f->type == twenty::field_type::rich_text || f->name == "createdAt" ||
                          (of.name_singular == timeline && f->name == "properties");
        if (told) names.push_back(before + f->name);
    }
    return names;
}

twenty::page newest(const included& what, const std::string& id) {
    twenty::page p;
    p.filter = json::make({{what.join, json::make({{"eq", id}})}});
    const bool dated = what.of->find_field("createdAt") != nullptr;
    const std::string by = what.of->name_singular == timeline ? "happensAt" : "createdAt";
    if (dated) p.order = json::list({json::make({{by, "DescNullsLast"}})});
    p.first = static_cast<int>(most_related);
    return p;
}

json::array rows_of(const json::value& root, const included& what, const twenty::access& may) {
    json::array rows;
    const auto nodes = twenty::connection_nodes(root);
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all) {
            auto row = twenty::compact_record(node, *what.of, may);
            const auto* behind = what.through ? row.find(what.through->behind) : nullptr;
            if (what.through && !behind) continue; // the note itself is deleted
            json::value shown = behind ? *behind : std::move(row);
            fit(shown, longest_text, record_budget);
            rows.push_back(std::move(shown));
        }
    return rows;
}

// The record that a relation leads to, by the id that it shows.
task<std::vector<std::string>> read_one(exchange& slot, included what, json::object& record,
                                        const twenty::access& may) {
    std::vector<std::string> notes;
    const auto* shown = record.find(what.name);
    const std::string id(shown ? shown->text("id") : "");
    if (!text::is_uuid(id)) co_return notes; // it leads nowhere
    twenty::wanted_fields want;
    want.fields = shown_fields(*what.of, may, "");
    const json::value scope = may.scope(*what.of);
    request_maker make = [&](const std::string& selection) {
        return twenty::get_request(*what.of, id, selection, false, scope);
    };
    reading found = co_await read_root(slot, *what.of, may, std::move(want), std::move(make),
                                       what.of->name_singular);
    if (found.failure) {
        notes.push_back(what.name + " could not be read: " + found.failure->message);
        co_return notes;
    }
    json::value compact = twenty::compact_record(found.root, *what.of, may);
    fit(compact, longest_text, record_budget);
    record.set(what.name, std::move(compact));
    co_return std::move(found.notes);
}

} // namespace

result<included> find_included(std::string_view written, const twenty::object& of,
                               const twenty::access& may) {
    auto name = text::trim(written);
    const bool activity = text::iequals(name, "timeline") || text::iequals(name, "activity") ||
                          text::iequals(name, "activities");
    std::vector<std::string> names;
    const auto all = all_included(of, may);
    for (const auto& one : all) {
        const bool same = text::iequals(one.name, name) ||
                          (one.through && (text::iequals(one.through->rows, name) ||
                                           text::iequals(one.through->object, name)));
        if (same || (activity && one.of->name_singular == timeline)) return one;
        names.push_back(one.name);
    }
    for (const auto& one : all)
        if (!one.to_one && (text::iequals(one.of->name_plural, name) ||
                            text::iequals(one.of->name_singular, name)))
            return one;
    const std::string shown(text::cut_utf8(text::without_invisible(name, false), 80));
    auto near = text::nearest(shown, names);
    if (near.empty()) near = names;
    if (near.size() > 12) near.resize(12);
    return error(
        errc::bad_request,
        "\"" + shown + "\" can't be included with a " + of.name_singular + "; " +
            (near.empty() ? "nothing can." : "there are: " + text::join(near, ", ") + "."));
}

task<std::vector<std::string>> read_included(exchange& slot, included what, std::string id,
                                             json::object& record, const twenty::access& may) {
    if (what.to_one) {
        auto notes = co_await read_one(slot, std::move(what), record, may);
        co_return notes;
    }
    std::vector<std::string> notes;
    twenty::wanted_fields want;
    if (what.through) {
        const auto* behind = may.schema().by_singular(what.through->object);
        want.fields = shown_fields(*behind, may, what.through->behind + ".");
    } else {
        want.fields = shown_fields(*what.of, may, "");
    }
    const twenty::page page = newest(what, id);
    request_maker make = [&](const std::string& selection) {
        return result<twenty::request>(twenty::find_request(*what.of, selection, page));
    };
    reading found = co_await read_root(slot, *what.of, may, std::move(want), std::move(make),
                                       what.of->name_plural);
    if (found.failure) {
        notes.push_back(what.name + " could not be read: " + found.failure->message);
        co_return notes;
    }
    json::array rows = rows_of(found.root, what, may);
    const auto* counted = found.root.find("totalCount");
    const auto total = counted ? counted->as_int().value_or(0) : 0;
    if (std::cmp_greater(total, most_related)) {
        shortened list;
        list.name = what.name;
        list.shown = rows.size();
        list.total = static_cast<std::size_t>(total);
        list.object = what.of->name_singular;
        list.join = what.join;
        notes.push_back(note_on(list, id));
    }
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    record.set(what.name, std::move(rows));
    co_return notes;
}

} // namespace mcp
