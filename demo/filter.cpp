#include "demo/filter.hpp"

#include "demo/filter_operator.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>
#include <optional>

namespace demo {

namespace {

bool mentions(const json::value& filter, std::string_view key) {
    if (const auto* o = filter.if_object())
        return std::any_of(o->begin(), o->end(), [key](const auto& member) {
            return member.first == key || mentions(member.second, key);
        });
    if (const auto* a = filter.if_array())
        return std::any_of(a->begin(), a->end(),
                           [key](const auto& item) { return mentions(item, key); });
    return false;
}

// `verdict` is what SQL says of a condition: nothing is known where a value is null.
using verdict = std::optional<bool>;
using term = std::function<verdict(const record&)>;

verdict both(verdict a, verdict b) {
    if (a == false || b == false) return false;
    return a && b ? verdict(true) : std::nullopt;
}
verdict either(verdict a, verdict b) {
    if (a == true || b == true) return true;
    return a && b ? verdict(false) : std::nullopt;
}
verdict opposite(verdict a) { return a ? verdict(!*a) : a; }

// A condition on an empty text is "x = '' OR x IS NULL" to Twenty, without brackets: what stands
// before it and after it in the same object falls apart at that OR.
struct condition {
    term holds;
    bool or_before = false;
};
using conditions = std::vector<condition>;

// joined() binds AND closer than OR, as SQL does: `part` is what has stood since the last OR.
term joined(conditions all) {
    return [all = std::move(all)](const record& r) {
        verdict whole = false;
        verdict part = true;
        for (const auto& one : all) {
            if (one.or_before) {
                whole = either(whole, part);
                part = true;
            }
            part = both(part, one.holds(r));
        }
        return either(whole, part);
    };
}

class compiler {
  public:
    explicit compiler(const filter_source& from) : from_(from) {}

    result<term> object_filter(const object& on, const json::value& filter, int hops) {
        // An array is an object to JavaScript, with "0" as its first member.
        if (filter.if_array()) return unknown_field(on.singular, "0", refusal::bad_filter);
        const auto* members = filter.if_object();
        if (!members) return refuse(refusal::bad_filter, "Invalid filter : " + inspected(filter));
        conditions all;
        for (const auto& [key, operand] : *members)
            CHECK_OK(entry(on, key, operand, hops, all));
        return joined(std::move(all));
    }

  private:
    result<done> entry(const object& on, const std::string& key, const json::value& operand,
                       int hops, conditions& out) {
        if (key == "and" || key == "or") {
            TRY(part, junction(on, key == "and", operand, hops));
            out.push_back({std::move(part)});
            return done{};
        }
        if (key == "not") {
            TRY(inner, object_filter(on, operand, hops));
            out.push_back({[inner](const record& r) { return opposite(inner(r)); }});
            return done{};
        }
        const auto found = find_member(on, key);
        if (!found) return unknown_field(on.singular, key, refusal::bad_filter);
        switch (found->what) {
        case member::kind::value:
            return value_filter(*found->of, operand, out);
        case member::kind::column:
            return leaf_filter({found->of, leaf::uuid, key}, key, {}, operand, out);
        case member::kind::to_one: {
            TRY(part, hop(*found, operand, hops));
            out.push_back({std::move(part)});
            return done{};
        }
        case member::kind::to_many:
            break;
        }
        return refuse(refusal::bad_filter, "Cannot filter by relation field \"" + key + "\"",
                      "Invalid filter: filtering by relation field \"" + key +
                          "\" is not supported");
    }

    result<term> junction(const object& on, bool every, const json::value& operand, int hops) {
        std::vector<term> parts;
        if (const auto* list = operand.if_array()) {
            for (const auto& item : *list) {
                TRY(part, object_filter(on, item, hops));
                parts.push_back(std::move(part));
            }
        } else {
            return refuse(refusal::type_error, "value.map is not a function");
        }
        return term([parts = std::move(parts), every](const record& r) {
            // An empty list sets no condition, be it an "and" or an "or".
            verdict out = every || parts.empty();
            for (const auto& part : parts)
                out = every ? both(out, part(r)) : either(out, part(r));
            return out;
        });
    }

