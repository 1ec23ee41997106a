// The life of a connection and its exchanges. `phase_` says whom it waits for, and so what it means
// that the deadline has passed (check_deadline()):
//
//     waiting ──▶ head ──▶ body ──▶ handling ──▶ writing ──▶ waiting
//                  └────────┴──refused──▶ writing ──▶ lingering ──▶ closed
//                                          writing ◀──▶ streaming
//
// run() owns the connection by its shared_ptr; the context's list has a bare pointer, which the
// destructor takes out. abort() may come in any phase, from another connection too.
#include "http/connection.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/address_ranges.hpp"
#include "http/respond.hpp"
#include "http/response_head.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace http {

namespace {

constexpr std::size_t first_buffer = 8192; // one read holds a whole usual request

response internal_error() {
    return json_error(500, "internal", "The server failed on this request.");
}

} // namespace

// source_in_use tells the source that nobody reads it any more, however the answer ends (written,
// not wanted, cut off by an exception); one that came to its own end does not mind.
struct connection::source_in_use {
    connection& owner;
    source_in_use(connection& c, const std::shared_ptr<body_source>& source) : owner(c) {
        owner.source_ = source;
    }
    ~source_in_use() {
        if (const auto source = std::exchange(owner.source_, nullptr)) source->peer_gone();
    }
    source_in_use(const source_in_use&) = delete;
    source_in_use& operator=(const source_in_use&) = delete;
};

// -- life -------------------------------------------------------------------------------------

connection::connection(std::shared_ptr<server_context> s, std::unique_ptr<any_stream> stream,
                       std::string peer)
    : context_(std::move(s)), stream_(std::move(stream)), socket_peer_(std::move(peer)),
      socket_networks_(networks::of(socket_peer_)), networks_(context_->enter(socket_networks_)),
      behind_proxy_(context_->proxies.contains(socket_peer_)),
      log_peer_(context_->shown(socket_peer_)), parser_(context_->options.header_bytes),
      in_(first_buffer, context_->options.header_bytes), body_(context_->body_bytes),
      written_(context_->answer_bytes) {
    entry_ = context_->connections.insert(context_->connections.end(), this);
    if (!behind_proxy_)
        peer_slot_ = context_->per_peer.take(address_group(socket_peer_),
                                             context_->options.max_connections_per_peer);
}

connection::~connection() {
    context_->connections.erase(entry_);
    if (leaving_) --context_->leaving;
}

// start() binds the coroutine to `cancelled_`: what abort() emits reaches the handler's own
// co_await, however deep.
void connection::start() {
    enter(phase::waiting, context_->options.header_deadline);
    asio::co_spawn(context_->io, run(shared_from_this()),
                   asio::bind_cancellation_slot(cancelled_.slot(), asio::detached));
}

void connection::enter(phase next, clock::duration time) {
    phase_ = next;
    entered_ = clock::now();
    deadline_ = entered_ + time;
}

// as_occupant() says what the connection would lose. A source that never ends by itself outweighs
// the phase: between two events such a connection is neither idle nor at work.
occupant connection::as_occupant() const {
    using doing = occupant::doing;
    occupant o{doing::client, watch_->known, networks_.wide.count(), networks_.narrow.count(),
               now_.begun};
    if (const auto quiet = source_ ? source_->quiet_since() : std::nullopt) {
        o.what = doing::streaming;
        o.since = *quiet;
    } else if (phase_ == phase::waiting) {
        o.what = doing::idle;
        o.since = entered_;
    } else if (phase_ == phase::handling || phase_ == phase::streaming) {
        o.what = doing::server;
    }
    return o;
}

void connection::check_deadline(clock::time_point now) {
    // In these two phases nothing is read, so nobody else would notice that the peer has gone.
    if ((phase_ == phase::handling || phase_ == phase::streaming) && stream_->peer_closed())
        tell_gone();
    if (now < deadline_) return;
    switch (phase_) {
    case phase::waiting:
    case phase::writing:
    case phase::lingering:
        abort();
        break;
    case phase::head:
    case phase::body:
        // Threat: slow senders hold connections. Defence: the whole head, and the whole body,
        // have one deadline each, however steadily bytes drip in.
        expired_ = true;
        stream_->cancel();
        break;
    case phase::handling:
        give_up_waiting();
        break;
    case phase::streaming:
        break; // it has none: the source writes now and then, and writing has one
    }
}

void connection::abort() {
    const auto self = shared_from_this(); // cancelling may end the coroutine that keeps us
    // Counted as gone at once: make_room() aborts one connection to have room for another now. And
    // `given_up_` before anything is woken, so that nobody writes any more.
    if (!std::exchange(leaving_, true)) ++context_->leaving;
    given_up_ = true;
    written_.release();
    tell_gone();
    stream_->close();
    cancelled_.emit(asio::cancellation_type::terminal);
}

