// Right values: Twenty's own turnRecordFilterIntoRecordGqlOperationFilter, and the views of
// twenty-golden-2 views/006-016.
#include "twenty/view_filter.hpp"

#include "tests/support/catch.hpp"
#include "tests/twenty/support.hpp"

#include <set>

using twenty_test::now;

namespace {

twenty::field field(twenty::field_type type) {
    twenty::field f;
    f.name = "f";
    f.type = type;
    if (type == twenty::field_type::relation) {
        twenty::relation r;
        r.join_column = "fId";
        f.relations.push_back(r);
    }
    return f;
}
std::string made(twenty::field_type type, const char* operand, const char* value,
                 const char* part = "", const char* zone = "UTC") {
    const auto f = field(type);
    const twenty::moment when{now, time_zone::named(zone).value()};
    const auto out = twenty::filter_of_view({&f, operand, json::parse(value).value(), part}, when);
    return out ? json::dump(*out) : "refused";
}

} // namespace

TEST_CASE("the operands of views are Twenty's, each applied or refused", "[view_filter]") {
    using enum twenty::field_type;
    // twenty-golden-2 views/016; VECTOR_SEARCH is a search.
    const std::set<std::string_view> known{
        "IS",         "IS_NOT_NULL",      "IS_NOT",      "LESS_THAN_OR_EQUAL",
        "IS_BEFORE",  "IS_AFTER",         "CONTAINS",    "GREATER_THAN_OR_EQUAL",
        "IS_EMPTY",   "DOES_NOT_CONTAIN", "IS_RELATIVE", "IS_NOT_EMPTY",
        "IS_IN_PAST", "IS_IN_FUTURE",     "IS_TODAY"};
    const auto& have = twenty::view_operands();
    CHECK(std::set<std::string_view>(have.begin(), have.end()) == known);
    for (const auto* other : {"VECTOR_SEARCH", "IS_BETWEEN", "", "is"})
        CHECK(made(text, other, "\"x\"") == "refused");
}

