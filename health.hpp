// `twenty-mcp health`: whether the service of this machine, or of this container, can serve. For
// health checks where no other program is at hand.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace health {

// Asks GET /readyz of whoever listens there, which is this machine if the address is 0.0.0.0 or ::.
// Anything but a 200 within the time is an error that says what came instead.
result<done> check(const std::string& address, std::uint16_t port,
                   std::chrono::milliseconds within);

} // namespace health
