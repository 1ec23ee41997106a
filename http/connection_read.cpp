// The part of a connection that reads: a request within its limits and deadlines, and what a peer
// still sends after it was refused.
#include "base/text.hpp"
#include "http/address_ranges.hpp"
#include "http/connection.hpp"

#include <algorithm>

namespace http {

namespace {

// What a refused peer may still cost: so many bytes are read and dropped, for so long.
constexpr std::size_t linger_bytes = 1024 * 1024;
constexpr std::chrono::seconds linger_time{2};
constexpr std::chrono::seconds busy_wait{2};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string joined(const request& r, std::string_view name) {
    std::string all;
    for (const auto& [field, value] : r.headers) {
        if (field != name) continue;
        if (!all.empty()) all.push_back(',');
        all += value;
    }
    return all;
}

} // namespace

// RFC 9112 §9.6: closing while the peer still sends would reset the connection and could take
// the answer with it.
asio::awaitable<void> connection::linger() {
    enter(phase::lingering, linger_time);
    stream_->finish();
    in_.use(in_.unread().size());
    for (std::size_t seen = 0; seen < linger_bytes && !given_up_;) {
        error_code failed;
        const auto n = co_await stream_->read_some(in_.room(), failed);
        if (failed) break;
        seen += n;
    }
}

connection::outcome connection::refuse(const refusal& why) {
    refused_ = why;
    return outcome::refused;
}

// False: refused_ says why, or the peer has gone.
asio::awaitable<bool> connection::fill() {
    const auto room = in_.room();
    if (room.size() == 0) {
        refuse({431, "header_too_large", "The header or a chunk's header is too large."});
        co_return false;
    }
    error_code failed;
    const auto n = co_await stream_->read_some(room, failed);
    if (expired_) {
        refuse({408, "timeout", "The request did not arrive in time."});
        co_return false;
    }
    if (failed || given_up_) co_return false;
    in_.filled(n);
    co_return true;
}

// read_request() decides all that the head can decide before it reads the body: rules and limits
// (accept_head()), then whether the token is known, which protects the connection while its client
// is still sending, and 100 Continue last, for it invites the body.
asio::awaitable<connection::outcome> connection::read_request(request& r) {
    parser_.begin(r);
    now_ = exchange{};
    watch_->known = false;
    if (behind_proxy_) networks_ = context_->enter(socket_networks_);
    auto how = co_await read_head(r);
    if (how != outcome::complete || parser_.done() || body_unread_) co_return how;
    // Threat: with a made-up token a stranger has a megabyte read and parsed. Defence: a large body
    // is read for a token that is not refused.
    if (context_->judge_token && (body_is_large() || context_->crowded())) {
        // The peer's time does not run while the store is asked; read_body() sets it anew.
        deadline_ = clock::now() + context_->options.handler_deadline;
        auto token = co_await context_->judge_token(r);
        watch_->known = token.good;
        if (token.refused && body_is_large()) {
            early_ = std::move(token.refused);
            co_return outcome::refused;
        }
    }
    const request_head head{parser_.target(), parser_.version()};
    // RFC 9110 §10.1.1: it may be left out when a part of the body is here already.
    if (expects_continue(r, head) && in_.unread().empty()) {
        const bool sent = co_await write_all(go_on, {});
        if (!sent) co_return outcome::closed;
    }
    how = co_await read_body(r);
    co_return how;
}

asio::awaitable<connection::outcome> connection::read_head(request& r) {
    const auto& options = context_->options;
    enter(phase::waiting, requests_ == 0 ? options.header_deadline : options.idle);
    if (in_.unread().empty() && !co_await fill()) co_return outcome::closed;
    // The exchange begins with its first byte: the pause before it is nobody's waiting time.
    enter(phase::head, options.header_deadline);
    now_.begun = clock::now();
    now_.id = context_->next_id();
    for (;;) {
        const auto step = parser_.put(in_.unread());
        in_.use(step.used);
        switch (step.state) {
        case parse_state::head:
        case parse_state::done:
            co_return accept_head(r);
        case parse_state::too_large:
            co_return refuse({431, "header_too_large", "The request's header is too large."});
        case parse_state::broken:
            co_return refuse({400, "bad_request", "This is not well-formed HTTP/1.1."});
        case parse_state::need_more:
            break;
        }
        if (!co_await fill()) co_return refused_ ? outcome::refused : outcome::closed;
    }
}

// accept_head() goes from what is cheapest and most general to what is dearest: a head that breaks
// a rule says nothing reliable of its client, an address is needed to count by, and only who is let
// in has the size of the body looked at.
connection::outcome connection::accept_head(request& r) {
    now_.method = r.method;
    now_.version = parser_.version();
    now_.head_only = r.method == "HEAD";
    const request_head head{parser_.target(), parser_.version()};
    if (const auto no = apply_request_rules(r, head, context_->options.max_headers))
        return refuse(*no);
    r.id = now_.id;
    r.local = context_->is_local();
    r.peer = behind_proxy_ ? context_->proxies.client(socket_peer_, joined(r, "x-forwarded-for"))
                           : socket_peer_;
    now_.path = r.path;
    now_.peer = r.peer == socket_peer_ ? log_peer_ : address_prefix(r.peer);
    if (r.peer != socket_peer_) networks_ = context_->enter(networks::of(r.peer));
    const auto how = admit(r);
    if (how != outcome::complete || parser_.done()) return how;
    return admit_body(r);
}

// Threat: behind a proxy all connections come from one peer, so that one client may take them
// all. Defence: its requests in progress are counted by its own address. A proxy that names no
// client is not taken for one.
connection::outcome connection::admit(const request& r) {
    if (!behind_proxy_ || r.peer == socket_peer_) return outcome::complete;
    const auto& options = context_->options;
    const auto group = address_group(r.peer);
    now_.client = context_->per_client.take(group, options.max_requests_per_client);
    if (!now_.client && context_->shared_egress.contains(r.peer))
        now_.client = context_->per_client.take(group, options.max_requests_shared);
    if (now_.client) return outcome::complete;
    return refuse({429, "too_many_requests", "Too many requests at one time.", busy_wait});
}

bool connection::body_is_large() const noexcept {
    const auto small = context_->options.unchecked_body_bytes;
    return parser_.content_length().value_or(small + 1) > small;
}

connection::outcome connection::admit_body(const request& r) {
    const auto length = parser_.content_length();
    // A small body is read without a look at the head: it costs less than the look, and the
    // connection can go on. A chunked one says no length, and counts as large.
    if (context_->check && body_is_large()) {
        early_ = context_->check(r);
        if (early_) return outcome::refused;
    }
    const auto most = context_->limit(r);
    // The handler decides by the head, without a body; what follows on this connection cannot be
    // told from the rest of it, so the connection ends.
    if (!most) {
        body_unread_ = true;
        return outcome::complete;
    }
    if (length.value_or(0) > *most)
        return refuse({413, "too_large", "The request's body is too large."});
    parser_.limit_body(*most);
    return outcome::complete;
}

// Threat: a body that drips in holds its connection for the whole time that an honest one on a
// slow line may take. Defence: after a while it must have come at a certain rate.
asio::awaitable<connection::outcome> connection::read_body(request& r) {
    const auto& options = context_->options;
    enter(phase::body, options.body_deadline);
    const auto begun = clock::now();
    for (;;) {
        const std::chrono::seconds earned(r.body.size() / options.body_bytes_per_second);
        deadline_ = begun + std::min(options.body_deadline, options.body_grace + earned);
        if (in_.unread().empty() && !co_await fill())
            co_return refused_ ? outcome::refused : outcome::closed;
        const auto step = parser_.put(in_.unread());
        in_.use(step.used);
        // Threat: many large bodies at one time take all memory. Defence: what has arrived of
        // all of them has one budget; what is only claimed takes nothing of it.
        // Threat: a stranger fills it and nobody else is heard. Defence: nor does a small body,
        // as nearly all are; of those there are no more than connections.
        const auto small = std::min(r.body.size(), options.unchecked_body_bytes);
        if (!body_.grow_to(r.body.size() - small, options.max_body_bytes))
            co_return refuse({503, "busy", "The server is reading too much already.", busy_wait});
        switch (step.state) {
        case parse_state::done:
            co_return outcome::complete;
        case parse_state::too_large:
            co_return refuse({413, "too_large", "The request's body is too large."});
        case parse_state::broken:
            co_return refuse({400, "bad_request", "The body's framing is malformed."});
        case parse_state::head:
        case parse_state::need_more:
            break;
        }
        if (!in_.unread().empty() && !co_await fill())
            co_return refused_ ? outcome::refused : outcome::closed;
    }
}

} // namespace http
