// Where an Authorization value is once its head was read.
#include "http/message_parser.hpp"
#include "http/read_buffer.hpp"
#include "http/respond.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/memory_scan.hpp"

#include <optional>

namespace {

using http::parse_state;

void add_byte(http::read_buffer& buffer, char c) {
    const auto room = buffer.room();
    REQUIRE(room.size() > 0);
    *static_cast<char*>(room.data()) = c;
    buffer.filled(1);
}

void add_byte(http::read_buffer& buffer, std::string_view text) {
    for (const char c : text)
        add_byte(buffer, c);
}

void add_byte(http::read_buffer& buffer, const support::hidden_text& token) {
    for (std::size_t i = 0; i < token.size(); ++i)
        add_byte(buffer, token[i]);
}

// Reads a head that carries the token, as a connection does.
void read_head(http::read_buffer& buffer, http::request_parser& parser,
               const support::hidden_text& token) {
    add_byte(buffer, "POST /mcp HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer ");
    add_byte(buffer, token);
    add_byte(buffer, "\r\nContent-Length: 2\r\n\r\n");
    const auto step = parser.put(buffer.unread());
    buffer.use(step.used);
    REQUIRE(step.state == parse_state::head);
}

} // namespace

TEST_CASE("a token is once in memory after its head was read, in its request alone, and nowhere "
          "after it",
          "[secret_head]") {
    // Long and short: the short one would fit into a string without memory of its own.
    for (const auto* text :
         {"twa_5J3kQ9vZxT1bN8mR2cW7yL4dF6hG0sPqUeAiOKjHgFdSaZxCvBnM", "twa_8Zk3q"}) {
        const support::hidden_text token(text);
        REQUIRE(support::count_in_memory(token) == 0);
        {
            http::read_buffer buffer(64, 8192); // grows while the token is in it
            http::request_parser parser(8192);
            std::optional<http::request> r(std::in_place);
            parser.begin(*r);
            read_head(buffer, parser, token);
            CHECK(token.starts_at(http::bearer_of(*r).token.data()));
            CHECK(support::count_in_memory(token) == 1);
            http::request moved = std::move(*r);
            CHECK(http::bearer_of(moved).token.size() == token.size());
            CHECK(support::count_in_memory(token) == 1);
        }
        CHECK(support::count_in_memory(token) == 0);
    }
}

TEST_CASE("the scan of memory finds a token in a plain string", "[secret_head]") {
    const support::hidden_text token("twa_8Zk3qR5tY7uI9oP1aS3dF");
    std::string plain;
    plain.reserve(64);
    for (std::size_t i = 0; i < token.size(); ++i)
        plain += token[i];
    CHECK(support::count_in_memory(token) == 1);
    wipe(plain.data(), plain.size());
    CHECK(support::count_in_memory(token) == 0);
}

TEST_CASE("of two Authorization fields the first is read, and both are counted", "[secret_head]") {
    http::request r;
    http::request_parser parser(8192);
    parser.begin(r);
    const auto step = parser.put("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\n"
                                 "AUTHORIZATION: Bearer two\r\n\r\n");
    CHECK(step.state == parse_state::head);
    CHECK(r.header("authorization") == "Bearer one");
    CHECK(http::count(r, "authorization") == 2);
    for (const auto& [name, value] : r.headers)
        CHECK((name != "authorization" || value.empty()));
}

TEST_CASE("an empty Authorization field counts as the first of two", "[secret_head]") {
    http::request_parser parser(8192);
    http::request r;
    parser.begin(r);
    const auto step = parser.put("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: \r\n"
                                 "Authorization: Bearer two\r\n\r\n");
    CHECK(step.state == parse_state::head);
    CHECK(r.header("authorization").empty());
    CHECK(http::count(r, "authorization") == 2);
}
