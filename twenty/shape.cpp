#include "twenty/shape.hpp"

#include "base/text.hpp"
#include "twenty/restricted.hpp"
#include "twenty/timeline.hpp"

#include <algorithm>
#include <vector>

namespace twenty {

namespace {

bool shows_nothing(const json::value& v) {
    if (v.is_null()) return true;
    if (const auto* s = v.if_string()) return s->empty();
    if (const auto* a = v.if_array()) return a->empty();
    if (const auto* o = v.if_object()) return o->empty();
    return false;
}

// Threat: a file's address carries a bearer token (?token=<JWT>). Defence: the parameter goes.
// without_file_token() knows a token by the beginning that every JWT has (eyJ is {" and a letter in
// base64url) and leaves the rest of the address as it was.
std::string without_file_token(std::string text) {
    for (auto at = text.find("token=eyJ"); at != std::string::npos;
         at = text.find("token=eyJ", at)) {
        auto end = text.find_first_of("& \t\n\"'<>)", at);
        if (end == std::string::npos) end = text.size();
        const bool after_mark = at > 0 && (text[at - 1] == '?' || text[at - 1] == '&');
        const bool more = end < text.size() && text[end] == '&';
        const auto from = after_mark && !more ? at - 1 : at;
        text.erase(from, end - from + (more ? 1 : 0));
        at = from;
    }
    return text;
}

std::string clean_text(std::string_view s) {
    return without_file_token(text::without_invisible(s, true));
}

// money() shows the amount in units. Micros are for those who ask for them: by name, so that the
// currency is not there, or for all.
json::value money(const json::value& v, bool whole) {
    const auto* micros = v.find("amountMicros");
    if (!micros || micros->is_null()) return {};
    json::object out;
    const auto* n = micros->if_number();
    const std::string digits = n ? n->text : micros->if_string() ? *micros->if_string() : "";
    const auto amount = amount_text(digits);
    if (amount != digits || digits == "0") out.append("amount", json::number{amount});
    if (whole || out.empty() || !v.find("currencyCode"))
        out.append("amountMicros", cleaned(*micros));
    if (const auto code = clean_text(v.text("currencyCode")); !code.empty())
        out.append("currencyCode", code);
    return out;
}

json::value file_list(const json::value& v, bool whole) {
    const auto* files = v.if_array();
    if (!files) return {};
    json::array out;
    for (const auto& file : *files) {
        auto entry = cleaned(file);
        if (auto* members = entry.if_object(); members && !whole) members->erase("url");
        out.push_back(std::move(entry));
    }
    return out;
}

// composite_value() is a composite without its empty parts; null when nothing is left.
json::value composite_value(field_type type, const json::value& v, const access& may, bool whole) {
    const auto* members = v.if_object();
    if (!members) return cleaned(v);
    if (type == field_type::currency) return money(v, whole);
    if (type == field_type::rich_text) return json::value(clean_text(v.text("markdown")));
    json::object out;
    for (const auto& [name, part] : *members) {
        if (name == "__typename" || !may.shows(type, name) || (shows_nothing(part) && !whole))
            continue;
        if (type == field_type::actor && name == "context" && !whole) continue;
        out.append(name, cleaned(part));
    }
    // A calling code without a number says nothing.
    if (type == field_type::phones && !whole && !out.contains("primaryPhoneNumber") &&
        !out.contains("additionalPhones"))
        return {};
    return out;
}

json::value field_value(const field& f, const json::value& v, const access& may, bool whole) {
    switch (f.type) {
    case field_type::ts_vector:
        return {};
    case field_type::position:
        return whole ? cleaned(v) : json::value();
    case field_type::files:
        return file_list(v, whole);
    default:
        return composite_of(f.type) ? composite_value(f.type, v, may, whole) : cleaned(v);
    }
}

// {id, label, whatever else was selected}
json::value linked(const json::value& record, const relation& r, const access& may) {
    const auto* target = may.schema().by_singular(r.target_object);
    if (!target || !may.can_read(*target) || !record.is_object()) return {};
    const auto rest = compact_record(record, *target, may);
    json::object out;
    if (const auto* id = rest.find("id")) out.append("id", *id);
    if (auto label = record_label(record, *target); !label.empty())
        out.append("label", std::move(label));
    // The label's own field is left out: `label` says it. compact_record() has taken out what the
    // grant may not see.
    for (const auto& [name, v] : *rest.if_object())
        if (name != "id" && name != target->label_field && name != "label") out.append(name, v);
    return out;
}

// is_whole_morph() is true when all to-one relations of a morph field are there, so that the field
// itself was asked for.
bool is_whole_morph(const field& f, const json::object& record, const access& may) {
    if (f.type != field_type::morph_relation) return false;
    const auto ends = may.relations(f);
    return !ends.empty() && std::all_of(ends.begin(), ends.end(), [&](const relation* r) {
        return r->kind == relation_kind::many_to_one && record.contains(r->query_name);
    });
}

// {object, id, label} of the record that a morph field leads to; a list where several are set.
json::value morph_value(const field& f, const json::object& record, const access& may) {
    json::array set;
    for (const auto* r : may.relations(f)) {
        const auto shown = linked(*record.find(r->query_name), *r, may);
        const auto* members = shown.if_object();
        if (!members) continue;
        json::object one;
        one.append("object", r->target_object);
        for (const auto& [name, v] : *members)
            if (name != "object") one.append(name, v);
        set.emplace_back(std::move(one));
    }
    if (set.size() == 1) return std::move(set.front());
    return set;
}

json::value relation_value(const json::value& v, const relation& r, const access& may) {
    if (r.kind == relation_kind::many_to_one) return linked(v, r, may);
    json::array out;
    const auto nodes = connection_nodes(v);
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all)
            out.push_back(linked(node, r, may));
    return out;
}

} // namespace

