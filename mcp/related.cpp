#include "mcp/related.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mcp {

namespace {

constexpr std::size_t most_of_twenty = 60; // what Twenty gives of a nested list

} // namespace

std::optional<link> link_of(const twenty::object& of, const twenty::relation& to,
                            const twenty::access& may) {
    constexpr std::string_view suffix = "Target";
    if (!to.target_object.ends_with(suffix)) return std::nullopt;
    const auto name = to.target_object.substr(0, to.target_object.size() - suffix.size());
    const auto* linked = may.schema().by_singular(name);
    const auto* rows = may.schema().by_singular(to.target_object);
    if (!linked || !rows || !may.can_read(*linked) || !rows->find_field(name)) return std::nullopt;
    const bool taken =
        of.find_field(linked->name_plural) || of.find_relation(linked->name_plural).has_value();
    link l;
    l.rows = to.query_name;
    l.object = name;
    l.behind = name;
    l.shown_as = taken ? to.query_name : linked->name_plural;
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

void show_behind(json::object& record, const link& l) {
    const auto* rows = record.find(l.rows);
    if (!rows || !rows->if_array()) return;
    json::array behind;
    for (const auto& row : *rows->if_array())
        if (const auto* linked = row.find(l.behind)) behind.push_back(*linked);
    record.erase(l.rows);
    if (!behind.empty()) record.set(l.shown_as, std::move(behind));
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

} // namespace mcp
