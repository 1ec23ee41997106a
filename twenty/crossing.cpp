#include "twenty/crossing.hpp"

#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/data.hpp"
#include "twenty/values.hpp"

#include <string>

namespace twenty {

namespace {

error wrong_form(std::string_view what) {
    return {errc::bad_request, std::string(what) + " must be an object."};
}

// several_operators() shows {gte: …, lt: …} as the list that Twenty takes.
error several_operators(const std::string& field, const std::string& part,
                        const json::object& operators) {
    constexpr std::size_t most_shown = 3;
    const auto shown = [](const std::string& given) { // part and operators are the caller's words
        return text::visible_start(given, 40);
    };
    const std::string inside = shown(part);
    const std::string before = "{" + field + ":{" + (part.empty() ? "" : inside + ":{");
    const std::string after = part.empty() ? ":…}}" : ":…}}}";
    std::vector<std::string> names;
    std::string conditions;
    for (const auto& [name, _] : operators) {
        if (names.size() == most_shown) break;
        names.push_back(shown(name));
        conditions += (conditions.empty() ? "" : ",") + before + names.back() + after;
    }
    return {errc::bad_request, "Twenty takes one operator a field, and " +
                                   in_quotes(part.empty() ? field : field + "." + inside) +
                                   " has " + text::join(names, ", ") + "; write and:[" +
                                   conditions + "]."};
}

// step::into is the object behind a relation; null for a field or join column, which is an end.
struct step {
    const object* into = nullptr;
};
// check_parts() refuses the parts of a composite that this grant may not use; parts that do not
// exist are Twenty's to refuse.
result<done> check_parts(const access& may, const object& of, const std::string& name,
                         const json::value& inner) {
    const auto* f = of.find_field(name);
    const auto* parts = f ? composite_of(f->type) : nullptr;
    const auto* members = inner.if_object();
    if (!parts || !members) return done{};
    for (const auto& [part, _] : *members)
        for (const auto& known : parts->parts)
            if (text::iequals(known.name, part) && !may.shows(f->type, known.name))
                return unknown_field(may, of, name + "." + part);
    return done{};
}
result<step> resolve_step(const access& may, const object& of, const std::string& name) {
    if (const auto* f = of.find_field(name); f && f->relations.empty() && may.visible(*f))
        return step{};
    if (const auto j = of.find_join(name); j && may.can_follow(*j->to)) return step{};
    if (const auto r = of.find_relation(name); r && may.can_follow(*r->to))
        return step{may.schema().by_singular(r->to->target_object)};
    return unknown_field(may, of, name);
}

// Twenty: 'Filter for field "closeDate" must have exactly one operator' [dates/019, choices/070].
result<done> one_operator(const object& of, const std::string& name, const json::value& inner) {
    const auto* written = inner.if_object();
    if (!written) return done{};
    const auto* f = of.find_field(name);
    if (f && composite_of(f->type)) {
        for (const auto& [part, operators] : *written)
            if (const auto* o = operators.if_object(); o && o->size() > 1)
                return several_operators(name, part, *o);
        return done{};
    }
    if (written->size() < 2) return done{};
    return several_operators(name, {}, *written);
}

result<done> walk_filter(const access& may, const object& of, const json::value& filter,
                         asked_at where, int depth) {
    if (filter.is_null()) return done{};
    if (depth > deepest_document_filter)
        return error{errc::bad_request, "The filter is nested too deeply."};
    if (const auto* all = filter.if_array()) {
        for (const auto& each : *all)
            CHECK_OK(walk_filter(may, of, each, where, depth + 1));
        return done{};
    }
    const auto* members = filter.if_object();
    if (!members) return wrong_form("A filter");
    for (const auto& [name, inner] : *members) {
        // Conjunctions count in lower case alone, as in Twenty; "AND" is looked up as a field and
        // refused.
        if (name == "and" || name == "or" || name == "not") {
            CHECK_OK(walk_filter(may, of, inner, where, depth + 1));
            continue;
        }
        TRY(next, resolve_step(may, of, name));
        CHECK_OK(check_private(of, name, field_use::compared, where, name));
        // Behind a relation nothing is asked at its own root any more, where Twenty would check it.
        if (next.into)
            CHECK_OK(walk_filter(may, *next.into, inner, asked_at::elsewhere, depth + 1));
        else
            CHECK_OK(one_operator(of, name, inner));
        CHECK_OK(check_parts(may, of, name, inner));
    }
    return done{};
}

result<done> walk_order(const access& may, const object& of, const json::value& order,
                        field_use use, asked_at where, int depth) {
    if (order.is_null()) return done{};
    if (depth > deepest_document_filter)
        return error{errc::bad_request, "The order is nested too deeply."};
    if (const auto* all = order.if_array()) {
        for (const auto& each : *all)
            CHECK_OK(walk_order(may, of, each, use, where, depth + 1));
        return done{};
    }
    const auto* members = order.if_object();
    if (!members) return wrong_form("An order or grouping");
    for (const auto& [name, inner] : *members) {
        // An aggregate that groups are ordered by tells as much as one that is selected.
        if (name == "aggregate" && use == field_use::grouped && where == asked_at::own_root) {
            const auto* keys = inner.if_object();
            if (!keys) return wrong_form("aggregate");
            for (const auto& [key, direction] : *keys) {
                if (!is_aggregate(may, of, key)) return unknown_field(may, of, key);
                CHECK_OK(check_counted(may, of, key));
            }
            continue;
        }
        TRY(next, resolve_step(may, of, name));
        CHECK_OK(check_private(of, name, use, where, name));
        if (next.into)
            CHECK_OK(walk_order(may, *next.into, inner, use, asked_at::elsewhere, depth + 1));
        CHECK_OK(check_parts(may, of, name, inner));
    }
    return done{};
}

// {connect:{where:{…}}} or {disconnect:true}; `where` names fields of the target.
result<done> check_link(const access& may, const object& target, const json::value& link) {
    const auto* members = link.if_object();
    if (!members) return wrong_form("A relation in data");
    for (const auto& [verb, inner] : *members) {
        if (verb == "disconnect") continue;
        const auto* where = verb == "connect" ? inner.find("where") : nullptr;
        // `where` finds a record by its fields, so it is a filter like others, behind a relation.
        if (!where || inner.if_object()->size() != 1)
            return error{errc::bad_request,
                         "A relation in data takes {connect:{where:{…}}} or {disconnect:true}; "
                         "or set its id column instead."};
        CHECK_OK(check_filter(may, target, *where, asked_at::elsewhere));
    }
    return done{};
}

constexpr std::string_view counted[] = {"countUniqueValues", "countEmpty", "countNotEmpty",
                                        "percentageEmpty", "percentageNotEmpty"};
constexpr std::string_view computed[] = {"min", "max", "avg", "sum", "countTrue", "countFalse"};

// The field that an aggregate's name ends with; nullptr: Twenty has no such aggregate.
// aggregated() takes a name only when all that stands behind its prefix is a field: behind a count
// a whole one, behind a sum a part of one too (sumAmountAmountMicros).
const field* aggregated(const access& may, const object& of, std::string_view name) {
    const auto named = [&](std::string_view rest, bool with_parts) -> const field* {
        for (const auto* f : may.fields(of)) {
            if (!f->relations.empty()) continue;
            const auto whole = capitalised(f->name);
            if (rest == whole) return f;
            const auto* parts = with_parts ? composite_of(f->type) : nullptr;
            if (parts)
                for (const auto& part : parts->parts)
                    if (may.shows(f->type, part.name) && rest == whole + capitalised(part.name))
                        return f;
        }
        return nullptr;
    };
    for (const auto prefix : counted)
        if (name.starts_with(prefix))
            if (const auto* f = named(name.substr(prefix.size()), false)) return f;
    for (const auto prefix : computed)
        if (name.starts_with(prefix))
            if (const auto* f = named(name.substr(prefix.size()), true)) return f;
    return nullptr;
}

} // namespace

result<done> check_filter(const access& may, const object& of, const json::value& filter,
                          asked_at where) {
    return walk_filter(may, of, filter, where, 0);
}

result<done> check_order(const access& may, const object& of, const json::value& order,
                         field_use use, asked_at where) {
    return walk_order(may, of, order, use, where, 0);
}

result<done> check_data(const access& may, const object& of, const json::value& data,
                        bool new_records) {
    if (const auto* all = data.if_array()) {
        // 60 records are what create_record takes as well, so that documents are no way around it.
        if (all->size() > 60)
            return error{errc::bad_request, "At most 60 records can be written in one call."};
        for (const auto& each : *all) {
            if (each.is_array()) return wrong_form("A record in data");
            CHECK_OK(check_data(may, of, each, new_records));
        }
        return done{};
    }
    const auto* members = data.if_object();
    if (!members) return wrong_form("data");
    for (const auto& [name, inner] : *members) {
        if (name == "id" && new_records) continue;
        if (name == "id")
            return error{errc::bad_request,
                         "A record keeps its id; leave it out of data and name the record in the "
                         "argument id."};
        TRY(next, resolve_step(may, of, name));
        if (next.into) {
            const auto link = of.find_relation(name);
            if (link->to->kind != relation_kind::many_to_one)
                return error{errc::bad_request, "The list \"" + name +
                                                    "\" can't be written; set "
                                                    "the id column of its records instead."};
            CHECK_OK(check_link(may, *next.into, inner));
            continue;
        }
        // Threat: createdBy or deletedAt set by hand forges who did what. Defence: fields that
        // nobody edits are not written by anybody here.
        const auto* f = of.find_field(name);
        if (f && !writable(*f))
            return error{errc::bad_request, "The field \"" + name + "\" can't be written."};
        if (!f || f->type != field_type::links) continue;
        if (const auto url = harmful_link(inner))
            return error{errc::bad_request, "\"" + name + "\": " + in_quotes(*url) +
                                                " can't be a link; use http, https, mailto, tel "
                                                "or ftp, or leave the scheme out."};
    }
    return done{};
}

namespace {

// Threat: Twenty writes an empty text as `= '' OR IS NULL` without brackets, so that it breaks out
// of the conditions beside it. Defence: it stands alone, in its own item of `and`.
result<done> alone_if_empty(const json::value& v, bool beside) {
    if (const auto* all = v.if_array()) {
        for (const auto& item : *all)
            CHECK_OK(alone_if_empty(item, false));
        return done{};
    }
    const auto* o = v.if_object();
    if (!o) return done{};
    // `beside` falls with each item of a list and holds below an object of several members: one
    // object inside "and" breaks out as well [twenty-golden-2 null/065].
    beside = beside || o->size() > 1;
    for (const auto& [name, inner] : *o) {
        const auto* text = inner.if_string();
        if (text && text->empty() && beside)
            return error(errc::bad_request,
                         "An empty text beside other conditions finds other records in Twenty; "
                         "write each condition as its own item: and:[{…},{…}].");
        CHECK_OK(alone_if_empty(inner, beside));
    }
    return done{};
}

} // namespace

bool is_aggregate(const access& may, const object& of, std::string_view name) {
    return name == "totalCount" || aggregated(may, of, name);
}

result<done> check_counted(const access& may, const object& of, std::string_view aggregate) {
    const auto* f = aggregated(may, of, aggregate);
    if (!f) return done{};
    return check_private(of, f->name, field_use::counted, asked_at::own_root, aggregate);
}

result<done> empty_texts_alone(const json::value& filter) { return alone_if_empty(filter, false); }

} // namespace twenty