    result<done> value_filter(const field& f, const json::value& operand, conditions& out) {
        if (f.type->parts.empty())
            return leaf_filter({&f, f.type->kind, f.name}, f.name, {}, operand, out);
        const auto* members = operand.if_object();
        if (!members)
            return refuse(refusal::bad_filter, "Invalid filter value " + inspected(operand) +
                                                   " for field \"" + f.name + "\"");
        for (const auto& [part, tests] : *members) {
            const auto known = std::find_if(
                f.type->parts.begin(), f.type->parts.end(),
                [&, name = std::string_view(part)](const auto& p) { return p.name == name; });
            if (known == f.type->parts.end())
                return refuse(refusal::bad_filter,
                              "Sub field \"" + part +
                                  "\" not found for composite type: " + std::string(f.type->name));
            CHECK_OK(leaf_filter({&f, known->kind, f.name + "." + part}, f.name, part, tests, out));
        }
        return done{};
    }

    result<done> leaf_filter(const leaf_of& of, std::string column, std::string part,
                             const json::value& operand, conditions& out) {
        const auto* tests = operand.if_object();
        if (operand.is_null())
            return refuse(refusal::bad_filter,
                          "Filter value for field \"" + of.path + "\" must be an object",
                          "Invalid filter: filter value must be an object");
        if (!tests || tests->size() != 1)
            return refuse(refusal::bad_filter,
                          "Filter for field \"" + of.path + "\" must have exactly one operator");
        const auto& [op, value] = *tests->begin();
        TRY(holds, compile_operator(of, op, value, from_.lenient));
        const bool empty = is_empty_text(of, op, value) && !from_.lenient;
        if (empty)
            out.push_back(
                {[](const record&) { return verdict(false); }}); // no text is stored empty
        // Only these operators say yes or no of a null; the others leave it unknown, and neither
        // they nor their opposite take the record (dates/004, errors/127).
        const bool knows_null = op == "is" || op == "isEmptyArray" || empty;
        term one = [holds, knows_null, column = std::move(column),
                    part = std::move(part)](const record& r) {
            static const json::value null;
            const json::value* found = &stored(r, column);
            if (!part.empty()) found = found->find(part);
            const json::value& v = found ? *found : null;
            const bool met = holds(v);
            return !met && v.is_null() && !knows_null ? verdict() : verdict(met);
        };
        out.push_back({std::move(one), empty});
        return done{};
    }

    result<term> hop(const member& through, const json::value& operand, int hops) {
        const object* other = from_.model.find_singular(through.target->object);
        if (hops >= 1)
            return refuse(refusal::bad_filter,
                          "Relation filter nesting deeper than 1 hop is not supported");
        TRY(inner, object_filter(*other, operand, hops + 1));
        return term([inner, other, &records = from_.records,
                     column = through.target->column](const record& r) {
            const auto* id = stored(r, column).if_string();
            const record* row = id ? records.find(*other, *id) : nullptr;
            return row ? inner(*row) : verdict();
        });
    }

    const filter_source& from_;
};

} // namespace

bool breaks_out(const json::value& filter) {
    const auto* members = filter.if_object();
    if (!members || members->size() < 2) return false;
    return std::any_of(members->begin(), members->end(), [](const auto& m) {
        const auto* tests = m.second.if_object();
        if (!tests || tests->size() != 1) return false;
        const auto* s = tests->begin()->second.if_string();
        return s && s->empty();
    });
}

result<predicate> compile_filter(const filter_source& from, const object& on,
                                 const json::value& filter) {
    const json::value whole = filter.is_null() ? json::value(json::object()) : filter;
    TRY(compiled, compiler(from).object_filter(on, whole, 0));
    // Unknown is as good as no. Deleted records come into sight as soon as deletedAt is named
    // anywhere, whatever is asked of it.
    const predicate chosen = [compiled](const record& r) { return compiled(r) == true; };
    if (from.deleted_too || mentions(whole, "deletedAt")) return chosen;
    return predicate([chosen](const record& r) { return !is_deleted(r) && chosen(r); });
}

} // namespace demo
