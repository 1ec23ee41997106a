#include "tests/demo/replay_support.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace demo_test {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::optional<fs::path> recordings(const char* variable, std::string_view name) {
    const char* chosen = std::getenv(variable);
    const fs::path folder =
        chosen ? fs::path(chosen) : fs::path(TWENTY_MCP_SOURCE_DIR) / ".." / "shared" / name;
    if (!fs::exists(folder / "index.json")) return std::nullopt;
    return folder;
}

std::map<std::string, std::string> exclusions(std::string_view prefix) {
    static constexpr std::string_view second_set = "2/";
    std::map<std::string, std::string> out;
    const auto list =
        read_file(fs::path(TWENTY_MCP_SOURCE_DIR) / "tests" / "demo" / "replay_exclusions.txt");
    for (const auto& line : text::split(list, '\n')) {
        const auto blank = line.find(' ');
        if (line.empty() || line.front() == '#' || blank == std::string::npos) continue;
        if (line.starts_with(second_set) != (prefix == second_set)) continue;
        out[line.substr(prefix.size(), blank - prefix.size())] =
            std::string(text::trim(line.substr(blank)));
    }
    return out;
}

json::value parsed(const std::string& text) {
    auto v = json::parse(text, json::upstream);
    return v ? *std::move(v) : json::value(text);
}

} // namespace demo_test
