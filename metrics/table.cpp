// The table. Names of what HTTP, MCP and tools do follow OpenTelemetry's conventions
// (http.server.request.duration, mcp.server.operation.duration) in Prometheus' spelling; all else
// begins with twenty_mcp_, or with process_ as everywhere.
#include "metrics/metrics.hpp"

namespace metrics {

namespace {

// Seconds, as OpenTelemetry's conventions give them for requests.
const std::vector<double> durations{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                    0.5,   1,     2.5,  5,     10,   30,  60};
// Of a COMMIT, which is a disk's fsync.
const std::vector<double> commits{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5};
const std::vector<double> tokens{50, 100, 250, 500, 1000, 2500, 5000, 7500, 10000, 15000};

} // namespace

const std::vector<row>& table() {
    static const std::vector<row> rows{
        {id::http_request,
         "http_server_request_duration_seconds",
         kind::histogram,
         {"http_request_method", "http_route", "http_response_status_code"},
         "Requests, from their first byte to the last of the answer, of an event stream to its "
         "head.",
         durations},
        {id::http_connections,
         "twenty_mcp_http_connections",
         kind::gauge,
         {},
         "Clients that are connected."},
        {id::mcp_operation,
         "mcp_server_operation_duration_seconds",
         kind::histogram,
         {"mcp_method_name", "gen_ai_tool_name", "error_type"},
         "MCP requests, from their arrival to their answer; error_type is the code of a tool's or "
         "the protocol's error.",
         durations},
        {id::mcp_queue,
         "twenty_mcp_call_queue_seconds",
         kind::histogram,
         {},
         "How long calls waited for a turn in their session.",
         durations},
        {id::mcp_calls, "twenty_mcp_calls", kind::gauge, {}, "Calls that run or wait."},
        {id::mcp_sessions, "twenty_mcp_sessions", kind::gauge, {}, "Sessions that are awake."},
        {id::mcp_streams,
         "twenty_mcp_streams",
         kind::gauge,
         {},
         "Event streams of no call that clients keep open."},
        {id::tool_tokens,
         "twenty_mcp_tool_answer_tokens",
         kind::histogram,
         {"gen_ai_tool_name"},
         "Size of tools' answers in tokens, estimated as a third of their bytes.",
         tokens},
        {id::slow_calls,
         "twenty_mcp_slow_calls_total",
         kind::counter,
         {"gen_ai_tool_name"},
         "Calls that took longer than TWENTY_MCP_SLOW_CALL_MS."},
        {id::twenty_request,
         "twenty_mcp_twenty_request_duration_seconds",
         kind::histogram,
         {"kind", "http_response_status_code", "error_type"},
         "Exchanges with Twenty, each attempt, by its API (graphql, metadata, rest).",
         durations},
        {id::twenty_wait,
         "twenty_mcp_twenty_wait_seconds",
         kind::histogram,
         {"reason"},
         "How long requests to Twenty waited to be sent: for its rate limit (pace), for a "
         "repetition "
         "(repeat) or for a free slot (slot).",
         durations},
        {id::twenty_repeats,
         "twenty_mcp_twenty_repeats_total",
         kind::counter,
         {"error_type"},
         "Requests to Twenty that were sent again, by the reason."},
        {id::twenty_in_flight,
         "twenty_mcp_twenty_in_flight",
         kind::gauge,
         {},
         "Requests that Twenty has not yet answered."},
        {id::twenty_waiting,
         "twenty_mcp_twenty_waiting",
         kind::gauge,
         {},
         "Requests that wait to be sent to Twenty."},
        {id::twenty_reachable,
         "twenty_mcp_twenty_reachable",
         kind::gauge,
         {},
         "1 while Twenty answers, 0 while it cannot be reached."},
        {id::schema_requests,
         "twenty_mcp_schema_requests_total",
         kind::counter,
         {"result"},
         "Questions for a workspace's data model: answered from the cache (hit) or after Twenty "
         "was "
         "asked (waited). Loads that failed count as failed."},
        {id::bearer_lookups,
         "twenty_mcp_token_lookups_total",
         kind::counter,
         {"result"},
         "Access tokens of requests: known already (hit), opened by the store (opened) or no good "
         "(refused)."},
        {id::oauth_requests,
         "twenty_mcp_oauth_requests_total",
         kind::counter,
         {"request", "result"},
         "Requests for tokens and registrations: issued, repeated (given before), or the error's "
         "code."},
        {id::limited,
         "twenty_mcp_limited_total",
         kind::counter,
         {"limit"},
         "Requests that a limit refused, by its name."},
        {id::audit_events,
         "twenty_mcp_audit_events_total",
         kind::counter,
         {"kind"},
         "Events that were written down for the administrator."},
        {id::store_commit,
         "twenty_mcp_store_commit_seconds",
         kind::histogram,
         {"result"},
         "COMMITs of the database.",
         commits},
        {id::budget,
         "twenty_mcp_memory_budget_used_bytes",
         kind::gauge,
         {"budget"},
         "What a budget of memory counts at present."},
        {id::budget_limit,
         "twenty_mcp_memory_budget_limit_bytes",
         kind::gauge,
         {"budget"},
         "The most that a budget of memory takes."},
        {id::log_dropped,
         "twenty_mcp_log_lines_dropped_total",
         kind::counter,
         {},
         "Lines that the log had no room for, because nobody read it."},
        {id::actor_restarts,
         "twenty_mcp_actor_restarts_total",
         kind::counter,
         {"actor"},
         "Failures after which a part of the server was started again."},
        {id::build,
         "twenty_mcp_build_info",
         kind::gauge,
         {"version"},
         "1; its label is the version."},
        {id::cpu, "process_cpu_seconds_total", kind::counter, {}, "CPU time, user and system."},
        {id::memory, "process_resident_memory_bytes", kind::gauge, {}, "Resident memory."},
        {id::open_files, "process_open_fds", kind::gauge, {}, "Open files and sockets."},
        {id::most_files, "process_max_fds", kind::gauge, {}, "The most that may be open."},
        {id::start_time,
         "process_start_time_seconds",
         kind::gauge,
         {},
         "When the process started, in unix seconds."},
    };
    return rows;
}

const row& row_of(id what) { return table()[static_cast<std::size_t>(what)]; }

} // namespace metrics
