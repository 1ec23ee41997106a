#include "twenty/identity.hpp"

#include "base/text.hpp"
#include "twenty/letter_case.hpp"

#include <algorithm>
#include <set>

namespace twenty {

namespace {

// ITU E.164: codes that begin with 1 or 7 have one digit, these two, all others three.
constexpr std::string_view codes_of_two =
    " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
    "65 66 81 82 84 86 90 91 92 93 94 95 98 ";
constexpr std::size_t fewest_digits = 3;
constexpr std::size_t most_digits = 20;
// A national number of so many digits may be an international one that lost its plus.
constexpr std::size_t perhaps_international = 11;

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

std::string digits_of(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), text::is_digit);
    return out;
}

std::size_t code_length(std::string_view digits) {
    if (digits.empty()) return 0;
    if (digits[0] == '1' || digits[0] == '7') return 1;
    const auto two = " " + std::string(digits.substr(0, 2)) + " ";
    return codes_of_two.find(two) != codes_of_two.npos ? 2 : 3;
}

// international() parts digits into a country's code and the rest; without a whole code all of them
// are the code.
phone international(std::string_view digits) {
    const auto n = std::min(code_length(digits), digits.size());
    return {std::string(digits.substr(0, n)), std::string(digits.substr(n))};
}

std::string_view without_trunk(std::string_view national) {
    const auto first = national.find_first_not_of('0');
    return first == national.npos ? national : national.substr(first);
}

std::string_view main_of(field_type type, const json::value& item) {
    if (const auto* s = item.if_string()) return *s;
    return item.text(type == field_type::links ? "url" : "number");
}

// Each text once, in order of first mention.
class distinct {
  public:
    void add(std::string value) {
        if (seen_.insert(value).second) all_.push_back(std::move(value));
    }
    void add(const std::vector<std::string>& values) {
        for (const auto& v : values)
            add(v);
    }
    [[nodiscard]] const std::vector<std::string>& all() const noexcept { return all_; }

  private:
    std::vector<std::string> all_;
    std::set<std::string> seen_;
};

// quoted_pattern() looks in LIKE for a text with the quotes that JSON has around it: the whole of a
// list's text and no part of one.
std::string quoted_pattern(std::string_view value) {
    std::string quoted;
    json::append_escaped(quoted, value);
    return "%" + literal_pattern(quoted) + "%";
}

json::value part(const field& f, std::string_view name, std::string_view op, json::value v) {
    json::object condition;
    condition.append(std::string(op), std::move(v));
    json::object parts;
    parts.append(std::string(name), std::move(condition));
    json::object out;
    out.append(f.name, std::move(parts));
    return out;
}

json::value among(const field& f, std::string_view name, const std::vector<std::string>& values) {
    json::array listed;
    for (const auto& v : values)
        listed.emplace_back(v);
    return part(f, name, "in", std::move(listed));
}

void phone_conditions(const field& f, const std::vector<std::string>& values, json::array& out) {
    distinct of_any_country;
    const auto of_country = [&](const phone& p) {
        json::array both;
        both.push_back(among(f, "primaryPhoneNumber", spellings(f.type, p.national)));
        both.push_back(among(f, "primaryPhoneCallingCode", {"+" + p.code, p.code}));
        json::object all;
        all.append("and", std::move(both));
        out.emplace_back(std::move(all));
    };
    // A number that names its country is compared with it. One that names none is looked for in
    // every country, and, when it is long enough, also as an international one whose plus was lost.
    for (const auto& v : values) {
        const auto p = read_phone(v);
        if (p && !p->code.empty()) {
            of_country(*p);
            continue;
        }
        of_any_country.add(spellings(f.type, p ? p->national : v));
        if (p && p->national.size() >= perhaps_international && p->national[0] != '0')
            of_country(international(p->national));
    }
    if (!of_any_country.all().empty())
        out.push_back(among(f, "primaryPhoneNumber", of_any_country.all()));
}

} // namespace

bool identifies(field_type type) noexcept {
    return type == field_type::emails || type == field_type::links || type == field_type::phones;
}

const several_parts* several_parts_of(field_type type) {
    static const std::vector<several_parts> all = {
        {field_type::emails, "primaryEmail", "additionalEmails", "", {}},
        {field_type::links,
         "primaryLinkUrl",
         "secondaryLinks",
         "url",
         {{"primaryLinkLabel", "label"}}},
        {field_type::phones,
         "primaryPhoneNumber",
         "additionalPhones",
         "number",
         {{"primaryPhoneCountryCode", "countryCode"}, {"primaryPhoneCallingCode", "callingCode"}}},
    };
    const auto found = std::ranges::find(all, type, &several_parts::type);
    return found == all.end() ? nullptr : &*found;
}

std::string_view additional_part(field_type type) {
    const auto* parts = several_parts_of(type);
    return parts ? parts->others : std::string_view();
}

std::string plain_email(std::string_view written) {
    auto out = text::trim(written);
    if (text::starts_with_ci(out, "mailto:")) out.remove_prefix(7);
    return text::lower(text::trim(out));
}

