// What identifies a person or a company: an e-mail address, a link, a phone number. People spell
// each in many ways and Twenty stores one of them, beside a list of additional ones. The one place
// that knows which spellings mean the same, and how Twenty is asked for all of them.
#pragma once

#include "base/json.hpp"
#include "twenty/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twenty {

// EMAILS, LINKS and PHONES, whose values identify.
bool identifies(field_type type) noexcept;

// What these are made of: the primary value, what goes with it, and the list of additional ones.
struct several_parts {
    field_type type;
    std::string_view primary;
    std::string_view others;
    std::string_view item; // the primary's name in one of the others; empty: it is a text
    // What else belongs to the primary, and its name in one of the others.
    std::vector<std::pair<std::string_view, std::string_view>> beside;
};
// nullptr for all other types.
const several_parts* several_parts_of(field_type type);
// additionalEmails, secondaryLinks, additionalPhones; empty for all other types.
std::string_view additional_part(field_type type);

// "Ada <mailto:Ada@B.example>" is no address; " mailto:Ada@B.example " is ada@b.example.
std::string plain_email(std::string_view written);
// https://www.Acme.example/ and acme.example are one: "acme.example". A path keeps its case.
std::string plain_url(std::string_view written);
// The host of a link, without www.: two companies with one host are probably one.
std::string host_of(std::string_view url);

struct phone {
    std::string code;     // "49"; empty: not known
    std::string national; // digits, a trunk zero as written: "3091827364", "03091827364"
};
// "+49 30 91827364", "0049 (0)30-918", "tel:+4930…", "030 91827364 ext. 5"; nullopt: no phone.
// `calling_code` ("+49") belongs to a number that names none itself.
std::optional<phone> read_phone(std::string_view written, std::string_view calling_code = {});
// Without a code on one side the national numbers decide; a trunk zero never does.
bool same_phone(const phone& a, const phone& b);
// The form that Twenty's search finds: "+493091827364", or the digits alone [twenty-golden-2
// search: with blanks it finds everybody with +49 or 30; 0049 and dashes find nobody].
std::string compact_phone(const phone& p);

// Are these one address, link or number, however they are spelled? Texts of other types are
// compared as they are.
bool same_primary(field_type type, std::string_view a, std::string_view b);
// The same of the items of additional lists: texts, {url,label}, {number,callingCode,…}.
bool same_item(field_type type, const json::value& a, const json::value& b);

// Two items that are the same have the same key. Different phone numbers may share one.
std::string item_key(field_type type, const json::value& item);

// The spellings under which Twenty may have stored a value: a link with and without scheme, www.
// and end slash, an address in lower case, a number without its trunk zero. As written first.
std::vector<std::string> spellings(field_type type, std::string_view value);

// Conditions (filter objects of one operator each, alternatives) that hold for the records whose
// field `f` has one of `values`, as the primary or, unless told otherwise, an additional one.
// `f` must identify. Phones find the number in any country when they name none.
json::array holding(const field& f, const std::vector<std::string>& values, bool additional = true);

} // namespace twenty
