// Amounts of money, in Twenty's millionths or as people write them. Twenty takes true for one
// micro, cuts fractions of micros off and takes any currency code, so all three are checked here.
#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/money.hpp"
#include "twenty/writing.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace twenty {

namespace {

// "5.0" -> "5"; nullopt for fractions.
std::optional<std::string> whole_number(std::string_view number) {
    auto digits = micros_of(number);
    if (!digits || *digits == "0") return digits;
    if (!digits->ends_with("000000")) return std::nullopt;
    digits->resize(digits->size() - 6);
    return digits;
}

} // namespace

// Twenty keeps money in a 64-bit number and calculates with doubles.
result<json::number> writing::micros(const std::string& digits) {
    constexpr std::int64_t exact = std::int64_t(1) << 53;
    const auto n = json::value(json::number{digits}).as_int();
    if (!n)
        return bad("the amount is too large; Twenty holds up to 9,223,372,036,854 and "
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
        // amount and amountMicros are one part.
        if (out.contains(name == "amount" ? "amountMicros" : name))
            return bad((name == "currencyCode" ? "currencyCode" : "the amount") +
                       std::string(" is given twice."));
        if (name == "currencyCode") {
            const auto* code = inner.if_string();
            const auto plain = code ? text::trim(*code) : std::string_view();
            const bool letters =
                plain.size() == 3 && std::all_of(plain.begin(), plain.end(), [](char c) {
                    return (c | 32) >= 'a' && (c | 32) <= 'z';
                });
            if (!inner.is_null() && !letters)
                return bad("currencyCode takes three letters such as USD.");
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
                return bad("amountMicros takes a whole number (the amount times 1,000,000); "
                           "amount takes decimals.");
            TRY(held, micros(*digits));
            out.set(name, std::move(held));
        } else if (name == "amount" && inner.is_null()) {
            out.set("amountMicros", inner);
        } else if (name == "amount") {
            const auto digits = n ? micros_of(n->text) : std::nullopt;
            if (!digits) return bad("amount takes a number with at most six decimals.");
            TRY(held, micros(*digits));
            note("amount was written as amountMicros " + held.text);
            out.set("amountMicros", std::move(held));
        } else {
            return bad("it has no part " + in_quotes(name) +
                       "; its parts: amountMicros (or amount), currencyCode.");
        }
    }
    if (out.empty()) return bad("it needs amountMicros and currencyCode.");
    return json::value(std::move(out));
}

} // namespace twenty
