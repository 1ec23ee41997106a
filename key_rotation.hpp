// `twenty-mcp rotate-key`: a new COOKIE_ENCRYPTION_KEY in the folder from which systemd hands the
// service its credentials. The service is not asked: the files count at its next start.
#pragma once

#include "base/result.hpp"
#include "open_modes.hpp"

#include <string>

namespace key_rotation {

struct options {
    std::string folder = open_modes::settings_folder;
    bool finish = false; // take the older keys away instead
    bool sure = false;   // nothing needs them any more
};

// What was done and what comes next, for whoever runs it. errc::bad_request: what is there is not
// what a rotation begins with, and nothing has changed.
result<std::string> run(const options& chosen);

} // namespace key_rotation
