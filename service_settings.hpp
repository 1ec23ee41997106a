// The settings as the package's service has them: its settings file and its secrets' files, which
// the terminal of an administrator does not have in its environment.
#pragma once

#include "config.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace service_settings {

inline constexpr std::string_view package_folder = "/etc/twenty-mcp";
inline constexpr std::string_view package_data = "/var/lib/twenty-mcp";
inline constexpr std::string_view package_runtime = "/run/twenty-mcp";

// Lines of NAME=VALUE, as systemd reads an EnvironmentFile: comments, and quotes around a value.
std::map<std::string, std::string, std::less<>> read_environment_file(std::string_view text);

struct source {
    lookup get;
    std::vector<std::string> names; // of the settings file
};
// Exactly what the unit hands to the service: nothing of this process's own environment. An error
// says what of it cannot be read.
result<source> of_unit();
// This process's environment, if it says where Twenty is; else the unit's, with what this
// environment has besides.
source find();

} // namespace service_settings
