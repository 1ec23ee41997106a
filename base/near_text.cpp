// Which of known names somebody may have meant: text.hpp's distance(), one_slip() and
// nearest().
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace text {

// Levenshtein's table, of which one row at a time is kept.
std::size_t distance(std::string_view one, std::string_view other) {
    const auto a = lower(one);
    const auto b = lower(other);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

bool one_slip(std::string_view a, std::string_view b) noexcept {
    if (a.size() > b.size()) std::swap(a, b);
    if (a.size() < 4 || b.size() - a.size() > 1) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i])
        ++i;
    const auto rest_of_a = a.substr(i);
    const auto rest_of_b = b.substr(i);
    if (a.size() < b.size()) return rest_of_a == rest_of_b.substr(1);
    if (rest_of_a.size() < 2) return true;
    return rest_of_a.substr(1) == rest_of_b.substr(1) ||
           (rest_of_a[0] == rest_of_b[1] && rest_of_a[1] == rest_of_b[0] &&
            rest_of_a.substr(2) == rest_of_b.substr(2));
}

std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& names,
                                 std::size_t most) {
    // Threat: the table has as many cells as both names have letters. Defence: a longer name is no
    // typing error of anything.
    if (wanted.size() > 128) return {};
    const auto low = lower(wanted);
    std::vector<std::pair<std::size_t, const std::string*>> ranked;
    for (const auto& name : names) {
        auto d = distance(wanted, name);
        // A name that contains the other is near whatever its length ("mail", "emails").
        const auto other = lower(name);
        const bool contained =
            low.size() >= 3 && other.size() >= 3 &&
            (other.find(low) != std::string::npos || low.find(other) != std::string::npos);
        if (contained) d = std::min<std::size_t>(d, 2);
        if (d <= std::max<std::size_t>(2, std::max(wanted.size(), name.size()) / 3))
            ranked.emplace_back(d, &name);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& x, const auto& y) { return x.first < y.first; });
    std::vector<std::string> out;
    for (const auto& [d, name] : ranked) {
        if (out.size() == most) break;
        out.push_back(*name);
    }
    return out;
}

} // namespace text
