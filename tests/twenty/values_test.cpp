#include "twenty/values.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("choices are told with their labels where those say more than the values") {
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
