#include "twenty/write_values.hpp"

#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/money.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <optional>

namespace twenty {

namespace {

constexpr std::size_t longest_text = 1'000'000; // Twenty takes about 1 MB
constexpr std::size_t longest_list = 500;
constexpr std::size_t most_others = 100; // additional addresses, numbers or links
constexpr const char* plain_addresses =
    "can't be a link; use http, https, mailto, tel or ftp, or leave the scheme out.";

error bad(const field& f, const std::string& what) {
    return {errc::bad_request, "\"" + f.name + "\": " + what};
}
error wrong(const field& f, const json::value& v, const char* wanted) {
    return bad(f, shown(v) + " isn't " + wanted + ".");
}

class writing {
  public:
    writing(const field& f, std::vector<std::string>& notes) : f_(f), notes_(notes) {}

    result<json::value> value(const json::value& v);

  private:
    result<json::value> plain_text(const json::value& v);
    result<json::value> choice(const json::value& v);
    result<json::value> choices(const json::value& v);
    result<json::value> strings(const json::value& v);
    result<json::value> composite_value(const twenty::composite& parts, const json::value& v);
    result<json::value> short_form(const twenty::composite& parts, const json::value& v);
    result<json::value> part(std::string_view name, field_type type, const json::value& v);
    result<json::value> money(const json::value& v);
    result<json::number> micros(const std::string& digits);
    result<json::value> email(const json::value& v);
    result<json::value> other(std::string_view list, const json::value& v);

    void note(const std::string& what) { add_note(notes_, "\"" + f_.name + "\": " + what); }

