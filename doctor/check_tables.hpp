// The parts of the table of checks, in the order in which they run.
#pragma once

#include "doctor/checks.hpp"

#include <span>

namespace doctor {

std::span<const check> machine_checks() noexcept;    // the server's own machine, and Twenty
std::span<const check> connection_checks() noexcept; // name, addresses, certificate
std::span<const check> answer_checks() noexcept;     // /mcp without a token, the documents
std::span<const check> login_checks() noexcept;      // a client's login, as far as it needs no key
std::span<const check> token_checks() noexcept;      // the login with a key, and MCP
std::span<const check> late_checks() noexcept;       // what needs the machine and more

} // namespace doctor
