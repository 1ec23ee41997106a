#include "base/time_zone.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year_month_day;

namespace {

std::string start(const char* zone, year_month_day day) {
    const auto z = time_zone::named(zone);
    REQUIRE(z);
    return text::iso_time(z->start_of(sys_days(day)));
}

} // namespace

TEST_CASE("a day begins at its zone's midnight, or right after where clocks skip that",
          "[time_zone]") {
    CHECK(start("UTC", 2026y / 12 / 1) == "2026-12-01T00:00:00Z");
    CHECK(start("Europe/Berlin", 2026y / 12 / 1) == "2026-11-30T23:00:00Z");
    CHECK(start("Europe/Berlin", 2026y / 7 / 1) == "2026-06-30T22:00:00Z");
    CHECK(start("America/New_York", 2026y / 12 / 1) == "2026-12-01T05:00:00Z");
    CHECK(start("Asia/Kolkata", 2026y / 12 / 1) == "2026-11-30T18:30:00Z");
    // Clocks went from 24:00 to 1:00 on 4 November 2018.
    CHECK(start("America/Sao_Paulo", 2018y / 11 / 4) == "2018-11-04T03:00:00Z");
    // Clocks went from 1:00 back to midnight on 4 November 2018: the first midnight counts.
    CHECK(start("America/Havana", 2018y / 11 / 4) == "2018-11-04T04:00:00Z");
}

TEST_CASE("an instant falls on its zone's calendar day", "[time_zone]") {
    const std::int64_t at = 1'796'081'400; // 2026-11-30T23:30:00Z
    CHECK(time_zone().day_of(at) == sys_days(2026y / 11 / 30));
    CHECK(time_zone::named("Europe/Berlin")->day_of(at) == sys_days(2026y / 12 / 1));
    CHECK(time_zone::named("America/New_York")->day_of(at) == sys_days(2026y / 11 / 30));
}

TEST_CASE("only names of time zones are taken, and others are refused in one sentence",
          "[time_zone]") {
    for (const auto* good : {"UTC", "utc", " GMT ", "Etc/UTC", "America/Argentina/Buenos_Aires"})
        CHECK(time_zone::named(good));
    CHECK(time_zone::named("Etc/GMT+5")->name() == "Etc/GMT+5");
    CHECK(time_zone::named("gmt")->is_utc());
    for (const auto* bad : {"", "Oslo", "Europe/Atlantis", "../etc/passwd",
                            "Europe/../../etc/passwd", "/etc/passwd", "right/Europe/Oslo",
                            "posix/Europe/Oslo", "+01:00", "Europe/Oslo'", "Europe", "a/b/c/d"}) {
        INFO(bad);
        const auto z = time_zone::named(bad);
        REQUIRE_FALSE(z);
        CHECK(z.failure().code == errc::bad_request);
        CHECK(z.failure().message.find("such as Europe/Oslo") != std::string::npos);
    }
}