    const field& f_;
    std::vector<std::string>& notes_;
};

// Twenty answers a NUL with a failure of its own.
bool has_nul(const json::value& v) {
    if (const auto* s = v.if_string()) return s->find('\0') != std::string::npos;
    if (const auto* a = v.if_array()) return std::any_of(a->begin(), a->end(), has_nul);
    if (const auto* o = v.if_object())
        return std::any_of(o->begin(), o->end(), [](const auto& m) {
            return m.first.find('\0') != std::string::npos || has_nul(m.second);
        });
    return false;
}

// "5.0" -> "5"; nullopt for fractions.
std::optional<std::string> whole_number(std::string_view number) {
    auto digits = micros_of(number);
    if (!digits || *digits == "0") return digits;
    if (!digits->ends_with("000000")) return std::nullopt;
    digits->resize(digits->size() - 6);
    return digits;
}

result<json::value> writing::value(const json::value& v) {
    if (has_nul(v)) return bad(f_, "the text holds a NUL character.");
    if (v.is_null()) return v;
    const auto* s = v.if_string();
    switch (f_.type) {
    case field_type::text:
        return plain_text(v);
    case field_type::number:
    case field_type::numeric:
        if (const auto n = as_number(v)) {
            if (s) note("the text was read as a number");
            return json::value(*n);
        }
        return wrong(f_, v, "a number");
    case field_type::boolean:
        if (const auto b = as_boolean(v)) {
            if (s) note("the text was read as true or false");
            return json::value(*b);
        }
        return wrong(f_, v, "true or false");
    case field_type::date:
        if (s && is_date(*s)) return v;
        if (s && is_date_time(*s)) {
            note("it is a date; the time was dropped");
            return json::value(s->substr(0, 10));
        }
        return wrong(f_, v, "a date such as 2026-11-22");
    case field_type::date_time:
        if (s && is_date(*s)) note(*s + " was written as midnight UTC, " + *s + "T00:00:00Z");
        if (s && is_date_time(*s)) return json::value(in_full(*s));
        return wrong(f_, v, "a time such as 2026-11-22T14:30:00Z (without a zone it is UTC)");
    case field_type::uuid:
        if (s && text::is_uuid(text::trim(*s))) return json::value(text::trim(*s));
        return wrong(f_, v, "a UUID");
    case field_type::select:
    case field_type::rating:
        return choice(v);
    case field_type::multi_select:
        return choices(v);
    case field_type::array:
        return strings(v);
    case field_type::files:
        if (v.is_array()) return v;
        return wrong(f_, v, "a list of {fileId, label}; upload the file in Twenty first");
    case field_type::position:
        if (v.is_number() || (s && (*s == "first" || *s == "last"))) return v;
        return wrong(f_, v, "a number, \"first\" or \"last\"");
    case field_type::raw_json:
        return v;
    default:
        if (const auto* parts = composite_of(f_.type)) {
            TRY(made, composite_value(*parts, v));
            if (const auto url = f_.type == field_type::links ? harmful_link(made) : std::nullopt)
                return bad(f_, in_quotes(*url) + " " + plain_addresses);
            return made;
        }
        return v;
    }
}

result<json::value> writing::plain_text(const json::value& v) {
    if (const auto* n = v.if_number()) {
        note("the number was written as text");
        return json::value(n->text);
    }
    const auto* s = v.if_string();
    if (!s) return wrong(f_, v, "a text");
    if (s->size() > longest_text) return bad(f_, "the text is longer than 1,000,000 bytes.");
    return v;
}

result<json::value> writing::choice(const json::value& v) {
    std::string written;
    if (const auto* s = v.if_string())
        written = *s;
    else if (const auto* n = v.if_number())
        written = n->text; // a rating: its label
    else
        return wrong(f_, v, "one of its choices");
    if (f_.options.empty()) return v;
    const auto* option = find_option(f_, written);
    if (!option) return unknown_option(f_, written);
    if (option->value != written) note(in_quotes(written) + " was read as " + option->value);
    return json::value(option->value);
}

result<json::value> writing::choices(const json::value& v) {
    json::array single;
    const auto* items = v.if_array();
    if (!items) {
        if (!v.is_string()) return wrong(f_, v, "a list of its choices");
        note("it takes a list; one was made of the text");
        // "A, B" is two choices unless an option is spelled so.
        if (find_option(f_, *v.if_string()))
            single.push_back(v);
        else
            for (const auto& each : text::split(*v.if_string(), ','))
                single.emplace_back(text::trim(each));
        items = &single;
    }
    json::array out;
    for (const auto& item : *items) {
        TRY(good, choice(item));
        if (std::find(out.begin(), out.end(), good) == out.end()) out.push_back(std::move(good));
    }
    return json::value(std::move(out));
}

result<json::value> writing::strings(const json::value& v) {
    if (v.is_string()) {
        note("it takes a list; one was made of the text");
        return json::list({v});
    }
    const auto* items = v.if_array();
    if (!items) return wrong(f_, v, "a list of texts");
    if (items->size() > longest_list)
        return bad(f_, "its list has " + std::to_string(items->size()) + " items, 500 at most.");
    for (const auto& item : *items)
        if (!item.is_string()) return bad(f_, "its list holds " + shown(item) + ", not a text.");
    return v;
}

result<json::value> writing::composite_value(const twenty::composite& parts, const json::value& v) {
    const auto* given = v.if_object();
    if (!given) return short_form(parts, v);
    if (f_.type == field_type::currency) return money(v);
    std::string names;
    for (const auto& p : parts.parts)
        names += (names.empty() ? "" : ", ") + std::string(p.name);
    if (given->empty()) return bad(f_, "it needs at least one of: " + names + ".");
    json::object out;
    for (const auto& [name, inner] : *given) {
        const auto known =
            std::find_if(parts.parts.begin(), parts.parts.end(),
                         [&wanted = name](const auto& p) { return text::iequals(p.name, wanted); });
        auto meant = known == parts.parts.end() ? part_meant(f_.type, name) : known->name;
        if (meant.empty())
            return bad(f_, "it has no part " + in_quotes(name) + "; its parts: " + names + ".");
        if (out.contains(meant)) return bad(f_, std::string(meant) + " is given twice.");
        if (known == parts.parts.end())
            note(in_quotes(name) + " was written as " + std::string(meant));
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

// A plain value where Twenty wants an object, if it can mean only one thing.
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
        return bad(f_, "write {\"amountMicros\": 53890000, \"currencyCode\": \"USD\"} (the amount "
                       "times 1,000,000) or {\"amount\": 53.89, \"currencyCode\": \"USD\"}; a "
                       "number needs \"currency\" beside it.");
    default:
        break;
    }
    std::string names;
    for (const auto& p : parts.parts)
        names += (names.empty() ? "" : ", ") + std::string(p.name);
    return bad(f_, "write an object with: " + names + ".");
}

result<json::value> writing::part(std::string_view name, field_type type, const json::value& v) {
    if (v.is_null()) return v;
    if (name == "primaryEmail") return email(v);
    if (type == field_type::numeric) {
        if (const auto n = as_number(v)) return json::value(*n);
        return bad(f_, std::string(name) + " takes a number.");
    }
    if (type == field_type::raw_json) { // additionalEmails, additionalPhones, secondaryLinks
        const auto* items = v.if_array();
        if (!items) return bad(f_, std::string(name) + " takes a list.");
        if (items->size() > most_others)
            return bad(f_, std::string(name) + " takes at most " + std::to_string(most_others) +
                               " items; " + std::to_string(items->size()) + " are given.");
        json::array out;
        for (const auto& item : *items) {
            TRY(good, name == "additionalEmails" ? email(item) : other(name, item));
            out.push_back(std::move(good));
        }
        return json::value(std::move(out));
    }
    if (const auto* n = v.if_number()) return json::value(n->text);
    if (!v.is_string()) return bad(f_, std::string(name) + " takes a text.");
    if (v.if_string()->size() > longest_text)
        return bad(f_, std::string(name) + " is longer than 1,000,000 bytes.");
    const bool line = f_.type == field_type::phones || f_.type == field_type::links;
    return line ? json::value(text::trim(*v.if_string())) : v;
}

// One more number or link. Of a plain text Twenty stores nothing, nor of an object that lacks its
// main part [twenty-golden-2 phones/025-028].
result<json::value> writing::other(std::string_view list, const json::value& v) {
    const bool phone = list == "additionalPhones";
    const char* main = phone ? "number" : "url";
    if (const auto* s = v.if_string()) {
        note("a text of " + std::string(list) + " was written as " + main);
        return json::make({{main, text::trim(*s)}});
    }
    const auto* given = v.if_object();
    if (given && (given->empty() || !v.text(main).empty())) return v;
    return bad(f_, std::string(list) + " takes a list of " +
                       (phone ? "{number: \"+49 30 123456\"}."
                              : "{url: \"https://acme.example\", label}."));
}

// Twenty stores blanks around an address or refuses it, depending on its version.
result<json::value> writing::email(const json::value& v) {
    const auto* s = v.if_string();
    if (!s) return bad(f_, "an e-mail address is a text.");
    const auto plain = text::trim(*s);
    if (plain.empty()) return json::value("");
    const auto at = plain.find('@');
    if (at == 0 || at == plain.npos || at + 1 == plain.size() ||
        plain.find_first_of(" \t\r\n,;<>") != plain.npos)
        return bad(f_, in_quotes(plain) + " isn't an e-mail address.");
    if (plain.size() != s->size()) note("blanks around the address were dropped");
    return json::value(plain);
}

// Twenty keeps money in a 64-bit number and calculates with doubles.
result<json::number> writing::micros(const std::string& digits) {
    constexpr std::int64_t exact = std::int64_t(1) << 53;
    const auto n = json::value(json::number{digits}).as_int();
    if (!n)
        return bad(f_, "the amount is too large; Twenty holds up to 9,223,372,036,854 and "
                       "amountMicros up to 9223372036854775807.");
    if (*n > exact || *n < -exact)
        note("Twenty rounds amounts above 9,007,199,254; the last digits may differ");
    return json::number{digits};
}

result<json::value> writing::money(const json::value& v) {
    json::object out;
    for (const auto& [written, inner] : *v.if_object()) {
        const auto n = as_number(inner);
        const auto meant = part_meant(field_type::currency, written);
        const std::string name = meant.empty() ? written : std::string(meant);
        if (out.contains(name == "amount" ? "amountMicros" : name))
            return bad(f_, (name == "currencyCode" ? "currencyCode" : "the amount") +
                               std::string(" is given twice."));
        if (name == "currencyCode") {
            const auto* code = inner.if_string();
            const auto plain = code ? text::trim(*code) : std::string_view();
            const bool letters =
                plain.size() == 3 && std::all_of(plain.begin(), plain.end(), [](char c) {
                    return (c | 32) >= 'a' && (c | 32) <= 'z';
                });
            if (!inner.is_null() && !letters)
                return bad(f_, "currencyCode takes three letters such as USD.");
            std::string upper(plain);
            for (auto& c : upper)
                c = static_cast<char>(c & ~32);
            out.set(name, inner.is_null() ? inner : json::value(upper));
        } else if (name == "amountMicros") {
            if (inner.is_null()) {
                out.set(name, inner);
                continue;
            }
            const auto digits = n ? whole_number(n->text) : std::nullopt;
            if (!digits)
                return bad(f_, "amountMicros takes a whole number (the amount times 1,000,000); "
                               "amount takes decimals.");
            TRY(held, micros(*digits));
            out.set(name, std::move(held));
        } else if (name == "amount" && inner.is_null()) {
            out.set("amountMicros", inner);
        } else if (name == "amount") {
            const auto digits = n ? micros_of(n->text) : std::nullopt;
            if (!digits) return bad(f_, "amount takes a number with at most six decimals.");
            TRY(held, micros(*digits));
            note("amount was written as amountMicros " + held.text);
            out.set("amountMicros", std::move(held));
        } else {
            return bad(f_, "it has no part " + in_quotes(name) +
                               "; its parts: amountMicros (or amount), currencyCode.");
        }
    }
    if (out.empty()) return bad(f_, "it needs amountMicros and currencyCode.");
    return json::value(std::move(out));
}

} // namespace

result<json::value> write_value(const field& f, const json::value& v,
                                std::vector<std::string>& notes) {
    return writing(f, notes).value(v);
}

} // namespace twenty
