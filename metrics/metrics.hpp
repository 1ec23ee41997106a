// What an administrator watches, as numbers: counters, gauges and histograms in Prometheus' form.
// The rooms name a row of the table and the values of its labels; nobody who counts waits for
// anybody. Label values come from lists that the server knows (methods, tools, codes), never from a
// client's text: each of their combinations is a series that lives as long as the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

// In the order of the table.
enum class id : std::uint8_t {
    http_request,
    http_connections,
    http_connections_limit,
    mcp_operation,
    mcp_queue,
    mcp_calls,
    mcp_sessions,
    mcp_streams,
    pauses,
    tool_tokens,
    slow_calls,
    twenty_request,
    twenty_wait,
    twenty_repeats,
    twenty_in_flight,
    twenty_waiting,
    twenty_reachable,
    schema_requests,
    bearer_lookups,
    oauth_requests,
    limited,
    audit_events,
    store_commit,
    store_failures,
    calls_lost,
    changes,
    clock_set,
    budget,
    budget_limit,
    log_dropped,
    spans_exported,
    spans_dropped,
    actor_restarts,
    build,
    cpu,
    memory,
    open_files,
    most_files,
    start_time,
};

enum class kind { counter, gauge, histogram };

struct row {
    id what;
    std::string_view name; // with its unit (Prometheus, metric and label naming)
    kind how;
    std::vector<std::string_view> labels;
    std::string_view help;
    std::vector<double> bounds = {}; // of a histogram, ascending
};
const std::vector<row>& table();
const row& row_of(id what);

// The values of a row's labels, in its order. An empty one is not shown.
using values = std::initializer_list<std::string_view>;

// Threat: a label value that somebody takes from a client after all fills the memory. Defence: of
// series beyond these the value of each label is "other".
inline constexpr std::size_t most_series = 1000; // of one metric
inline constexpr std::string_view other = "other";

// Any thread.
void count(id what, values labels = {}, double by = 1);
void observe(id what, values labels, double value);

// Has the series be there from the start, with 0: a rule that looks at its growth then sees the
// first event, too.
void prepare(id what, values labels = {});

// A number that is looked up when somebody asks: of a gauge its value, of a counter all that its
// owner has counted. Those of equal labels add up. Made, asked and destroyed on one thread.
class sampled {
  public:
    sampled(id what, std::vector<std::string> labels, std::function<double()> read);
    ~sampled();
    sampled(const sampled&) = delete;
    sampled& operator=(const sampled&) = delete;
};

// Everything, in Prometheus' text format 0.0.4. On the thread of the `sampled`.
std::string text();
inline constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

// What a counter has, a gauge showed last, or how often a histogram was observed; 0: nothing yet.
double value(id what, values labels = {});

} // namespace metrics
