// Values of several parts: names, addresses, numbers, links, rich text.
#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/writing.hpp"

#include <algorithm>

namespace twenty {

result<json::value> writing::composite_value(const twenty::composite& parts, const json::value& v) {
    const auto* given = v.if_object();
    if (!given) return short_form(parts, v);
    if (f_.type == field_type::currency) return money(v);
    std::string names;
    for (const auto& p : parts.parts)
        names += (names.empty() ? "" : ", ") + std::string(p.name);
    if (given->empty()) return bad("it needs at least one of: " + names + ".");
    json::object out;
    for (const auto& [name, inner] : *given) {
        const auto known =
            std::find_if(parts.parts.begin(), parts.parts.end(),
                         [&wanted = name](const auto& p) { return text::iequals(p.name, wanted); });
        auto meant = known == parts.parts.end() ? part_meant(f_.type, name) : known->name;
        if (meant.empty())
            return bad("it has no part " + in_quotes(name) + "; its parts: " + names + ".");
        if (out.contains(meant)) return bad(std::string(meant) + " is given twice.");
        if (known == parts.parts.end())
            note(in_quotes(name) + " was written as " + std::string(meant));
        // `amount` never gets here (money() reads currencies), so what is meant is always a part.
        const auto type = std::find_if(parts.parts.begin(), parts.parts.end(), [&](const auto& p) {
                              return p.name == meant;
                          })->type;
        TRY(good, part(meant, type, inner));
        out.set(std::string(meant), std::move(good));
    }
    // Twenty stores both as they are given, and people and programs would read different texts
    // [twenty-golden-2 richtext/003].
    const auto* markdown = f_.type == field_type::rich_text ? out.find("markdown") : nullptr;
    if (markdown && markdown->is_string() && out.erase("blocknote"))
        note("markdown alone was written; Twenty makes blocknote of it");
    return json::value(std::move(out));
}

// short_form() reads a plain value where Twenty wants an object, if it can mean only one thing.
result<json::value> writing::short_form(const twenty::composite& parts, const json::value& v) {
    const auto* s = v.if_string();
    const auto as_main = [&](const json::value& main) -> result<json::value> {
        TRY(good, part(parts.main, field_type::text, main));
        note("the text was written as " + std::string(parts.main));
        return json::make({{parts.main, std::move(good)}});
    };
    switch (f_.type) {
    case field_type::emails:
    case field_type::links:
    case field_type::phones:
    case field_type::rich_text:
        if (s) return as_main(v);
        break;
    case field_type::full_name:
        if (s) {
            const auto plain = text::trim(*s);
            const auto gap = plain.find(' ');
            note("the text was split into firstName and lastName");
            return json::make(
                {{"firstName", plain.substr(0, gap)},
                 {"lastName",
                  gap == plain.npos ? std::string_view() : text::trim(plain.substr(gap + 1))}});
        }
        break;
    case field_type::currency:
        return bad("write {\"amountMicros\": 53890000, \"currencyCode\": \"USD\"} (the amount "
                   "times 1,000,000) or {\"amount\": 53.89, \"currencyCode\": \"USD\"}; a "
                   "number needs \"currency\" beside it.");
    default:
        break;
    }
    std::string names;
    for (const auto& p : parts.parts)
        names += (names.empty() ? "" : ", ") + std::string(p.name);
    return bad("write an object with: " + names + ".");
}

result<json::value> writing::part(std::string_view name, field_type type, const json::value& v) {
    if (v.is_null()) return v;
    if (name == "primaryEmail") return email(v);
    if (type == field_type::numeric) {
        if (const auto n = as_number(v)) return json::value(*n);
        return bad(std::string(name) + " takes a number.");
    }
    if (type == field_type::raw_json) { // additionalEmails, additionalPhones, secondaryLinks
        const auto* items = v.if_array();
        if (!items) return bad(std::string(name) + " takes a list.");
        if (items->size() > most_others)
            return bad(std::string(name) + " takes at most " + std::to_string(most_others) +
                       " items; " + std::to_string(items->size()) + " are given.");
        json::array out;
        for (const auto& item : *items) {
            TRY(good, name == "additionalEmails" ? email(item) : other(name, item));
            out.push_back(std::move(good));
        }
        return json::value(std::move(out));
    }
    if (const auto* n = v.if_number()) return json::value(n->text);
    if (!v.is_string()) return bad(std::string(name) + " takes a text.");
    if (v.if_string()->size() > longest_text)
        return bad(std::string(name) + " is longer than 1,000,000 bytes.");
    // Blanks around a number or a link would make another value of it; in a street they are the
    // writer's.
    const bool line = f_.type == field_type::phones || f_.type == field_type::links;
    return line ? json::value(text::trim(*v.if_string())) : v;
}

// other() is one more number or link. Twenty stores nothing of a plain text, nor of an object that
// lacks its main part [twenty-golden-2 phones/025-028].
result<json::value> writing::other(std::string_view list, const json::value& v) {
    const bool phone = list == "additionalPhones";
    const char* main = phone ? "number" : "url";
    if (const auto* s = v.if_string()) {
        note("a text of " + std::string(list) + " was written as " + main);
        return json::make({{main, text::trim(*s)}});
    }
    const auto* given = v.if_object();
    if (given && (given->empty() || !v.text(main).empty())) return v;
    return bad(
        std::string(list) + " takes a list of " +
        (phone ? "{number: \"+49 30 123456\"}." : "{url: \"https://acme.example\", label}."));
}

// Twenty stores blanks around an address or refuses it, depending on its version.
result<json::value> writing::email(const json::value& v) {
    const auto* s = v.if_string();
    if (!s) return bad("an e-mail address is a text.");
    const auto plain = text::trim(*s);
    if (plain.empty()) return json::value("");
    const auto at = plain.find('@');
    if (at == 0 || at == plain.npos || at + 1 == plain.size() ||
        plain.find_first_of(" \t\r\n,;<>") != plain.npos)
        return bad(in_quotes(plain) + " isn't an e-mail address.");
    if (plain.size() != s->size()) note("blanks around the address were dropped");
    return json::value(plain);
}

} // namespace twenty
