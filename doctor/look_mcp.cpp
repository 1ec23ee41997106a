#include "doctor/examination.hpp"
#include "doctor/looks.hpp"
#include "http/event_stream.hpp"

namespace doctor {

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view session_version = "2025-11-25";
constexpr std::string_view stateless_version = "2026-07-28";

json::value client_info() {
    return json::make({{"name", "twenty-mcp doctor"}, {"version", TWENTY_MCP_VERSION}});
}

fields session_headers(const examination& e) {
    fields out{{"MCP-Protocol-Version", std::string(session_version)}};
    if (!e.session_id.empty()) out.emplace_back("Mcp-Session-Id", e.session_id);
    return out;
}

http::probe_request stream_request(const examination& e) {
    http::probe_request r;
    r.target = "/mcp";
    r.headers = session_headers(e);
    r.headers.emplace_back("Accept", "text/event-stream");
    r.headers.emplace_back("Accept-Encoding", "identity");
    r.bearer = e.held->access;
    return r;
}

} // namespace

finding look_initialize(examination& e) {
    e.initialized = e.call("initialize",
                           json::make({{"protocolVersion", session_version},
                                       {"capabilities", json::object()},
                                       {"clientInfo", client_info()}}),
                           e.held->access);
    if (e.initialized) e.session_id = e.initialized->header("mcp-session-id");
    auto found = judge_initialize(e.initialized);
    if (found.is == state::ok)
        (void)e.call("notifications/initialized", {}, e.held->access, session_headers(e));
    return found;
}

finding look_session_header(examination& e) { return judge_session_header(e.initialized); }

finding look_tools(examination& e) {
    return judge_tools(e.call("tools/list", json::object(), e.held->access, session_headers(e)));
}

finding look_discover(examination& e) {
    auto meta = json::make({{"io.modelcontextprotocol/protocolVersion", stateless_version},
                            {"io.modelcontextprotocol/clientCapabilities", json::object()},
                            {"io.modelcontextprotocol/clientInfo", client_info()}});
    return judge_discover(e.call("server/discover", json::make({{"_meta", std::move(meta)}}),
                                 e.held->access,
                                 {{"MCP-Protocol-Version", std::string(stateless_version)},
                                  {"Mcp-Method", "server/discover"}}));
}

finding look_call(examination& e) {
    return judge_call(e.call("tools/call",
                             json::make({{"name", "list_objects"}, {"arguments", json::object()}}),
                             e.held->access, session_headers(e)));
}

// Of a made-up token's body the server reads nothing, so that a proxy which passes bodies on while
// they come never reaches its limit there.
finding look_large_call(examination& e) {
    return judge_large_call(e.call("ping", json::make({{"x", std::string(999'000, 'x')}}),
                                   e.held->access, session_headers(e)));
}

// The server writes an event with the head of a session's stream, so nobody has to wait for the
// keep-alive comment.
finding look_stream(examination& e) {
    e.stream = e.client.ask(stream_request(e), http::probe::until::first_bytes);
    // A proxy that holds the stream back holds its head back, too: sse-buffered speaks of that.
    if (!e.stream && e.stream.failure().code == errc::upstream_timeout)
        return ok("opened; nothing has come");
    return judge_stream(e.stream);
}

finding look_buffering(examination& e) { return judge_buffering(e.stream); }

// Between two keep-alives nothing is said. A probe of its own, because this one is to wait.
finding look_kept(examination& e) {
    constexpr std::chrono::milliseconds needed = http::event_stream::keep_alive;
    constexpr std::chrono::milliseconds late{2000}; // what a keep-alive may be
    constexpr std::chrono::seconds patient{10};
    auto trust = http::tls_trust::load(e.given.ca_file);
    if (!trust) return failed(trust.failure().message);
    const auto wait = e.given.timeout < patient ? e.given.timeout : needed + late;
    http::probe left_alone(e.given.where.url, std::move(trust).value(), wait);
    return judge_kept(left_alone.ask(stream_request(e), http::probe::until::more_bytes), needed);
}

finding look_session_end(examination& e) {
    return judge_session_end(e.mcp("DELETE", e.held->access));
}

} // namespace doctor
