// A head of the trail of calls that was kept in a file, to hold the trail to it.
#pragma once

#include "base/result.hpp"
#include "stored/calls.hpp"

#include <optional>
#include <string>

namespace kept_head {

// What /admin/calls/chain answered once. errc::bad_request where a file is no such answer; nullopt:
// none is named.
result<std::optional<stored::call_chain>> read(const std::string& file);

// By the key of the trail, and by that of the file alone where `key` is empty. errc::conflict.
result<done> check_signature(const stored::call_chain& kept, const std::string& file,
                             const std::string& key);

} // namespace kept_head
