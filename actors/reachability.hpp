// Whether Twenty answers at present, from the exchanges that everybody has with it. One lost
// connection is enough to say no; of a slow Twenty it takes some, for one question may be too
// large.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <optional>

namespace actors {

class reachability {
  public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr int silent_exchanges = 3; // in a row, without an answer in time

    enum class news { none, lost, back };

    // An exchange ended; nullopt: Twenty answered, with whatever.
    news note(std::optional<errc> failed, time_point now);

    // nullopt: nobody has asked it yet.
    [[nodiscard]] std::optional<bool> now() const noexcept { return answers_; }
    // Of the last change; after news::back how long it was away.
    [[nodiscard]] std::chrono::seconds away() const noexcept { return away_; }

  private:
    std::optional<bool> answers_;
    int silent_ = 0;
    time_point lost_at_;
    std::chrono::seconds away_{0};
};

} // namespace actors
