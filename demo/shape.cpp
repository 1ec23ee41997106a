#include "demo/shape.hpp"

#include "demo/search_text.hpp"

namespace demo {

namespace {

json::value shown_leaf(leaf kind, bool null_text, const json::value* v) {
    if (v && !v->is_null()) return *v;
    switch (kind) {
    case leaf::text:
        return null_text ? json::value() : json::value("");
    case leaf::multi_select:
    case leaf::array:
        return json::array();
    default:
        return nullptr;
    }
}

json::value rest_part(const composite_part& part, bool null_text, const json::value& whole) {
    if (part.kind == leaf::json && part.name != "context") {
        const json::value* v = whole.find(part.name);
        return v && !v->is_null() ? *v : json::value(json::array());
    }
    return shown_leaf(part.kind, null_text, whole.find(part.name));
}

} // namespace

json::value shown(const field& f, const record& r) {
    const json::value& v = stored(r, f.name);
    if (f.type->parts.empty()) return shown_leaf(f.type->kind, false, &v);
    json::object out;
    for (const auto& part : f.type->parts)
        out.append(std::string(part.name),
                   rest_part(part, part.name == "blocknote" || part.name == "currencyCode", v));
    return out;
}

json::object shown(const object& o, const record& r, const permissions& rights) {
    json::object out;
    for (const auto& f : o.fields) {
        if (!rights.may_read(o, f)) continue;
        if (f.relation == relation_kind::many_to_one) {
            for (const auto& target : f.targets)
                out.append(target.column, stored(r, target.column));
        } else if (f.type->name == "TS_VECTOR") {
            out.append(f.name, shown_vector(lexemes_of(o, r)));
        } else if (!f.is_relation()) {
            out.append(f.name, shown(f, r));
        }
    }
    return out;
}

std::string label_of(const object& o, const record& r) {
    const json::value& v = stored(r, o.label_field);
    if (const auto* s = v.if_string()) return *s;
    std::string out(v.text("firstName"));
    const auto last = v.text("lastName");
    if (!out.empty() && !last.empty()) out += ' ';
    return out.append(last);
}

int option_index(const field& f, const json::value& v) {
    const auto* s = v.if_string();
    for (std::size_t i = 0; s && i < f.options.size(); ++i)
        if (f.options[i].value == *s) return static_cast<int>(i);
    return -1;
}

} // namespace demo
