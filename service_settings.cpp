#include "service_settings.hpp"

#include "base/text.hpp"
#include "process.hpp"

namespace service_settings {

std::map<std::string, std::string, std::less<>> read_environment_file(std::string_view file) {
    std::map<std::string, std::string, std::less<>> out;
    for (const auto& given : text::split(file, '\n')) {
        const auto line = text::trim(given);
        const auto equals = line.find('=');
        if (line.empty() || line[0] == '#' || line[0] == ';' || equals == line.npos) continue;
        auto value = text::trim(line.substr(equals + 1));
        if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
            value = value.substr(1, value.size() - 2);
        out[std::string(text::trim(line.substr(0, equals)))] = std::string(value);
    }
    return out;
}

namespace {

lookup of_files(std::map<std::string, std::string, std::less<>> lines) {
    return [lines = std::move(lines)](std::string_view name) -> std::optional<std::string> {
        if (const auto at = lines.find(name); at != lines.end()) return at->second;
        if (name == "CREDENTIALS_DIRECTORY") return std::string(package_folder);
        if (name == "STATE_DIRECTORY") return std::string(package_data);
        if (name == "RUNTIME_DIRECTORY") return std::string(package_runtime);
        return std::nullopt;
    };
}

} // namespace

result<source> of_unit() {
    TRY(content, process::read_file(std::string(package_folder) + "/twenty-mcp.env"));
    auto lines = read_environment_file(content);
    source out;
    for (const auto& [name, value] : lines)
        out.names.push_back(name);
    out.get = of_files(std::move(lines));
    return out;
}

source find() {
    source own{process::variable, {}};
    if (process::variable("TWENTY_BASE_URL")) return own;
    auto unit = of_unit();
    if (!unit) return own;
    unit->get = [files = std::move(unit->get)](std::string_view name) {
        auto given = process::variable(name);
        return given ? given : files(name);
    };
    return *std::move(unit);
}

} // namespace service_settings
