// The objects that a person means who limits a connection to some.
#pragma once

#include "base/result.hpp"
#include "twenty/schema.hpp"

#include <set>
#include <string>
#include <vector>

namespace twenty {

// By nameSingular, as access wants them. errc::not_found: the workspace lacks some; the message
// names the first five, each with its near misses.
result<std::set<std::string>> objects_named(const std::vector<std::string>& names,
                                            const schema& of);

} // namespace twenty
