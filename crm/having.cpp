#include "crm/having.hpp"

#include "base/text.hpp"
#include "crm/compared.hpp"
#include "crm/include.hpp"
#include "twenty/bounds.hpp"
#include "twenty/compared_fields.hpp"
#include "twenty/filter.hpp"
#include "twenty/names.hpp"
#include "twenty/near_names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace crm {

namespace {

constexpr const char* example = R"({"notes":{"none":{"createdAt":{"gte":"2026-10-29"}}}})";

std::string conjunction_of(std::string_view name) {
    const auto low = text::lower(name.starts_with('$') ? name.substr(1) : name);
    return low == "and" || low == "or" || low == "not" ? low : std::string();
}

// Mails and meetings hang on the rows of those who took part. Those of a company are its people's.
std::optional<included> list_of_correspondence(const correspondence& what, const twenty::object& of,
                                               const twenty::access& may) {
    if (what.path.size() != 1) return std::nullopt;
    included list(what.rows);
    list.name = what.name;
    list.join = what.path.front();
    link through;
    through.ends.push_back({what.relation, what.of->name_singular, what.join});
    through.shown_as = what.name;
    for (const auto* f : may.fields(of))
        for (const auto* r : may.relations(*f))
            if (r->target_object == what.rows->name_singular) through.rows = r->query_name;
    list.through = std::move(through);
    return list;
}

// list_named() finds the list that a filter's member names. Fields, columns and to-one relations
// are prepare_filter()'s; so are names of which prepare_filter() makes a part of the record.
std::optional<included> list_named(std::string_view written, const twenty::object& of,
                                   const twenty::access& may) {
    const auto name = twenty::exact_name(may, of, written);
    const auto* f = of.find_field(name);
    if ((f && f->relations.empty()) || of.find_join(name)) return std::nullopt;
    const auto to = of.find_relation(name);
    if (to && to->to->kind == twenty::relation_kind::many_to_one) return std::nullopt;
    // "email" is a part of the record's own first, and only then its mails.
    if (twenty::meant_path(may, of, written)) return std::nullopt;
    auto found = find_included(name, of, may);
    if (!found || found->to_one) return std::nullopt;
    if (found->mails_or_meetings) return list_of_correspondence(*found->mails_or_meetings, of, may);
    if (found->join.empty()) return std::nullopt;
    return std::move(found).value();
}

// end_of() is the other end of link rows under that name; nothing for the rows of several objects.
const link::end* end_of(const included& list, std::string_view name, const twenty::access& may) {
    if (!list.through || list.through->ends.empty()) return nullptr;
    if (!list.through->mixed) return &list.through->ends.front();
    for (const auto& end : list.through->ends) {
        const auto* of = may.schema().by_singular(end.object);
        if (text::iequals(end.object, name) || (of && text::iequals(of->name_plural, name)))
            return &end;
    }
    return nullptr;
}

// splitter walks a filter as it was written and takes the conditions on lists out of it. They can
// stand at the top and in "and" alone: each is asked for in advance and comes back as a condition
// on our id, which must hold beside all others.
class splitter {
  public:
    splitter(const twenty::object& of, const twenty::access& may, const twenty::moment& at,
             split_filter& out)
        : of_(of), may_(may), at_(at), out_(out) {}

    // rest() is what is left of one filter object.
    result<json::object> rest(const json::object& members, int depth);

  private:
    result<done> take(const included& list, const std::string& name, const json::value& v);
    result<done> add(const included& list, const std::string& name, bool none,
                     const json::value& inner);
    result<done> check_none_inside(const json::value& v, const std::string& conjunction, int depth);
    // count_one() bounds the look-ups: whether a name is a list is asked of the whole schema.
    result<done> count_one() {
        if (++conditions_ > twenty::most_conditions + most_having)
            return twenty::too_many_conditions();
        return done{};
    }

