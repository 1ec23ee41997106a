#include "twenty/order.hpp"

#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/near_names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace twenty {

namespace {

constexpr std::array<std::string_view, 4> directions{"AscNullsFirst", "AscNullsLast",
                                                     "DescNullsFirst", "DescNullsLast"};
// A bare direction puts empty values where Twenty puts them unasked when it ascends, first, and
// last when it descends: whoever asks for the largest does not mean the empty ones.
constexpr std::pair<std::string_view, std::string_view> direction_spellings[] = {
    {"asc", "AscNullsFirst"},  {"ascending", "AscNullsFirst"},  {"1", "AscNullsFirst"},
    {"desc", "DescNullsLast"}, {"descending", "DescNullsLast"}, {"-1", "DescNullsLast"},
};
// Never null and compared the same way by sort and cursor.
constexpr std::array<std::string_view, 3> cursor_safe{"createdAt", "updatedAt", "position"};

error too_many_keys() {
    return bad_request("At most " + std::to_string(most_order_keys) + " sort keys are taken.");
}

struct key {
    std::string path;      // dotted
    std::string direction; // as written, may be empty
};

// "createdAt[DescNullsLast]", "createdAt DESC", "createdAt:desc", "-createdAt", "createdAt".
result<key> read_key(std::string_view written) {
    auto rest = text::trim(written);
    key k;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        if (rest.front() == '-') k.direction = "desc";
        rest.remove_prefix(1);
    }
    const auto end = rest.find_first_of("[ :\t");
    k.path = rest.substr(0, end);
    if (end != std::string_view::npos) {
        auto way = text::trim(rest.substr(end + 1));
        if (rest[end] == '[') {
            if (way.empty() || way.back() != ']')
                return bad_request("The order " + in_quotes(written) + " lacks a closing ].");
            way = text::trim(way.substr(0, way.size() - 1));
        }
        k.direction = way;
    }
    if (k.path.empty())
        return bad_request("An order needs a field, such as createdAt[DescNullsLast].");
    return k;
}

// {"field":"createdAt","direction":"DESC","nulls":"LAST"}
result<std::vector<key>> read_described(const json::object& members) {
    static const std::vector<std::string> known{"field", "direction", "nulls"};
    key k;
    std::string nulls;
    for (const auto& [name, v] : members) {
        const auto* written = v.if_string();
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const auto near = text::nearest(name, known);
            return bad_request(
                "An order by \"field\" takes \"direction\" and \"nulls\" beside it, not " +
                in_quotes(name) + "." +
                (near.empty() ? "" : " The nearest is \"" + near.front() + "\"."));
        }
        if (!written) return bad_request("\"" + name + "\" of an order is a text.");
        (name == "field" ? k.path : name == "direction" ? k.direction : nulls) = *written;
    }
    if (!nulls.empty()) k.direction += " nulls " + nulls;
    return std::vector<key>{std::move(k)};
}

// {"name":{"firstName":"Asc…"}}, flattened.
result<std::vector<key>> read_object(const json::value& v, const std::string& above) {
    std::vector<key> out;
    if (above.empty() && v.find("field") && v.find("field")->is_string())
        return read_described(*v.if_object());
    for (const auto& [name, inner] : *v.if_object()) {
        if (out.size() >= most_written_keys) return too_many_keys();
        const auto path = above.empty() ? name : above + "." + name;
        if (const auto* way = inner.if_string()) {
            out.push_back({path, *way});
        } else if (inner.is_object() && std::count(path.begin(), path.end(), '.') < 3) {
            TRY(deeper, read_object(inner, path));
            out.insert(out.end(), deeper.begin(), deeper.end());
        } else {
            return bad_request("The order of " + in_quotes(path) +
                               " needs a direction such as "
                               "DescNullsLast.");
        }
    }
    return out;
}