json::value cleaned(const json::value& v) {
    if (const auto* s = v.if_string()) {
        // Twenty's constant for what is private reads like a text, and a model would quote it.
        if (*s == restricted_value) return {};
        return clean_text(*s);
    }
    if (const auto* a = v.if_array()) {
        json::array out;
        out.reserve(a->size());
        for (const auto& item : *a)
            out.push_back(cleaned(item));
        return out;
    }
    if (const auto* o = v.if_object()) {
        json::object out;
        for (const auto& [name, member] : *o)
            out.append(text::without_invisible(name, false), cleaned(member));
        return out;
    }
    return v;
}

json::value connection_nodes(json::value connection) {
    auto* members = connection.if_object();
    auto* listed = members ? members->find("edges") : nullptr;
    auto* edges = listed ? listed->if_array() : nullptr;
    if (!edges) return connection;
    json::array out;
    out.reserve(edges->size());
    for (auto& edge : *edges) {
        auto* parts = edge.if_object();
        if (auto* node = parts ? parts->find("node") : nullptr) out.push_back(std::move(*node));
    }
    return out;
}

std::string record_label(const json::value& record, const object& of) {
    const auto* f = of.find_field(of.label_field);
    const auto* v = f ? record.find(f->name) : nullptr;
    if (!v) return {};
    if (const auto* s = v->if_string()) return *s == restricted_value ? "" : clean_text(*s);
    if (const auto* n = v->if_number()) return n->text;
    if (f->type == field_type::full_name) {
        const auto whole =
            std::string(v->text("firstName")) + " " + std::string(v->text("lastName"));
        return std::string(text::trim(clean_text(whole)));
    }
    const auto* parts = composite_of(f->type);
    return parts ? clean_text(v->text(parts->main)) : std::string();
}

std::string amount_text(std::string_view micros) {
    const bool negative = micros.starts_with('-');
    const auto number = micros.substr(negative ? 1 : 0);
    const auto point = number.find('.');
    const auto digits = number.substr(0, point);
    const auto rest = point == number.npos ? std::string_view() : number.substr(point + 1);
    const auto plain = [](std::string_view s) {
        return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (digits.empty() || !plain(digits) || !plain(rest)) return std::string(micros);
    std::string padded(digits);
    if (padded.size() < 7) padded.insert(0, 7 - padded.size(), '0');
    auto fraction = padded.substr(padded.size() - 6) + std::string(rest);
    padded.resize(padded.size() - 6);
    while (!fraction.empty() && fraction.back() == '0')
        fraction.pop_back();
    return (negative ? "-" : "") + padded + (fraction.empty() ? "" : "." + fraction);
}

// compact_record() goes by what Twenty answered, not by the schema. Join columns and relations come
// before fields, because a relation's field has the name of the relation. Members that the schema
// does not know are cleaned and stay; what it knows and the grant may not see goes, so that a
// selection that was too wide shows nothing.
json::value compact_record(const json::value& record, const object& of, const access& may,
                           bool whole) {
    const auto* members = record.if_object();
    if (!members) return cleaned(record);
    json::object out;
    for (const auto& [name, v] : *members) {
        if (name == "__typename") continue;
        if (const auto j = of.find_join(name)) {
            // The relation itself, when present, says the id as well.
            const auto* shown = members->find(j->to->query_name);
            if (may.can_follow(*j->to) && !v.is_null() && !(shown && shown->is_object()))
                out.append(name, cleaned(v));
            continue;
        }
        if (const auto r = of.find_relation(name)) {
            if (r->field->type == field_type::morph_relation && out.contains(r->field->name))
                continue; // shown with the first of its relations
            if (is_whole_morph(*r->field, *members, may)) {
                auto shaped = morph_value(*r->field, *members, may);
                if (whole || !shows_nothing(shaped)) out.append(r->field->name, std::move(shaped));
                continue;
            }
            auto shaped = may.can_follow(*r->to) ? relation_value(v, *r->to, may) : json::value();
            if (!shows_nothing(shaped) || (whole && may.can_follow(*r->to)))
                out.append(name, std::move(shaped));
            continue;
        }
        const auto* f = of.find_field(name);
        if (f && (!may.visible(*f) || f->type == field_type::ts_vector)) continue;
        // Of all JSON only a timeline entry's properties have a form that is known, and can be made
        // short.
        const bool copies = f && !whole && f->type == field_type::raw_json &&
                            of.name_singular == "timelineActivity";
        auto shaped = copies ? cleaned(short_properties(v))
                      : f    ? field_value(*f, v, may, whole)
                             : cleaned(v);
        if (!whole && shows_nothing(shaped)) continue;
        // Names of the schema are clean and there once; of two others the same may be left.
        if (f)
            out.append(name, std::move(shaped));
        else
            out.set(text::without_invisible(name, false), std::move(shaped));
    }
    return out;
}

} // namespace twenty
