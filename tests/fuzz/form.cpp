// Forms and queries: what is taken can be written again and means the same, and a second decoder
// that knows nothing but the table of RFC 3986 agrees about every escape.
#include "base/text.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client_authentication.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <optional>
#include <string>

namespace {

std::optional<std::string> decode_plainly(std::string_view in, bool plus) {
    constexpr std::string_view digits = "0123456789ABCDEF0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (in[i] != '%') {
            out += plus && in[i] == '+' ? ' ' : in[i];
            continue;
        }
        if (in.size() - i < 3) return std::nullopt;
        const auto high = digits.find(in[i + 1]);
        const auto low = digits.find(in[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        out += static_cast<char>((high % 16) * 16 + low % 16);
        i += 2;
    }
    return out;
}

} // namespace

void fuzz::form(std::string_view bytes) {
    for (const bool plus : {false, true})
        must(text::percent_decode(bytes, plus) == decode_plainly(bytes, plus),
             "two decoders read every escape alike");
    const auto encoded = text::percent_encode(bytes);
    must(text::percent_decode(encoded) == std::string(bytes), "an encoded text decodes to itself");
    must(encoded.find_first_of("+&= \r\n/?#") == std::string::npos,
         "an encoded text separates nothing");

    const auto parsed = text::parse_form(bytes);
    if (parsed) {
        must(parsed->size() <= text::max_form_fields, "the number of fields is bounded");
        std::string again;
        for (const auto& [name, value] : *parsed) {
            must(text::valid_utf8(name) && text::valid_utf8(value), "a form is UTF-8");
            must((name + value).find('\0') == std::string::npos, "a form holds no NUL");
            if (!again.empty()) again += '&';
            again += text::percent_encode(name) + '=' + text::percent_encode(value);
        }
        const auto second = text::parse_form(again);
        must(second.ok(), "a form can be written again");
        // A field without a name or value may be spelled in several ways, or not at all.
        for (const auto& [name, value] : *parsed)
            if (!name.empty())
                must(text::find(*second, name) &&
                         *text::find(*second, name) == *text::find(*parsed, name),
                     "a form means the same when it is written again");
    }

    const auto strict = oauth::read_form("application/x-www-form-urlencoded", bytes);
    if (strict)
        for (auto one = strict->begin(); one != strict->end(); ++one) {
            must(!one->second.empty(), "an empty parameter counts as absent");
            for (auto other = strict->begin(); other != one; ++other)
                must(one->first != other->first || one->first == "resource",
                     "no parameter is repeated");
        }
    const auto query = oauth::read_authorize_query(bytes);
    if (query) must(!query->client_id.empty(), "an authorization request names its client");
}
