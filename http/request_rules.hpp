// What a request's head must satisfy before anything else looks at it. Beast 1.81 lets pass
// what a request must not have; every such gap is closed here, as functions over the parsed
// head. All refusals also close the connection: after a malformed head nobody knows where the
// next request begins.
#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace http {

// An answer that is given without asking the handler.
struct refusal {
    int status = 400;
    std::string_view code; // {"error": code, "message": text}
    std::string_view text;
    std::chrono::seconds retry_after{0}; // 0: not told
};

struct request_head {
    std::string_view target; // as received
    unsigned version = 11;   // 10 or 11
};

// Checks `r` (method and headers set, names lower-cased) and splits the target into r.path and
// r.query. nullopt: the request may be read on.
std::optional<refusal> apply_request_rules(request& r, const request_head& head,
                                           std::size_t max_headers);

// RFC 9110 §10.1.1: whether the client waits for 100 Continue before it sends the body.
[[nodiscard]] bool expects_continue(const request& r, const request_head& head) noexcept;

} // namespace http
