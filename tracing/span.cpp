#include "tracing/span.hpp"

#include "base/text.hpp"

#include <charconv>

namespace tracing {

namespace {

// OpenTelemetry, TraceIdRatioBased and consistent sampling: the last 56 bits of an id are random,
// and every program that compares them with the same ratio chooses the same traces.
bool chosen(std::string_view id, double ratio) {
    constexpr std::size_t digits = 14;
    std::uint64_t drawn = 0;
    const auto last = id.substr(id.size() - digits);
    std::from_chars(last.data(), last.data() + last.size(), drawn, 16);
    constexpr auto all = static_cast<double>(std::uint64_t{1} << 56);
    return static_cast<double>(drawn) >= (1 - ratio) * all;
}

} // namespace

place below_remote(const trace::context& parent) {
    return {trace::child_of(parent), parent.span, true};
}

place below(const place& parent) { return {trace::child_of(parent.own), parent.own.span, false}; }

place begin(double ratio) {
    place made{trace::begin(false), {}, false};
    made.own.sampled = chosen(made.own.id, ratio);
    return made;
}

} // namespace tracing
