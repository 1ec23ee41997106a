// Exchanges with a real Twenty, sent to the demo: kept as shapes in tests/demo/shapes, which
// recorded_shapes.py makes, and as full recordings where these are at hand.
#pragma once

#include "base/json.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace demo_test {

std::string read_file(const std::filesystem::path& path);

// Exchanges in the order in which they were recorded.
struct source {
    using visitor = std::function<void(const std::string& file, const json::value& exchange)>;
    std::function<void(const visitor&)> each;
    bool complete; // no exchange was left out of it, and values are there to be compared
};

// The shapes in tests/demo/shapes, or in its folder `below`.
source shapes(std::string_view below);

// Those in the folder that the environment variable names, else in the one beside the sources;
// std::nullopt when neither is there. A folder without recordings is an error, and thrown.
std::optional<source> recordings(const char* variable, std::string_view name);

struct outcome {
    int replayed = 0;
    int left_out = 0;
    std::vector<std::string> faults; // what differs, and exclusions without a use or reason
};

outcome replay_exchanges(const source& from); // the first set
outcome replay_stories(const source& from);   // the second

// "folder/name.json reason" or "folder/* reason", of the lines that begin with the prefix ("" for
// those of the first set); the prefix is taken off.
std::map<std::string, std::string> exclusions(std::string_view prefix);

// Adds a fault for each exclusion that was not used or has no reason.
void check_reasons(const std::map<std::string, std::string>& reasons,
                   const std::set<std::string>& used, outcome& out);

// The answer that a response holds, as its shape or in full; std::nullopt when it is no JSON.
std::optional<json::value> answer_in(const json::value& response);

// The JSON value, or the text itself when it is none.
json::value parsed(const std::string& text);

} // namespace demo_test
