// The two ends of a stream. end() is the session's: what waits is still written, then the body is
// over. close() is the reader's, or its slowness: what waits is dropped and the session is told
// why. After stopping() the stream stays open, because the session may still have something to say.
// All of it happens on one thread; `timer_` only wakes next().
#include "http/event_stream.hpp"

#include "http/into.hpp"

#include <algorithm>
#include <utility>

namespace http {

namespace asio = boost::asio;

// Threat: many readers that have stopped hold a little each, and all of them much. Defence: the
// stream that holds most ends; a reader that takes what is sent holds nothing. One alone may hold
// more than all should: what it holds is one message.
void waiting_events::grew(event_stream& stream, std::size_t bytes) {
    holders_.insert(&stream);
    bytes_ += bytes;
    const auto less = [](const event_stream* a, const event_stream* b) {
        return a->waiting_.size() < b->waiting_.size();
    };
    while (bytes_ > most_ && holders_.size() > 1)
        (*std::max_element(holders_.begin(), holders_.end(), less))
            ->close(actors::outlet::ending::slow);
}

void waiting_events::gave(event_stream& stream) noexcept {
    if (holders_.erase(&stream) != 0) bytes_ -= stream.waiting_.size();
}

// `json` is compact and has no line break: one data line (clients parse line by line).
void event_stream::send(std::string_view id, std::string_view json) {
    append("event: message\n", id, json);
}

void event_stream::prime(std::string_view id, std::chrono::milliseconds retry) {
    append("retry: " + std::to_string(retry.count()) + '\n', id, {});
}

void event_stream::append(std::string_view head, std::string_view id, std::string_view json) {
    if (ended_) return;
    last_news_ = std::chrono::steady_clock::now();
    // One message alone may be larger: it is there once anyway.
    if (!waiting_.empty() && waiting_.size() + json.size() > max_waiting)
        return close(ending::slow);
    const auto before = waiting_.size();
    waiting_.append(head);
    if (!id.empty()) waiting_.append("id: ").append(id).append("\n");
    waiting_.append("data: ").append(json).append("\n\n");
    timer_.cancel();
    all_->grew(*this, waiting_.size() - before);
}

void event_stream::end() {
    ended_ = true;
    timer_.cancel();
}

// watch() tells at once of what has happened before: between the making of a stream and its watcher
// the client may have gone.
void event_stream::watch(std::function<void(ending)> tell) {
    tell_ = std::move(tell);
    if (tell_ && happened_) tell_(*happened_);
}

void event_stream::close(ending why) {
    if (std::exchange(ended_, true)) return;
    all_->gave(*this);
    waiting_ = {};
    timer_.cancel();
    happened_ = why;
    if (tell_) tell_(why);
}

void event_stream::peer_gone() { close(ending::gone); }

void event_stream::stopping() {
    if (ended_ || happened_) return;
    happened_ = ending::stopping;
    if (tell_) tell_(ending::stopping);
}

std::optional<std::chrono::steady_clock::time_point> event_stream::quiet_since() const noexcept {
    if (!lasts_ || ended_ || happened_) return std::nullopt;
    return last_news_;
}

// next() gives all that waits as one piece: many small events cost one write. The comment line
// (HTML standard §9.2) also shows a peer that has gone without a word, by the write that fails.
asio::awaitable<std::string> event_stream::next() {
    while (waiting_.empty() && !ended_) {
        error_code woken;
        timer_.expires_after(keep_alive_);
        co_await timer_.async_wait(into(woken));
        if (woken || !waiting_.empty() || ended_) continue;
        if (std::chrono::steady_clock::now() - begun_ >= longest) stopping();
        co_return std::string(": still here\n\n");
    }
    all_->gave(*this);
    co_return std::exchange(waiting_, {});
}

response stream_response(std::shared_ptr<body_source> source) {
    response r;
    r.set("Content-Type", "text/event-stream");
    r.set("Cache-Control", "no-cache, no-transform");
    r.set("X-Accel-Buffering", "no"); // nginx would hold the events back
    r.source = std::move(source);
    return r;
}

} // namespace http
