// Server-sent events (HTML standard §9.2; MCP, streamable HTTP): what a session sends waits here
// until the connection has written it. One end is the actors' outlet, the other the connection's
// body.
#pragma once

#include "actors/messages.hpp"
#include "http/message.hpp"
#include "metrics/metrics.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace http {

class event_stream;

// What waits in all streams together. Outlives them. One thread.
class waiting_events {
  public:
    explicit waiting_events(std::size_t most = 32 * 1024 * 1024)
        : most_(most), used_(metrics::id::budget, {"waiting_events"},
                             [this] { return static_cast<double>(bytes_); }),
          limit_(metrics::id::budget_limit, {"waiting_events"},
                 [this] { return static_cast<double>(most_); }) {}
    waiting_events(const waiting_events&) = delete;
    waiting_events& operator=(const waiting_events&) = delete;
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  private:
    friend event_stream;
    void grew(event_stream& stream, std::size_t bytes);
    void gave(event_stream& stream) noexcept; // all that waited in it

    std::size_t most_;
    std::size_t bytes_ = 0;
    std::unordered_set<event_stream*> holders_;
    metrics::sampled used_;
    metrics::sampled limit_;
};

class event_stream final : public actors::outlet, public body_source {
  public:
    // Proxies close what is silent for a minute; a comment now and then keeps them at ease.
    static constexpr std::chrono::seconds keep_alive{15};
    // A stream lives no longer than an access token: then its client comes back and shows a fresh
    // one (MCP, authorization: every request is checked).
    static constexpr std::chrono::minutes longest{60};
    // Threat: a client that has stopped reading makes the server keep everything for it.
    // Defence: beyond this the stream ends.
    static constexpr std::size_t max_waiting = 1024 * 1024;

    event_stream(boost::asio::io_context& io, std::shared_ptr<waiting_events> all,
                 std::chrono::milliseconds often = keep_alive)
        : timer_(io), all_(std::move(all)), keep_alive_(often) {}
    ~event_stream() override { all_->gave(*this); }
    event_stream(const event_stream&) = delete;
    event_stream& operator=(const event_stream&) = delete;

    // For a client that did not accept event streams.
    void take_nothing() noexcept { takes_events_ = false; }
    [[nodiscard]] bool takes_events() const noexcept override { return takes_events_; }
    void send(std::string_view id, std::string_view json) override;
    void prime(std::string_view id, std::chrono::milliseconds retry) override;
    void end() override;
    void lasts() noexcept override { lasts_ = true; }
    void note(std::vector<logging::pair> pairs) override { said_ = std::move(pairs); }
    void watch(std::function<void(ending)> tell) override;

    boost::asio::awaitable<std::string> next() override;
    void peer_gone() override;
    void stopping() override;
    [[nodiscard]] std::vector<logging::pair> said() override { return std::move(said_); }
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point>
    quiet_since() const noexcept override;

  private:
    friend waiting_events;
    void append(std::string_view head, std::string_view id, std::string_view json);
    void close(ending why);

    boost::asio::steady_timer timer_; // wakes next()
    std::shared_ptr<waiting_events> all_;
    std::chrono::milliseconds keep_alive_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_news_ = begun_;
    std::string waiting_;
    std::vector<logging::pair> said_;
    bool lasts_ = false;
    bool takes_events_ = true;
    bool ended_ = false;
    std::function<void(ending)> tell_;
    std::optional<ending> happened_; // the other side's last word
};

// Status 200 and the header fields of an event stream.
response stream_response(std::shared_ptr<body_source> source);

} // namespace http
