#include "tests/demo/replay_support.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace demo_test {

namespace fs = std::filesystem;

namespace {

json::array array_in(const fs::path& path) {
    const auto list = parsed(read_file(path));
    if (!list.if_array() || list.if_array()->empty())
        throw std::runtime_error(path.string() + " lists no exchanges");
    return *list.if_array();
}

} // namespace

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

source shapes(std::string_view below) {
    const auto folder = fs::path(TWENTY_MCP_SOURCE_DIR) / "tests" / "demo" / "shapes" / below;
    return {[folder](const source::visitor& visit) {
                std::set<fs::path> topics;
                for (const auto& entry : fs::directory_iterator(folder))
                    if (entry.path().extension() == ".json") topics.insert(entry.path());
                for (const auto& topic : topics)
                    for (const auto& exchange : array_in(topic))
                        visit(std::string(exchange.text("file")), exchange);
            },
            false};
}

std::optional<source> recordings(const char* variable, std::string_view name) {
    const char* chosen = std::getenv(variable);
    const fs::path folder =
        chosen ? fs::path(chosen) : fs::path(TWENTY_MCP_SOURCE_DIR) / ".." / "shared" / name;
    if (!chosen && !fs::exists(folder)) return std::nullopt;
    return source{[folder](const source::visitor& visit) {
                      for (const auto& entry : array_in(folder / "index.json")) {
                          const std::string file(entry.text("file"));
                          visit(file, parsed(read_file(folder / file)));
                      }
                  },
                  true};
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

void check_reasons(const std::map<std::string, std::string>& reasons,
                   const std::set<std::string>& used, outcome& out) {
    for (const auto& [name, reason] : reasons) {
        if (!used.contains(name)) out.faults.push_back(name + " is excluded and not there");
        if (reason.empty()) out.faults.push_back(name + " is excluded without a reason");
    }
}

std::optional<json::value> answer_in(const json::value& response) {
    if (const auto* shape = response.find("shape")) return *shape;
    auto body = json::parse(response.text("body"), json::upstream);
    if (!body) return std::nullopt;
    return *std::move(body);
}

json::value parsed(const std::string& text) {
    auto v = json::parse(text, json::upstream);
    return v ? *std::move(v) : json::value(text);
}

} // namespace demo_test
