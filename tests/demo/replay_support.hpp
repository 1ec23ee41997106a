// Where the recordings are, and which of them the demo does not answer alike.
#pragma once

#include "base/json.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace demo_test {

std::string read_file(const std::filesystem::path& path);

// The folder that the environment variable names, else the one beside the sources; std::nullopt
// when it is not there.
std::optional<std::filesystem::path> recordings(const char* variable, std::string_view name);

// "folder/name.json reason" or "folder/* reason", of the lines that begin with the prefix ("" for
// those of the first set); the prefix is taken off.
std::map<std::string, std::string> exclusions(std::string_view prefix);

// The JSON value, or the text itself when it is none.
json::value parsed(const std::string& text);

} // namespace demo_test
