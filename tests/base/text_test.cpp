#include "base/text.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hidden_text.hpp"

#include <cstdint>
#include <utf8proc.h>

TEST_CASE("base64url refuses what it would not itself write", "[text]") {
    CHECK(text::base64url_encode("\xfb\xff") == "-_8");
    CHECK(text::base64url_decode("-_8") == "\xfb\xff");
    for (const std::string good : {"", "-_8", "AA", "QUI", "QUJD", "QUJDRA"}) {
        INFO(good);
        CHECK(text::is_base64url(good));
        CHECK(text::base64url_decode(good).has_value());
    }
    for (const auto* bad : {"-_8=", "-_9", "+/8", "a", "a b", "-_8\n"}) {
        INFO(bad);
        CHECK_FALSE(text::base64url_decode(bad).has_value());
        CHECK_FALSE(text::is_base64url(bad));
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

TEST_CASE("one slip is a letter too many, too few or another, or two that changed places",
          "[text]") {
    for (const auto* slip : {"stge", "stagee", "stahe", "satge", "tage", "xstage", "stag", "stagx"})
        CHECK(text::one_slip(slip, "stage"));
    for (const auto* far : {"stagexx", "sta", "gtase", "satgex", "egats", "Satge"})
        CHECK_FALSE(text::one_slip(far, "stage"));
    CHECK_FALSE(text::one_slip("nam", "name")); // too short to tell
    CHECK(text::one_slip("name", "names"));
}

TEST_CASE("characters that a person cannot see are dropped, emoji survive", "[text]") {
    CHECK(text::without_invisible("a\u202eb\u200bc\x07", false) == "abc");
    CHECK(text::without_invisible("a\nb\tc", true) == "a\nb\tc");
    CHECK(text::without_invisible("\U0001F469\u200D\U0001F4BB", false) ==
          "\U0001F469\u200D\U0001F4BB");
    CHECK(text::without_invisible("a\U000E0041b", false) == "ab");
    // Cut off inside a character: read no further than its end (found by fuzz_filter).
    for (const std::string cut : {"a\xC3", "a\xE2\x80", "a\xF0\x9F\x98", "a\xFF"})
        CHECK(text::without_invisible(cut, false) == cut);
    // Nothing hides behind a byte that begins no character.
    CHECK(text::without_invisible("a\xC3\x07"
                                  "b",
                                  false) == "a\xC3"
                                            "b");
}

namespace {

std::string seen(const std::string& text) { return text::without_invisible(text, false); }

} // namespace

TEST_CASE("no character that Unicode ignores by default, or that is blank, is left in a text",
          "[text]") {
    const auto is_dropped = [](char32_t c) {
        if (seen("a" + support::hidden::utf8(c) + "b") != "ab")
            FAIL_CHECK("U+" << std::hex << static_cast<std::uint32_t>(c));
    };
    for (const auto& [first, last] : support::hidden::ranges)
        for (char32_t c = first; c <= last; ++c)
            is_dropped(c);
    // And whatever the installed Unicode data adds.
    for (char32_t c = 0; c <= 0x10FFFF; ++c)
        if (utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->ignorable) is_dropped(c);
    // What people write stays.
    for (const auto* plain :
         {"Ærøskøbing", "Zoë", "中文", "עברית", "ทดสอบ", "a b", "½ €", "\u00a0", "\u3000"})
        CHECK(seen(plain) == plain);
}

TEST_CASE("joiners and selectors stay inside of an emoji, one in each place", "[text]") {
    for (const std::string emoji : {
             "\U0001F469\u200D\U0001F4BB",                 // a person at a computer
             "\U0001F469\U0001F3FD\u200D\U0001F4BB",       // with a skin tone
             "\u2764\uFE0F",                               // a heart, as an emoji
             "\u2764\uFE0E",                               // and as a text
             "\u2764\uFE0F\u200D\U0001F525",               // on fire
             "\U0001F441\uFE0F\u200D\U0001F5E8\uFE0F",     // an eye in a bubble
             "\U0001F3F3\uFE0F\u200D\u26A7\uFE0F",         // a flag
             "1\uFE0F\u20E3", "#\uFE0F\u20E3",             // keys
             "\U0001F468\u200D\U0001F469\u200D\U0001F466", // a family
             "\U0001F1F3\U0001F1F4",                       // Norway
         }) {
        INFO(emoji);
        CHECK(seen(emoji) == emoji);
        CHECK(seen("a" + emoji + "b") == "a" + emoji + "b");
    }
    const std::string heart = "\u2764";
    const std::string tool = "\U0001F4BB";
    struct row {
        std::string written;
        std::string left;
    };
    for (const auto& r : {
             row{heart + "\uFE0F\uFE0F\uFE0E", heart + "\uFE0F"},
             row{heart + "\u200D\u200D" + tool, heart + "\u200D" + tool},
             row{heart + "\u200D\uFE0F" + tool, heart + "\uFE0F" + tool},
             row{heart + "\u200D", heart},
             row{heart + "\u200Dx", heart + "x"},
             row{"x\u200D" + heart, "x" + heart},
             row{"x\uFE0F\u200D\uFE0E", "x"},
             row{"1\uFE0F", "1"},
             row{"1\uFE0Fx", "1x"},
             row{heart + "\uFE01", heart},
         }) {
        INFO(r.written);
        CHECK(seen(r.written) == r.left);
    }
    // A sentence in joiners and selectors, bit by bit.
    std::string secret;
    for (int i = 0; i < 248; ++i)
        secret += i % 3 == 0 ? "\u200D" : "\uFE0F";
    CHECK(seen("Buyer" + secret) == "Buyer");
}

TEST_CASE("a name in a message is cut, and a long one is not read to its end", "[text]") {
    CHECK(text::visible_start("name", 80) == "name");
    CHECK(text::visible_start("na\u200Bme", 3) == "nam");
    CHECK(text::visible_start("\u00e6\u00e6", 3) == "\u00e6");
    CHECK(text::visible_start(std::string(1'000'000, 'x'), 80) == std::string(80, 'x'));
}

TEST_CASE("cutting never splits a character", "[text]") {
    CHECK(text::cut_utf8("a\u00e9", 2) == "a");
    CHECK(text::cut_utf8("a\u00e9", 3) == "a\u00e9");
}
