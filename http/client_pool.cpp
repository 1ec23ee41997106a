// One exchange with Twenty, from send() to finish(): run() waits for one of `max_connections`
// turns, perform() takes a connection and talks over it, finish() answers once. `over` marks an
// exchange that was answered or cancelled; its coroutine may run on for a moment, and tells nobody.
// open_ and the coroutine share the exchange, so neither end has to wait for the other.
#include "http/client_exchange.hpp"

#include "http/header_values.hpp"
#include "http/into.hpp"
#include "http/proxy_tunnel.hpp"
#include "http/read_buffer.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {

client_pool::client_pool(asio::io_context& io, client_options options, base_url url,
                         tls_trust trust)
    : io_(io), options_(std::move(options)), url_(std::move(url)), trust_(std::move(trust)),
      prune_(io) {}

// -- tickets ----------------------------------------------------------------------------------

client_pool::ticket client_pool::send(twenty::request r, secret api_key,
                                      std::chrono::milliseconds deadline, completion done) {
    auto e = std::make_shared<exchange>(io_);
    e->id = ++last_ticket_;
    e->request = std::move(r);
    e->key = std::move(api_key);
    e->done = std::move(done);
    e->due = clock::now() + deadline;
    open_.emplace(e->id, e);
    watch(e, e->due);
    const auto id = e->id;
    asio::co_spawn(io_, run(shared_from_this(), std::move(e)), asio::detached);
    return id;
}

// cancel() drops `done` at once, with all that it holds, and does not wait for the sockets.
void client_pool::cancel(ticket t) {
    const auto found = open_.find(t);
    if (found == open_.end()) return;
    const auto e = found->second;
    open_.erase(found);
    e->over = true;
    e->done = nullptr;
    e->watchdog.cancel();
    e->interrupt();
}

void client_pool::close() {
    closed_ = true;
    while (!open_.empty())
        cancel(open_.begin()->first);
    idle_.clear();
    prune_.cancel();
}

void client_pool::trust_anew(tls_trust trust) {
    trust_ = std::move(trust);
    ++trusts_;
    for (const auto& one : idle_)
        one.stream->close();
    idle_.clear();
}

void client_pool::finish(const exchange_ptr& e, result<twenty::response> answer) {
    if (e->over) return;
    e->over = true;
    // No attempt follows: the exchange wipes its copy of the key before anybody is told.
    e->key = secret();
    e->watchdog.cancel();
    open_.erase(e->id);
    // `not_sent` tells whoever writes that Twenty cannot have heard of it.
    if (!answer && !e->sent)
        if (const auto code = answer.failure().code;
            code == errc::upstream_down || code == errc::upstream_timeout)
            answer = error(code, answer.failure().message,
                           std::string(twenty::not_sent) + ": " + answer.failure().detail);
    // Out of the exchange first: `done` may send the next request, or close this pool.
    const auto done = std::move(e->done);
    done(std::move(answer));
}

// watch() sets the exchange's one timer anew: to an address's share, to the end of connecting, to
// the end of it all.
void client_pool::watch(const exchange_ptr& e, clock::time_point until) {
    e->watchdog.expires_at(until);
    e->watchdog.async_wait([weak = weak_from_this(), e](error_code moved) {
        const auto self = weak.lock();
        // A wait that ended just before the timer was set anew is still told of as expired.
        const bool stale = e->watchdog.expiry() > clock::now();
        if (self && !moved && !stale && !e->over) self->too_late(e);
    });
}

void client_pool::too_late(const exchange_ptr& e) {
    const auto now = clock::now();
    const bool connecting = e->connect_due != clock::time_point();
    if (now >= e->due)
        finish(e, error(errc::upstream_timeout, "Twenty did not answer in time.",
                        connecting ? "while connecting" : "while waiting for the answer"));
    else if (connecting && now >= e->connect_due)
        finish(e, no_way("the connection took too long", url_.authority));
    e->interrupt(); // only one of several addresses was too slow: the next one is tried
}

// -- one exchange -----------------------------------------------------------------------------

asio::awaitable<void> client_pool::run(std::shared_ptr<client_pool> self, exchange_ptr e) {
    co_await asio::post(self->io_, asio::use_awaitable); // `done` is never called inside send()
    if (auto no = self->unsendable(*e)) {
        self->finish(e, std::move(*no));
        co_return;
    }
    if (!co_await self->wait_for_turn(e)) co_return;
    auto answer = result<twenty::response>(
        error(errc::internal, "The request to Twenty failed.", std::string()));
    try {
        answer = co_await self->perform(e);
    } catch (const std::exception& thrown) {
        answer = error(errc::internal, "The request to Twenty failed.", thrown.what());
    }
    // The turn passes on once, whatever finish() meets.
    self->next_turn();
    self->finish(e, std::move(answer));
}

// wait_for_turn() never loses a turn: an exchange that is over when its turn comes passes it on,
// and one that is over before leaves the queue.
asio::awaitable<bool> client_pool::wait_for_turn(exchange_ptr e) {
    if (e->over) co_return false;
    if (busy_ < options_.max_connections) {
        ++busy_;
        co_return true;
    }
    waiting_.push_back(e);
    error_code ignored;
    e->turn.expires_at(clock::time_point::max());
    co_await e->turn.async_wait(into(ignored));
    if (e->over) {
        if (e->has_turn)
            next_turn();
        else
            std::erase(waiting_, e);
        co_return false;
    }
    co_return true;
}

