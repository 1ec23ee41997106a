// Reading of what has to be a plain file: what else may be in its place is refused and never waited
// for.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>

namespace files {

inline constexpr std::size_t largest_plain_file = 1 << 20;

// What is in the file that the path leads to, be it by a link: at most largest_plain_file.
// errc::not_found, or bad_request with what was found or the system's reason.
result<std::string> read_plain(const std::string& path);
// For whoever reads the file by other means: the same refusals, but for the size.
result<done> check_plain(const std::string& path);
// As read_plain(), for a path that somebody gives on the command line: a pipe may be there too, and
// is waited for.
result<std::string> read_given(const std::string& path);

} // namespace files
