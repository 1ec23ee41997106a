// Files and folders that others of the machine may read or change, and should not.
#pragma once

#include <string>
#include <vector>

namespace open_modes {

// Where the package keeps the settings and, one a file, the secrets.
inline constexpr const char* settings_folder = "/etc/twenty-mcp";

struct found {
    std::string path;
    unsigned mode = 0;
    unsigned wanted = 0; // the widest that is right
};

// Of the database, its log and its copies.
std::vector<found> in_data_folder(const std::string& folder);
// Of the folder of settings and the secrets in it. Nothing where it may not be looked at.
std::vector<found> in_settings_folder(const std::string& folder);

// A warning in the log for each.
void warn(const std::vector<found>& of);

} // namespace open_modes
