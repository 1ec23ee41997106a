// What a session tells of its calls when they have ended: to the access log, which gets it with the
// answer, and to the metrics.
#include "actors/session.hpp"
#include "mcp/protocol.hpp"
#include "metrics/metrics.hpp"

namespace actors {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

double in_seconds(microseconds of) { return std::chrono::duration<double>(of).count(); }

// GPT-like tokenizers make one token of some three bytes of compact JSON.
constexpr double bytes_of_token = 3;

void count(const mcp::call_report& r) {
    using metrics::id;
    const auto method = r.method.empty() ? metrics::other : r.method;
    metrics::observe(id::mcp_operation, {method, r.tool, r.error}, in_seconds(r.total));
    if (r.tool.empty()) return;
    metrics::observe(id::mcp_queue, {}, in_seconds(r.queued));
    metrics::observe(id::tool_tokens, {r.tool}, static_cast<double>(r.bytes) / bytes_of_token);
}

} // namespace

// tell_of() joins what the tool told with what the session measured. Messages of a batch are told
// of one by one; its line in the log has the last one.
void session_logic::tell_of(call& c, mcp::call_report told) {
    const auto now = self_->clock().now();
    told.bytes = c.last.body.size();
    told.upstream_calls = c.report.upstream_calls;
    told.upstream = c.report.upstream;
    const bool first = c.next <= 1;
    told.queued = first ? duration_cast<microseconds>(c.begun - c.arrived) : microseconds(0);
    told.total = duration_cast<microseconds>(now - (first ? c.arrived : c.begun));
    count(told);
    c.reply.log = mcp::log_pairs(told);
    if (c.place) c.reply.log.emplace_back("trace", c.place->own.id);
    c.reply.log.emplace_back("grant", c.who->grant_id);
    tell_span(c, told);
    tell_if_slow(c, told);
    note(c, told);
    c.report = std::move(told);
}

// OpenTelemetry, semantic conventions for MCP. Without mcp.session.id, which is half of a proof,
// and without what a client chooses: jsonrpc.request.id, mcp.resource.uri, arguments. error.type is
// the code that the log and the metrics have, which says more than "tool_error".
void session_logic::tell_span(const call& c, const mcp::call_report& told) const {
    if (!settings_->spans || !c.place || !c.place->own.sampled) return;
    const auto method = told.method.empty() ? metrics::other : told.method;
    std::vector<tracing::attribute> of{{"mcp.method.name", method}};
    std::string name(method);
    if (!told.tool.empty()) {
        name.append(" ").append(told.tool);
        of.push_back({"gen_ai.operation.name", "execute_tool"});
        of.push_back({"gen_ai.tool.name", told.tool});
    }
    const auto& began = c.last.initialized;
    const auto& version = began ? began->protocol_version : c.context.session.protocol_version;
    if (mcp::is_session_version(version) || mcp::is_stateless_version(version))
        of.push_back({"mcp.protocol.version", version});
    const bool of_protocol = told.error.starts_with('-'); // a code of JSON-RPC
    if (of_protocol) of.push_back({"rpc.response.status_code", told.error});
    if (!told.object.empty()) of.push_back({"twenty.object", told.object});
    of.push_back({"twenty_mcp.rows", static_cast<std::int64_t>(told.rows)});
    of.push_back({"twenty_mcp.records_written", static_cast<std::int64_t>(told.ids.size())});
    of.push_back({"twenty_mcp.queue_ms", duration_cast<milliseconds>(told.queued).count()});
    of.push_back({"twenty_mcp.request_id", c.request_id});
    of.push_back({"twenty_mcp.grant_id", c.who->grant_id});
    const auto ended = settings_->now();
    settings_->spans->add({*c.place, tracing::kind::server, name,
                           ended - duration_cast<oauth::time_point::duration>(told.total), ended,
                           told.error, of});
}

// A call of a tool, or one that read records by their address, is written down for the
// administrator.
void session_logic::note(const call& c, const mcp::call_report& told) {
    if (!peers_.journal || (told.tool.empty() && told.object.empty())) return;
    noted_call noted{settings_->now(), c.who, told, c.request_id};
    peers_.journal->add(std::move(noted));
}

// A call that did not come to its end: nothing of it is known but how far it was.
void session_logic::tell_of_refused(call& c, errc why) {
    auto told = c.coroutine ? c.coroutine->take_told() : c.report;
    if (told.method.empty()) told.method = c.report.method;
    told.error = to_string(why);
    c.last.body.clear();
    if (c.life.phase() == call_phase::queued) c.begun = self_->clock().now();
    tell_of(c, std::move(told));
}

void session_logic::tell_if_slow(const call& c, const mcp::call_report& told) {
    if (settings_->slow_call.count() == 0 || told.total < settings_->slow_call) return;
    metrics::count(metrics::id::slow_calls, {told.tool});
    auto pairs = mcp::log_pairs(told);
    pairs.emplace_back("ms", duration_cast<milliseconds>(told.total).count());
    pairs.emplace_back("id", c.request_id);
    pairs.emplace_back("grant", c.who->grant_id);
    logging::event(logging::level::warning, "slow_call", pairs);
}

} // namespace actors