std::string plain_url(std::string_view url) {
    url = text::trim(url);
    for (const std::string_view start : {"https://", "http://", "www."})
        if (text::starts_with_ci(url, start)) url.remove_prefix(start.size());
    while (url.ends_with('/'))
        url.remove_suffix(1);
    const auto path = url.find('/');
    return text::lower(url.substr(0, path)) +
           (path == url.npos ? std::string() : std::string(url.substr(path)));
}

std::string host_of(std::string_view url) {
    const auto plain = plain_url(url);
    return plain.substr(0, plain.find_first_of("/?#:"));
}

// read_phone() keeps digits and a leading plus, passes over the signs that people put between
// digits, and gives up at anything else. What it keeps begins with a country's code behind "+", or
// behind "00" when enough digits follow; all other numbers are national.
std::optional<phone> read_phone(std::string_view written, std::string_view calling_code) {
    auto rest = text::trim(written);
    if (text::starts_with_ci(rest, "tel:")) rest = text::trim(rest.substr(4));
    std::string kept;
    char last = 0;
    for (const char c : rest) {
        // An extension ("ext. 5", ";ext=5", "x5") is no part of the number.
        if (!kept.empty() && (c == ';' || c == '#' || c == 'x' || (is_letter(c) && last == ' ')))
            break;
        last = c;
        const bool mark = c == '+' && kept.empty();
        if (text::is_digit(c) || mark)
            kept += c;
        else if (std::string_view(" ()-./\t").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    const bool plus = kept.starts_with('+');
    auto digits = digits_of(kept);
    if (digits.size() < fewest_digits || digits.size() > most_digits) return std::nullopt;
    if (!plus && !(digits.starts_with("00") && digits.size() > 8))
        return phone{digits_of(calling_code), std::move(digits)};
    if (!plus) digits.erase(0, 2);
    auto out = international(digits);
    // "+49 (0)30 …": the zero is for those who call from inside.
    if (rest.find("(0)") != rest.npos && out.national.starts_with('0')) out.national.erase(0, 1);
    return out;
}

bool same_phone(const phone& a, const phone& b) {
    if (!a.code.empty() && !b.code.empty() && a.code != b.code) return false;
    return without_trunk(a.national) == without_trunk(b.national);
}

std::string compact_phone(const phone& p) {
    if (p.code.empty()) return std::string(without_trunk(p.national));
    return "+" + p.code + p.national;
}

bool same_item(field_type type, const json::value& a, const json::value& b) {
    const auto x = main_of(type, a);
    const auto y = main_of(type, b);
    if (type == field_type::emails) return plain_email(x) == plain_email(y);
    if (type == field_type::links) return plain_url(x) == plain_url(y);
    if (type != field_type::phones) return a == b;
    const auto p = read_phone(x, a.text("callingCode"));
    const auto q = read_phone(y, b.text("callingCode"));
    return p && q ? same_phone(*p, *q) : x == y;
}

bool same_primary(field_type type, std::string_view a, std::string_view b) {
    return identifies(type) ? same_item(type, json::value(a), json::value(b)) : a == b;
}

// item_key() leaves the country out of a number, because same_phone() takes two numbers for one
// when either names no country: what is the same must share a key.
std::string item_key(field_type type, const json::value& item) {
    const auto main = main_of(type, item);
    if (type == field_type::emails) return plain_email(main);
    if (type == field_type::links) return plain_url(main);
    const auto p = read_phone(main, item.text("callingCode"));
    return p ? std::string(without_trunk(p->national)) : std::string(main);
}

std::vector<std::string> spellings(field_type type, std::string_view value) {
    if (type == field_type::phones) {
        const auto p = read_phone(value);
        if (!p) return {std::string(value)};
        const std::string inner(without_trunk(p->national));
        if (inner == p->national) return {inner};
        return {p->national, inner};
    }
    distinct out;
    out.add(std::string(value));
    if (type == field_type::emails) out.add(plain_email(value));
    if (type == field_type::links) {
        const auto plain = plain_url(value);
        for (const auto* start : {"https://", "http://", "", "https://www.", "http://www.", "www."})
            out.add(start + plain);
        // Twenty drops an end slash where there is a scheme only.
        if (plain.find_first_of("/?#") == plain.npos)
            for (const auto* start : {"https://", "", "www."})
                out.add(start + plain + "/");
    }
    return out.all();
}

// holding() asks with one list for the primary part, and one pattern for each spelling on the list
// of additional ones. Numbers that name a country have a condition each, because their code has to
// fit as well.
json::array holding(const field& f, const std::vector<std::string>& values, bool additional) {
    json::array out;
    const auto* parts = composite_of(f.type);
    if (f.type == field_type::phones) {
        phone_conditions(f, values, out);
    } else {
        distinct spelled;
        for (const auto& v : values)
            spelled.add(spellings(f.type, v));
        out.push_back(among(f, parts->main, spelled.all()));
    }
    if (!additional) return out;
    // Lists are JSON; of JSON Twenty compares the text alone [twenty-golden-2 phones/038, 039].
    distinct items;
    for (const auto& v : values) {
        if (f.type == field_type::emails)
            items.add(plain_email(v));
        else
            items.add(spellings(f.type, v));
    }
    for (const auto& item : items.all())
        out.push_back(part(f, additional_part(f.type), "like", quoted_pattern(item)));
    return out;
}

} // namespace twenty
