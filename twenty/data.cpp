#include "twenty/data.hpp"

#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/cut_copies.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/merge.hpp"
#include "twenty/values.hpp"
#include "twenty/write_values.hpp"
#include "twenty/writing.hpp"

#include <algorithm>
#include <optional>

namespace twenty {

namespace {

enum class purpose { create, update };

// "<id>", {"id": "<id>"}, {"connect":{"where":{"id":"<id>"}}}, {"disconnect": true}, null.
// Text that is no id names the record; nullopt then.
result<std::optional<json::value>> link_value(const object::join& j, const json::value& v,
                                              const access& may, prepared_data& out) {
    const auto& column = j.to->join_column;
    const auto* id = &v;
    if (v.is_object()) {
        if (v.flag("disconnect")) return std::optional(json::value());
        const auto* inner = v.at("connect", "where", "id");
        id = inner ? inner : v.find("id");
        for (const auto* by : {"name", "email"})
            if (!id) id = v.find(by);
        if (id) add_note(out.notes, "the link was written as " + column);
    }
    if (id && id->is_null()) return std::optional(json::value());
    const auto* s = id ? id->if_string() : nullptr;
    const auto written = s ? text::trim(*s) : std::string_view();
    if (text::is_uuid(written)) return std::optional(json::value(written));
    if (written.empty() || written.size() > longest_link_name)
        return bad_request("\"" + column + "\" takes the id (a UUID) of a " + j.to->target_object +
                           ", its unique name, or null. Find or create that record first.");
    auto target = may.target(*j.to);
    if (!target)
        return bad_request("\"" + column + "\" leads to what this connection may not read.");
    out.named.push_back({column, std::move(*target), std::string(written)});
    return std::optional<json::value>();
}

bool is_named(const prepared_data& data, std::string_view column) {
    return std::any_of(data.named.begin(), data.named.end(),
                       [&](const named_link& l) { return l.column == column; });
}

result<done> put(prepared_data& out, const std::string& name, json::value v) {
    if (out.values.contains(name)) return bad_request("\"" + name + "\" is given twice.");
    out.values.append(name, std::move(v));
    return done{};
}

// {"append": "…"} of a text, also as the markdown of a rich one; nullptr when `v` is anything else.
const json::value* appended(const field& f, const json::value& v) {
    const auto* members = v.if_object();
    if (!members || members->size() != 1) return nullptr;
    const auto* inner = f.type == field_type::rich_text ? v.find("markdown") : nullptr;
    if (inner && inner->is_object()) return appended(f, *inner);
    return f.type == field_type::text || f.type == field_type::rich_text ? v.find("append")
                                                                         : nullptr;
}

bool is_blank(const json::value& v) {
    if (const auto* s = v.if_string()) return text::trim(*s).empty();
    if (const auto* a = v.if_array()) return std::all_of(a->begin(), a->end(), is_blank);
    if (const auto* o = v.if_object())
        return std::all_of(o->begin(), o->end(), [](const auto& m) { return is_blank(m.second); });
    return v.is_null();
}

error not_writable(const access& may, const object& of, const field& f) {
    if (f.name == "deletedAt")
        return bad_request("\"deletedAt\" is set by delete_record and cleared by restore_record.");
    if (f.relations.empty())
        return bad_request("\"" + f.name + "\" is set by Twenty; it can't be written.");
    std::string columns;
    for (const auto* r : may.relations(f))
        if (!r->join_column.empty()) columns += (columns.empty() ? "" : ", ") + r->join_column;
    if (!columns.empty())
        return bad_request("\"" + f.name + "\" leads to several objects; write one of: " + columns +
                           ".");
    const auto& r = f.relations.front();
    return bad_request("\"" + f.name + "\" is a list and can't be written on " + of.name_singular +
                       "; write \"" + r.target_field + "Id\" of each " + r.target_object +
                       " instead.");
}

result<done> write_member(const access& may, const object& of, const std::string& written,
                          const json::value& v, purpose why, prepared_data& out) {
    const auto name = exact_name(may, of, written);
    if (name != written) add_note(out.notes, "\"" + name + "\" is spelled so");
    // `company` and `companyId` are two names of one column, so a link is looked for under both.
    auto link = of.find_join(name);
    if (!link) {
        link = of.find_relation(name);
        if (link && link->to->kind != relation_kind::many_to_one) link.reset();
    }
    if (link && may.can_follow(*link->to)) {
        const auto& column = link->to->join_column;
        if (is_named(out, column)) return bad_request("\"" + column + "\" is given twice.");
        TRY(id, link_value(*link, v, may, out));
        if (id) return put(out, column, *std::move(id));
        return out.values.contains(column) ? bad_request("\"" + column + "\" is given twice.")
                                           : result<done>(done{});
    }
    const auto* f = of.find_field(name);
    if (const auto to_many = of.find_relation(name); !f && to_many) f = to_many->field;
    if (!f || !may.visible(*f)) return unknown_field(may, of, written);
    if (!f->relations.empty() || !writable(*f)) return not_writable(may, of, *f);
    const auto* more = appended(*f, v);
    if (more && is_blank(*more))
        return bad_request("\"" + name +
                           "\": append takes a text that is not empty; null instead of "
                           "{append} clears the field.");
    if (more && why == purpose::update) {
        out.append.push_back(name);
        out.merge.push_back(name);
    }
    TRY(good, write_value(*f, more ? *more : v, out.notes));
    if (good.is_null() && composite_of(f->type)) {
        if (why == purpose::create) return done{};
        good = cleared_value(*f);
    }
    return put(out, name, std::move(good));
}

result<prepared_data> prepare(const json::value& input, const object& of, const access& may,
                              purpose why) {
    if (!may.can_write(of))
        return error{errc::not_allowed, "This connection may not change " + of.name_plural + "."};
    const auto* members = input.if_object();
    if (!members)
        return bad_request("data must be an object of fields, such as {\"name\": …}; it is " +
                           std::string(input.type_name()) + ".");
    if (members->size() > most_written_fields) return bad_request("data has more than 200 fields.");
    prepared_data out;
    TRY(gathered, gather_flat(*members, of, may, out.notes));
    for (const auto& [name, v] : gathered)
        CHECK_OK(write_member(may, of, name, v, why, out));
    return out;
}

bool lacks_parts(const field& f, const json::object& given) {
    const auto& parts = composite_of(f.type)->parts;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const sub_field& p) { return !given.contains(p.name); });
}

