#include "demo/clock.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a date of any year from 0000 to 9999 is read and written as it was", "[clock]") {
    for (const char* text :
         {"0001-01-01T00:00:00.000Z", "0012-01-26T00:00:00.000Z", "1677-09-21T00:12:43.145Z",
          "2262-04-11T23:47:16.855Z", "9999-12-31T23:59:59.999Z"}) {
        const auto read = demo::parse_date_time(text);
        REQUIRE(read);
        CHECK(demo::iso_date_time(*read) == text);
    }
}

TEST_CASE("a date without a time is midnight in UTC, an offset is taken off", "[clock]") {
    CHECK(demo::iso_date_time(*demo::parse_date_time("2026-12-01")) == "2026-12-01T00:00:00.000Z");
    CHECK(demo::iso_date_time(*demo::parse_date_time("2026-12-01T09:30:00+02:00")) ==
          "2026-12-01T07:30:00.000Z");
}

// twenty-golden-2 dates/122 and dates/129
TEST_CASE("the month stands in front in dates with dots and slashes, as Twenty reads them",
          "[clock]") {
    CHECK(demo::iso_date(*demo::parse_loosely("01.12.2026", false)) == "2026-01-12");
    CHECK(demo::iso_date(*demo::parse_loosely("12/01/2026", false)) == "2026-12-01");
}
