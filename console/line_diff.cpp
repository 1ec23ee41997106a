#include "console/line_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace console {

namespace {

using lines = std::vector<std::string_view>; // each with its end, which the last one may lack

constexpr std::size_t context = 3;
// Pairs of lines that are compared at most: two bytes each are held.
constexpr std::size_t most_pairs = 4'000'000;

lines lines_of(std::string_view text) {
    lines out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == text.npos ? text.size() : end + 1;
        out.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return out;
}

struct edit {
    char what; // ' ', '-' or '+'
    std::string_view line;
};

// How long the longest common subsequence of what is left of both is, from each pair of lines on.
class common_lengths {
  public:
    common_lengths(const lines& a, const lines& b)
        : columns_(b.size() + 1), cells_((a.size() + 1) * columns_) {
        for (std::size_t i = a.size(); i-- > 0;)
            for (std::size_t j = b.size(); j-- > 0;)
                at(i, j) = a[i] == b[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                        : std::max(at(i + 1, j), at(i, j + 1));
    }
    std::uint16_t& at(std::size_t i, std::size_t j) { return cells_[i * columns_ + j]; }

  private:
    std::size_t columns_;
    std::vector<std::uint16_t> cells_;
};

// The product bounds the shorter of both, and so the length that a cell holds.
static_assert(most_pairs <= std::size_t{UINT16_MAX} * UINT16_MAX);

void append_middle(std::vector<edit>& out, const lines& a, const lines& b) {
    std::size_t i = 0;
    std::size_t j = 0;
    if (!a.empty() && !b.empty() && a.size() <= most_pairs / b.size()) {
        common_lengths left(a, b);
        while (i < a.size() && j < b.size()) {
            if (a[i] == b[j]) {
                out.push_back({' ', a[i++]});
                ++j;
            } else if (left.at(i + 1, j) >= left.at(i, j + 1)) {
                out.push_back({'-', a[i++]});
            } else {
                out.push_back({'+', b[j++]});
            }
        }
    }
    while (i < a.size())
        out.push_back({'-', a[i++]});
    while (j < b.size())
        out.push_back({'+', b[j++]});
}

std::vector<edit> edits_of(const lines& a, const lines& b) {
    const auto least = std::min(a.size(), b.size());
    std::size_t head = 0;
    while (head < least && a[head] == b[head])
        ++head;
    std::size_t tail = 0;
    while (tail < least - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    std::vector<edit> out;
    const auto same = [&out](lines::const_iterator from, lines::const_iterator to) {
        for (; from != to; ++from)
            out.push_back({' ', *from});
    };
    const auto cut = [&](const lines& all) {
        return lines(all.begin() + static_cast<std::ptrdiff_t>(head),
                     all.end() - static_cast<std::ptrdiff_t>(tail));
    };
    same(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(head));
    append_middle(out, cut(a), cut(b));
    same(a.end() - static_cast<std::ptrdiff_t>(tail), a.end());
    return out;
}

// "12,3": where lines of one of both begin, and how many there are; none stand behind that line.
std::string range(std::size_t lines_before, std::size_t count) {
    const auto start = std::to_string(count == 0 ? lines_before : lines_before + 1);
    return count == 1 ? start : start + "," + std::to_string(count);
}

struct position {
    std::size_t before = 0;
    std::size_t after = 0;

    void pass(const edit& one) {
        before += one.what != '+';
        after += one.what != '-';
    }
};

void append_hunk(std::string& out, const std::vector<edit>& edits, std::size_t from, std::size_t to,
                 const position& at) {
    position size;
    for (std::size_t i = from; i < to; ++i)
        size.pass(edits[i]);
    out += "@@ -" + range(at.before, size.before) + " +" + range(at.after, size.after) + " @@\n";
    for (std::size_t i = from; i < to; ++i) {
        out.append(1, edits[i].what).append(edits[i].line);
        if (!edits[i].line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
    }
}

} // namespace

std::string line_diff(std::string_view before, std::string_view after, std::string_view before_name,
                      std::string_view after_name) {
    if (before == after) return {};
    const auto edits = edits_of(lines_of(before), lines_of(after));
    std::string out = "--- " + std::string(before_name) + "\n+++ " + std::string(after_name) + "\n";
    const auto changed = [&](std::size_t i) { return edits[i].what != ' '; };
    position at;
    std::size_t passed = 0;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (!changed(i)) continue;
        const auto from = std::max(passed, i - std::min(i, context));
        // A change that is near enough to the last one shares its hunk.
        auto last = i;
        for (auto j = i; j < edits.size() && j <= last + 2 * context + 1; ++j)
            if (changed(j)) last = j;
        const auto to = std::min(edits.size(), last + 1 + context);
        for (; passed < from; ++passed)
            at.pass(edits[passed]);
        append_hunk(out, edits, from, to, at);
        for (; passed < to; ++passed)
            at.pass(edits[passed]);
        i = to - 1;
    }
    return out;
}

} // namespace console
