#include "twenty/view_operands.hpp"

#include "twenty/view_filter.hpp"

#include <algorithm>
#include <vector>

namespace twenty {

namespace {

struct rule {
    std::string_view operand;
    std::vector<field_type> types; // empty: any
    view_meaning what;
};
// rules() is what Twenty itself makes of a view's filters. A pair of operand and type that is
// missing has no meaning in Twenty, so a view with one is refused rather than guessed at.
const std::vector<rule>& rules() {
    using enum field_type;
    using enum view_meaning;
    static const std::vector<rule> all{
        {"IS", {select, uuid}, one_of},
        {"IS_NOT", {select, uuid}, none_of},
        {"IS", {relation}, linked},
        {"IS_NOT", {relation}, not_linked},
        {"IS", {number, numeric, rating, boolean, currency}, equal},
        {"IS_NOT", {number, numeric, rating, currency}, not_equal},
        {"IS_NOT_NULL", {}, filled},
        {"LESS_THAN_OR_EQUAL", {number, numeric, rating, currency}, most},
        {"GREATER_THAN_OR_EQUAL", {number, numeric, rating, currency}, least},
        {"CONTAINS", {multi_select}, has_any},
        {"DOES_NOT_CONTAIN", {multi_select}, has_none},
        {"CONTAINS",
         {text, array, raw_json, full_name, address, links, emails, phones, actor},
         has},
        {"DOES_NOT_CONTAIN",
         {text, array, raw_json, full_name, address, links, emails, phones, actor},
         has_not},
        {"IS", {actor}, one_of},
        {"IS_NOT", {actor}, none_of},
        {"IS", {date, date_time}, on_day},
        {"IS_BEFORE", {date, date_time}, before},
        {"IS_AFTER", {date, date_time}, after},
        {"IS_IN_PAST", {date, date_time}, past},
        {"IS_IN_FUTURE", {date, date_time}, future},
        {"IS_TODAY", {date, date_time}, today},
        {"IS_RELATIVE", {date, date_time}, relative},
        {"IS_EMPTY", {}, empty},
        {"IS_NOT_EMPTY", {}, filled},
    };
    return all;
}

} // namespace

std::optional<view_meaning> meaning_of_operand(std::string_view operand, field_type type) {
    for (const auto& r : rules())
        if (r.operand == operand &&
            (r.types.empty() || std::find(r.types.begin(), r.types.end(), type) != r.types.end()))
            return r.what;
    return std::nullopt;
}

const std::vector<std::string_view>& view_operands() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> out;
        for (const auto& r : rules())
            if (std::find(out.begin(), out.end(), r.operand) == out.end()) out.push_back(r.operand);
        return out;
    }();
    return all;
}

} // namespace twenty
