// `twenty-mcp check-config`: reads what the service would read, makes nothing, and says what is
// wrong.
#pragma once

#include <string_view>

namespace config_check {

struct options {
    bool service = false; // what the package's unit hands to the service, not this environment
    bool probe = false;   // ask Twenty, too
};

// Gives back the exit code.
int run(std::string_view program, const options& chosen);

} // namespace config_check
