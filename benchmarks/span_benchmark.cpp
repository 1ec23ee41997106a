// What does a call pay for its span while a collector is set?
#include "tracing/export_queue.hpp"

#include <benchmark/benchmark.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

// As a session tells of a call.
void tell(tracing::export_queue& queue, std::chrono::steady_clock::time_point now) {
    const auto where = tracing::begin(1);
    const std::vector<tracing::attribute> of{
        {"mcp.method.name", "tools/call"},
        {"gen_ai.operation.name", "execute_tool"},
        {"gen_ai.tool.name", "find_records"},
        {"mcp.protocol.version", "2025-11-25"},
        {"twenty.object", "company"},
        {"twenty_mcp.rows", std::int64_t{20}},
        {"twenty_mcp.records_written", std::int64_t{0}},
        {"twenty_mcp.queue_ms", std::int64_t{0}},
        {"twenty_mcp.request_id", "b7ad6b7169203331"},
        {"twenty_mcp.grant_id", "20202020-1c25-4d02-bf25-6aeccf7ea419"}};
    const std::chrono::system_clock::time_point begun{1'800'000'000s};
    queue.add(
        {where, tracing::kind::server, "tools/call find_records", begun, begun + 20ms, {}, of},
        now);
}

// Its ids, its text and its part of a request.
void exported(benchmark::State& state) {
    tracing::export_queue queue({}, {"twenty-mcp", "1.0.0", "instance"});
    tracing::otlp::answer taken;
    taken.how = tracing::otlp::answer::fate::taken;
    std::chrono::steady_clock::time_point now{1h};
    std::size_t bytes = 0;
    for (auto unused : state) {
        (void)unused;
        tell(queue, now);
        if (const auto body = queue.due(now)) {
            bytes += body->size();
            queue.answered(taken, now);
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(exported);

// With the collector away.
void dropped(benchmark::State& state) {
    tracing::export_limits none;
    none.spans = 0;
    tracing::export_queue queue(none, {"twenty-mcp", "1.0.0", "instance"});
    for (auto unused : state) {
        (void)unused;
        tell(queue, {});
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(dropped);

} // namespace

BENCHMARK_MAIN();
