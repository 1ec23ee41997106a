#include "crm/related.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t most_of_twenty = 60; // what Twenty gives of a nested list

} // namespace

namespace {

bool is_to_one(const twenty::relation& r) { return r.kind == twenty::relation_kind::many_to_one; }

// only_links() is true of rows without a word of their own, which link two records or more.
bool only_links(const twenty::object& o) {
    if (!o.label_field.empty()) return false;
    const auto links = std::count_if(o.fields.begin(), o.fields.end(), [](const auto& f) {
        return !f.relations.empty() && is_to_one(f.relations.front());
    });
    return links >= 2 && std::all_of(o.fields.begin(), o.fields.end(), [](const auto& f) {
               return f.is_system || !f.relations.empty();
           });
}

// own_end() is the field of noteTarget that holds the note. The others hold what the note is about.
const twenty::field* own_end(const twenty::object& rows) {
    constexpr std::string_view suffix = "Target";
    if (!rows.name_singular.ends_with(suffix)) return nullptr;
    const auto* f =
        rows.find_field(rows.name_singular.substr(0, rows.name_singular.size() - suffix.size()));
    return f && f->relations.size() == 1 && is_to_one(f->relations.front()) ? f : nullptr;
}

} // namespace

// link_of() looks for the rows' other ends: all fields but the one that leads back here. Rows are
// known by their form, so that link objects which people made are shown like noteTarget.
std::optional<link> link_of(const twenty::object& of, const twenty::relation& to,
                            const twenty::access& may) {
    const auto* rows = may.schema().by_singular(to.target_object);
    if (!rows || to.kind != twenty::relation_kind::one_to_many || !may.can_read(*rows))
        return std::nullopt;
    const auto* own = own_end(*rows);
    if (!own && !only_links(*rows)) return std::nullopt;
    const auto* back = rows->find_field(to.target_field);
    // The side is shown that the reader does not come from: of a note its targets, of a company its
    // notes.
    const bool from_own =
        own && (back ? back == own : own->relations.front().target_object == of.name_singular);
    link l;
    l.rows = to.query_name;
    std::size_t kinds = 0;
    for (const auto& f : rows->fields) {
        const bool other =
            own && !from_own ? &f == own : &f != back && &f != (from_own ? own : back);
        if (!other) continue;
        for (const auto& r : f.relations) {
            if (!is_to_one(r)) continue;
            // An end that the grant may not follow still counts as a kind, so that the records at
            // the other ends say of which object they are, and that some are hidden.
            ++kinds;
            if (!may.can_follow(r)) continue;
            l.ends.push_back({r.query_name, r.target_object, r.join_column});
            if (f.type == twenty::field_type::morph_relation) l.morph = f.name;
        }
    }
    if (l.ends.empty()) return std::nullopt;
    l.mixed = kinds > 1;
    const auto* only = may.schema().by_singular(l.ends.front().object);
    l.shown_as = !l.mixed ? only->name_plural : own ? "targets" : l.rows;
    // A name that the object has itself would hide that member.
    if (of.find_field(l.shown_as) || of.find_relation(l.shown_as)) l.shown_as = l.rows;
    return l;
}

std::string join_back(const twenty::object& of, const twenty::relation& to,
                      const twenty::access& may) {
    const auto* target = may.schema().by_singular(to.target_object);
    const auto* back = target ? target->find_field(to.target_field) : nullptr;
    if (!back) return {};
    for (const auto& r : back->relations)
        if (r.target_object == of.name_singular) return r.join_column;
    return {};
}

relations_shown to_many_of(const twenty::object& of, const twenty::access& may) {
    relations_shown shown;
    for (const auto* f : may.fields(of))
        for (const auto* to : may.relations(*f)) {
            if (to->kind != twenty::relation_kind::one_to_many) continue;
            const auto* target = may.schema().by_singular(to->target_object);
            auto behind = link_of(of, *to, may);
            // Twenty's own bookkeeping (timeline, favourites, participants) stays out.
            if (!behind && target->is_system) continue;
            shown.names.push_back(to->query_name);
            if (behind) shown.links.push_back(std::move(*behind));
        }
    return shown;
}

// records_behind() reads rows in both forms that compact_record() gives them: one member for the
// whole morph field, or one for each of its ends. A row that shows neither is deleted or not to be
// read.
linked_records records_behind(const json::array& rows, const link& l) {
    linked_records out;
    std::set<std::string, std::less<>> seen;
    const auto add = [&](const json::value& record) {
        const std::string id(record.text("id"));
        if (!id.empty() && !seen.insert(id).second) return;
        out.records.push_back(record);
    };
    for (const auto& row : rows) {
        bool shown = false;
        if (const auto* whole = l.morph.empty() ? nullptr : row.find(l.morph)) {
            shown = true;
            if (const auto* several = whole->if_array())
                std::for_each(several->begin(), several->end(), add);
            else
                add(*whole);
        }
        for (const auto& end : l.ends) {
            const auto* linked = row.find(end.relation);
            const auto* members = linked ? linked->if_object() : nullptr;
            if (!members) continue;
            shown = true;
            json::object one;
            if (l.mixed) one.append("object", end.object);
            for (const auto& [name, v] : *members)
                if (!one.contains(name)) one.append(name, v);
            add(one);
        }
        out.hidden = out.hidden || !shown;
    }
    return out;
}

std::string show_behind(json::object& record, const link& l) {
    const auto* rows = record.find(l.rows);
    if (!rows || !rows->if_array()) return {};
    auto behind = records_behind(*rows->if_array(), l);
    record.erase(l.rows);
    if (!behind.records.empty()) record.set(l.shown_as, std::move(behind.records));
    return behind.hidden && l.mixed ? note_on_hidden(l) : std::string();
}

std::string note_on_hidden(const link& l) {
    return "Some " + l.shown_as + " are not shown: they are deleted, or may not be read.";
}

std::vector<shortened> shorten_lists(json::value& record, const twenty::object& of,
                                     const twenty::access& may, std::size_t most) {
    std::vector<shortened> out;
    auto* members = record.if_object();
    if (!members) return out;
    for (auto& [name, v] : *members) {
        const auto found = of.find_relation(name);
        auto* connection = v.if_object();
        auto* listed = connection ? connection->find("edges") : nullptr;
        auto* edges = listed ? listed->if_array() : nullptr;
        if (!found || found->to->kind != twenty::relation_kind::one_to_many || !edges) continue;
        const auto* counted = connection->find("totalCount");
        const auto count = counted ? counted->as_int().value_or(0) : 0;
        shortened list;
        list.total =
            std::max(edges->size(), static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
        // Twenty's totalCount of a nested list stops at 60 as well, so 60 of 60 may be any number.
        list.or_more = edges->size() >= most_of_twenty && list.total == edges->size();
        if (edges->size() > most) edges->resize(most);
        list.shown = edges->size();
        if (list.shown == list.total && !list.or_more) continue;
        const auto behind = link_of(of, *found->to, may);
        list.name = behind ? behind->shown_as : name;
        list.object = found->to->target_object;
        list.join = join_back(of, *found->to, may);
        out.push_back(std::move(list));
    }
    return out;
}

std::string note_on(const shortened& list, std::string_view id) {
    std::string note = std::to_string(list.shown) + " of " + (list.or_more ? "at least " : "") +
                       std::to_string(list.total) + " " + list.name +
                       " are shown; find_records of " + list.object;
    if (!list.join.empty())
        note += " with filter {\"" + list.join + "\":{\"eq\":\"" + std::string(id) + "\"}}";
    return note + " lists all.";
}

} // namespace crm