// run() is the only owner of the loop. What is thrown here is a fault, or the cancellation that
// abort() sent; either way the connection closes, and its shared_ptr goes with this coroutine.
asio::awaitable<void> connection::run(std::shared_ptr<connection> self) {
    try {
        while (co_await self->serve_one()) {
        }
    } catch (const std::exception& e) {
        // A cancelled wait of the handler ends here when its connection was given up.
        if (!self->given_up_)
            logging::event(logging::level::error, "connection_failed", {{"what", e.what()}});
    }
    if (!self->given_up_) self->stream_->close();
}

// The handler did not return in time. Its coroutine may still hold on to what it awaits, so
// the answer is written past it and the connection ends.
asio::awaitable<void> connection::answer_late(std::shared_ptr<connection> self) {
    self->given_up_ = true;
    auto late = json_error(503, "unavailable", "The request took too long.");
    if (self->watch_->late) late = self->watch_->late();
    co_await self->answer(std::move(late), false);
    self->abort();
}

// -- one exchange -----------------------------------------------------------------------------

asio::awaitable<bool> connection::serve_one() {
    request r;
    const auto how = co_await read_request(r);
    if (how == outcome::closed || given_up_) co_return false;
    if (how == outcome::refused) {
        // Given back before the lingering: a refused body must not hold its part of the budget for
        // that time.
        r.body = std::string();
        body_.release();
        // `early_` stays engaged when its value is moved out, and answer() asks it.
        auto no = early_ ? *std::move(early_) : context_->refuse(r, *refused_);
        if (co_await answer(std::move(no), false)) co_await linger();
        co_return false;
    }
    const bool wanted = parser_.keep_alive() && !body_unread_ &&
                        ++requests_ < context_->options.max_requests_per_connection;
    enter(phase::handling, context_->options.handler_deadline);
    r.watch = watch_;
    auto a = co_await handle(std::move(r));
    // The request is over: what its endpoint had put there must not hear of the next one's peer.
    watch_->on_gone = nullptr;
    watch_->late = nullptr;
    body_.release();
    // answer_late() has answered already, or there is nobody to answer.
    if (given_up_) {
        if (a.source) a.source->peer_gone();
        co_return false;
    }
    const bool sent = co_await answer(std::move(a), wanted && !context_->draining);
    if (sent && body_unread_) co_await linger();
    co_return sent && !body_unread_;
}

// handle() keeps an endpoint's exception from ending the connection without a word. Its text goes
// into the log alone.
asio::awaitable<response> connection::handle(request r) {
    std::string what;
    try {
        co_return co_await context_->handle(std::move(r));
    } catch (const std::exception& e) {
        what = e.what();
    }
    if (!given_up_)
        logging::event(logging::level::error, "handler_failed",
                       {{"id", now_.id}, {"path", now_.path}, {"what", what}});
    co_return internal_error();
}

// True: the connection goes on.
asio::awaitable<bool> connection::answer(response a, bool keep) {
    if (a.status == no_answer) co_return false;
    const source_in_use using_it(*this, a.source);
    if (a.source && now_.version < 11) keep = false; // only the close says where it ends
    response_facts facts{now_.id, context_->date(), keep, now_.version};
    // Threat: a value with a line break becomes a field of its own. Defence: a 500 goes out in
    // place of such an answer, and the connection ends.
    if (!write_response_head(head_, a, facts)) {
        logging::event(logging::level::error, "unsafe_header", {{"id", now_.id}});
        a = internal_error();
        facts.keep_alive = keep = false;
        (void)write_response_head(head_, a, facts);
    }
    // A HEAD's answer says the length of the body that it leaves out (RFC 9110 §9.3.2).
    const bool silent = now_.head_only || !may_have_body(a.status);
    enter(phase::writing, context_->options.write_deadline);
    const auto body = silent ? std::string_view() : std::string_view(a.body);
    now_.bytes = a.body.size();
    bool sent = co_await write_all(head_, body);
    measure(a);
    if (a.source && sent && !silent) {
        if (context_->draining) a.source->stopping();
        // This answer may be a lasting stream, and one too many: then the quietest of them ends.
        context_->spare_a_stream();
        sent = co_await stream_body(*a.source, now_.version >= 11);
    }
    log(a);
    // A refused request is followed by lingering, although it never keeps alive.
    co_return sent && (keep || refused_ || early_ || body_unread_);
}

// hold_answer() takes an answer that is larger than the budget as well: it is there anyway.
void connection::hold_answer(std::size_t bytes) {
    while (!written_.grow_to(bytes, context_->options.max_answer_bytes))
        if (!context_->drop_slowest_reader(*this)) return (void)written_.grow_to(bytes, SIZE_MAX);
}

asio::awaitable<bool> connection::write_all(std::string_view head, std::string_view body) {
    hold_answer(body.size());
    any_stream::pieces rest = {asio::buffer(head), asio::buffer(body)};
    while (rest[0].size() + rest[1].size() > 0) {
        error_code failed;
        auto n = co_await stream_->write_some(rest, failed);
        if (failed) co_return false;
        for (auto& piece : rest) {
            const auto part = std::min(n, piece.size());
            piece += part;
            n -= part;
        }
        deadline_ = clock::now() + context_->options.write_deadline; // it moves, be it slowly
    }
    written_.release();
    co_return true;
}

} // namespace http