// read_keys() reads every form that models write, texts within lists too. most_written_keys bounds
// the objects and lists that are read here; most_order_keys counts what is left of it in the end,
// each key once.
result<std::vector<key>> read_keys(const json::value& input) {
    std::vector<key> out;
    if (input.is_null()) return out;
    if (const auto* s = input.if_string()) {
        const auto plain = text::trim(*s);
        if (plain.empty()) return out;
        if (plain.size() > longest_order)
            return bad_request("An order is longer than " + std::to_string(longest_order) +
                               " bytes.");
        if (plain.front() == '{' || (plain.front() == '[' && plain.size() > 1)) {
            const auto parsed = json::parse(plain);
            if (!parsed)
                return bad_request("The order can't be read: " + parsed.failure().message + ".");
            return read_keys(*parsed);
        }
        for (const auto& part : text::split(plain, ',')) {
            if (text::trim(part).empty()) continue;
            TRY(k, read_key(part));
            out.push_back(std::move(k));
        }
        return out;
    }
    if (input.is_object()) return read_object(input, "");
    if (const auto* all = input.if_array()) {
        for (const auto& each : *all) {
            if (out.size() >= most_written_keys) return too_many_keys();
            if (each.is_array())
                return bad_request("An order is a list of fields with directions.");
            TRY(some, read_keys(each));
            out.insert(out.end(), some.begin(), some.end());
        }
        return out;
    }
    return bad_request("An order is a text such as createdAt[DescNullsLast], or a list.");
}

// "desc", "DESC NULLS FIRST": SQL's words for a direction; empty when they are not.
std::string_view read_direction(std::string_view written) {
    auto words = text::lower(text::trim(written));
    const bool first = words.ends_with("nulls first");
    const bool last = words.ends_with("nulls last");
    if (first || last) words = text::trim(words.substr(0, words.rfind("nulls")));
    if (words.empty() && (first || last)) words = "asc";
    for (const auto& [spelling, d] : direction_spellings) {
        if (spelling != words) continue;
        if (!first && !last) return d;
        return directions[(d.starts_with("Desc") ? 2U : 0U) + (last ? 1U : 0U)];
    }
    return {};
}

result<std::string> direction_of(const key& k, std::vector<std::string>& notes) {
    if (k.direction.empty()) return std::string(directions[0]);
    for (const auto d : directions)
        if (text::iequals(d, k.direction)) return std::string(d);
    if (const auto d = read_direction(k.direction); !d.empty()) {
        add_note(notes,
                 "\"" + std::string(text::trim(k.direction)) + "\" was read as " + std::string(d));
        return std::string(d);
    }
    return bad_request("The direction " + in_quotes(k.direction) +
                       " isn't known; use AscNullsFirst, "
                       "AscNullsLast, DescNullsFirst or DescNullsLast.");
}

bool sortable(field_type t) {
    switch (t) {
    case field_type::ts_vector:
    case field_type::raw_json:
    case field_type::files:
    case field_type::array:
    case field_type::rich_text:
    case field_type::other:
        return false;
    default:
        return true;
    }
}

// part_of() is the part of a field that is named, or its main part.
result<std::vector<std::string>> part_of(const field& f, const composite& parts,
                                         const std::vector<std::string>& path,
                                         const std::vector<std::string>& rest, const access& may,
                                         std::vector<std::string>& notes) {
    // Results show the plain amount, which sorts as the micros do.
    const bool plain_amount =
        f.type == field_type::currency && rest.size() == 1 && text::iequals(rest.front(), "amount");
    const bool by_main = rest.empty() || plain_amount;
    const auto wanted = by_main ? std::string(parts.main) : rest.front();
    for (const auto& part : parts.parts)
        if (text::iequals(part.name, wanted) && rest.size() < 2 && may.shows(f.type, part.name)) {
            if (by_main)
                add_note(notes,
                         "\"" + text::join(path, ".") + "\" was read as " + f.name + "." + wanted);
            return std::vector<std::string>{f.name, std::string(part.name)};
        }
    return bad_request("\"" + f.name + "\" has no part " + in_quotes(wanted) + " to sort by.");
}

