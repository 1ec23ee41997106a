// Days, months and words for them in filters. What a plain date does on a DATE_TIME of Twenty 2.19
// (midnight UTC, twenty-golden-2 dates/001 to 019) is why they are read as spans of time here.
#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/filter.hpp"

using support::sample_access;
using support::sample_object;

namespace {

constexpr std::int64_t sunday = 1'796'081'400; // 2026-11-30T23:30:00Z, a Monday in UTC

std::string prepared(std::string_view filter, const twenty::moment& at,
                     std::string_view object = "person") {
    const auto may = sample_access();
    const auto made = twenty::prepare_filter(json::value(filter), sample_object(object), may, at);
    return made ? json::dump(made->value) : made.failure().message;
}

twenty::moment utc() {
    twenty::moment at;
    at.now = sunday;
    return at;
}

twenty::moment in(const char* zone) {
    auto at = utc();
    at.zone = *time_zone::named(zone);
    return at;
}

} // namespace

TEST_CASE("a day on a date and time is that whole day, whatever the operator", "[filter_days]") {
    const struct {
        const char* filter;
        const char* result;
    } all[] = {
        {"createdAt[eq]:2026-12-01",
         R"({"and":[{"createdAt":{"gte":"2026-12-01T00:00:00Z"}},{"createdAt":{"lt":"2026-12-02T00:00:00Z"}}]})"},
        {"createdAt[lt]:2026-12-01", R"({"createdAt":{"lt":"2026-12-01T00:00:00Z"}})"},
        {"createdAt[lte]:2026-12-01", R"({"createdAt":{"lt":"2026-12-02T00:00:00Z"}})"},
        {"createdAt[gt]:2026-12-01", R"({"createdAt":{"gte":"2026-12-02T00:00:00Z"}})"},
        {"createdAt[gte]:2026-12-01", R"({"createdAt":{"gte":"2026-12-01T00:00:00Z"}})"},
        {"createdAt[neq]:2026-12-01",
         R"({"or":[{"createdAt":{"lt":"2026-12-01T00:00:00Z"}},{"createdAt":{"gte":"2026-12-02T00:00:00Z"}},{"createdAt":{"is":"NULL"}}]})"},
        {"createdAt[between]:[2026-12-01,2026-12-31]",
         R"({"and":[{"createdAt":{"gte":"2026-12-01T00:00:00Z"}},{"createdAt":{"lt":"2027-01-01T00:00:00Z"}}]})"},
        {"createdAt[between]:2026-12-01, 2026-12-31",
         R"({"and":[{"createdAt":{"gte":"2026-12-01T00:00:00Z"}},{"createdAt":{"lt":"2027-01-01T00:00:00Z"}}]})"},
        {"createdAt[eq]:2026-12",
         R"({"and":[{"createdAt":{"gte":"2026-12-01T00:00:00Z"}},{"createdAt":{"lt":"2027-01-01T00:00:00Z"}}]})"},
        {"createdAt[gte]:2026-12-01T09:30:00Z", R"({"createdAt":{"gte":"2026-12-01T09:30:00Z"}})"},
    };
    for (const auto& s : all) {
        INFO(s.filter);
        CHECK(prepared(s.filter, utc()) == s.result);
    }
}

TEST_CASE("a day begins and ends in the zone that is given, also where clocks change",
          "[filter_days]") {
    CHECK(
        prepared("createdAt[eq]:2026-12-01", in("Europe/Berlin")) ==
        R"({"and":[{"createdAt":{"gte":"2026-11-30T23:00:00Z"}},{"createdAt":{"lt":"2026-12-01T23:00:00Z"}}]})");
    CHECK(
        prepared("createdAt[eq]:2026-10-25", in("Europe/Berlin")) ==
        R"({"and":[{"createdAt":{"gte":"2026-10-24T22:00:00Z"}},{"createdAt":{"lt":"2026-10-25T23:00:00Z"}}]})");
    // It is 1 December already in Berlin, and still 30 November in New York.
    CHECK(prepared("createdAt[gte]:today", in("Europe/Berlin")) ==
          R"({"createdAt":{"gte":"2026-11-30T23:00:00Z"}})");
    CHECK(prepared("createdAt[gte]:today", in("America/New_York")) ==
          R"({"createdAt":{"gte":"2026-11-30T05:00:00Z"}})");
}

