#include "demo/search.hpp"

#include "base/text.hpp"
#include "demo/shape.hpp"

#include <algorithm>

namespace demo {

json::value search_records(const session& with, std::string_view text, std::int64_t limit,
                           const json::value& only, const json::value& without) {
    static constexpr std::int64_t most_hits = 100;
    const permissions rights(with.caller->who);
    const auto words = search_words(text);
    const auto named = [](const json::value& list, const std::string& name) {
        const auto* items = list.if_array();
        return items && std::find(items->begin(), items->end(), json::value(name)) != items->end();
    };
    struct hit {
        const object* on;
        const record* row;
        double rank;
    };
    std::vector<hit> hits;
    for (const auto& o : with.model.objects()) {
        if (!o.searchable || !rights.may(action::read, o) || named(without, o.singular) ||
            (only.if_array() && !named(only, o.singular)))
            continue;
        for (const auto& [id, row] : with.data.of(o)) {
            if (is_deleted(row) || !matches_search(row, words)) continue;
            const auto label = search_words(label_of(o, row));
            const auto in_label = std::count_if(words.begin(), words.end(), [&](const auto& w) {
                return std::any_of(label.begin(), label.end(),
                                   [&](const auto& have) { return have.starts_with(w); });
            });
            hits.push_back({&o, &row, 0.06 * double(1 + in_label)});
        }
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const hit& a, const hit& b) { return a.rank > b.rank; });
    const auto most = static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 0, most_hits));
    const bool more = hits.size() > most;
    if (more) hits.resize(most);
    json::array edges;
    for (const auto& h : hits) {
        const auto node = json::make({{"recordId", id_of(*h.row)},
                                      {"objectNameSingular", h.on->singular},
                                      {"objectLabelSingular", h.on->label},
                                      {"label", label_of(*h.on, *h.row)},
                                      {"imageUrl", ""},
                                      {"tsRankCD", json::value::of_double(h.rank * 2)},
                                      {"tsRank", json::value::of_double(h.rank)}});
        edges.push_back(
            json::make({{"node", node}, {"cursor", text::base64_encode(id_of(*h.row))}}));
    }
    const json::value end = edges.empty() ? json::value() : *edges.back().find("cursor");
    return json::make({{"edges", std::move(edges)},
                       {"pageInfo", json::make({{"hasNextPage", more}, {"endCursor", end}})}});
}

} // namespace demo
