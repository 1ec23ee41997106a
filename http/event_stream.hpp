// Server-sent events (HTML standard §9.2; MCP, streamable HTTP): what a session sends waits here
// until the connection has written it. One end is the actors' outlet, the other the connection's
// body.
#pragma once

#include "actors/messages.hpp"
#include "http/message.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace http {

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

    explicit event_stream(boost::asio::io_context& io, std::chrono::milliseconds often = keep_alive)
        : timer_(io), keep_alive_(often) {}

    // For a client that did not accept event streams.
    void take_nothing() noexcept { takes_events_ = false; }
    [[nodiscard]] bool takes_events() const noexcept override { return takes_events_; }
    void send(std::string_view id, std::string_view json) override;
    void prime(std::string_view id, std::chrono::milliseconds retry) override;
    void end() override;
    void lasts() noexcept override { lasts_ = true; }
    void watch(std::function<void(ending)> tell) override;

    boost::asio::awaitable<std::string> next() override;
    void peer_gone() override;
    void stopping() override;
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point>
    quiet_since() const noexcept override;

  private:
    void append(std::string_view head, std::string_view id, std::string_view json);
    void close(ending why);

    boost::asio::steady_timer timer_; // wakes next()
    std::chrono::milliseconds keep_alive_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_news_ = begun_;
    std::string waiting_;
    bool lasts_ = false;
    bool takes_events_ = true;
    bool ended_ = false;
    std::function<void(ending)> tell_;
    std::optional<ending> happened_; // the other side's last word
};

// Status 200 and the header fields of an event stream.
response stream_response(std::shared_ptr<body_source> source);

} // namespace http
