#include "twenty/filter.hpp"

#include "base/text.hpp"
#include "twenty/compare.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

constexpr std::size_t most_conditions = 200;
constexpr int deepest = 10;

class builder {
  public:
    builder(const access& may, prepared_filter& out) : may_(may), out_(out) {}

    // The conditions of one filter object, each a complete filter object of its own.
    result<json::array> group(const object& of, const json::value& v,
                              const std::vector<std::string>& above, int depth);

  private:
    result<json::array> condition(const object& of, const std::string& name, const json::value& v,
                                  const std::vector<std::string>& above, int depth);
    result<json::array> relation(const object& of, const object::join& to, const json::value& v,
                                 const std::vector<std::string>& above, int depth);
    result<json::array> composite_field(const field& f, const twenty::composite& parts,
                                        const json::value& v, column c);
    void note(std::string what) { add_note(out_.notes, std::move(what)); }
    static error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

    const access& may_;
    prepared_filter& out_;
    std::size_t conditions_ = 0;
};

json::value conjunction(const char* name, json::array all) {
    if (all.size() == 1) return std::move(all.front());
    return json::make({{name, std::move(all)}});
}

// Do all keys read as operators, and none as a field of the object behind a relation?
bool only_operators(const json::value& v, const object& behind = {}) {
    const auto* members = v.if_object();
    if (!members || members->empty()) return false;
    return std::all_of(members->begin(), members->end(), [&](const auto& m) {
        return !operator_of(m.first).empty() && !behind.find_field(m.first);
    });
}

result<json::array> builder::group(const object& of, const json::value& v,
                                   const std::vector<std::string>& above, int depth) {
    const auto* members = v.if_object();
    if (!members) return bad("A filter must be an object such as {\"name\":{\"eq\":\"…\"}}.");
    if (depth > deepest) return bad("The filter is nested too deeply.");
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
        const json::array single{inner};
        const auto* listed = inner.if_array();
        if (!listed && low != "not") note("\"" + low + "\" takes a list; one was made of it");
        for (const auto& part : listed ? *listed : single) {
            TRY(some, group(of, part, above, depth + 1));
            // An empty alternative would match everything.
            if (some.empty()) return bad("An empty condition inside \"" + low + "\".");
            if (low == "and")
                for (auto& c : some)
                    parts.push_back(std::move(c));
            else
                parts.push_back(conjunction("and", std::move(some)));
        }
        if (parts.empty()) return bad("\"" + low + "\" needs at least one condition.");
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

result<json::array> builder::condition(const object& of, const std::string& written,
                                       const json::value& v, const std::vector<std::string>& above,
                                       int depth) {
    if (++conditions_ > most_conditions) return bad("The filter has more than 200 conditions.");
    // {"name.firstName": …} means {"name": {"firstName": …}}.
    if (const auto dot = written.find('.'); dot != std::string::npos) {
        const auto inner = json::make({{written.substr(dot + 1), v}});
        return condition(of, written.substr(0, dot), inner, above, depth);
    }
    const auto name = exact_name(may_, of, written);
    if (name != written) note("\"" + name + "\" is spelled so");
    column c{name, field_type::uuid, nullptr, above};
    c.steps.push_back(name);
    if (const auto j = of.find_join(name); j && may_.can_follow(*j->to))
        return compare(c, v, out_.notes);
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
        return unknown_field(may_, of, written);
    }
    if (f->name == "deletedAt") out_.mentions_deleted = true;
    c.type = f->type;
    c.options = f;
    const auto* parts = composite_of(f->type);
    if (parts && f->type != field_type::files) return composite_field(*f, *parts, v, std::move(c));
    return compare(c, v, out_.notes);
}

result<json::array> builder::relation(const object& of, const object::join& to,
                                      const json::value& v, const std::vector<std::string>& above,
                                      int depth) {
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
        if (by_id) note("\"" + r.query_name + "\" compares by its id: " + r.join_column);
        return compare(c, by_id ? v : *v.find("id"), out_.notes);
    }
    if (!above.empty())
        return bad("A filter can cross one relation only; \"" + r.query_name + "\" of " +
                   of.name_singular + " would be the second. Find the " + target->name_plural +
                   " first and filter by " + r.join_column + ".");
    auto inside = above;
    inside.push_back(r.query_name);
    return group(*target, v, inside, depth + 1);
}

result<json::array> builder::composite_field(const field& f, const twenty::composite& parts,
                                             const json::value& v, column c) {
    std::string names;
    for (const auto& part : parts.parts)
        if (may_.shows(f.type, part.name))
            names += (names.empty() ? "" : ", ") + f.name + "." + std::string(part.name);
    const auto part_column = [&](const sub_field& part) {
        auto sub = c;
        sub.path = f.name + "." + std::string(part.name);
        sub.type = part.type;
        sub.options = nullptr;
        sub.steps.emplace_back(part.name);
        return sub;
    };
    const auto* members = v.if_object();
    if (!members || only_operators(v)) {
        // An amount could mean micros or units, and a name has two halves: those are not guessed.
        const bool plain = f.type == field_type::emails || f.type == field_type::links ||
                           f.type == field_type::phones || f.type == field_type::rich_text;
        if (!plain) {
            std::string hint = "\"" + f.name + "\" has parts; filter by one of: " + names + ".";
            if (f.type == field_type::currency)
                hint += " amountMicros is the amount times 1,000,000.";
            return bad(hint);
        }
        for (const auto& part : parts.parts)
            if (part.name == parts.main) {
                note("\"" + f.name + "\" was read as " + f.name + "." + std::string(part.name));
                return compare(part_column(part), v, out_.notes);
            }
    }
    json::array out;
    for (const auto& [name, inner] : *members) {
        const auto part = std::find_if(
            parts.parts.begin(), parts.parts.end(), [&, &wanted = name](const sub_field& p) {
                return text::iequals(p.name, wanted) && may_.shows(f.type, p.name);
            });
        if (part == parts.parts.end())
            return bad("\"" + f.name + "\" has no part " + in_quotes(name) +
                       "; its parts: " + names + ".");
        TRY(some, compare(part_column(*part), inner, out_.notes));
        for (auto& s : some)
            out.push_back(std::move(s));
    }
    if (out.empty()) return bad("\"" + f.name + "\" needs a condition.");
    return out;
}

} // namespace

result<prepared_filter> prepare_filter(const json::value& input, const object& of,
                                       const access& may) {
    prepared_filter out;
    const auto scope = may.scope(of);
    out.value = scope.is_null() ? json::value(json::object()) : scope;
    if (input.is_null()) return out;
    json::value tree = input;
    if (const auto* written = input.if_string()) {
        TRY(parsed, parse_filter_text(*written, out.notes));
        tree = std::move(parsed);
    }
    if (const auto* all = tree.if_array()) {
        tree = all->empty() ? json::value(json::object()) : json::make({{"and", tree}});
        out.notes.emplace_back("a list of conditions was read as \"and\"");
    }
    builder b(may, out);
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
