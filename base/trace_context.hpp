// W3C Trace Context: which trace a request belongs to, so that what this server logs and sends on
// can be found beside what its client and Twenty have of the same call.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trace {

struct context {
    std::string id;   // 32 lower-case hex digits
    std::string span; // 16 of them: whose child the next span is
    bool sampled = false;
};

// A value of `traceparent` (W3C Trace Context, §3.2); nullopt: it has not that form.
std::optional<context> parse(std::string_view traceparent);
// A new span of the same trace.
context child_of(const context& parent);
// A new trace.
context begin(bool sampled);
std::string traceparent(const context& of);

} // namespace trace
