// Spans on their way to a collector, as rules without clock and network: what waits, when a request
// is due, what becomes of its spans.
// Threat: a collector that is slow or away fills the memory, or is run over when it comes back.
// Defence: what waits is bounded by number and by bytes; one request at a time; after a failure the
// next try waits twice as long, or as long as the collector asks.
#pragma once

#include "tracing/otlp.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace tracing {

struct export_limits {
    std::size_t spans = 2048;             // that wait, those of the request under way included
    std::size_t bytes = 4 * 1024 * 1024;  // of them
    std::size_t batch = 512;              // the most of one request
    std::chrono::seconds longest_wait{5}; // for more spans to go with
    std::chrono::milliseconds first_pause{1000};
    std::chrono::milliseconds longest_pause{60'000};
    std::chrono::minutes longest_asked{5}; // of the pauses that a collector asks for
    // A batch that was tried for so long is dropped: what is new is worth more.
    std::chrono::seconds patience{120};
    // Traces a second, and how many of them may come at once. A server under load has more requests
    // than anybody looks at, and what tells of them must not be a part of the load.
    double traces_per_second = 100;
    double traces_at_once = 200;
};

// Why spans are lost.
enum class loss : std::uint8_t {
    full,     // no room
    refused,  // by the collector, the whole request
    rejected, // by the collector, some of a request
    late,     // tried for too long
    stopped,  // the server ended first
    rate,     // more traces than are told of in a second; counted before there are spans
};
inline constexpr std::array<std::string_view, 6> loss_names{"full", "refused", "rejected",
                                                            "late", "stopped", "rate"};

class export_queue {
  public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class news { none, lost, back };

    export_queue(export_limits limits, const otlp::resource& of)
        : limits_(limits), begun_(otlp::begun(of)) {}

    void add(const span& s, time_point now);
    // Takes one trace's part of the rate; false, and a loss: there is none left.
    bool admits(time_point now);
    // When due() has something; nullopt: while nothing waits, or a request is under way.
    [[nodiscard]] std::optional<time_point> next() const;
    // The body of a request that is to be sent now, to which answered() belongs.
    std::optional<std::string> due(time_point now);
    // Tells whether the collector takes spans no more, or again.
    news answered(const otlp::answer& how, time_point now);
    // From now on what waits is due at once, and nothing is tried twice.
    void close() { closing_ = true; }
    // Drops what waits, and all that still comes.
    void abandon();

    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] const export_limits& limits() const noexcept { return limits_; }
    [[nodiscard]] std::uint64_t exported() const noexcept { return exported_; }
    [[nodiscard]] std::uint64_t dropped(loss why) const noexcept {
        return dropped_[static_cast<std::size_t>(why)];
    }

  private:
    struct waiting_span {
        std::string json;
        time_point since;
    };
    void forget_sent();
    void lose(loss why, std::size_t spans) { dropped_[static_cast<std::size_t>(why)] += spans; }
    [[nodiscard]] std::chrono::milliseconds pause_after(const otlp::answer& how) const;

    export_limits limits_;
    std::string begun_;
    std::deque<waiting_span> queue_;
    std::size_t bytes_ = 0;
    std::size_t sent_ = 0;                  // spans at the front, of the request under way
    std::optional<time_point> tried_since_; // of the batch at the front
    time_point rests_until_{};
    double traces_left_ = limits_.traces_at_once;
    std::optional<time_point> traces_counted_; // at which traces_left_ was so
    int failures_ = 0;                         // in a row
    bool closing_ = false;
    bool over_ = false;
    std::uint64_t exported_ = 0;
    std::array<std::uint64_t, loss_names.size()> dropped_{};
};

} // namespace tracing
