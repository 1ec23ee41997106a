// Pieces of work as a trace shows them (OpenTelemetry's spans), on their way to a collector: names
// that the server knows, ids and numbers; no value that a client or a record holds.
#pragma once

#include "base/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace tracing {

// Where a span stands: itself, and whose child it is.
struct place {
    trace::context own;
    std::string parent;  // a span's id; empty: this one begins its trace
    bool remote = false; // the parent is another program's
};
// The child of a span that came with a message.
place below_remote(const trace::context& parent);
// The child of a span of our own.
place below(const place& parent);
// The begin of a trace, of which `ratio` of all are sampled.
place begin(double ratio);

enum class kind : std::uint8_t { server = 2, client = 3 }; // as OTLP counts them

struct attribute {
    std::string_view key;
    std::variant<std::string_view, std::int64_t> value;
};

// It is read before add() comes back, so that whoever tells of one copies nothing.
struct span {
    const place& where;
    kind what;
    std::string_view name;
    std::chrono::system_clock::time_point begun;
    std::chrono::system_clock::time_point ended;
    std::string_view error; // the kind of it; empty: none
    std::span<const attribute> attributes;
};

// Who takes spans. Asked for sampled ones alone, on the thread that runs everything.
class sink {
  public:
    virtual ~sink() = default;
    // May one more trace be sampled, by its rate? Asked once for each that says yes to sampling.
    virtual bool admits() = 0;
    virtual void add(const span& s) = 0;
};

} // namespace tracing
