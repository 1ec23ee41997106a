#include "base/letter_case.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("letters of every script are the same in upper and lower case", "[letter_case]") {
    CHECK(text::same_letters("ÄRZTE ÖL", "ärzte öl"));
    CHECK(text::same_letters("Ångström", "ÅNGSTRÖM"));
    CHECK(text::same_letters("МОСКВА", "Москва"));
    CHECK(text::same_letters("ΑΘΗΝΑ", "αθηνα"));
    CHECK(text::same_letters("Acme 1%_", "ACME 1%_"));
    CHECK(text::same_letters("", ""));
    for (const auto* other : {"arzte öl", "ärzte ol", "ärzte öl ", ""})
        CHECK_FALSE(text::same_letters("ÄRZTE ÖL", other));
}

TEST_CASE("bytes that are no UTF-8 stay as they are", "[letter_case]") {
    const std::string broken = "A\xff\xc3";
    CHECK(text::lower_letters(broken) == "a\xff\xc3");
    CHECK(text::lower_letters(std::string("A\0B", 3)) == std::string("a\0b", 3));
}