// joined() is the stored text with the given one behind it, in a paragraph or line of its own.
result<json::value> joined(const field& f, const json::value& stored, const json::value& given) {
    const bool rich = f.type == field_type::rich_text;
    const auto text_of = [&](const json::value& v) {
        if (const auto* s = v.if_string()) return std::string_view(*s);
        return v.text("markdown");
    };
    std::string whole(text_of(stored));
    const std::string_view gap = rich ? "\n\n" : "\n";
    if (!whole.empty() && !whole.ends_with(gap)) whole += gap;
    whole += text_of(given);
    if (whole.size() > longest_text)
        return bad_request("\"" + f.name +
                           "\": with what is stored the text would be longer than 1,000,000 "
                           "bytes; begin another note.");
    if (!rich) return json::value(std::move(whole));
    json::object parts;
    parts.append("markdown", std::move(whole));
    return json::value(std::move(parts));
}

result<done> refuse_cut_list(const std::string& name, const json::value& given,
                             const json::value& stored) {
    const auto* items = given.if_array();
    const auto* held = stored.if_array();
    if (!items || !held || !is_cut_list(*items, *held)) return done{};
    return bad_request("\"" + name +
                       "\": these are the stored items as they were shown, cut off; it has " +
                       std::to_string(held->size()) +
                       " of them and the last ones would be lost. Give all, or replace:true.");
}

result<done> refuse_cut_copy(const std::string& name, const json::value& given,
                             const json::value& stored) {
    const auto* text = given.if_string() ? &given : given.find("markdown");
    const auto* held = stored.if_string() ? &stored : stored.find("markdown");
    if (!text || !held || !text->if_string() || !held->if_string()) return done{};
    // The tools leave out what cannot be seen.
    if (!is_cut_copy(*text->if_string(), text::without_invisible(*held->if_string(), true)))
        return done{};
    return bad_request(
        "\"" + name + "\": this is the stored text as it was shown, cut off; it has " +
        std::to_string(held->if_string()->size()) + " bytes and the rest would be lost. {\"" +
        name +
        "\": {\"append\": \"…\"}} adds to it; get_record reads the rest; replace:true writes "
        "it all the same.");
}

