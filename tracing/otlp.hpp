// OTLP over HTTP with JSON (opentelemetry-proto 1.x, the JSON Protobuf encoding): what a collector
// is sent, and what its answers mean.
#pragma once

#include "tracing/span.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tracing::otlp {

inline constexpr std::string_view traces_path = "/v1/traces";

// What all spans of a process share.
struct resource {
    std::string name;
    std::string version;
    std::string instance; // another one at each start
};

// One span, as an object.
std::string encode(const span& s);

// A request is begun(), then spans with commas between them, then `end`.
std::string begun(const resource& of);
inline constexpr std::string_view end = "]}]}]}";

struct answer {
    enum class fate {
        taken,   // but for `rejected` of its spans
        refused, // nothing of it, and trying again is of no use
        again,   // later, or never
    };
    fate how = fate::again;
    std::size_t rejected = 0;
    std::string why;                    // of the collector; empty: it says nothing
    std::chrono::milliseconds pause{0}; // that it asks for
};
answer read(int status, std::string_view body, std::optional<std::chrono::milliseconds> pause);

} // namespace tracing::otlp