    const twenty::object& of_;
    const twenty::access& may_;
    const twenty::moment& at_;
    split_filter& out_;
    std::size_t conditions_ = 0;
};

result<json::object> splitter::rest(const json::object& members, int depth) {
    if (depth > twenty::deepest_filter) return bad_request("The filter is nested too deeply.");
    json::object left;
    for (const auto& [written, v] : members) {
        const auto conjunction = conjunction_of(written);
        if (conjunction == "and") {
            const json::array single{v};
            const auto* parts = v.if_array() ? v.if_array() : &single;
            json::array kept;
            for (const auto& part : *parts) {
                const auto* inner = part.if_object();
                if (!inner) {
                    kept.push_back(part);
                    continue;
                }
                TRY(some, rest(*inner, depth + 1));
                // An object that had conditions on lists alone is gone; one that was empty when it
                // came stays, for prepare_filter() to say so.
                if (!some.empty() || inner->empty()) kept.emplace_back(std::move(some));
            }
            if (!kept.empty() || parts->empty()) left.append(written, std::move(kept));
            continue;
        }
        if (!conjunction.empty()) {
            CHECK_OK(check_none_inside(v, conjunction, depth + 1));
            left.append(written, v);
            continue;
        }
        CHECK_OK(count_one());
        const auto dot = written.find('.');
        const auto name = written.substr(0, dot);
        const auto list = list_named(name, of_, may_);
        if (!list)
            left.append(written, v);
        else if (dot == std::string::npos)
            CHECK_OK(take(*list, name, v));
        else
            CHECK_OK(take(*list, name, json::make({{written.substr(dot + 1), v}})));
    }
    return left;
}

result<done> splitter::check_none_inside(const json::value& v, const std::string& conjunction,
                                         int depth) {
    if (depth > twenty::deepest_filter) return bad_request("The filter is nested too deeply.");
    if (const auto* parts = v.if_array()) {
        for (const auto& part : *parts)
            CHECK_OK(check_none_inside(part, conjunction, depth + 1));
        return done{};
    }
    const auto* members = v.if_object();
    if (!members) return done{};
    for (const auto& [written, inner] : *members) {
        if (!conjunction_of(written).empty()) {
            CHECK_OK(check_none_inside(inner, conjunction, depth + 1));
            continue;
        }
        CHECK_OK(count_one());
        if (list_named(written.substr(0, written.find('.')), of_, may_))
            return bad_request(twenty::in_quotes(written) +
                               " is a list of records and can't stand in \"" + conjunction +
                               "\"; put it at the top of the filter, with some or none.");
    }
    return done{};
}

// splitter::take() reads the ways to ask for some or none: {some}, {none}, null, {is: NULL}, and
// bare conditions, which mean some of them.
result<done> splitter::take(const included& list, const std::string& name, const json::value& v) {
    const auto* members = v.if_object();
    if (v.is_null()) return add(list, name, true, json::object());
    if (!members)
        return bad_request("\"" + name + "\" is a list; it takes some or none: " + example);
    json::object plain;
    for (const auto& [written, inner] : *members) {
        // "none.createdAt" is none of those with such a createdAt.
        const auto dot = written.find('.');
        const auto word = text::lower(written.substr(0, dot));
        const json::value rest =
            dot == std::string::npos ? inner : json::make({{written.substr(dot + 1), inner}});
        if (word == "some" || word == "none") {
            CHECK_OK(add(list, name, word == "none", rest));
        } else if (word == "is" && (inner.if_string() || inner.is_null())) {
            // Filter text reads NULL as null.
            const auto what = inner.is_null() ? "null" : text::lower(*inner.if_string());
            if (what != "null" && what != "not_null")
                return bad_request("\"" + name + "\"[is] takes NULL or NOT_NULL.");
            CHECK_OK(add(list, name, what == "null", json::object()));
        } else if (word == "every") {
            return bad_request("\"" + name +
                               "\" takes some or none; \"every\" is none with the opposite "
                               "condition.");
        } else {
            plain.append(written, inner); // the parse took each name once
        }
    }
    if (plain.empty() && !members->empty()) return done{};
    if (!plain.empty()) twenty::add_note(out_.notes, "\"" + name + "\" was read as some of them");
    return add(list, name, false, std::move(plain));
}

result<done> splitter::add(const included& list, const std::string& name, bool none,
                           const json::value& inner) {
    if (out_.conditions.size() == most_having)
        return bad_request("A filter takes at most " + std::to_string(most_having) +
                           " conditions on lists of related records.");
    const auto* members = inner.if_object();
    if (!members && !inner.is_null())
        return bad_request("\"" + name +
                           "\" needs a condition in braces, or {} for any: " + example);
    const bool any = !members || members->empty();
    const auto* end = end_of(list, name, may_);
    // Under the name of what is behind the links (notes) the condition is on these.
    const bool behind = end && !text::iequals(name, list.through->rows);
    json::value condition = json::object();
    if (!any) condition = behind ? json::make({{end->relation, inner}}) : inner;
    // prepare_filter() judges the condition on the other object like any filter of that object, its
    // scope included.
    auto prepared = twenty::prepare_filter(condition, *list.of, may_, at_);
    if (!prepared) {
        auto why = std::move(prepared).failure();
        why.message = "In \"" + name + "\": " + why.message;
        return why;
    }
    // The rows are found as groups, and of groups Twenty does not check what may be private.
    for (const auto& field : twenty::compared_fields(prepared->value, *list.of, may_))
        CHECK_OK(twenty::check_private(*field.of, field.name, twenty::field_use::compared,
                                       twenty::asked_at::elsewhere, name + "." + field.path()));
    for (auto& note : prepared->notes)
        twenty::add_note(out_.notes, std::move(note));
    json::array all;
    if (!prepared->empty()) all.push_back(std::move(prepared->value));
    const auto is = [](const std::string& column, const char* what) {
        return json::make({{column, json::make({{"is", what}})}});
    };
    all.push_back(is(list.join, "NOT_NULL"));
    if (end) {
        // A deleted note leaves its links behind; whoever mentions deletedAt once has to say it
        // of the links as well [Twenty 2.19 source: deletedAt in a filter shows deleted rows].
        all.push_back(json::make({{end->relation, is("deletedAt", "NULL")}}));
        all.push_back(is("deletedAt", "NULL"));
    }
    having one(list.of);
    one.name = name;
    one.none = none;
    one.join = list.join;
    one.filter = json::make({{"and", std::move(all)}});
    TRY(compared, twenty::select_compared(twenty::compared_fields(one.filter, *list.of, may_),
                                          *list.of, may_));
    one.compared = std::move(compared);
    one.compares_related = compares_related(*list.of, may_, one.filter);
    out_.conditions.push_back(std::move(one));
    return done{};
}

} // namespace

result<split_filter> split_having(const json::value& filter, const twenty::object& of,
                                  const twenty::access& may, const twenty::moment& at) {
    split_filter out;
    out.rest = filter;
    std::vector<std::string> repairs;
    auto tree = twenty::read_filter(filter, repairs);
    if (!tree) return out; // prepare_filter says why
    if (tree->if_array()) tree = json::make({{"and", std::move(tree).value()}});
    const auto* members = tree->if_object();
    if (!members) return out;
    TRY(rest, splitter(of, may, at, out).rest(*members, 0));
    // Without such conditions the filter goes on as it was written, so that its repairs are noted
    // once.
    if (out.conditions.empty()) return out;
    out.rest = std::move(rest);
    out.notes.insert(out.notes.begin(), repairs.begin(), repairs.end());
    return out;
}

json::value identity_of(const std::vector<having>& conditions) {
    json::array out;
    for (const auto& one : conditions)
        out.push_back(json::make({{one.none ? "none" : "some", one.join},
                                  {"of", one.rows->name_singular},
                                  {"filter", one.filter}}));
    return out;
}

} // namespace crm
