// What the rules of twenty/ need from a network: send one request to the configured Twenty
// and get its answer. http/ implements it with a pool of connections; tests with recordings.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace twenty {

struct request {
    std::string method = "POST";
    std::string target;          // origin-form, every part already percent-encoded
    std::string body;            // JSON, or empty
    bool is_write = false;       // never retried unless `safe_to_repeat`
    bool safe_to_repeat = false; // a create with our own id, or a read
    std::string traceparent;     // W3C Trace Context; empty: none is sent
    // Asked each time before the first byte is written: why it may not be sent; nullopt: it may.
    // Empty: it may.
    std::function<std::optional<error>()> veto = {};
};

struct response {
    int status = 0;
    std::string content_type;
    std::string body;
    std::optional<std::chrono::milliseconds> retry_after;
};

// How the private detail of an error begins after which nothing can have happened: no byte of the
// request was sent.
inline constexpr std::string_view not_sent = "not sent";

// The error of an answer that nobody can hold. What was asked for may have been done.
inline error answer_too_large() {
    return {errc::too_large, "Twenty's answer is too large; ask for less."};
}

// Not `busy`, which says that nothing was done.
inline error too_many_answers() {
    return {errc::too_large, "Too many large answers of Twenty are held at once; try again in a "
                             "moment, or ask for less."};
}

class transport {
  public:
    using ticket = std::uint64_t;
    using completion = std::function<void(result<response>)>;

    virtual ~transport() = default;
    // Calls `done` exactly once, later, on the thread that runs everything, unless cancelled
    // first. Errors: upstream_down, upstream_timeout, too_large. A request that was certainly
    // never processed (no connection, reset of a reused connection before the first answer
    // byte of a read) is repeated inside.
    virtual ticket send(request r, secret api_key, std::chrono::milliseconds deadline,
                        completion done) = 0;
    // Drops the exchange and its connection; `done` is not called any more.
    virtual void cancel(ticket t) = 0;
};

} // namespace twenty
