#include "twenty/document_types.hpp"

#include "base/text.hpp"
#include "twenty/crossing.hpp"
#include "twenty/names.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <array>

namespace twenty {

namespace {

using kind = place::kind;
using names = std::vector<std::string_view>;

constexpr std::array<std::string_view, 4> page_info_leaves{"hasNextPage", "hasPreviousPage",
                                                           "startCursor", "endCursor"};
constexpr std::array<std::string_view, 7> hit_leaves{
    "recordId", "objectNameSingular", "objectLabelSingular", "label", "imageUrl", "tsRank",
    "tsRankCD"};

error unknown_member(std::string_view name, const std::vector<std::string>& known) {
    const std::string shown(text::cut_utf8(name, 80));
    const auto near = text::nearest(shown, known);
    return {errc::bad_request, "There is no \"" + shown + "\" here; known: " +
                                   text::join(near.empty() ? known : near, ", ") + "."};
}

template <class List> result<place> leaf_among(const List& leaves, std::string_view name) {
    std::vector<std::string> known;
    for (const auto& leaf : leaves) {
        if (leaf == name) return place{};
        known.emplace_back(leaf);
    }
    return unknown_member(name, known);
}

place made(kind what, const object* of, asked_at where = asked_at::elsewhere) {
    place p;
    p.what = what;
    p.of = of;
    p.where = where;
    return p;
}

result<place> member_of_record(const access& may, const place& at, std::string_view name) {
    const auto& of = *at.of;
    if (const auto* f = of.find_field(name); f && f->relations.empty() && may.visible(*f)) {
        CHECK_OK(check_private(of, name, field_use::shown, at.where, name));
        place p;
        p.parts = composite_of(f->type);
        p.what = p.parts ? kind::composite : kind::leaf;
        p.of = &of;
        return p;
    }
    if (const auto j = of.find_join(name); j && may.can_follow(*j->to)) return place{};
    if (const auto r = of.find_relation(name); r && may.can_follow(*r->to))
        return made(r->to->kind == relation_kind::many_to_one ? kind::record : kind::connection,
                    may.schema().by_singular(r->to->target_object));
    return unknown_field(may, of, name);
}

result<place> member_of_list(const access& may, const place& at, std::string_view name) {
    // Twenty checks the records of lists, and none of a group [2.19 source: hooks of findMany and
    // findOne alone].
    if (name == "edges")
        return made(kind::edge, at.of, at.what == kind::group ? asked_at::elsewhere : at.where);
    if (name == "pageInfo") return made(kind::page_info, at.of);
    if (name == "groupByDimensionValues" && at.what == kind::group) return place{};
    if (is_aggregate(may, *at.of, name)) {
        CHECK_OK(check_counted(may, *at.of, name));
        return place{};
    }
    return error{errc::bad_request,
                 "There is no \"" + std::string(text::cut_utf8(name, 80)) + "\" on a list of " +
                     at.of->name_plural +
                     "; known: edges, pageInfo, totalCount and aggregates such as "
                     "countNotEmptyId. Fields of records belong into edges{node{…}}.",
                 std::string(unknown_name)};
}

result<place> member_of_metadata(const place& at, std::string_view name) {
    std::vector<std::string> known;
    for (const auto& m : at.described->members) {
        if (m.name == name) {
            place p;
            p.described = metadata::find_type(m.type);
            p.what = p.described ? kind::metadata : kind::leaf;
            return p;
        }
        known.emplace_back(m.name);
    }
    if (at.described->open_leaves) return place{};
    return unknown_member(name, known);
}

// -- Root fields -------------------------------------------------------------------------------

const names one_arguments{"filter"};
const names duplicate_arguments{"ids", "data"};
const names group_arguments{"groupBy", "filter", "orderBy",         "orderByForRecords",
                            "viewId",  "limit",  "offsetForRecords"};
const names search_arguments{"searchInput", "limit",
                             "after",       "includedObjectNameSingulars",
                             "filter",      "excludedObjectNameSingulars"};

// verb::name begins a mutation's name; `one` and `many` say which of its two forms are offered.
struct verb {
    std::string_view name;
    bool one;  // createPerson
    bool many; // createPeople
    std::string_view refusal;
};
constexpr std::string_view no_collections =
    "Changing a whole collection is not offered; update_record takes ids with data (200 equal "
    "changes a call) or records (60), delete_record takes ids (200), and so does restore_record.";
constexpr std::string_view no_destroy =
    "Permanent deletion is not offered; delete the record (it can be restored) instead.";
constexpr std::string_view no_merge =
    "A merge written by hand loses what hangs on the other records; merge_records moves that first "
    "and asks the person. dryRun:true, written in the document, shows what it would make and "
    "changes nothing.";
constexpr verb verbs[] = {
    {"create", true, true, ""},
    {"update", true, false, no_collections},
    {"delete", true, false, no_collections},
    {"restore", true, false, no_collections},
    {"destroy", false, false, no_destroy},
    {"merge", false, true, no_merge}, // as a dry run
};

names arguments_of(std::string_view verb_name) {
    if (verb_name == "create") return {"data", "upsert"};
    if (verb_name == "update") return {"id", "data"};
    if (verb_name == "merge") return {"ids", "conflictPriorityIndex", "dryRun"};
    return {"id"};
}

struct reading {
    root_field field;
    const object* of;
    std::string_view refusal;
};

// Threat: an object named so that one root field can mean two things. Defence: every reading
// is collected, and two are refused.
result<root_field> only_reading(const access& may, std::vector<reading> found,
                                std::string_view name, std::vector<std::string> known) {
    const std::string shown(text::cut_utf8(name, 80));
    if (found.empty()) {
        const auto near = text::nearest(shown, known);
        return error{errc::bad_request,
                     "There is no root field \"" + shown + "\"." +
                         (near.empty() ? " list_objects shows the objects."
                                       : " Near names: " + text::join(near, ", ") + "."),
                     std::string(unknown_name)};
    }
    for (const auto& r : found)
        if (!may.can_read(*r.of))
            return error{errc::not_allowed, "This connection may not use \"" + shown +
                                                "\": it is limited to certain objects."};
    // Threat: attachments and timeline entries of hidden records. Defence: the record tools filter
    // them; a document would have to carry the filter in every place.
    for (const auto& r : found)
        if (!may.scope(*r.of).is_null())
            return error{errc::not_allowed,
                         "Records of " + r.of->name_singular +
                             " belong to records of many objects, and this connection is limited; "
                             "find_records lists those of its own objects."};
    if (found.size() > 1)
        return error{errc::bad_request, "\"" + shown +
                                            "\" is ambiguous in this workspace; use "
                                            "the record tools instead."};
    if (!found.front().refusal.empty())
        return error{errc::not_allowed, std::string(found.front().refusal)};
    return std::move(found.front().field);
}

} // namespace

const std::vector<std::string_view>& list_arguments() {
    static const names list{"first", "last", "offset", "before", "after", "filter", "orderBy"};
    return list;
}

result<place> member_of(const access& may, const place& at, std::string_view name) {
    switch (at.what) {
    case kind::leaf:
        return error{errc::bad_request, "A value has no fields to select."};
    case kind::record:
        return member_of_record(may, at, name);
    case kind::connection:
    case kind::group:
        return member_of_list(may, at, name);
    case kind::edge:
        if (name == "node") return made(kind::record, at.of, at.where);
        if (name == "cursor") return place{};
        return unknown_member(name, {"node", "cursor"});
    case kind::page_info:
        return leaf_among(page_info_leaves, name);
    case kind::composite: {
        std::vector<std::string_view> parts;
        for (const auto& part : at.parts->parts)
            if (may.shows(at.parts->type, part.name)) parts.push_back(part.name);
        return leaf_among(parts, name);
    }
    case kind::search:
        if (name == "edges") return made(kind::search_edge, nullptr);
        if (name == "pageInfo") return made(kind::page_info, nullptr);
        return unknown_member(name, {"edges", "pageInfo"});
    case kind::search_edge:
        if (name == "node") return made(kind::search_hit, nullptr);
        if (name == "cursor") return place{};
        return unknown_member(name, {"node", "cursor"});
    case kind::search_hit:
        return leaf_among(hit_leaves, name);
    case kind::metadata:
        return member_of_metadata(at, name);
    case kind::introspection:
        return at;
    }
    return error{errc::internal, "unknown place"};
}

std::string type_name(const place& at) {
    switch (at.what) {
    case kind::record:
        return type_name(*at.of);
    case kind::connection:
        return type_name(*at.of, "Connection");
    case kind::edge:
        return type_name(*at.of, "Edge");
    case kind::group:
        return type_name(*at.of, "GroupByConnection");
    case kind::page_info:
        return "PageInfo";
    case kind::composite:
        return std::string(at.parts->graphql_type);
    case kind::metadata:
        return std::string(at.described->name);
    default:
        return {};
    }
}

result<root_field> record_query(const access& may, std::string_view name) {
    if (name == "search") return root_field{made(kind::search, nullptr), search_arguments, false};
    std::vector<reading> found;
    std::vector<std::string> known{"search"};
    constexpr auto own = asked_at::own_root;
    for (const auto& o : may.schema().objects()) {
        const reading all[] = {
            {{made(kind::connection, &o, own), list_arguments(), false}, &o, ""},
            {{made(kind::record, &o, own), one_arguments, false}, &o, ""},
            {{made(kind::connection, &o), duplicate_arguments, true}, &o, ""},
            {{made(kind::group, &o, own), group_arguments, false}, &o, ""},
        };
        const std::string spelled[] = {root_many(o), root_one(o), root_duplicates(o),
                                       root_groups(o)};
        for (std::size_t i = 0; i < std::size(all); ++i) {
            if (spelled[i] == name) found.push_back(all[i]);
            if (may.can_read(o)) known.push_back(spelled[i]);
        }
    }
    return only_reading(may, std::move(found), name, std::move(known));
}

result<root_field> record_mutation(const access& may, std::string_view name) {
    std::vector<reading> found;
    std::vector<std::string> known;
    for (const auto& o : may.schema().objects())
        for (const auto& v : verbs) {
            const auto one = mutation_one(v.name, o);
            const auto many = mutation_many(v.name, o);
            if (one == name)
                found.push_back(
                    {{made(kind::record, &o), arguments_of(v.name), false, v.name == "update"},
                     &o,
                     v.one ? "" : v.refusal});
            if (many == name)
                found.push_back({{made(kind::record, &o), arguments_of(v.name), true},
                                 &o,
                                 v.many ? "" : v.refusal});
            if (many == name && v.name == "merge") found.back().field.dry_run_only = v.refusal;
            if (v.one && may.can_read(o)) known.push_back(one);
        }
    return only_reading(may, std::move(found), name, std::move(known));
}

// Twenty answers a field of a record under its own name, and two aliases of one field once.
result<done> own_name(const graphql::field& f) {
    if (f.alias.empty() || f.alias == f.name) return done{};
    return error(errc::bad_request,
                 "Twenty ignores aliases inside a record: " + in_quotes(f.alias + ":" + f.name) +
                     " answers " + in_quotes(f.name) + "; select it without the alias.");
}

} // namespace twenty
