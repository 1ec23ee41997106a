// The part of a connection that concerns answers which take their time: bodies written piece by
// piece, and peers that do not wait for the end.
#include "http/connection.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>

namespace http {

namespace {

// RFC 9112 §7.1
void begin_chunk(std::string& out, std::size_t size) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    out.assign(digits.data(), end);
    out.append("\r\n");
}

constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace

// stream_body() has a deadline for each piece that is written, and none for the wait between two:
// an event stream may be silent for as long as it likes. Two co_await follow one another here, and
// each may end with a connection that was given up.
asio::awaitable<bool> connection::stream_body(body_source& source, bool chunked) {
    // A lasting stream is no request in progress any more: it would take an office's share for as
    // long as people work there. Lasting streams have a share of their own (http/eviction).
    if (source.quiet_since()) now_.client.reset();
    for (;;) {
        enter(phase::streaming, clock::duration::zero());
        auto piece = co_await source.next();
        if (given_up_) co_return false;
        enter(phase::writing, context_->options.write_deadline);
        if (piece.empty()) break;
        now_.bytes += piece.size();
        head_.clear();
        if (chunked) {
            begin_chunk(head_, piece.size());
            piece.append("\r\n");
        }
        const bool sent = co_await write_all(head_, piece);
        if (!sent) co_return false;
    }
    if (!chunked) co_return true;
    const bool ended = co_await write_all(last_chunk, {});
    co_return ended;
}

// tell_gone() tells once, whoever calls it how often. The copy of `source_` keeps the source alive
// while it hears of it: what it does may end the coroutine that holds it.
void connection::tell_gone() {
    if (const auto tell = std::exchange(watch_->on_gone, nullptr)) tell();
    if (const auto source = source_) source->peer_gone();
}

void connection::wind_down() {
    if (const auto source = source_) source->stopping();
}

// stop_reading() ends a read as its deadline would: fill() then finds `expired_` and refuses.
void connection::stop_reading() {
    if (phase_ != phase::head && phase_ != phase::body) return;
    expired_ = true;
    stream_->cancel();
}

void connection::give_up_waiting() {
    if (phase_ != phase::handling || given_up_) return;
    asio::co_spawn(context_->io, answer_late(shared_from_this()), asio::detached);
}

} // namespace http
