// What a person sees at /connections. Rendering only.
#pragma once

#include "oauth/types.hpp"

#include <string>
#include <vector>

namespace web {

// The question for the key; `problem`: what was wrong with the last one, or empty.
std::string render_connections_question(const std::string& problem);

struct connections_view {
    std::string ticket;
    std::vector<oauth::grant_summary> connections;
    std::string told; // what was just done, or empty
};
std::string render_connections(const connections_view& view);

} // namespace web