TEST_CASE("every word for a time is read, in any spelling, and needs a clock", "[filter_days]") {
    const struct {
        const char* word;
        const char* from;
        const char* until; // the first day behind it
    } all[] = {
        {"today", "2026-11-30", "2026-12-01"},        {"yesterday", "2026-11-29", "2026-11-30"},
        {"tomorrow", "2026-12-01", "2026-12-02"},     {"thisWeek", "2026-11-30", "2026-12-07"},
        {"lastWeek", "2026-11-23", "2026-11-30"},     {"nextWeek", "2026-12-07", "2026-12-14"},
        {"thisMonth", "2026-11-01", "2026-12-01"},    {"lastMonth", "2026-10-01", "2026-11-01"},
        {"nextMonth", "2026-12-01", "2027-01-01"},    {"thisQuarter", "2026-10-01", "2027-01-01"},
        {"lastQuarter", "2026-07-01", "2026-10-01"},  {"nextQuarter", "2027-01-01", "2027-04-01"},
        {"thisYear", "2026-01-01", "2027-01-01"},     {"lastYear", "2025-01-01", "2026-01-01"},
        {"nextYear", "2027-01-01", "2028-01-01"},     {"-30d", "2026-10-31", "2026-11-01"},
        {"+2w", "2026-12-14", "2026-12-15"},          {"-1m", "2026-10-30", "2026-10-31"},
        {"-9m", "2026-02-28", "2026-03-01"},          {"+1y", "2027-11-30", "2027-12-01"},
        {"last 7 days", "2026-11-24", "2026-12-01"},  {"next_14_days", "2026-11-30", "2026-12-14"},
        {"LAST QUARTER", "2026-07-01", "2026-10-01"},
    };
    std::size_t named = 0;
    for (const auto& s : all) {
        INFO(s.word);
        const auto span = twenty::read_days(s.word, utc());
        REQUIRE(span);
        CHECK(twenty::date_text(span->from) == s.from);
        CHECK(twenty::date_text(span->until) == s.until);
        CHECK_FALSE(twenty::read_days(s.word, {}));
        for (const auto word : twenty::day_words())
            if (word == text::lower(s.word)) ++named;
    }
    CHECK(named == twenty::day_words().size());
}

TEST_CASE("what could be another day in another country, or no day, is refused with an example",
          "[filter_days]") {
    for (const auto* written :
         {"01.12.2026", "12/01/2026", "12/01/26", "20261201", "2026-02-30", "soon", "-d", "-1x",
          "+99999999999d", "-999999y", "0001-01-01", "last 0 days", "next"}) {
        INFO(written);
        CHECK_FALSE(twenty::read_days(written, utc()));
    }
    CHECK(prepared("createdAt[eq]:01.12.2026", utc()).find("such as 2026-11-22") !=
          std::string::npos);
}

TEST_CASE("a count that leaves the calendar is no day, and never comes round to another one",
          "[filter_days]") {
    for (const auto* written :
         {"+65536y", "-65536y", "+65536 years", "-131072y", "last 65536 years", "next 65536 years",
          "+7974y", "-1027y", "+100000m", "-100000q", "+100000q"}) {
        INFO(written);
        CHECK_FALSE(twenty::read_days(written, utc()));
    }
    const auto last = twenty::read_days("+7972y", utc());
    REQUIRE(last);
    CHECK(twenty::date_text(last->from) == "9998-11-30");
    CHECK(twenty::read_days("-36500d", utc()));
}

TEST_CASE("a date compares by its own days, words included", "[filter_days]") {
    CHECK(prepared("kickoff[eq]:2026-12-01", utc(), "project") ==
          R"({"kickoff":{"eq":"2026-12-01"}})");
    CHECK(prepared("kickoff[eq]:thisMonth", utc(), "project") ==
          R"({"and":[{"kickoff":{"gte":"2026-11-01"}},{"kickoff":{"lt":"2026-12-01"}}]})");
    CHECK(prepared("kickoff[lte]:nextWeek", utc(), "project") ==
          R"({"kickoff":{"lt":"2026-12-14"}})");
}

