#include "twenty/words.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a word for an object is known in any number and case, and a part of one is not",
          "[words]") {
    using twenty::object_meant;
    for (const auto* mail : {"mail", "mails", "email", "E-Mails", " emails "})
        CHECK(object_meant(mail) == "message");
    for (const auto* meeting : {"meeting", "Meetings", "events", "appointment", "calendar"})
        CHECK(object_meant(meeting) == "calendarEvent");
    for (const auto* company : {"companies of ours", "acc", "count", ",", "", "contact,individual"})
        CHECK(object_meant(company).empty());
    CHECK(object_meant("businesses") == "company");
    CHECK(object_meant("activities") == "timelineActivity");
}
