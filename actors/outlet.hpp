// The open end of an answer that is written piece by piece: server-sent events. The HTTP side
// makes it and hands it along with the question; both use it on the executor's thread only.
#pragma once

#include "base/log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace actors {

class outlet {
  public:
    enum class ending {
        gone,     // the client has closed; nothing more can be sent
        slow,     // it stopped reading and too much waits; nothing more can be sent
        stopping, // the server is about to stop: what never ends by itself should end now
    };
    virtual ~outlet() = default;
    // False: its client takes no stream. The outlet then only tells when that client has gone.
    [[nodiscard]] virtual bool takes_events() const noexcept { return true; }
    // One event. Without an id it cannot be resumed from. Dropped once nothing can be sent.
    virtual void send(std::string_view id, std::string_view json) = 0;
    // SEP-1699: an event without data, to resume from, and when to come back.
    virtual void prime(std::string_view id, std::chrono::milliseconds retry) = 0;
    virtual void end() = 0;
    // It belongs to no call: it stays until somebody ends it, and may be ended at any time (with
    // `stopping`), because its client comes back.
    virtual void lasts() noexcept {}
    // What the access log says of the answer, once that is known; before end().
    virtual void note(std::vector<logging::pair>) {}
    // Who is told when the other side ends it; at once, if that has happened. Null: nobody.
    virtual void watch(std::function<void(ending)> tell) = 0;
};
using outlet_ptr = std::shared_ptr<outlet>;

} // namespace actors
