#include "web/mcp_endpoint.hpp"

#include "base/text.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"
#include "oauth/error.hpp"
#include "oauth/metadata.hpp"
#include "web/http.hpp"

#include <utility>

namespace web {

namespace {

using message = std::variant<mcp::classified, mcp::refusal>;

response rpc_error(int status, std::string text) {
    return json_response(
        status, mcp::error_body(mcp::refuse(status, mcp::code::bad_http, std::move(text))));
}

// Where the challenges of one request lead: /mcp and /mcp/ are two resources to a client.
struct challenger {
    const oauth::server_identity& identity;
    bool trailing_slash;

    challenger(const oauth::server_identity& ours, const request& r)
        : identity(ours), trailing_slash(r.path.ends_with('/')) {}
};

// The challenge of RFC 6750 §3, with the address of the metadata (RFC 9728 §5.1): a client that
// comes without a token finds everything else from there.
response challenge(const challenger& by, int status, oauth::challenge reason, std::string body) {
    auto r = json_response(status, std::move(body));
    r.set("WWW-Authenticate", oauth::challenge_header(by.identity, reason, by.trailing_slash));
    return r;
}

response invalid_token(const challenger& by) {
    return challenge(by, 401, oauth::challenge::invalid_token,
                     oauth::error_body("invalid_token", "The access token is not valid"));
}

// RFC 6750 §3.1; nullopt: a token is there. A token in the query is no token.
std::optional<response> refuse(const challenger& by, const bearer& given) {
    switch (given.what) {
    case bearer::kind::absent:
        return challenge(by, 401, oauth::challenge::no_token,
                         oauth::error_body("unauthorized", "An access token is required"));
    case bearer::kind::malformed:
        return invalid_token(by);
    case bearer::kind::present:
        break;
    }
    return std::nullopt;
}

// RFC 9110 §12.5.1, as far as anybody uses it here: no weights. Absent: everything.
bool accepts(const request& r, std::string_view type) {
    if (!r.has("accept")) return true;
    const auto accepted = text::lower(r.header("accept"));
    const auto whole_kind = std::string(type.substr(0, type.find('/'))) + "/*";
    for (const std::string_view listed :
         {type, std::string_view("*/*"), std::string_view(whole_kind)})
        if (accepted.find(listed) != std::string::npos) return true;
    return false;
}

constexpr std::string_view event_type = "text/event-stream";

// MCP 2025-11-25, streamable HTTP: a client lists both types. Only one that excludes all that
// could be answered is refused.
bool accepts_an_answer(const request& r) {
    return accepts(r, "application/json") || accepts(r, event_type);
}

constexpr std::string_view param_prefix = "mcp-param-";

bool speaks_sessions(const mcp::classified& all) {
    return !all.messages.empty() && all.messages.front().era == mcp::era::session;
}

// The refusal travels with the message: it counts only once the token is good, because a 401
// wins over a 400 (MCP, authorization).
message read_message(const request& r) {
    if (!has_media_type(r, "application/json"))
        return mcp::refuse(415, mcp::code::bad_http, "Content-Type must be application/json.");
    mcp::http_headers headers;
    headers.protocol_version = r.header("mcp-protocol-version");
    headers.method = r.header("mcp-method");
    headers.name = r.header("mcp-name");
    for (const auto& [name, value] : r.headers)
        if (name.starts_with(param_prefix))
            headers.params.emplace_back(name.substr(param_prefix.size()), value);
    auto read = mcp::classify(r.body, headers);
    const auto* all = std::get_if<mcp::classified>(&read);
    if (all && speaks_sessions(*all) && !accepts_an_answer(r))
        return mcp::refuse(406, mcp::code::bad_http,
                           "Accept must list application/json and text/event-stream.");
    return read;
}

// bad_head() says what is wrong with a GET or DELETE before its session matters.
std::optional<response> bad_head(const request& r) {
    if (r.method != "DELETE" && !accepts(r, event_type))
        return rpc_error(406, "Accept must list text/event-stream.");
    // MCP 2025-11-25, protocol version header: unsupported is 400, absent is assumed.
    const auto version = r.header("mcp-protocol-version");
    if (!version.empty() && !mcp::is_session_version(version))
        return rpc_error(400, "Only " + mcp::session_versions_text() + " have sessions.");
    return std::nullopt;
}

// A question that the actors could not answer at all.
response failed(const challenger& by, const error& e) {
    if (e.code == errc::unauthenticated) return invalid_token(by);
    auto r = rpc_error(http::status_of(e.code), e.message);
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

// answered() turns the reply into HTTP: of a stream that has begun the head goes out here, and its
// events come from the session. A 401 and a missing scope get their challenge.
response answered(const challenger& by, actors::mcp_reply reply,
                  const std::shared_ptr<http::event_stream>& stream = nullptr) {
    response r;
    if (reply.streaming && stream) {
        r = http::stream_response(stream);
    } else if (reply.status == 401) {
        r = invalid_token(by);
    } else if (reply.status == 403 && reply.challenge == errc::scope_missing) {
        r = challenge(by, 403, oauth::challenge::insufficient_scope, std::move(reply.body));
    } else if (reply.body.empty()) {
        r.status = reply.status;
    } else {
        r = json_response(reply.status, std::move(reply.body));
    }
    if (!reply.session_id.empty()) r.set("Mcp-Session-Id", std::move(reply.session_id));
    r.log = std::move(reply.log);
    return r;
}

// invalid_token(), counted against its address.
response bad_token(const mcp_needs& needs, const challenger& by, const request& r) {
    (void)needs.guard.take(limit::bad_token, r.peer);
    return invalid_token(by);
}

// after_token() says what is wrong with a head only to whoever has shown a good token: a 401 wins
// (MCP, authorization). `token` points into the request, which its caller keeps until this has
// ended.
asio::awaitable<response> after_token(const mcp_needs& needs, const challenger& by,
                                      std::string_view token, response why) {
    actors::check_token question{secret(token)};
    const auto good = co_await needs.actors.ask(std::move(question));
    if (!good) co_return failed(by, good.failure());
    co_return why;
}

// id_of() is what an answer to the whole request names: empty for a batch, or for no message.
std::string id_of(const message& m) {
    const auto* all = std::get_if<mcp::classified>(&m);
    if (all && !all->batch) return all->messages.front().id;
    return {};
}

// cut_off() is what a call hears when its time, or the server's, is over.
response cut_off(std::string id) {
    auto why = mcp::refuse(503, mcp::code::internal_error,
                           "The call was cut off: it took too long, or the server is stopping.");
    why.id = std::move(id);
    auto r = json_response(why.http_status, mcp::error_body(why));
    set_retry_after(r, std::chrono::seconds(1));
    return r;
}

// stream_for() makes the stream even when the answer will be one JSON object: it also tells the
// session that its client has gone (MCP 2026-07-28: that takes the request back).
std::shared_ptr<http::event_stream> stream_for(const mcp_needs& needs, const request& r) {
    auto stream = std::make_shared<http::event_stream>(needs.io, needs.waiting);
    if (r.watch) r.watch->on_gone = [stream] { stream->peer_gone(); };
    return stream;
}

} // namespace

response two_tokens(const mcp_needs& needs, const request& r) {
    return challenge(challenger(needs.identity, r), 400, oauth::challenge::invalid_request,
                     oauth::error_body("invalid_request", "Send one Authorization header"));
}

std::optional<response> token_missing(const mcp_needs& needs, const request& r) {
    return refuse(challenger(needs.identity, r), bearer_of(r));
}

asio::awaitable<http::judged_token> judge_token(const mcp_needs& needs, const request& r) {
    http::judged_token out;
    const auto given = bearer_of(r);
    if (given.what != bearer::kind::present) co_return out;
    actors::check_token question{secret(given.token)};
    const auto good = co_await needs.actors.ask(std::move(question));
    out.good = good.ok();
    // A store that cannot answer refuses nobody: the endpoint finds the words for that.
    if (!good && good.failure().code == errc::unauthenticated)
        out.refused = bad_token(needs, challenger(needs.identity, r), r);
    co_return out;
}

response origin_refused() { return rpc_error(403, "This Origin may not call this server."); }

// post_mcp() hands the stream along with the call, because its events may begin before the reply is
// here. `late` is what the connection answers should the handler's time be over. The token is
// copied into the call before the request's own copy is wiped: `given` points to that one.
asio::awaitable<response> post_mcp(const mcp_needs& needs, request r) {
    const challenger by(needs.identity, r);
    const auto given = bearer_of(r);
    if (auto refused = refuse(by, given)) co_return std::move(*refused);
    // Threat: made-up tokens make this thread parse message after message. Defence: an address that
    // came with many is asked for a good one first. It costs others nothing, and an honest client
    // there still learns that its token has ended.
    if (needs.guard.peek(limit::bad_token, r.peer)) {
        auto token = co_await judge_token(needs, r);
        if (token.refused) co_return std::move(*token.refused);
    }
    auto read = read_message(r);
    r.body = std::string(); // the call may wait for long, and has the tree
    if (r.watch) r.watch->late = [id = id_of(read)] { return cut_off(id); };
    actors::mcp_call call(secret(given.token), std::string(r.header("mcp-session-id")),
                          std::move(read), std::string(r.header("mcp-protocol-version")));
    r.authorization = secret(); // the call has the token now, and may last for minutes
    call.request_id = r.id;
    if (auto trace = trace::parse(r.header("traceparent")))
        call.trace = std::make_shared<const trace::context>(*std::move(trace));
    const auto stream = stream_for(needs, r);
    if (!accepts(r, event_type)) stream->take_nothing();
    call.out = stream;
    auto reply = co_await needs.actors.ask(std::move(call));
    if (!reply) co_return failed(by, reply.failure());
    // From here on the open answer counts as one of a known token (http/eviction).
    if (r.watch) r.watch->known = reply->status != 401;
    if (reply->status == 401) co_return bad_token(needs, by, r);
    co_return answered(by, std::move(reply).value(), stream);
}

asio::awaitable<response> get_mcp(const mcp_needs& needs, request r) {
    const challenger by(needs.identity, r);
    const auto given = bearer_of(r);
    if (auto refused = refuse(by, given)) co_return std::move(*refused);
    if (auto wrong = bad_head(r))
        co_return co_await after_token(needs, by, given.token, std::move(*wrong));
    const auto stream = stream_for(needs, r);
    actors::open_stream question(secret(given.token), std::string(r.header("mcp-session-id")),
                                 std::string(r.header("last-event-id")), stream);
    r.authorization = secret();
    auto reply = co_await needs.actors.ask(std::move(question));
    if (!reply) co_return failed(by, reply.failure());
    if (r.watch) r.watch->known = reply->status != 401;
    co_return answered(by, std::move(reply).value(), stream);
}

// RFC 9110 §9.3.2: as GET would answer, but that no stream begins. Some clients look here for the
// challenge.
asio::awaitable<response> head_mcp(const mcp_needs& needs, request r) {
    const challenger by(needs.identity, r);
    const auto given = bearer_of(r);
    if (auto refused = refuse(by, given)) co_return std::move(*refused);
    auto answer = bad_head(r);
    if (!answer) {
        answer.emplace();
        answer->set("Content-Type", std::string(event_type));
    }
    co_return co_await after_token(needs, by, given.token, std::move(*answer));
}

asio::awaitable<response> delete_mcp(const mcp_needs& needs, request r) {
    const challenger by(needs.identity, r);
    const auto given = bearer_of(r);
    if (auto refused = refuse(by, given)) co_return std::move(*refused);
    if (auto wrong = bad_head(r))
        co_return co_await after_token(needs, by, given.token, std::move(*wrong));
    actors::end_session question(secret(given.token), std::string(r.header("mcp-session-id")));
    auto reply = co_await needs.actors.ask(std::move(question));
    if (!reply) co_return failed(by, reply.failure());
    co_return answered(by, std::move(reply).value());
}

} // namespace web
