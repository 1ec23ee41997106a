// What is told of a message once it was handled: to the log, the audit trail and the metrics. Names
// that the server knows, ids and numbers; no value that a client or a record holds.
#pragma once

#include "base/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

struct call_report {
    std::string_view method; // of the method table; empty: no request, or of no method there
    std::string_view tool;   // of the catalogue; empty: none
    bool writes = false;     // the tool may change the workspace
    std::string error;       // the code of what went wrong; empty: nothing
    bool asks = false;       // it ends with questions to the client, who comes back

    // By the tool.
    std::string object;           // of the data model, what was worked on; empty: none, or several
    std::vector<std::string> ids; // of records that were written, or may have been
    std::size_t rows = 0;         // that are shown, or were written

    // By whoever ran it.
    std::size_t bytes = 0; // of the answer
    std::uint32_t upstream_calls = 0;
    std::chrono::microseconds upstream{0}; // waited for the workspace, its data model included
    std::chrono::microseconds queued{0};
    std::chrono::microseconds total{0}; // from the message's arrival

    // "ok", "input_required" or the error.
    [[nodiscard]] std::string_view outcome() const noexcept;
};

// For the access log.
std::vector<logging::pair> log_pairs(const call_report& r);

} // namespace mcp
