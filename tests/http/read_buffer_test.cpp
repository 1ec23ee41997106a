#include "http/read_buffer.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

namespace {

void add(http::read_buffer& buffer, std::string_view text) {
    const auto room = buffer.room();
    REQUIRE(room.size() >= text.size());
    std::copy(text.begin(), text.end(), static_cast<char*>(room.data()));
    buffer.filled(text.size());
}

bool wiped(const char* from, std::size_t n) {
    return std::all_of(from, from + n, [](char c) { return c == '\0'; });
}

} // namespace

TEST_CASE("what was used of a read buffer is wiped at once, and what follows "
          "is kept",
          "[read_buffer]") {
    http::read_buffer buffer(16, 16);
    add(buffer, "key-of-ada later");
    const char* const block = buffer.unread().data();
    buffer.use(10);
    CHECK(wiped(block, 10));
    CHECK(buffer.unread() == " later");

    // Moved to the front to make room: nothing of it stays where it was.
    CHECK(buffer.room().size() == 10);
    CHECK(buffer.unread() == " later");
    CHECK(buffer.unread().data() == block);
    CHECK(wiped(block + 6, 10));
}

TEST_CASE("a read buffer grows up to its limit and keeps every byte in order", "[read_buffer]") {
    http::read_buffer buffer(4, 10);
    add(buffer, "abcd");
    add(buffer, "efgh");
    add(buffer, "ij");
    CHECK(buffer.unread() == "abcdefghij");
    CHECK(buffer.room().size() == 0);
    buffer.use(10);
    CHECK(buffer.unread().empty());
    CHECK(buffer.room().size() == 10);
}
