#include "crm/calendar_order.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm {

namespace {

// The names of PostgreSQL's to_char, as Twenty answers them [twenty-golden-2 dates/081 to 083].
constexpr std::array<std::string_view, 23> calendar{
    "Monday",   "Tuesday",  "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January",
    "February", "March",    "April",     "May",      "June",   "July",     "August", "September",
    "October",  "November", "December",  "Q1",       "Q2",     "Q3",       "Q4"};

// `last` puts groups of records without a date behind all others.
constexpr std::string_view last = "~";

bool is_cyclic(const twenty::grouping& g) {
    return text::lower(g.granularity).find("_of_the_") != std::string::npos;
}

// place_of() is a letter for each place in the calendar, so that keys sort as texts.
std::string place_of(std::string_view name) {
    const auto at = std::find(calendar.begin(), calendar.end(), text::trim(name));
    if (at == calendar.end()) return std::string(last);
    return std::string(1, static_cast<char>('A' + (at - calendar.begin())));
}

} // namespace

bool comes_by_calendar(const twenty::aggregation& what) {
    return what.order_by.empty() &&
           std::any_of(what.group_by.begin(), what.group_by.end(), is_cyclic);
}

bool sort_by_calendar(json::array& groups, const twenty::aggregation& what,
                      const twenty::aggregate_request& asked) {
    // A name makes two dimensions of one group, and then there is no place for a date.
    if (asked.dimensions.size() != what.group_by.size()) return false;
    const auto key_of = [&](const json::value& group) {
        std::vector<std::string> key;
        const auto* values = group.find("groupByDimensionValues");
        const auto* listed = values ? values->if_array() : nullptr;
        for (std::size_t i = 0; i < asked.dimensions.size(); ++i) {
            const bool cyclic = is_cyclic(what.group_by[i]);
            if (!cyclic && !asked.dimensions[i].is_date) continue;
            const auto* written = listed && i < listed->size() ? (*listed)[i].if_string() : nullptr;
            // Dates come as ISO texts, which sort as they are.
            key.push_back(!written ? std::string(last) : cyclic ? place_of(*written) : *written);
        }
        return key;
    };
    std::vector<std::pair<std::vector<std::string>, json::value>> keyed;
    keyed.reserve(groups.size());
    for (auto& group : groups) {
        auto key = key_of(group);
        keyed.emplace_back(std::move(key), std::move(group));
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i] = std::move(keyed[i].second);
    return true;
}

} // namespace crm
