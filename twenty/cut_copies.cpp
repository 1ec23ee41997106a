#include "twenty/cut_copies.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace twenty {

namespace {

// A text that the tools cut has at least so many bytes left.
constexpr std::size_t shortest_cut = 100;
// A text that lost its mark on the way is taken for a cut one where a tool would have cut the
// stored one, and where more is gone than a person takes away from a word.
constexpr std::size_t shortest_unmarked = 1'000;
constexpr std::size_t fewest_lost = 40;
constexpr std::string_view cut_mark = "…";

// Letters of the scripts that set words apart: in Chinese or Thai no place is inside a word. The
// letters of Latin, Greek, Cyrillic, Hebrew and Arabic have two bytes in UTF-8, those of the others
// and quotes and dashes three.
bool is_word(unsigned char lead) {
    return (lead >= '0' && lead <= '9') || ((lead | 32) >= 'a' && (lead | 32) <= 'z') ||
           (lead >= 0xc3 && lead <= 0xdf);
}
bool begins_in_word(std::string_view s) {
    return !s.empty() && is_word(static_cast<unsigned char>(s.front()));
}
bool ends_in_word(std::string_view s) {
    const auto lead = std::find_if(s.rbegin(), s.rend(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
    });
    return lead != s.rend() && is_word(static_cast<unsigned char>(*lead));
}

// rest_behind() gives the rest of `stored` behind its first place that reads like the last 100
// bytes of `given`; nothing without such a place.
std::optional<std::string_view> rest_behind(std::string_view given, std::string_view stored) {
    if (given.size() < shortest_cut) return std::nullopt;
    const auto at = stored.find(given.substr(given.size() - shortest_cut));
    if (at == stored.npos) return std::nullopt;
    return stored.substr(at + shortest_cut);
}

} // namespace

// is_cut_copy() looks for three traces, the surest first: a cut mark where the two texts part; a
// later mark, before which the text reads like a stored one that goes on; and, in texts that a tool
// would have cut, an end in the middle of a stored word.
bool is_cut_copy(std::string_view given, std::string_view stored) {
    const auto [differs, at] =
        std::mismatch(given.begin(), given.end(), stored.begin(), stored.end());
    const auto same = static_cast<std::size_t>(differs - given.begin());
    if (same >= shortest_cut && given.substr(same).starts_with(cut_mark)) return true;
    if (const auto mark = given.rfind(cut_mark); mark != given.npos) {
        auto shown = text::trim(given.substr(0, mark));
        // The mark may stand in brackets: […], (…).
        if (shown.ends_with('[') || shown.ends_with('(')) shown.remove_suffix(1);
        const auto rest = rest_behind(text::trim(shown), stored);
        return rest && !rest->empty() && !rest->starts_with(cut_mark);
    }
    auto end = text::trim(given);
    if (end.ends_with("...")) { // as people write the mark
        const auto rest = rest_behind(end.substr(0, end.size() - 3), stored);
        if (rest && !rest->empty() && !rest->starts_with("...")) return true;
    }
    if (stored.size() < shortest_unmarked || given.size() + fewest_lost > stored.size())
        return false;
    const auto rest = rest_behind(end, stored);
    return rest && begins_in_word(*rest) && ends_in_word(end);
}

// is_cut_list() sees a list as cut when one of its texts ends in a mark where a stored one goes on,
// or when the stored list is long enough to be cut and its last items are gone together.
bool is_cut_list(const json::array& given, const json::array& stored) {
    constexpr std::size_t longest_shown = 1'000; // bytes of a list that no tool cuts
    constexpr std::size_t fewest_lost = 5;
    constexpr int most_compared = 3; // texts with a mark, of which each is sought in all that is
    std::set<std::string> kept;
    int compared = 0;
    for (std::size_t i = given.size(); i-- > 0;) {
        kept.insert(json::dump(given[i]));
        const auto* s = given[i].if_string();
        if (!s || s->size() < shortest_cut || !s->ends_with(cut_mark)) continue;
        if (++compared > most_compared) continue;
        const auto shown = std::string_view(*s).substr(0, s->size() - cut_mark.size());
        for (const auto& held : stored) {
            const auto* whole = held.if_string();
            if (whole && whole->size() > s->size() && whole->starts_with(shown)) return true;
        }
    }
    std::size_t bytes = 0;
    std::size_t lost = 0; // behind the last one that is kept
    for (const auto& held : stored) {
        const auto text = json::dump(held);
        bytes += text.size();
        lost = kept.contains(text) ? 0 : lost + 1;
    }
    return bytes > longest_shown && lost >= fewest_lost && lost < stored.size();
}

} // namespace twenty
