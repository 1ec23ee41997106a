#include "twenty/money.hpp"

#include "twenty/values.hpp"

#include <algorithm>

namespace twenty {

// micros_of() moves the point in the digits as they are written; a double would round the last ones
// of large amounts.
std::optional<std::string> micros_of(std::string_view amount) {
    const bool negative = amount.starts_with('-');
    if (negative) amount.remove_prefix(1);
    const auto dot = amount.find('.');
    std::string digits(amount.substr(0, dot));
    std::string fraction(dot == std::string_view::npos ? "" : amount.substr(dot + 1));
    while (!fraction.empty() && fraction.back() == '0')
        fraction.pop_back();
    if (fraction.size() > 6 || digits.empty()) return std::nullopt;
    fraction.resize(6, '0');
    digits += fraction;
    if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return negative && digits != "0" ? "-" + digits : digits;
}

result<in_micros> compared_in_micros(std::string_view field, const json::value& v) {
    in_micros out;
    if (const auto* operators = v.if_object()) {
        json::object converted;
        for (const auto& [op, inner] : *operators) {
            if (inner.is_object()) return error{errc::bad_request, "An operator takes a value."};
            TRY(one, compared_in_micros(field, inner));
            out.amounts = out.amounts || one.amounts;
            converted.append(op, std::move(one.value));
        }
        out.value = std::move(converted);
        return out;
    }
    if (const auto* items = v.if_array()) {
        json::array converted;
        for (const auto& item : *items) {
            if (item.is_object() || item.is_array())
                return error{errc::bad_request, "A list of amounts holds numbers alone."};
            TRY(one, compared_in_micros(field, item));
            out.amounts = out.amounts || one.amounts;
            converted.push_back(std::move(one.value));
        }
        out.value = std::move(converted);
        return out;
    }
    out.value = v;
    const auto n = as_number(v);
    if (!n) return out;
    const auto digits = micros_of(n->text);
    if (!digits)
        return error{errc::bad_request,
                     "\"" + std::string(field) + "\": " + shown(v) +
                         " isn't an amount; write it plainly, with at most six decimals."};
    out.amounts = true;
    out.value = json::number{*digits};
    return out;
}

} // namespace twenty