// The connection slot of an ended exchange passes to the one that has waited longest.
void client_pool::next_turn() {
    while (!waiting_.empty()) {
        const auto next = waiting_.front();
        waiting_.pop_front();
        if (next->over) continue;
        next->has_turn = true;
        next->turn.cancel();
        return;
    }
    --busy_;
}

// perform() keeps no connection that was begun before the present trust.
asio::awaitable<result<twenty::response>> client_pool::perform(exchange_ptr e) {
    auto stream = take_idle();
    auto trusted = trusts_;
    std::optional<error> lost; // over a kept connection
    for (;;) {
        const bool reused = stream != nullptr;
        if (!reused) {
            trusted = trusts_;
            auto fresh = co_await connect(e);
            if (!fresh) co_return std::move(fresh).failure();
            stream = std::move(fresh).value();
        }
        // A connection takes its time to open, so the veto is asked here once more. What was sent
        // over a kept one may have been done, and its failure says so.
        if (auto why = e->request.veto ? e->request.veto() : std::nullopt) {
            if (lost) co_return std::move(*lost);
            if (!e->over && trusted == trusts_) keep(std::move(stream));
            co_return std::move(*why);
        }
        auto tried = co_await talk(e, stream.get(), reused);
        if (!tried.failed) {
            if (tried.keep && !e->over && trusted == trusts_) keep(std::move(stream));
            co_return std::move(tried.answer);
        }
        // A kept connection was closed by the other side just when we used it: once more, on
        // a new one.
        if (!reused || !tried.may_repeat || e->over) co_return std::move(*tried.failed);
        lost = std::move(tried.failed);
        stream.reset();
    }
}

// talk() allows a repetition on a kept connection alone, and only where nothing of the request can
// have been done, or doing it twice is harmless (RFC 9112 §9.3.1). On a new connection the same
// failure is no race with Twenty's own time limit, so it is told.
asio::awaitable<client_pool::attempt> client_pool::talk(exchange_ptr e, any_stream* stream,
                                                        bool reused) {
    e->stream = stream;
    error_code failed;
    const auto sent = co_await write(e, stream, failed);
    const bool harmless = !e->request.is_write || e->request.safe_to_repeat;
    attempt tried;
    if (failed) {
        tried.failed = unreachable("it closed the connection", failed.message());
        tried.may_repeat = sent == 0 || harmless;
    } else {
        tried = co_await read(stream, harmless);
        refuse_as_proxy(e, tried);
    }
    e->stream = nullptr;
    tried.may_repeat = tried.may_repeat && reused;
    co_return tried;
}

asio::awaitable<std::size_t> client_pool::write(exchange_ptr e, any_stream* stream,
                                                error_code& failed) {
    const secret head = head_of(*e); // wiped at the end of this function
    std::size_t sent = 0;
    e->sent = true; // from here on nobody can tell what has arrived
    any_stream::pieces rest = {asio::buffer(head.reveal()), asio::buffer(e->request.body)};
    while (rest[0].size() + rest[1].size() > 0) {
        auto n = co_await stream->write_some(rest, failed);
        if (failed) break;
        sent += n;
        for (auto& piece : rest) {
            const auto part = std::min(n, piece.size());
            piece += part;
            n -= part;
        }
    }
    co_return sent;
}

asio::awaitable<client_pool::attempt> client_pool::read(any_stream* stream, bool may_repeat) {
    attempt tried;
    upstream_head head;
    response_parser parser(options_.max_header, options_.max_body);
    parser.begin(head, tried.answer.body);
    share received(received_);
    read_buffer in(32 * 1024, 64 * 1024);
    auto state = parse_state::need_more;
    bool heard = false;
    while (state == parse_state::need_more) {
        const auto room = in.room();
        if (room.size() == 0) break; // a header or chunk line without end
        error_code failed;
        const auto n = co_await stream->read_some(room, failed);
        if (failed) {
            if (failed == asio::error::eof && parser.end_of_stream()) {
                state = parse_state::done;
                head.keep_alive = false;
                break;
            }
            tried.failed = unreachable("it closed the connection before its answer was complete",
                                       failed.message());
            tried.may_repeat = may_repeat && !heard;
            co_return tried;
        }
        // A byte of an answer: Twenty has begun to work, and a repetition would be a second
        // request.
        heard = true;
        in.filled(n);
        const auto step = parser.put(in.unread());
        in.use(step.used);
        state = step.state;
        if (!received.grow_to(tried.answer.body.size(), options_.max_bodies)) {
            tried.failed = twenty::too_many_answers();
            co_return tried;
        }
    }
    if (state == parse_state::too_large)
        tried.failed = twenty::answer_too_large();
    else if (state != parse_state::done)
        tried.failed =
            error(errc::upstream_down, "Twenty's address answers with something else than HTTP.",
                  url_.authority);
    // Bytes behind the answer would be taken for the next one's: such a connection is not kept.
    tried.keep = head.keep_alive && in.unread().empty();
    tried.answer.status = head.status;
    tried.answer.content_type = std::move(head.content_type);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    tried.answer.retry_after = parse_retry_after(
        head.retry_after, std::chrono::duration_cast<std::chrono::seconds>(now).count());
    co_return tried;
}

} // namespace http