TEST_CASE("choices, links and numbers of a view", "[view_filter]") {
    using enum twenty::field_type;
    CHECK(made(twenty::field_type::select, "IS", R"(["MEETING","PROPOSAL"])") ==
          R"({"f":{"in":["MEETING","PROPOSAL"]}})");
    CHECK(made(twenty::field_type::select, "IS", R"("[\"MEETING\"]")") ==
          R"({"f":{"in":["MEETING"]}})");
    CHECK(made(twenty::field_type::select, "IS", R"(["A",""])") ==
          R"({"or":[{"f":{"in":["A"]}},{"f":{"is":"NULL"}}]})");
    CHECK(made(twenty::field_type::select, "IS_NOT", R"(["A"])") ==
          R"({"not":{"f":{"in":["A"]}}})");
    CHECK(made(twenty::field_type::select, "IS", "[]") == "refused");
    CHECK(made(multi_select, "CONTAINS", R"(["A"])") == R"({"f":{"containsAny":["A"]}})");
    CHECK(made(relation, "IS",
               R"("{\"isCurrentWorkspaceMemberSelected\":false,\"selectedRecordIds\":[\"u\"]}")") ==
          R"({"fId":{"in":["u"]}})");
    // "Me" depends on who looks.
    CHECK(made(relation, "IS",
               R"("{\"isCurrentWorkspaceMemberSelected\":true,\"selectedRecordIds\":[]}")") ==
          "refused");
    CHECK(made(relation, "IS_NOT", R"(["u"])") ==
          R"({"or":[{"not":{"fId":{"in":["u"]}}},{"fId":{"is":"NULL"}}]})");
    CHECK(made(currency, "GREATER_THAN_OR_EQUAL", "\"1000\"") ==
          R"({"f":{"amountMicros":{"gte":1000000000}}})");
    CHECK(made(currency, "IS", R"(["EUR"])", "currencyCode") ==
          R"({"f":{"currencyCode":{"in":["EUR"]}}})");
    CHECK(made(number, "IS_NOT", "\"5\"") == R"({"not":{"f":{"eq":5}}})");
    CHECK(made(number, "LESS_THAN_OR_EQUAL", "\"many\"") == "refused");
    CHECK(made(rating, "GREATER_THAN_OR_EQUAL", "\"4\"") ==
          R"({"f":{"in":["RATING_4","RATING_5"]}})");
    CHECK(made(boolean, "IS", "\"true\"") == R"({"f":{"eq":true}})");
}

TEST_CASE("texts of a view, empty ones too", "[view_filter]") {
    using enum twenty::field_type;
    CHECK(made(text, "CONTAINS", "\"a\"") == R"({"f":{"ilike":"%a%"}})");
    CHECK(made(full_name, "CONTAINS", "\"a\"") ==
          R"({"or":[{"f":{"firstName":{"ilike":"%a%"}}},{"f":{"lastName":{"ilike":"%a%"}}}]})");
    CHECK(made(full_name, "CONTAINS", "\"a\"", "lastName") ==
          R"({"f":{"lastName":{"ilike":"%a%"}}})");
    CHECK(made(text, "DOES_NOT_CONTAIN", "\"a\"") ==
          R"({"or":[{"not":{"f":{"ilike":"%a%"}}},{"f":{"is":"NULL"}}]})");
    CHECK(made(text, "IS_EMPTY", "\"\"") == R"({"or":[{"f":{"eq":""}},{"f":{"is":"NULL"}}]})");
    CHECK(made(twenty::field_type::select, "IS_NOT_EMPTY", "\"\"") ==
          R"({"not":{"f":{"is":"NULL"}}})");
    CHECK(made(relation, "IS_EMPTY", "\"\"") == R"({"fId":{"is":"NULL"}})");
    CHECK(made(text, "CONTAINS", "\"\"") == "refused");
}

TEST_CASE("days of a view are whole days in UTC", "[view_filter]") {
    using enum twenty::field_type;
    CHECK(made(date_time, "IS_IN_PAST", "\"\"") == R"({"f":{"lt":"2027-01-15T08:00:00Z"}})");
    CHECK(made(twenty::field_type::date, "IS_IN_FUTURE", "\"\"") ==
          R"({"f":{"gte":"2027-01-15"}})");
    CHECK(made(twenty::field_type::date, "IS_TODAY", "\"\"") ==
          R"({"and":[{"f":{"gte":"2027-01-15"}},{"f":{"lt":"2027-01-16"}}]})");
    CHECK(made(date_time, "IS", "\"2026-12-01\"") ==
          R"({"and":[{"f":{"gte":"2026-12-01T00:00:00Z"}},{"f":{"lt":"2026-12-02T00:00:00Z"}}]})");
    CHECK(made(date_time, "IS_BEFORE", "\"2026-12-01T09:30:00.000Z\"") ==
          R"({"f":{"lt":"2026-12-01T09:30:00.000Z"}})");
    CHECK(made(twenty::field_type::date, "IS_AFTER", "\"2026-12-01\"") ==
          R"({"f":{"gte":"2026-12-01"}})");
    const auto range = [](const char* value) {
        return made(twenty::field_type::date, "IS_RELATIVE", value);
    };
    const auto days = [](const char* from, const char* to) {
        return std::string(R"({"and":[{"f":{"gte":")") + from + R"("}},{"f":{"lt":")" + to +
               R"("}}]})";
    };
    // [Twenty 2.19 source: resolveRelativeDateFilter and resolveRelativeDateTimeFilter]
    CHECK(range("\"PAST_7_DAY\"") == days("2027-01-08", "2027-01-15"));
    CHECK(range("\"NEXT_1_DAY\"") == days("2027-01-16", "2027-01-17"));
    CHECK(range("\"NEXT_2_WEEK;;UTC;;\"") == days("2027-01-18", "2027-02-01"));
    CHECK(range("\"THIS_1_WEEK\"") == days("2027-01-11", "2027-01-18"));
    CHECK(range("\"THIS_1_WEEK;;UTC;;SUNDAY;;\"") == days("2027-01-10", "2027-01-17"));
    CHECK(range("\"THIS_1_MONTH\"") == days("2027-01-01", "2027-02-01"));
    CHECK(range("\"NEXT_1_MONTH\"") == days("2027-02-01", "2027-03-01"));
    CHECK(range("\"THIS_1_QUARTER\"") == days("2027-01-01", "2027-04-01"));
    CHECK(range("\"PAST_1_YEAR\"") == days("2026-01-01", "2027-01-01"));
    CHECK(made(date_time, "IS_RELATIVE", "\"PAST_2_HOUR\"") ==
          R"({"and":[{"f":{"gte":"2027-01-15T06:00:00Z"}},{"f":{"lt":"2027-01-15T08:00:00Z"}}]})");
    CHECK(made(date_time, "IS_RELATIVE", "\"NEXT_1_MONTH\"") ==
          R"({"and":[{"f":{"gte":"2027-02-01T00:00:00Z"}},{"f":{"lt":"2027-03-01T00:00:00Z"}}]})");
    for (const auto* bad : {"\"PAST_0_DAY\"", "\"PAST_x_DAY\"", "\"PAST_1_HOUR\"", "\"SOON_1_DAY\"",
                            "\"\"", "\"PAST\"", "{}"})
        CHECK(range(bad) == "refused");
    CHECK(made(twenty::field_type::date, "IS", "\"soon\"") == "refused");
}