TEST_CASE("money is compared in units, micros stay micros, and both are said", "[filter_days]") {
    const auto may = sample_access();
    const auto ask = [&](const char* filter) {
        return twenty::prepare_filter(json::value(filter), sample_object("opportunity"), may);
    };
    for (const auto* units : {"amount[gte]:1000000", "amount.amount[gte]:1000000",
                              R"({"amount":{"gte":"1000000.00"}})"}) {
        INFO(units);
        const auto made = ask(units);
        REQUIRE(made);
        CHECK(json::dump(made->value) == R"({"amount":{"amountMicros":{"gte":1000000000000}}})");
        REQUIRE_FALSE(made->notes.empty());
        CHECK(made->notes.front().find("units") != std::string::npos);
    }
    CHECK(json::dump(ask("amount[lt]:-0.5")->value) ==
          R"({"amount":{"amountMicros":{"lt":-500000}}})");
    CHECK(json::dump(ask("amount[is]:NULL")->value) ==
          R"({"amount":{"amountMicros":{"is":"NULL"}}})");
    const auto micros = ask("amount.amountMicros[gt]:500000");
    REQUIRE(micros);
    CHECK(json::dump(micros->value) == R"({"amount":{"amountMicros":{"gt":500000}}})");
    CHECK(micros->notes.front().find("0.5") != std::string::npos);
}

// twenty-golden-2 phones/001 to 039, uniqueness/020 to 031: what Twenty stores of each spelling.
TEST_CASE("an address, link or number is found in any spelling, as an additional one too",
          "[filter_days]") {
    const auto may = sample_access();
    const auto ask = [&](const char* filter, const char* object) {
        auto made = twenty::prepare_filter(json::value(filter), sample_object(object), may);
        REQUIRE(made);
        return json::dump(made->value);
    };
    const auto mail = ask(R"({"emails":{"eq":"Zed@ZZ.example"}})", "person");
    CHECK(mail.find(R"("zed@zz.example")") != std::string::npos);
    CHECK(mail.find("additionalEmails") != std::string::npos);
    CHECK(ask(R"({"emails":{"primaryEmail":{"eq":"Zed@ZZ.example"}}})", "person") == mail);
    const auto link = ask("domainName[eq]:acme.example", "company");
    for (const auto* spelled : {R"("https://acme.example")", R"("http://www.acme.example")"})
        CHECK(link.find(spelled) != std::string::npos);
    // Behind a relation every alternative crosses it by itself.
    const auto behind = ask(R"({"company":{"domainName":{"eq":"acme.example"}}})", "person");
    CHECK(behind.find(R"({"or":[{"company":{"domainName")") == 0);
    const auto number = ask(R"({"phones":{"eq":"+49 30 91827364"}})", "person");
    CHECK(number.find(R"("3091827364")") != std::string::npos);
    CHECK(number.find(R"("+49")") != std::string::npos);
}

// twenty-golden-2 choices: ratings compare by the order of their options.
TEST_CASE("a rating compares by its number, and a choice list may be a text", "[filter_days]") {
    CHECK(prepared("performanceRating[gte]:4", {}) ==
          R"({"performanceRating":{"gte":"RATING_4"}})");
    CHECK(prepared("performanceRating[gte]:9", {}).find("isn't a choice") != std::string::npos);
    CHECK(prepared("stage[in]:NEW,MEETING", {}, "opportunity") ==
          R"({"stage":{"in":["NEW","MEETING"]}})");
}

// twenty-golden-2 null/053 to 064: an empty text beside other conditions breaks out of them, and
// one in a list finds nothing.
TEST_CASE("an empty text stands in a list of conditions, and is found in a list of values",
          "[filter_days]") {

    CHECK(prepared(R"({"jobTitle":{"in":["","CEO"]}})", {}) ==
          R"({"or":[{"jobTitle":{"eq":""}},{"jobTitle":{"in":["CEO"]}}]})");
    CHECK(prepared(R"({"jobTitle":{"eq":""},"intro":{"eq":"x"}})", {}) ==
          R"({"and":[{"jobTitle":{"eq":""}},{"intro":{"eq":"x"}}]})");
}

TEST_CASE("a span reaches a hundred thousand units at most, and within years of four digits",
          "[filter_days]") {
    CHECK(twenty::read_days("-100000d", utc()));
    CHECK(twenty::read_days("last 100000 days", utc()));
    for (const auto* beyond :
         {"-100001d", "last 100001 days", "-100000m", "+100000y", "last 0 days", "-99999999999d"})
        CHECK_FALSE(twenty::read_days(beyond, utc()));
}
