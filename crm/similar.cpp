#include "crm/similar.hpp"

#include "base/letter_case.hpp"
#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/identity.hpp"
#include "twenty/letter_case.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace crm {

namespace {

using twenty::field_type;

constexpr std::size_t most_similar_shown = 3; // of one record
constexpr std::size_t most_tests = 400;       // of one call
constexpr std::size_t most_values_asked = 20; // of one field
constexpr std::size_t longest_similar_label = 100;
// Bytes. A longer text is nobody's name, and each stored record that shares it would come back
// whole.
constexpr std::size_t longest_similar_name = 1000;

// tells_duplicates() goes by Twenty's own rules for duplicates, which name columns: nameFirstName,
// domainNamePrimaryLinkUrl, name. Addresses and unique links tell as well, whatever the rules say.
bool tells_duplicates(const twenty::object& of, const twenty::field& f) {
    for (const auto& rule : of.duplicate_criteria)
        for (const auto& column : rule)
            if (column == f.name || (column.starts_with(f.name) && twenty::composite_of(f.type)))
                return true;
    return f.type == field_type::emails || (f.type == field_type::links && f.is_unique);
}

std::vector<const twenty::field*> telling_fields(const twenty::object& of,
                                                 const twenty::access& may) {
    std::vector<const twenty::field*> out;
    for (const auto* f : may.fields(of)) {
        const bool comparable = f->type == field_type::emails || f->type == field_type::links ||
                                f->type == field_type::full_name || f->type == field_type::text;
        if (comparable && tells_duplicates(of, *f)) out.push_back(f);
    }
    return out;
}

// The addresses or links of a value: the primary one and the others.
std::vector<std::string> all_of(const twenty::field& f, const json::value& v) {
    std::vector<std::string> out;
    const auto add = [&](std::string_view one) {
        if (!one.empty()) out.emplace_back(one);
    };
    add(v.text(twenty::composite_of(f.type)->main));
    const auto* others = v.find(twenty::additional_part(f.type));
    if (others && others->if_array())
        for (const auto& item : *others->if_array())
            add(item.if_string() ? std::string_view(*item.if_string()) : item.text("url"));
    return out;
}

bool is_name(std::string_view s) {
    return s.size() <= longest_similar_name && !text::trim(s).empty();
}

// Half a name is shared by too many.
bool is_whole_name(const json::value& v) {
    return is_name(v.text("firstName")) && is_name(v.text("lastName"));
}

json::value under(const twenty::field& f, json::value test) {
    json::object out;
    out.append(f.name, std::move(test));
    return out;
}

json::value under(const twenty::field& f, std::string_view part, std::string_view text) {
    json::object parts;
    parts.append(std::string(part), twenty::same_text(text::trim(text)));
    return under(f, std::move(parts));
}

// similar_conditions() finds the stored records that may have this value; keys_of() decides. Of
// many addresses or links the first tell enough, and each becomes several conditions.
json::array similar_conditions(const twenty::field& f, const json::value& v) {
    json::array out;
    if (f.type == field_type::text) {
        const auto* s = v.if_string();
        if (s && is_name(*s)) out.push_back(under(f, twenty::same_text(text::trim(*s))));
    } else if (f.type == field_type::full_name) {
        if (!is_whole_name(v)) return out;
        json::array both;
        both.push_back(under(f, "firstName", v.text("firstName")));
        both.push_back(under(f, "lastName", v.text("lastName")));
        json::object all;
        all.append("and", std::move(both));
        out.emplace_back(std::move(all));
    } else {
        auto values = all_of(f, v);
        if (values.empty()) return out;
        if (values.size() > most_values_asked) values.resize(most_values_asked);
        if (f.type == field_type::links && f.is_unique) // a domain, whatever page was given
            for (std::size_t i = 0, n = values.size(); i < n; ++i)
                values.push_back(twenty::host_of(values[i]));
        out = twenty::holding(f, values);
    }
    return out;
}

// keys_of() gives what tells that two values are of one record, in one spelling; none: nothing can
// be told.
std::set<std::string> keys_of(const twenty::field& f, const json::value& v) {
    std::set<std::string> out;
    if (f.type == field_type::text) {
        const auto* s = v.if_string();
        if (s && is_name(*s)) out.insert(text::lower_letters(text::trim(*s)));
    } else if (f.type == field_type::full_name) {
        if (is_whole_name(v))
            out.insert(text::lower_letters(text::trim(v.text("firstName"))) + '\n' +
                       text::lower_letters(text::trim(v.text("lastName"))));
    } else {
        const bool domain = f.type == field_type::links && f.is_unique;
        for (const auto& one : all_of(f, v))
            out.insert(domain ? twenty::host_of(one) : twenty::item_key(f.type, one));
    }
    return out;
}

bool share_one(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::ranges::any_of(a, [&](const auto& key) { return b.contains(key); });
}

std::string_view reason(const twenty::field& f) {
    if (f.type == field_type::emails) return "same e-mail address";
    if (f.type == field_type::links) return f.is_unique ? "same domain" : "same link";
    return "same name";
}

using record_keys = std::vector<std::set<std::string>>; // of each telling field

template <class Values>
record_keys keys_of_all(const std::vector<const twenty::field*>& fields, const Values& values) {
    record_keys out;
    for (const auto* f : fields) {
        const auto* v = values.find(f->name);
        out.push_back(v ? keys_of(*f, *v) : std::set<std::string>());
    }
    return out;
}

// Beyond most_tests a record is compared by some of its values only: this is help, not a guarantee.
// Threat: sixty records with a hundred links each become 54,000 conditions. Defence: none is made
// that is not asked.
json::array tests_of_all(const std::vector<const twenty::field*>& fields,
                         const std::vector<const json::object*>& created) {
    json::array any;
    for (const auto* values : created)
        for (const auto* f : fields) {
            if (any.size() >= most_tests) return any;
            const auto* v = values->find(f->name);
            if (!v) continue;
            for (auto& test : similar_conditions(*f, *v))
                if (any.size() < most_tests) any.push_back(std::move(test));
        }
    return any;
}

// matches() puts records with the same address or domain first: a name is shared by many.
json::array matches(const twenty::object& of, const std::vector<const twenty::field*>& fields,
                    const json::object& values, const json::array& stored,
                    const std::vector<record_keys>& stored_keys) {
    const auto given = keys_of_all(fields, values);
    json::array strong;
    json::array weak;
    for (std::size_t n = 0; n < stored.size() && strong.size() < most_similar_shown; ++n) {
        std::string why;
        bool by_name = true;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!share_one(given[i], stored_keys[n][i])) continue;
            why += (why.empty() ? "" : ", ") + std::string(reason(*fields[i]));
            by_name = by_name && !twenty::identifies(fields[i]->type);
        }
        if (why.empty() || (by_name && weak.size() == most_similar_shown)) continue;
        const auto& record = stored[n];
        json::object one;
        one.append("id", record.text("id"));
        one.append("label",
                   text::cut_utf8(twenty::record_label(record, of), longest_similar_label));
        one.append("why", std::move(why));
        (by_name ? weak : strong).emplace_back(std::move(one));
    }
    for (auto& one : weak)
        if (strong.size() < most_similar_shown) strong.push_back(std::move(one));
    return strong;
}

} // namespace