TEST_CASE("days of a view are those of the zone asked for, or of the one that a span names",
          "[view_filter]") {
    using enum twenty::field_type;
    // 21:00 in Auckland.
    const auto there = [](twenty::field_type type, const char* operand, const char* value) {
        return made(type, operand, value, "", "Pacific/Auckland");
    };
    CHECK(there(date_time, "IS_TODAY", "\"\"") ==
          R"({"and":[{"f":{"gte":"2027-01-14T11:00:00Z"}},{"f":{"lt":"2027-01-15T11:00:00Z"}}]})");
    CHECK(there(date_time, "IS", "\"2026-12-01T13:30:00.000Z\"") ==
          R"({"and":[{"f":{"gte":"2026-12-01T11:00:00Z"}},{"f":{"lt":"2026-12-02T11:00:00Z"}}]})");
    CHECK(there(date_time, "IS_AFTER", "\"2026-12-01\"") ==
          R"({"f":{"gte":"2026-11-30T11:00:00Z"}})");
    CHECK(there(twenty::field_type::date, "IS_TODAY", "\"\"") ==
          R"({"and":[{"f":{"gte":"2027-01-15"}},{"f":{"lt":"2027-01-16"}}]})");
    CHECK(there(date_time, "IS_RELATIVE", "\"PAST_1_DAY\"") ==
          R"({"and":[{"f":{"gte":"2027-01-13T11:00:00Z"}},{"f":{"lt":"2027-01-14T11:00:00Z"}}]})");
    CHECK(there(date_time, "IS_RELATIVE", "\"PAST_1_DAY;;America/New_York;;SUNDAY;;\"") ==
          R"({"and":[{"f":{"gte":"2027-01-14T05:00:00Z"}},{"f":{"lt":"2027-01-15T05:00:00Z"}}]})");
    // A month with a change of the clocks ends in summer time.
    CHECK(made(date_time, "IS_RELATIVE", "\"NEXT_3_MONTH;;Europe/Oslo;;\"") ==
          R"({"and":[{"f":{"gte":"2027-01-31T23:00:00Z"}},{"f":{"lt":"2027-04-30T22:00:00Z"}}]})");
    CHECK(made(date_time, "IS_RELATIVE", "\"PAST_1_DAY;;../etc;;\"") ==
          R"({"and":[{"f":{"gte":"2027-01-14T00:00:00Z"}},{"f":{"lt":"2027-01-15T00:00:00Z"}}]})");
}

TEST_CASE("a span of a view is one to ten thousand units long", "[view_filter]") {
    using enum twenty::field_type;
    const auto span = [](const char* written) {
        return made(date_time, "IS_RELATIVE", written) != "refused";
    };
    CHECK(span("\"PAST_1_DAY\""));
    CHECK(span("\"PAST_10000_DAY\""));
    CHECK(span("\"NEXT_10000_HOUR\""));
    for (const auto* wrong : {"\"PAST_10001_DAY\"", "\"PAST_0_DAY\"", "\"PAST_-1_DAY\"",
                              "\"NEXT_10001_HOUR\"", "\"PAST_99999999999_DAY\""})
        CHECK_FALSE(span(wrong));
    // A day outside of the years 1 to 9999 has no text that Twenty takes.
    for (const auto* far : {"\"PAST_10000_YEAR\"", "\"NEXT_10000_YEAR\""})
        CHECK_FALSE(span(far));
    CHECK(span("\"PAST_2000_YEAR\""));
}
