#include "twenty/filter.hpp"

#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/filter_builder.hpp"
#include "twenty/filter_by_name.hpp"
#include "twenty/near_names.hpp"
#include "twenty/restricted.hpp"

#include <algorithm>

namespace twenty {

namespace {

error too_long() {
    return {errc::bad_request,
            "The filter is longer than " + std::to_string(longest_filter) + " bytes."};
}

// extent counts what a filter object holds before any of it is copied.
struct extent {
    std::size_t names = 0;  // members of all objects
    std::size_t listed = 0; // items of all lists
    std::size_t bytes = 0;  // of names and texts

    void count(const json::value& v) {
        if (const auto* items = v.if_array()) {
            listed += items->size();
            for (const auto& item : *items)
                count(item);
        } else if (const auto* members = v.if_object()) {
            names += members->size();
            for (const auto& [name, inner] : *members) {
                bytes += name.size();
                count(inner);
            }
        } else if (const auto* s = v.if_string()) {
            bytes += s->size();
        } else if (const auto* n = v.if_number()) {
            bytes += n->text.size();
        }
    }
};

} // namespace

error too_many_conditions() {
    return {errc::bad_request,
            "The filter has more than " + std::to_string(most_conditions) + " conditions."};
}

error too_many_listed() {
    return {errc::bad_request, "The filter lists more than 2000 values in all."};
}

result<json::value> read_filter(const json::value& input, std::vector<std::string>& notes) {
    const auto* written = input.if_string();
    if (written && written->size() > longest_filter) return too_long();
    json::value tree;
    if (written) {
        TRY(parsed, parse_filter_text(*written, notes));
        tree = std::move(parsed);
    }
    // A text has passed one bound as bytes; as a tree it has the same bounds as an object.
    extent all;
    all.count(written ? tree : input);
    if (all.names > most_filter_names)
        return error{errc::bad_request, "The filter holds more than " +
                                            std::to_string(most_filter_names) +
                                            " names of fields, parts and operators."};
    if (all.listed > most_listed) return too_many_listed();
    if (all.bytes > longest_filter) return too_long();
    return written ? tree : input;
}

json::value conjunction(const char* name, json::array all) {
    if (all.size() == 1) return std::move(all.front());
    return json::make({{name, std::move(all)}});
}

bool only_operators(const json::value& v, const object& behind) {
    const auto* members = v.if_object();
    if (!members || members->empty()) return false;
    // A field of the target that is called like an operator is meant as the field.
    return std::all_of(members->begin(), members->end(), [&](const auto& m) {
        return !operator_of(m.first).empty() && !behind.find_field(m.first);
    });
}

// filter_builder::group() gives conditions that must all hold, each a whole filter object. Its
// callers put them into one list of "and" and never beside each other in an object, where an empty
// text would break out of the others [twenty-golden-2 null/062 to 065].
result<json::array> filter_builder::group(const object& of, const json::value& v,
                                          const std::vector<std::string>& above, int depth) {
    const auto* members = v.if_object();
    if (!members) return bad("A filter must be an object such as {\"name\":{\"eq\":\"…\"}}.");
    if (depth > deepest_filter) return bad("The filter is nested too deeply.");
    json::array out;
    for (const auto& [name, inner] : *members) {
        const auto low = text::lower(name.starts_with('$') ? name.substr(1) : name);
        if (low != "and" && low != "or" && low != "not") {
            TRY(some, condition(of, name, inner, above, depth));
            for (auto& c : some)
                out.push_back(std::move(c));
            continue;
        }
        if (low != name) note("\"" + name + "\" was read as \"" + low + "\"");
        json::array parts;
        const auto* listed = inner.if_array();
        if (!listed && low != "not") note("\"" + low + "\" takes a list; one was made of it");
        for (std::size_t i = 0; i < (listed ? listed->size() : 1); ++i) {
            TRY(some, group(of, listed ? (*listed)[i] : inner, above, depth + 1));
            // An empty alternative would match everything.
            if (some.empty()) return bad("An empty condition inside \"" + low + "\".");
            if (low == "and")
                for (auto& c : some)
                    parts.push_back(std::move(c));
            else
                parts.push_back(conjunction("and", std::move(some)));
        }
        if (parts.empty()) return bad("\"" + low + "\" needs at least one condition.");
        // A filter that compares with is has thought of empty values.
        if (low == "not" && json::dump(inner).find("\"is\"") == std::string::npos)
            note("\"not\" leaves out records where the field is empty; neq takes them");
        if (low == "not")
            out.push_back(json::make({{"not", conjunction("and", std::move(parts))}}));
        else if (low == "or")
            out.push_back(conjunction("or", std::move(parts)));
        else
            for (auto& part : parts)
                out.push_back(std::move(part));
    }
    return out;
}

result<json::array> filter_builder::condition(const object& of, const std::string& written,
                                              const json::value& v,
                                              const std::vector<std::string>& above, int depth) {
    if (++conditions_ > most_conditions) return too_many_conditions();
    // Threat: each dot copies what is compared. Defence: a path is short.
    if (has_many_steps(written)) return bad("A field's path in the filter has too many parts.");
    // {"name.firstName": …} means {"name": {"firstName": …}}.
    if (const auto dot = written.find('.'); dot != std::string::npos) {
        const auto inner = json::make({{written.substr(dot + 1), v}});
        return condition(of, written.substr(0, dot), inner, above, depth);
    }
    // The object's own names come first: join column, relation, field. Only a name that is none of
    // them is looked for among parts of composites (meant_path), and that is told.
    const auto name = exact_name(may_, of, written);
    if (name != written) note("\"" + name + "\" is spelled so");
    column c{name, field_type::uuid, nullptr, above};
    c.steps.push_back(name);
    if (const auto j = of.find_join(name); j && may_.can_follow(*j->to))
        return compare(c, v, at_, out_.notes);
    if (const auto r = of.find_relation(name); r && may_.can_follow(*r->to))
        return relation(of, *r, v, above, depth);
    const auto* f = of.find_field(name);
    if (!f || !f->relations.empty() || !may_.visible(*f)) {
        if (f && may_.visible(*f)) {
            std::string columns;
            for (const auto* r : may_.relations(*f))
                columns += (columns.empty() ? "" : ", ") +
                           (r->join_column.empty() ? r->query_name : r->join_column);
            return bad("\"" + name + "\" leads to several objects; filter by one of: " + columns +
                       ".");
        }
        const auto meant = f ? std::nullopt : meant_path(may_, of, written);
        if (!meant) return unknown_field(may_, of, written);
        note(in_quotes(written) + " was read as " + *meant);
        return condition(of, *meant, v, above, depth);
    }
    // At the object's own root Twenty checks by itself what may be private.
    if (!above.empty())
        CHECK_OK(check_private(of, name, field_use::compared, asked_at::elsewhere,
                               above.front() + "." + name));
    if (f->name == "deletedAt") out_.mentions_deleted = true;
    c.type = f->type;
    c.options = f;
    const auto* parts = composite_of(f->type);
    // FILES is a list of objects, of which Twenty can filter the whole alone.
    if (parts && f->type != field_type::files) return composite_field(*f, *parts, v, std::move(c));
    return compare(c, v, at_, out_.notes);
}

// filter_builder::relation() reads a relation's name as its id column where an id, a list of ids or
// an operator stands behind it; a text that is no id is a name, for which the way is shown. All
// else is a filter of the object behind.
result<json::array> filter_builder::relation(const object& of, const object::join& to,
                                             const json::value& v,
                                             const std::vector<std::string>& above, int depth) {
    const auto& r = *to.to;
    const auto* target = may_.schema().by_singular(r.target_object);
    if (r.kind == relation_kind::one_to_many)
        return bad("\"" + r.query_name + "\" is a list; find " + target->name_plural +
                   " with a filter on their side instead.");
    if (v.is_object() && v.if_object()->empty())
        return bad("\"" + r.query_name + "\" needs a condition.");
    // company: "<id>", company: {eq: "<id>"} and company: {is: NULL} mean the id column.
    const bool by_id = v.is_null() || v.is_string() || v.is_array() || only_operators(v, *target);
    if (by_id || (v.is_object() && v.if_object()->size() == 1 && v.find("id"))) {
        column c{r.join_column, field_type::uuid, nullptr, above};
        c.steps.push_back(r.join_column);
        const auto* text_given = bare_text(v);
        if (by_id && above.empty() && text_given && !text::is_uuid(text::trim(*text_given)) &&
            !text::iequals(*text_given, "null"))
            return bad(by_name_instead(may_, r.query_name, *target, *text_given));
        if (by_id) note("\"" + r.query_name + "\" compares by its id: " + r.join_column);
        return compare(c, by_id ? v : *v.find("id"), at_, out_.notes);
    }
    // Twenty filters across one relation and no further.
    if (!above.empty())
        return bad("A filter can cross one relation only; \"" + r.query_name + "\" of " +
                   of.name_singular + " would be the second. Find the " + target->name_plural +
                   " first and filter by " + r.join_column + ".");
    auto inside = above;
    inside.push_back(r.query_name);
    return group(*target, v, inside, depth + 1);
}

result<prepared_filter> prepare_filter(const json::value& input, const object& of,
                                       const access& may, const moment& at) {
    prepared_filter out;
    // The scope is a condition of its own beside whatever the caller wrote, and the whole filter
    // where nothing was written, so that no filter leaves it out.
    const auto scope = may.scope(of);
    out.value = scope.is_null() ? json::value(json::object()) : scope;
    if (input.is_null()) return out;
    TRY(tree, read_filter(input, out.notes));
    if (const auto* all = tree.if_array()) {
        tree = all->empty() ? json::value(json::object())
                            : json::make({{"and", std::exchange(tree, json::value())}});
        out.notes.emplace_back("a list of conditions was read as \"and\"");
    }
    filter_builder b(may, at, out);
    TRY(conditions, b.group(of, tree, {}, 0));
    if (conditions.empty()) return out;
    if (!scope.is_null()) conditions.push_back(scope);
    out.value = conjunction("and", std::move(conditions));
    return out;
}

json::value both(json::value a, json::value b) {
    const auto none = [](const json::value& v) {
        return v.is_null() || (v.if_object() && v.if_object()->empty());
    };
    if (none(a)) return b;
    if (none(b)) return a;
    return json::make({{"and", json::list({std::move(a), std::move(b)})}});
}

} // namespace twenty
