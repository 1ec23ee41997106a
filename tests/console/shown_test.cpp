#include "console/shown.hpp"

#include "tests/support/catch.hpp"

using console::shown;

TEST_CASE("what is seen is shown as it came, and what is not is shown as its number", "[shown]") {
    CHECK(shown("Claude Ümläut 名 👩‍💻") == "Claude Ümläut 名 👩‍💻");
    CHECK(shown("\x1b[31mred\x1b]0;title\x07") == "\\u001b[31mred\\u001b]0;title\\u0007");
    CHECK(shown("a\xC2\x9B"
                "31m") == "a\\u009b31m"); // CSI as one character
    CHECK(shown("\xE2\x80\xAE"
                "evil") == "\\u202eevil");
    CHECK(shown("a\xF3\xA0\x81\x81") == "a\\udb40\\udc41"); // a tag, beyond four digits
    CHECK(shown("a\xFF"
                "b") == "a\\xffb");
    CHECK(shown("\x7F") == "\\u007f");
}

TEST_CASE("lines are kept where they are asked for, and no carriage return goes back", "[shown]") {
    CHECK(shown("a\nb\tc") == "a\\u000ab\\u0009c");
    CHECK(shown("a\nb\tc\r\n", true) == "a\nb\tc\r\n");
    CHECK(shown("good\rbad\n", true) == "good\\u000dbad\n");
}
