#include "crm/ranked.hpp"

#include "crm/finding.hpp"
#include "twenty/filter.hpp"

#include <algorithm>
#include <utility>

namespace crm {

async<result<ranks>> find_words(call_slot& slot, listing& l, const twenty::access& may) {
    std::string words = l.words;
    std::vector<twenty::readable_object> in;
    in.push_back(l.of);
    search_found found =
        co_await search_workspace(slot, may, std::move(words), std::move(in), twenty::most_hits);
    if (found.failure) co_return std::move(*found.failure);
    std::size_t whole = 0;
    for (const auto& hit : found.hits)
        if (hit.all_words) ++whole;
    // Twenty joins words by OR. Records with all of the words are what was meant; the others count
    // only when there are none of those. read_hits() has put the former first.
    const auto used = whole > 0 ? whole : found.hits.size();
    if (whole == 0 && used > 0)
        l.notes.emplace_back("No record has all of the words searched for; these have some.");
    else if (whole < found.hits.size())
        l.notes.push_back("Only records with all of the words count; " +
                          std::to_string(found.hits.size() - whole) +
                          (found.cut ? " or more" : "") + " others have some of them.");
    if (found.cut && used == found.hits.size())
        l.notes.push_back("Of what the search finds only the " + std::to_string(twenty::most_hits) +
                          " best matches count; more words find fewer.");
    ranks out;
    json::array ids;
    for (std::size_t i = 0; i < used; ++i) {
        ids.emplace_back(found.hits[i].id);
        out.emplace(found.hits[i].id, i);
    }
    json::object in_list;
    in_list.append("in", std::move(ids));
    json::object condition;
    condition.append("id", std::move(in_list));
    l.filter = twenty::both(std::move(l.filter), std::move(condition));
    co_return out;
}

// sort_by_rank() pages by itself: page_of() has asked for all records that the words found, because
// Twenty can sort by a field and not by rank.
void sort_by_rank(json::array& edges, const listing& l, const ranks& by) {
    const auto rank = [&](const json::value& edge) {
        const auto* node = edge.find("node");
        const auto found = by.find(node ? node->text("id") : "");
        return found == by.end() ? by.size() : found->second;
    };
    std::stable_sort(edges.begin(), edges.end(),
                     [&](const json::value& a, const json::value& b) { return rank(a) < rank(b); });
    const auto skipped =
        std::min(edges.size(), static_cast<std::size_t>(std::max(l.at.offset.value_or(0), 0)));
    edges.erase(edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>(skipped));
    if (edges.size() > static_cast<std::size_t>(l.limit))
        edges.resize(static_cast<std::size_t>(l.limit));
}

} // namespace crm
