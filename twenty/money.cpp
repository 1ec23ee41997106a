#include "twenty/money.hpp"

#include <algorithm>

namespace twenty {

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

} // namespace twenty
