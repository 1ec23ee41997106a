#include "demo/ordering.hpp"

#include "base/text.hpp"
#include "demo/shape.hpp"

#include <algorithm>
#include <optional>

namespace demo {

namespace {

error not_sortable(std::string_view name) {
    return refuse(refusal::unknown_field,
                  "Field \"" + std::string(name) + "\" does not exist or is not sortable");
}

result<done> read_direction(const json::value& given, sort_key& out) {
    const auto* word = given.if_string();
    if (!word ||
        std::find(std::begin(directions), std::end(directions), *word) == std::end(directions))
        return refuse(refusal::bad_query, "Scalar field \"" + out.path.back() +
                                              "\" requires a direction value (AscNullsFirst, "
                                              "AscNullsLast, DescNullsFirst, DescNullsLast)");
    out.descending = word->starts_with("Desc");
    out.nulls_first = word->ends_with("First");
    return done{};
}

// Fills `out` for `key` of `on`; `given` is a direction or an object for a part.
result<done> read_key(const schema& model, const object& on, std::string_view key,
                      const json::value& given, sort_key& out) {
    const auto found = find_member(on, key);
    if (!found || found->what == member::kind::to_many) return not_sortable(key);
    out.path.emplace_back(key);
    if (found->what == member::kind::column) {
        out.column = key;
        out.of = {found->of, leaf::uuid, std::string(key)};
        return read_direction(given, out);
    }
    if (found->what == member::kind::to_one) {
        const auto* inner = given.if_object();
        if (!inner || inner->size() != 1 || out.related) return not_sortable(key);
        out.related = model.find_singular(found->target->object);
        out.column = found->target->column;
        const auto& [name, direction] = *inner->begin();
        return read_key(model, *out.related, name, direction, out);
    }
    const field_type& type = *found->of->type;
    if (type.parts.empty()) {
        out.of = {found->of, type.kind, std::string(key)};
        return read_direction(given, out);
    }
    const auto* inner = given.if_object();
    if (!inner)
        return refuse(refusal::bad_query, "Composite field \"" + std::string(key) +
                                              "\" requires subfield ordering (e.g., { " +
                                              std::string(key) +
                                              ": { subFieldName: 'AscNullsFirst' } })");
    if (inner->size() != 1) return not_sortable(key);
    const auto& [name, direction] = *inner->begin();
    const auto part = std::find_if(
        type.parts.begin(), type.parts.end(),
        [&, wanted = std::string_view(name)](const auto& p) { return p.name == wanted; });
    if (part == type.parts.end()) return not_sortable(name);
    out.path.emplace_back(name);
    out.of = {found->of, part->kind, std::string(key) + "." + name};
    return read_direction(direction, out);
}

const json::value& sort_value(const sort_key& key, const record& row, const store* records) {
    static const json::value null;
    const record* from = &row;
    std::size_t step = 0;
    if (key.related) {
        const auto* id = stored(row, key.column).if_string();
        from = id && records ? records->find(*key.related, *id) : nullptr;
        if (!from) return null;
        step = 1;
    }
    const json::value* v = &stored(*from, key.path[step]);
    for (++step; step < key.path.size() && v; ++step)
        v = v->find(key.path[step]);
    return v ? *v : null;
}

int compare_values(const sort_key& key, const json::value& a, const json::value& b, bool any_case) {
    if (key.of.kind == leaf::number) {
        const double x = a.as_double().value_or(0);
        const double y = b.as_double().value_or(0);
        return x < y ? -1 : x > y ? 1 : 0;
    }
    if (key.of.kind == leaf::select && !key.of.of->options.empty())
        return option_index(*key.of.of, a) - option_index(*key.of.of, b);
    const std::string x = a.if_string() ? *a.if_string() : json::dump(a);
    const std::string y = b.if_string() ? *b.if_string() : json::dump(b);
    if (any_case && key.of.kind == leaf::text) return text::lower(x).compare(text::lower(y));
    return x.compare(y);
}

bool sorts_by_id(const sort_key& key) { return key.path.size() == 1 && key.path[0] == "id"; }

// held() is what the cursor holds of a key: nullptr when nothing.
const json::value* held(const json::value& cursor, const sort_key& key) {
    if (key.related || !key.column.empty()) return nullptr;
    const json::value* v = &cursor;
    for (const auto& step : key.path)
        if (v) v = v->find(step);
    return v;
}

} // namespace

result<sort_order> compile_order(const schema& model, const object& on, const json::value& order) {
    sort_order out;
    json::array one;
    const json::array* items = order.if_array();
    if (!items && order.if_object()) {
        one.push_back(order);
        items = &one;
    }
    if (!items) return out;
    for (const auto& item : *items) {
        const auto* keys = item.if_object();
        if (!keys) return refuse(refusal::bad_query, "Invalid orderBy : " + inspected(item));
        for (const auto& [name, given] : *keys) {
            sort_key key;
            CHECK_OK(read_key(model, on, name, given, key));
            out.push_back(std::move(key));
        }
    }
    return out;
}

void sort_rows(std::vector<const record*>& rows, const sort_order& order, const store& records) {
    if (std::all_of(order.begin(), order.end(), sorts_by_id)) return; // tables are in id order
    std::stable_sort(rows.begin(), rows.end(), [&](const record* a, const record* b) {
        for (const auto& key : order) {
            if (sorts_by_id(key)) break; // the appended id wins
            const auto& x = sort_value(key, *a, &records);
            const auto& y = sort_value(key, *b, &records);
            if (x.is_null() != y.is_null()) return x.is_null() == key.nulls_first;
            if (x.is_null()) continue;
            const int c = compare_values(key, x, y, true);
            if (c != 0) return key.descending ? c > 0 : c < 0;
        }
        return false;
    });
}

std::string encode_cursor(const sort_order& order, const record& row, const json::object& node) {
    json::object out;
    const json::value whole(node);
    for (const auto& key : order) {
        if (sorts_by_id(key)) continue;
        const json::value* shown = held(whole, key);
        if (!shown) continue;
        if (key.path.size() == 1)
            out.set(key.path[0], *shown);
        else
            out.set(key.path[0], json::make({{key.path[1], *shown}}));
    }
    out.append("id", id_of(row));
    return text::base64_encode(json::dump(std::move(out)));
}

result<std::function<bool(const record&)>> after_cursor(const sort_order& order,
                                                        std::string_view cursor, bool backward) {
    const auto bytes = text::base64_decode(cursor);
    auto parsed = bytes ? json::parse(*bytes) : error{errc::bad_json, {}};
    if (!parsed || !parsed->if_object())
        return refuse(refusal::bad_cursor, "Invalid cursor: " + std::string(cursor));

    struct step {
        sort_key key;
        json::value at;
    };
    std::vector<step> steps;
    for (const auto& key : order)
        if (const auto* v = held(*parsed, key)) steps.push_back({key, *v});
    if (const auto* id = parsed->find("id")) {
        sort_key key;
        key.path = {"id"};
        key.of.kind = leaf::uuid;
        steps.push_back({std::move(key), *id});
    }
    // A null before or behind the cursor compares to nothing, so a page that ends on one ends the
    // list; texts compare by case here and without it in sort_rows(). Both may lose or repeat
    // records.
    return std::function<bool(const record&)>(
        [steps = std::move(steps), backward](const record& row) {
            for (const auto& [key, at] : steps) {
                const auto& v = sort_value(key, row, nullptr);
                if (v.is_null() || at.is_null()) return false;
                const int c = compare_values(key, v, at, false);
                if (c != 0) return (key.descending != backward) ? c < 0 : c > 0;
            }
            return false;
        });
}

} // namespace demo