// The steps from the object to the sorted column; `crossed` once behind a relation.
result<std::vector<std::string>> resolve(const access& may, const object& of,
                                         const std::vector<std::string>& path, bool crossed,
                                         std::vector<std::string>& notes) {
    const auto name = exact_name(may, of, path.front());
    if (name != path.front()) add_note(notes, "\"" + name + "\" is spelled so");
    const auto rest = std::vector<std::string>(path.begin() + 1, path.end());
    const auto not_deeper = [&] {
        return bad_request(in_quotes(text::join(path, ".")) + " goes too deep to sort by.");
    };
    if (const auto j = of.find_join(name); j && may.can_follow(*j->to)) {
        if (!rest.empty()) return not_deeper();
        return std::vector<std::string>{name};
    }
    if (const auto r = of.find_relation(name); r && may.can_follow(*r->to)) {
        const auto* target = may.schema().by_singular(r->to->target_object);
        if (r->to->kind == relation_kind::one_to_many)
            return bad_request("\"" + name + "\" is a list; records can't be sorted by it.");
        if (crossed) return bad_request("An order can cross one relation only.");
        auto next = rest;
        if (next.empty()) {
            if (target->label_field.empty())
                return bad_request("Name a field of \"" + name + "\" to sort by, such as " + name +
                                   ".createdAt.");
            next.push_back(target->label_field);
            add_note(notes, "\"" + name + "\" was read as " + name + "." + target->label_field);
        }
        TRY(inner, resolve(may, *target, next, true, notes));
        inner.insert(inner.begin(), name);
        return inner;
    }
    // A field comes after join columns and relations, because a relation's field has the relation's
    // name.
    const auto* f = of.find_field(name);
    if (!f || !f->relations.empty() || !may.visible(*f)) {
        const auto meant = f || !rest.empty() ? std::nullopt : meant_path(may, of, name);
        if (!meant) return unknown_field(may, of, path.front());
        add_note(notes, in_quotes(name) + " was read as " + *meant);
        return resolve(may, of, text::split(*meant, '.'), crossed, notes);
    }
    if (crossed)
        CHECK_OK(check_private(of, name, field_use::sorted, asked_at::elsewhere,
                               of.name_singular + "." + name));
    if (!sortable(f->type)) return bad_request("Records can't be sorted by \"" + name + "\".");
    const auto* parts = composite_of(f->type);
    if (!parts) {
        if (!rest.empty()) return not_deeper();
        return std::vector<std::string>{name};
    }
    return part_of(*f, *parts, path, rest, may, notes);
}

} // namespace

result<prepared_order> prepare_order(const json::value& input, const object& of,
                                     const access& may) {
    prepared_order out;
    TRY(keys, read_keys(input));
    json::array value;
    std::vector<std::string> seen;
    for (const auto& k : keys) {
        if (has_many_steps(k.path))
            return bad_request(in_quotes(k.path) + " goes too deep to sort by.");
        TRY(steps, resolve(may, of, text::split(k.path, '.'), false, out.notes));
        TRY(way, direction_of(k, out.notes));
        const auto path = text::join(steps, ".");
        if (path == "id") {
            // Twenty sorts by id ascending last of all, whatever is asked for.
            if (way.starts_with("Desc"))
                add_note(out.notes, "Twenty can't sort by id descending; that key was dropped");
            continue;
        }
        if (std::find(seen.begin(), seen.end(), path) != seen.end()) continue;
        seen.push_back(path);
        json::value one = way;
        for (auto step = steps.rbegin(); step != steps.rend(); ++step)
            one = json::make({{*step, std::move(one)}});
        value.push_back(std::move(one));
    }
    if (value.size() > most_order_keys) return too_many_keys();
    // Twenty's cursor holds the last row's sort values and its id, and nothing compares with null:
    // only one key that is never null goes by cursor, all else by offset.
    const bool by_cursor =
        value.empty() || (value.size() == 1 && std::find(cursor_safe.begin(), cursor_safe.end(),
                                                         seen.front()) != cursor_safe.end());
    out.how = by_cursor ? paging::cursor : paging::offset;
    if (by_cursor) out.selected = seen;
    out.value = std::move(value);
    return out;
}

} // namespace twenty
