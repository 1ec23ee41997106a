#include "base/text.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("base64url refuses what it would not itself write", "[text]") {
    CHECK(text::base64url_encode("\xfb\xff") == "-_8");
    CHECK(text::base64url_decode("-_8") == "\xfb\xff");
    for (const auto* bad : {"-_8=", "-_9", "+/8", "a", "a b", "-_8\n"}) {
        INFO(bad);
        CHECK_FALSE(text::base64url_decode(bad).has_value());
    }
}

TEST_CASE("a form decodes plus and percent and refuses broken escapes", "[text]") {
    const auto form = text::parse_form("a=1+2&b=%41%26&a=3&empty=&novalue");
    REQUIRE(form.ok());
    CHECK(form->size() == 5);
    CHECK(*text::find(*form, "a") == "1 2");
    CHECK(*text::find(*form, "b") == "A&");
    CHECK(text::find(*form, "missing") == nullptr);
    for (const auto* bad : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "%c3=1"}) {
        INFO(bad);
        CHECK_FALSE(text::parse_form(bad).ok());
    }
}

TEST_CASE("a form of more than 64 fields is refused", "[text]") {
    std::string body;
    for (std::size_t i = 0; i < text::max_form_fields; ++i)
        body += "&a=1";
    CHECK(text::parse_form(body)->size() == text::max_form_fields);
    const auto more = text::parse_form(body + "&a=1");
    REQUIRE_FALSE(more.ok());
    CHECK(more.failure().code == errc::bad_request);
    CHECK(text::parse_form(std::string(10'000, '&'))->empty());
}

TEST_CASE("a bearer token has the characters of token68 and no others", "[text]") {
    CHECK(text::is_token68("aZ09-._~+/="));
    for (const auto* bad : {"", "a b", "a,b", "ä", "a\"b", "a:b"}) {
        INFO(bad);
        CHECK_FALSE(text::is_token68(bad));
    }
}

TEST_CASE("a UUID is 36 characters of hex and dashes, nothing else", "[text]") {
    CHECK(text::is_uuid("20202020-b000-4485-94DE-70c2a98daef2"));
    for (const auto* bad :
         {"", "?x=1", "../companies", "20202020-b000-4485-94de-70c2a98daef",
          "x0202020-b000-4485-94de-70c2a98daef2", "20202020-b000-4485-94de-70c2a98daef2/",
          "20202020b000-4485-94de-70c2a98daef2-"}) {
        INFO(bad);
        CHECK_FALSE(text::is_uuid(bad));
    }
}

TEST_CASE("near names are found, far ones are not offered", "[text]") {
    const std::vector<std::string> names{"jobTitle", "emails", "name", "linkedinLink", "city"};
    CHECK(text::nearest("jobTitel", names).front() == "jobTitle");
    CHECK(text::nearest("email", names).front() == "emails");
    CHECK(text::nearest("zzzzzzzz", names).empty());
}

TEST_CASE("characters that a person cannot see are dropped, emoji survive", "[text]") {
    CHECK(text::without_invisible("a\u202eb\u200bc\x07", false) == "abc");
    CHECK(text::without_invisible("a\nb\tc", true) == "a\nb\tc");
    CHECK(text::without_invisible("\U0001F469\u200D\U0001F4BB", false) ==
          "\U0001F469\u200D\U0001F4BB");
    CHECK(text::without_invisible("a\U000E0041b", false) == "ab");
    // Cut off inside a character: read no further than its end (found by fuzz_filter).
    for (const std::string cut : {"a\xC3", "a\xE2\x80", "a\xF0\x9F\x98", "a\xFF"})
        CHECK(text::without_invisible(cut, false).starts_with("a"));
}

TEST_CASE("cutting never splits a character", "[text]") {
    CHECK(text::cut_utf8("a\u00e9", 2) == "a");
    CHECK(text::cut_utf8("a\u00e9", 3) == "a\u00e9");
}
