// What a person sees at /connections. Rendering only.
#pragma once

#include "actors/messages.hpp"
#include "oauth/types.hpp"

#include <set>
#include <string>
#include <vector>

namespace web {

// The question for the key; `problem`: what was wrong with the last one, or empty.
std::string render_connections_question(const std::string& problem);

struct connections_view {
    std::string ticket;
    std::vector<oauth::grant_summary> connections;
    std::string told;             // what was just done, or empty
    std::set<std::string> paused; // ids of those whose writes their person has paused
    std::vector<actors::waiting_approval> waiting;
    std::vector<stored::quota_use> quotas; // of those that changed something lately
};
// "may change 12 more records this hour, 40 today": of `id`; empty: it changed nothing lately.
std::string words_for_quota(const std::vector<stored::quota_use>& quotas, const std::string& id);

std::string render_connections(const connections_view& view);

} // namespace web
