// What `twenty-mcp stdio` makes of the service's settings: it takes those that say where Twenty is
// and how to speak with it, needs an API key, and has no use for the others.
#pragma once

#include "config.hpp"

#include <vector>

namespace stdio_settings {

// The settings that it has alone: where the API key is.
const std::vector<setting>& own();
// All that it takes: for --help.
std::vector<setting> shown();

// `environment` as read_config() is to see it: without what the command has no use for, and with
// `key` (32 bytes) for a database that nothing outlives.
lookup over(lookup environment, secret key);

// The API key of own(), without what was pasted with it. Errors name what to set.
result<secret> read_api_key(const lookup& environment, const file_reader& read_file);

} // namespace stdio_settings