// find_similar() compares here, because Twenty's own search for duplicates compares names by case,
// short ones not at all, and additional addresses never.
async<std::vector<json::array>> find_similar(call_slot& slot, const twenty::writable_object& of,
                                             const twenty::access& may,
                                             std::vector<const json::object*> created) {
    std::vector<json::array> out(created.size());
    const auto fields = telling_fields(of, may);
    json::array any = tests_of_all(fields, created);
    if (any.empty()) co_return out;
    json::object filter;
    filter.append("or", std::move(any));
    twenty::page page;
    page.filter = std::move(filter);
    page.first = twenty::max_page; // namesakes come unordered
    twenty::wanted_fields want;
    want.fields.emplace_back("id");
    if (const auto* label = may.label(of)) want.fields.push_back(label->name);
    for (const auto* f : fields)
        if (std::ranges::find(want.fields, f->name) == want.fields.end())
            want.fields.push_back(f->name);
    reading read = co_await read_list(slot, of, may, std::move(want), std::move(page));
    // A failed read hinders no create.
    if (read.failure) co_return out;
    // Keys of the stored records are made once, for all new ones.
    const json::array stored = read.take_nodes();
    std::vector<record_keys> stored_keys;
    for (const auto& record : stored)
        stored_keys.push_back(keys_of_all(fields, record));
    for (std::size_t i = 0; i < created.size(); ++i)
        out[i] = matches(of, fields, *created[i], stored, stored_keys);
    co_return out;
}

std::vector<std::optional<std::size_t>>
find_twins(const twenty::object& of, const twenty::access& may,
           const std::vector<const json::object*>& created) {
    std::vector<std::optional<std::size_t>> out(created.size());
    const auto fields = telling_fields(of, may);
    // `first` has the earliest record for each key, so that sixty records are not compared with
    // each other.
    std::vector<std::map<std::string, std::size_t>> first(fields.size());
    for (std::size_t i = 0; i < created.size(); ++i) {
        const auto keys = keys_of_all(fields, *created[i]);
        for (std::size_t n = 0; n < fields.size(); ++n)
            for (const auto& key : keys[n]) {
                const auto known = first[n].emplace(key, i).first->second;
                if (known != i && (!out[i] || known < *out[i])) out[i] = known;
            }
    }
    return out;
}

std::string similar_note(const twenty::object& of) {
    return "similar: each a " + of.name_singular +
           " that was there before and is probably the same. If so, delete_record the new one and "
           "update_record the other.";
}

} // namespace crm
