// What a session sends beside its replies, as lines: MCP's stdio transport has one stream for all
// of it.
#pragma once

#include "actors/messages.hpp"
#include "stdio/line_output.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace stdio {

class outlet final : public actors::outlet {
  public:
    // `out` outlives this. `left` is called once when nothing more is to come that its call waits
    // for: it has ended, or has turned out to last.
    outlet(line_output& out, std::function<void()> left) : out_(out), left_(std::move(left)) {}

    void send(std::string_view, std::string_view json) override { out_.write(json); }
    void prime(std::string_view, std::chrono::milliseconds) override {} // nothing breaks off here
    void end() override { leave(); }
    void lasts() noexcept override { leave(); }
    void watch(std::function<void(ending)> tell) override {
        tell_ = std::move(tell);
        if (tell_ && happened_) tell_(*happened_);
    }

    // The client takes the request back (MCP 2026-07-28), or the server stops.
    void close(ending why) {
        if (std::exchange(happened_, why) || !tell_) return;
        tell_(why);
    }

  private:
    void leave() {
        if (const auto left = std::exchange(left_, nullptr)) left();
    }

    line_output& out_;
    std::function<void()> left_;
    std::function<void(ending)> tell_;
    std::optional<ending> happened_;
};

} // namespace stdio
