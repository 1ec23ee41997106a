#include "mcp/call_report.hpp"

namespace mcp {

namespace {

std::int64_t ms(std::chrono::microseconds of) {
    return std::chrono::round<std::chrono::milliseconds>(of).count();
}

} // namespace

std::string_view call_report::outcome() const noexcept {
    if (!error.empty()) return error;
    return asks ? "input_required" : "ok";
}

// log_pairs() leaves out what says nothing, so that the line of a plain call stays short.
std::vector<logging::pair> log_pairs(const call_report& r) {
    std::vector<logging::pair> out;
    out.reserve(10);
    if (!r.method.empty()) out.emplace_back("mcp", r.method);
    if (!r.tool.empty()) out.emplace_back("tool", r.tool);
    out.emplace_back("outcome", r.outcome());
    if (!r.object.empty()) out.emplace_back("object", r.object);
    if (r.rows > 0) out.emplace_back("rows", r.rows);
    if (!r.ids.empty()) out.emplace_back("written", r.ids.size());
    if (r.upstream_calls > 0) out.emplace_back("twenty_calls", r.upstream_calls);
    if (ms(r.upstream) > 0) out.emplace_back("twenty_ms", ms(r.upstream));
    if (ms(r.queued) > 0) out.emplace_back("queue_ms", ms(r.queued));
    return out;
}

} // namespace mcp
