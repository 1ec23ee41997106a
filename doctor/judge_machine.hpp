// Rules about the machine that the server runs on: its folder, its disk, its database, the files
// that hold its keys.
#pragma once

#include "base/result.hpp"
#include "doctor/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doctor {

struct file_facts {
    bool there = false;
    bool folder = false;
    bool stream = false; // a pipe or a device
    unsigned mode = 0;   // permission bits
    unsigned owner = 0;
    std::string failed; // why nothing is known of it, unless it is only missing
};

// `user`: who runs the examination; 0 may look at everybody's folder.
finding judge_folder(const std::string& path, const file_facts& seen, unsigned user);
finding judge_disk(const result<std::uint64_t>& free_bytes);
finding judge_database(const file_facts& file, const result<std::string>& checked);
// The file that the examination has its API key from.
finding judge_key_file(const std::string& path, const file_facts& seen);
finding judge_key_files(const std::vector<std::pair<std::string, file_facts>>& files);
// Where the server listens, and whom it believes.
finding judge_trusted_proxies(bool listens_on_loopback, bool only_loopback_trusted);
// `source`: the network that the server wrote down for a request that came through the proxy from
// `own_address`; empty: it could not be asked.
finding judge_forwarded(std::string_view source, std::string_view own_address);

} // namespace doctor
