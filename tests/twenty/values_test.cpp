#include "twenty/values.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("choices are told with their labels where those say more than the values", "[values]") {
    twenty::field stage;
    stage.name = "stage";
    stage.type = twenty::field_type::select;
    stage.options = {{"NEW", "New"}, {"IN_TALKS", "In talks"}, {"CUSTOMER", "Closed Won"}};
    CHECK(twenty::option_list(stage) == "NEW, IN_TALKS, CUSTOMER (Closed Won)");
    CHECK(twenty::find_option(stage, "closed won")->value == "CUSTOMER");
    CHECK_FALSE(twenty::find_option(stage, "Won")); // suggested, never taken
    CHECK(twenty::unknown_option(stage, "Won").message ==
          R"("Won" isn't a choice of stage; the nearest is CUSTOMER (Closed Won); choices: )"
          "NEW, IN_TALKS, CUSTOMER (Closed Won).");
    CHECK(twenty::unknown_option(stage, "zzz").message.find("nearest") == std::string::npos);
    twenty::field rating;
    rating.type = twenty::field_type::rating;
    rating.options = {{"RATING_1", "1"}};
    CHECK_FALSE(twenty::has_own_label(rating, rating.options.front()));
}

// twenty-golden-2 dates/015 and a live 2.19 server: filters refuse all of these but the last three.
TEST_CASE("a time is sent in the one form that Twenty takes everywhere", "[values]") {
    const struct {
        const char* written;
        const char* sent;
    } all[] = {
        {"2026-12-01T09:30Z", "2026-12-01T09:30:00Z"},
        {"2026-12-01T09:30", "2026-12-01T09:30:00Z"},
        {"2026-12-01 09:30Z", "2026-12-01T09:30:00Z"},
        {"2026-12-01T09:30+0100", "2026-12-01T09:30:00+01:00"},
        {"2026-12-01t09:30:00z", "2026-12-01T09:30:00Z"},
        {"2026-12-01T09:30:00.1234567Z", "2026-12-01T09:30:00.123Z"},
        {"2026-12-01 09:30:00", "2026-12-01T09:30:00Z"},
        {"2026-12-01T09:30:00-05", "2026-12-01T09:30:00-05:00"},
        {"2026-12-01T09:30:00.000+01:00", "2026-12-01T09:30:00.000+01:00"},
    };
    for (const auto& one : all) {
        INFO(one.written);
        REQUIRE(twenty::is_date_time(one.written));
        CHECK(twenty::in_full(one.written) == one.sent);
        CHECK(twenty::in_full(one.sent) == one.sent);
    }
    CHECK(twenty::in_full("2026-12-01") == "2026-12-01");
}
