// What the demo makes of the service's settings: it takes all but those that say where Twenty is,
// because it brings a Twenty of its own, and does without the two that the service requires.
#pragma once

#include "config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo_settings {

// The settings that the demo takes, with its own defaults: for --help.
std::vector<setting> shown();

// `environment` as read_config() is to see it, with the demo's defaults. `port` is the command
// line's and wins over TWENTY_MCP_LISTEN; `key` (32 bytes) is for where nothing outlives the
// process. Twenty's address is still to come: settings are checked before the workspace is made.
lookup over(lookup environment, std::optional<std::uint16_t> port, secret key);

// Makes the workspace the Twenty of `c`, which was read by way of over().
void connect(config& c, const std::string& workspace_url);

// Whether a folder for the database is set: else it is in memory, and so may the key be.
bool keeps_connections(const lookup& environment);

// Variables that are set and mean nothing to the demo.
std::vector<std::string_view> unused(const lookup& environment);

} // namespace demo_settings