void note_no_currency(const field& f, const json::value& given, const json::value& stored,
                      std::vector<std::string>& notes) {
    const auto* micros = given.find("amountMicros");
    const auto& code = given.find("currencyCode") ? given : stored;
    if (f.type == field_type::currency && micros && !micros->is_null() &&
        code.text("currencyCode").empty())
        add_note(notes, "\"" + f.name +
                            "\" is stored without a currency, so no sum by currency has it; give "
                            "currencyCode beside it");
}

} // namespace

bool writable(const field& f) noexcept {
    if (f.type == field_type::ts_vector) return false;
    if (!f.relations.empty())
        return std::any_of(f.relations.begin(), f.relations.end(),
                           [](const relation& r) { return !r.join_column.empty(); });
    if (f.type == field_type::relation || f.type == field_type::morph_relation) return false;
    // Threat: who did what and when is forged. Twenty takes all but the id [twenty-golden-2
    // ui-only/051-055]. Defence: of these only createdAt may be written, for imports.
    static constexpr std::string_view kept_by_twenty[] = {"id", "updatedAt", "deletedAt",
                                                          "createdBy", "updatedBy"};
    return std::find(std::begin(kept_by_twenty), std::end(kept_by_twenty), f.name) ==
           std::end(kept_by_twenty);
}

result<prepared_data> prepare_create(const json::value& input, const object& of,
                                     const access& may) {
    TRY(out, prepare(input, of, may, purpose::create));
    if (out.named.empty() && std::all_of(out.values.begin(), out.values.end(),
                                         [](const auto& m) { return is_blank(m.second); }))
        return bad_request("The record would be empty; give at least one field of " +
                           of.name_singular + " a value.");
    // Twenty makes an entry that opens nothing [twenty-golden-2 ui-only/005, 006].
    const auto* file = out.values.find("file");
    if (of.name_singular == "attachment" && of.find_field("file") && (!file || is_blank(*file)))
        return bad_request(
            "An attachment needs a file that is uploaded in Twenty: \"file\": [{fileId, "
            "label}]. Nothing can be uploaded here; a link can stand in the text of a note "
            "or in a LINKS field.");
    for (auto& [name, v] : out.values) {
        const auto* f = of.find_field(name);
        if (f && holds_several(f->type)) v = merge_composite(*f, {}, v, false, out.notes);
        if (f) note_no_currency(*f, v, {}, out.notes);
    }
    return out;
}

result<prepared_data> prepare_update(const json::value& input, const object& of, const access& may,
                                     bool replace) {
    TRY(out, prepare(input, of, may, purpose::update));
    if (out.values.empty() && out.named.empty())
        return bad_request("data is empty; name at least one field to change.");
    out.replace = replace;
    for (const auto& [name, v] : out.values) {
        const auto* f = of.find_field(name);
        const auto* given = v.if_object();
        const bool lacks = given && f && holds_several(f->type) && v != cleared_value(*f) &&
                           (!replace || lacks_parts(*f, *given));
        if (lacks) out.merge.push_back(name);
    }
    return out;
}

result<done> merge_stored(prepared_data& data, const object& of, const json::value& record) {
    for (auto& [name, v] : data.values) {
        const auto* f = of.find_field(name);
        const auto* old = record.find(name);
        if (!f || !old) continue;
        note_no_currency(*f, v, *old, data.notes);
        const auto listed = [&name = name](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        // Appended and merged values keep what is stored; only a value that replaces it can be a
        // cut copy.
        if (listed(data.append)) {
            TRY(whole, joined(*f, *old, v));
            v = std::move(whole);
        } else if (listed(data.merge)) {
            v = merge_composite(*f, *old, v, data.replace, data.notes);
        } else if (data.replace) {
            continue;
        } else if (f->type == field_type::text || f->type == field_type::rich_text) {
            CHECK_OK(refuse_cut_copy(name, v, *old));
        } else if (f->type == field_type::array || f->type == field_type::raw_json) {
            CHECK_OK(refuse_cut_list(name, v, *old));
        }
    }
    data.merge.clear();
    data.append.clear();
    return done{};
}

} // namespace twenty
