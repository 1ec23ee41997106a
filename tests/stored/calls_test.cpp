#include "stored/calls.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("the text that is signed of a head says the head, and no other text does", "[calls]") {
    stored::call_chain head;
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
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto cut = stored::read_signed_text(text.substr(0, size));
        CHECK((!cut || cut->signed_text() == text.substr(0, size)));
    }
    for (const auto& other : {text + " ", text + " 1", " " + text, "twenty-mcp call" + text})
        CHECK_FALSE(stored::read_signed_text(other).has_value());
}
