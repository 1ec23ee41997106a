#include "stdio/server.hpp"

#include "base/json.hpp"
#include "mcp/failure.hpp"
#include "mcp/message.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace stdio {

namespace asio = boost::asio;
using ending = actors::outlet::ending;

namespace {

// outline() is what a failure's answer needs of messages that are handed away.
mcp::classified outline(const mcp::classified& all) {
    mcp::classified out;
    out.batch = all.batch;
    for (const auto& m : all.messages) {
        mcp::incoming shape;
        shape.what = m.what;
        shape.era = m.era;
        shape.id = m.id;
        shape.method = m.method;
        out.messages.push_back(std::move(shape));
    }
    return out;
}

bool is_initialize(const mcp::classified& all) {
    return all.messages.size() == 1 && all.messages.front().method == "initialize" &&
           all.messages.front().era == mcp::era::session;
}

bool asks(const mcp::classified& all) {
    for (const auto& m : all.messages)
        if (m.what == mcp::incoming::kind::request) return true;
    return false;
}

} // namespace

server::server(asio::io_context& io, http::actor_bridge& actors, local_grant& grant,
               line_output& out, const mcp::catalogue& offered, std::function<void()> finished)
    : io_(io), actors_(actors), grant_(grant), out_(out), offered_(offered),
      finished_(std::move(finished)), patience_(io) {}

void server::take(input_line line, std::function<void()> next) {
    if (line.too_long) {
        out_.write(mcp::error_body(
            mcp::refuse(400, mcp::code::invalid_request, "A message may have 1 MiB at most.")));
        return next();
    }
    ++running_;
    asio::co_spawn(io_, begin(std::move(line.text), std::move(next)), asio::detached);
}

// begin() takes lines one after the other, so that a session's calls enter it in their order. A
// request that is taken back need not wait for Twenty to know the key.
asio::awaitable<void> server::begin(std::string line, std::function<void()> next) {
    mcp::http_headers none;
    none.absent = true;
    none.protocol_version = negotiated_;
    auto read = mcp::classify(line, none);
    if (const auto* refused = std::get_if<mcp::refusal>(&read)) {
        out_.write(mcp::error_body(*refused));
        left();
        go_on(std::move(next));
        co_return;
    }
    auto all = std::get<messages>(std::move(read));
    take_back(all);
    auto token = co_await grant_.token();
    if (!token) {
        answer_failure(all, token.failure());
        left();
        go_on(std::move(next));
        co_return;
    }
    if (generation_ != grant_.generation()) co_await begin_anew(*token);
    std::function<void()> now = std::move(next);
    std::function<void()> once_answered;
    if (is_initialize(all)) {
        std::swap(now, once_answered);
        if (session_id_.empty()) opening_ = std::move(line); // a second one is refused
    }
    asio::co_spawn(io_, run(std::move(all), std::move(token).value(), std::move(once_answered)),
                   asio::detached);
    go_on(std::move(now));
}

// A session's queue refuses what it has no room for. The one client of a local server is not
// refused then, but read more slowly.
void server::go_on(std::function<void()> next) {
    constexpr std::size_t most_running = 36;
    if (!next) return;
    if (running_ < most_running) return next();
    next_ = std::move(next);
}

// run() is one POST of the remote server. The outlet may write before the reply is here; a reply
// that streams has no body, and is over when its outlet ends.
asio::awaitable<void> server::run(messages all, secret token, std::function<void()> next) {
    const auto shape = outline(all);
    const secret again(token);
    actors::mcp_call call(std::move(token), session_id_, std::move(all), negotiated_);
    const auto stream = std::make_shared<outlet>(out_, [this] { left(); });
    call.out = stream;
    std::erase_if(open_, [](const auto& each) { return each.second.expired(); });
    for (const auto& m : shape.messages)
        if (m.what == mcp::incoming::kind::request && m.era == mcp::era::stateless)
            open_[m.id] = stream;
    const auto reply = co_await actors_.ask(std::move(call));
    const bool streams = reply && reply->streaming;
    if (!reply)
        answer_failure(shape, reply.failure());
    else if (!reply->body.empty())
        out_.write(reply->body);
    else if (reply->status == 401)
        answer_failure(shape, error(errc::upstream_auth,
                                    "Twenty refuses the API key: it was revoked or has expired."));
    if (reply && is_initialize(shape)) begin_session(*reply, again);
    go_on(std::move(next));
    if (!streams) left();
}

// The session went with its grant. Its client knows of no grant, so a new session is begun with the
// words of the client's own initialize, and goes on for it; what it had subscribed to is gone.
asio::awaitable<void> server::begin_anew(secret token) {
    generation_ = grant_.generation();
    if (session_id_.empty()) co_return;
    session_id_.clear();
    mcp::http_headers none;
    none.absent = true;
    auto read = mcp::classify(opening_, none);
    auto* all = std::get_if<messages>(&read);
    if (!all) co_return;
    const secret again(token);
    actors::mcp_call call(std::move(token), std::string(), std::move(*all), std::string());
    const auto reply = co_await actors_.ask(std::move(call));
    if (reply) begin_session(*reply, again);
}

// MCP 2025-11-25, lifecycle: from here on the session's version is the one that both speak.
void server::begin_session(const actors::mcp_reply& reply, const secret& token) {
    if (reply.session_id.empty()) return;
    session_id_ = reply.session_id;
    const auto body = json::parse(reply.body);
    const auto* result = body ? body->find("result") : nullptr;
    if (result) negotiated_ = result->text("protocolVersion");
    asio::co_spawn(io_, listen(token), asio::detached);
}

// What belongs to no call (changed lists, questions of no call) comes by a stream that HTTP's
// clients open with GET.
asio::awaitable<void> server::listen(secret token) {
    standalone_ = std::make_shared<outlet>(out_, [] {});
    actors::open_stream question(std::move(token), session_id_, {}, standalone_);
    (void)co_await actors_.ask(std::move(question));
}

// MCP 2026-07-28, cancellation over stdio: without a session nobody else knows the request. HTTP's
// clients close the response instead, and the call is told the same here.
void server::take_back(const messages& all) {
    for (const auto& m : all.messages) {
        if (m.method != "notifications/cancelled") continue;
        const auto* id = m.params.find("requestId");
        const auto found = id ? open_.find(json::dump(*id)) : open_.end();
        if (found == open_.end()) continue;
        if (const auto stream = found->second.lock()) stream->close(ending::gone);
    }
}

void server::answer_failure(const messages& shape, const error& why) {
    if (asks(shape)) out_.write(mcp::failure_body(shape, why, offered_));
}

void server::left() {
    if (running_ > 0) --running_;
    if (const auto next = std::exchange(next_, nullptr)) next();
    if (input_over_ && running_ == 0) finish();
}

void server::input_ended() {
    input_over_ = true;
    if (running_ == 0) return finish();
    patience_.expires_after(std::chrono::seconds(50));
    patience_.async_wait([this](boost::system::error_code failed) {
        if (!failed) finish();
    });
}

void server::finish() {
    patience_.cancel();
    if (const auto finished = std::exchange(finished_, nullptr)) finished();
}

} // namespace stdio
