#include "crm/telling.hpp"

#include "base/letter_case.hpp"
#include "base/text.hpp"
#include "twenty/identity.hpp"
#include "twenty/letter_case.hpp"

#include <algorithm>

namespace crm {

namespace {

using twenty::field_type;

// Of one field. A thousand records are compared in one turn, and whoever writes to the CRM may give
// one of them thousands of addresses.
constexpr std::size_t most_values_asked = 20;
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

// A number with its country's code, as it was stored.
std::string whole_number(std::string_view number, std::string_view code) {
    if (number.empty() || code.empty() || number.front() == '+') return std::string(number);
    return std::string(code) + " " + std::string(number);
}

std::string text_of_item(const twenty::field& f, const json::value& item) {
    if (const auto* text = item.if_string()) return *text;
    if (f.type == field_type::phones)
        return whole_number(item.text("number"), item.text("callingCode"));
    return std::string(item.text("url"));
}

// The addresses, links or numbers of a value: the primary one and the others.
std::vector<std::string> all_of(const twenty::field& f, const json::value& v) {
    std::vector<std::string> out;
    const auto add = [&](std::string one) {
        if (!one.empty()) out.push_back(std::move(one));
    };
    add(f.type == field_type::phones
            ? whole_number(v.text("primaryPhoneNumber"), v.text("primaryPhoneCallingCode"))
            : std::string(v.text(twenty::composite_of(f.type)->main)));
    const auto* others = v.find(twenty::additional_part(f.type));
    if (others && others->if_array())
        for (const auto& item : *others->if_array())
            add(text_of_item(f, item));
    return out;
}

// number_key() keeps the country: what is one number in two countries is two numbers.
std::string number_key(const std::string& number) {
    const auto read = twenty::read_phone(number);
    return (read ? read->code : std::string()) + " " +
           twenty::item_key(field_type::phones, json::value(number));
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
        if (f.type == field_type::phones) // stored with the zero of its country, or without
            for (std::size_t i = 0, n = values.size(); i < n; ++i)
                if (const auto read = twenty::read_phone(values[i]); read && !read->code.empty())
                    values.push_back("+" + read->code + "0" + read->national);
        out = twenty::holding(f, values);
    }
    return out;
}

} // namespace

std::vector<const twenty::field*> telling_fields(const twenty::object& of,
                                                 const twenty::access& may, bool phones) {
    std::vector<const twenty::field*> out;
    for (const auto* f : may.fields(of)) {
        const bool comparable = f->type == field_type::emails || f->type == field_type::links ||
                                f->type == field_type::full_name || f->type == field_type::text;
        if (f->type == field_type::phones ? phones : comparable && tells_duplicates(of, *f))
            out.push_back(f);
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
        auto values = all_of(f, v);
        values.resize(std::min(values.size(), most_values_asked));
        for (const auto& one : values)
            out.insert(domain                         ? twenty::host_of(one)
                       : f.type == field_type::phones ? number_key(one)
                                                      : twenty::item_key(f.type, one));
    }
    return out;
}

std::string_view reason(const twenty::field& f) {
    if (f.type == field_type::emails) return "same e-mail address";
    if (f.type == field_type::links) return f.is_unique ? "same domain" : "same link";
    if (f.type == field_type::phones) return "same phone number";
    return "same name";
}

// Beyond `most` a record is compared by some of its values only: this is help, not a guarantee.
// Threat: sixty records with a hundred links each become 54,000 conditions. Defence: none is made
// that is not asked.
json::array similar_tests(const std::vector<const twenty::field*>& fields,
                          const std::vector<const json::object*>& records, std::size_t most) {
    json::array any;
    for (const auto* values : records)
        for (const auto* f : fields) {
            if (any.size() >= most) return any;
            const auto* v = values->find(f->name);
            if (!v) continue;
            for (auto& test : similar_conditions(*f, *v))
                if (any.size() < most) any.push_back(std::move(test));
        }
    return any;
}

} // namespace crm
