#include "twenty/data.hpp"

#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/merge.hpp"
#include "twenty/values.hpp"
#include "twenty/write_values.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr std::size_t most_fields = 200;

error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

// "<id>", {"id": "<id>"}, {"connect":{"where":{"id":"<id>"}}}, {"disconnect": true}, null.
result<json::value> link_value(const object::join& j, const json::value& v,
                               std::vector<std::string>& notes) {
    const auto& column = j.to->join_column;
    const auto* id = &v;
    if (v.is_object()) {
        if (v.flag("disconnect")) return json::value();
        const auto* inner = v.at("connect", "where", "id");
        id = inner ? inner : v.find("id");
        if (id) add_note(notes, "the link was written as " + column);
    }
    if (id && id->is_null()) return json::value();
    const auto* s = id ? id->if_string() : nullptr;
    if (!s || !text::is_uuid(text::trim(*s)))
        return bad("\"" + column + "\" takes the id (a UUID) of a " + j.to->target_object +
                   ", or null. Find or create that record first.");
    return json::value(text::trim(*s));
}

result<void> put(prepared_data& out, const std::string& name, json::value v) {
    if (out.values.contains(name)) return bad("\"" + name + "\" is given twice.");
    out.values.append(name, std::move(v));
    return {};
}

error not_writable(const access& may, const object& of, const field& f) {
    if (f.relations.empty())
        return bad("\"" + f.name + "\" is set by Twenty; it can't be written.");
    std::string columns;
    for (const auto* r : may.relations(f))
        if (!r->join_column.empty()) columns += (columns.empty() ? "" : ", ") + r->join_column;
    if (!columns.empty())
        return bad("\"" + f.name + "\" leads to several objects; write one of: " + columns + ".");
    const auto& r = f.relations.front();
    return bad("\"" + f.name + "\" is a list and can't be written on " + of.name_singular +
               "; write \"" + r.target_field + "Id\" of each " + r.target_object + " instead.");
}

result<void> write_member(const access& may, const object& of, const std::string& written,
                          const json::value& v, prepared_data& out) {
    const auto name = exact_name(may, of, written);
    if (name != written) add_note(out.notes, "\"" + name + "\" is spelled so");
    auto link = of.find_join(name);
    if (!link) {
        link = of.find_relation(name);
        if (link && link->to->kind != relation_kind::many_to_one) link.reset();
    }
    if (link && may.can_follow(*link->to)) {
        TRY(id, link_value(*link, v, out.notes));
        return put(out, link->to->join_column, std::move(id));
    }
    const auto* f = of.find_field(name);
    if (const auto to_many = of.find_relation(name); !f && to_many) f = to_many->field;
    if (!f || !may.visible(*f)) return unknown_field(may, of, written);
    if (!f->relations.empty() || !writable(*f)) return not_writable(may, of, *f);
    TRY(good, write_value(*f, v, out.notes));
    return put(out, name, std::move(good));
}

result<prepared_data> prepare(const json::value& input, const object& of, const access& may) {
    if (!may.can_write(of))
        return error{errc::not_allowed, "This connection may not change " + of.name_plural + "."};
    const auto* members = input.if_object();
    if (!members)
        return bad("data must be an object of fields, such as {\"name\": …}; it is " +
                   std::string(input.type_name()) + ".");
    if (members->size() > most_fields) return bad("data has more than 200 fields.");
    prepared_data out;
    TRY(gathered, gather_flat(*members, of, may, out.notes));
    for (const auto& [name, v] : gathered)
        CHECK_OK(write_member(may, of, name, v, out));
    return out;
}

bool lacks_parts(const field& f, const json::object& given) {
    const auto& parts = composite_of(f.type)->parts;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const sub_field& p) { return !given.contains(p.name); });
}

} // namespace

bool writable(const field& f) noexcept {
    if (f.type == field_type::ts_vector || f.type == field_type::position) return false;
    if (!f.relations.empty())
        return std::any_of(f.relations.begin(), f.relations.end(),
                           [](const relation& r) { return !r.join_column.empty(); });
    if (f.type == field_type::relation || f.type == field_type::morph_relation) return false;
    static constexpr std::string_view kept_by_twenty[] = {"id",        "createdAt", "updatedAt",
                                                          "deletedAt", "createdBy", "updatedBy"};
    return !f.is_read_only && std::find(std::begin(kept_by_twenty), std::end(kept_by_twenty),
                                        f.name) == std::end(kept_by_twenty);
}

result<prepared_data> prepare_create(const json::value& input, const object& of,
                                     const access& may) {
    TRY(out, prepare(input, of, may));
    for (auto& [name, v] : out.values)
        if (const auto* f = of.find_field(name); f && holds_several(f->type))
            v = merge_composite(*f, {}, v, true, out.notes);
    return out;
}

result<prepared_data> prepare_update(const json::value& input, const object& of, const access& may,
                                     bool replace) {
    TRY(out, prepare(input, of, may));
    if (out.values.empty()) return bad("data is empty; name at least one field to change.");
    out.replace = replace;
    for (const auto& [name, v] : out.values) {
        const auto* f = of.find_field(name);
        const auto* given = v.if_object();
        if (f && given && holds_several(f->type) && (!replace || lacks_parts(*f, *given)))
            out.merge.push_back(name);
    }
    return out;
}

void merge_stored(prepared_data& data, const object& of, const json::value& record) {
    for (const auto& name : data.merge) {
        const auto* f = of.find_field(name);
        auto* patch = data.values.find(name);
        const auto* old = record.find(name);
        if (f && patch && old) *patch = merge_composite(*f, *old, *patch, data.replace, data.notes);
    }
    data.merge.clear();
}

} // namespace twenty
