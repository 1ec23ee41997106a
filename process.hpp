// What the program asks of the operating system: its environment, its files, its manager. No
// other file calls getenv().
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace process {

// Threat: keys in a core file or read by another process of the same user. Defence: no core
// files, no tracing, private files from the first one on.
void harden();

std::optional<std::string> variable(std::string_view name);
std::vector<std::string> variable_names();
// Overwrites the values of secret variables where the kernel shows them
// (/proc/PID/environ) and removes them from the environment.
void forget_secrets();

// At most 1 MiB. errc::not_found, or bad_request with the system's reason.
result<std::string> read_file(const std::string& path);
// Makes the folder (mode 0700) unless it is there; it must be writable.
result<done> make_private_folder(const std::string& path);

// systemd's Type=notify; without systemd they do nothing.
void notify_ready();
void notify_stopping();

} // namespace process
