#include "stored/calls.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("the text that is signed of a head says the head, and no other text does", "[calls]") {
    const bool anew = GENERATE(false, true);
    stored::call_chain head;
    if (anew) head.anew = stored::call_break{2, 1, oauth::time_point(std::chrono::seconds(77))};
    head.first = 3;
    head.last = 41;
    head.before = std::string(32, 'b');
    head.hash = std::string(32, 'h');
    const auto text = head.signed_text();
    const auto read = stored::read_signed_text(text);
    REQUIRE(read.has_value());
    CHECK(read->first == 3);
    CHECK(read->last == 41);
    CHECK(read->before == head.before);
    CHECK(read->hash == head.hash);
    CHECK(read->anew.has_value() == anew);
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto cut = stored::read_signed_text(text.substr(0, size));
        CHECK((!cut || cut->signed_text() == text.substr(0, size)));
    }
    for (const auto& other : {text + " ", text + " 1", " " + text, "twenty-mcp call" + text,
                              text + " anew 2 1 99999999999999999"})
        CHECK_FALSE(stored::read_signed_text(other).has_value());
}
