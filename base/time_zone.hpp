// The tz library's home (Howard Hinnant's date, which C++20's <chrono> was made of; g++ has that
// half from 14 on). Zones come from the system's tzdata, read when one is first asked for.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

// A time zone as a value: a pointer into the library's table, which holds each zone of tzdata at
// most once. UTC needs no tzdata.
class time_zone {
  public:
    time_zone() = default; // UTC

    // "UTC", or an IANA name such as Europe/Oslo. errc::bad_request says so for anything else,
    // errc::unavailable when the system has no zones at all.
    // Threat: a name that is a path, or that ends up in another program's SQL. Defence: nothing
    // but names of letters pass, and the library finds them in a list that it read before.
    static result<time_zone> named(std::string_view name);

    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool is_utc() const noexcept { return zone_ == nullptr; }

    // The calendar day there.
    [[nodiscard]] std::chrono::sys_days day_of(std::int64_t unix_seconds) const;
    // When that day begins there: midnight, or the first moment after it where clocks skip it.
    [[nodiscard]] std::int64_t start_of(std::chrono::sys_days day) const;
    // A time of its wall clocks, in seconds as if it were UTC, as unix seconds. A time that comes
    // twice is the first one.
    [[nodiscard]] std::int64_t instant_of(std::int64_t wall_clock) const;

  private:
    const date::time_zone* zone_ = nullptr;
};
