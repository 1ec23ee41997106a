// Texts that try to be more than their own line of an answer's head, and what shows that they fail.
#pragma once

#include "http/response_head.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace strange_text {

// Texts that are full of what splits a line.
class author {
  public:
    std::string text() {
        static constexpr std::string_view bad(
            "\r\n\0\x7F\x0B\x85\xE2\x80\xA8: ,;\"%0d%0aSet-Cookie", 30);
        std::string out;
        for (auto n = below(24); n > 0; --n)
            out += below(2) == 0 ? bad[below(bad.size())] : static_cast<char>(below(256));
        return out;
    }

  private:
    std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    std::mt19937_64 random_{116};
};

// As it goes over the wire. Written or refused, it is one head with one line for each field.
inline bool check_wire(const http::response& answer) {
    std::string head;
    if (!http::write_response_head(head, answer, {"id", "Thu, 01 Jan 1970 00:00:00 GMT", true, 11}))
        return false;
    REQUIRE(head.ends_with("\r\n\r\n"));
    CHECK(head.find("\r\n\r\n") == head.size() - 4);
    const auto lines = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
    const auto returns = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\r'));
    CHECK(lines == returns);
    CHECK(lines <= answer.headers.size() + 6); // status, nosniff, id, date, length, end
    CHECK(head.find('\0') == std::string::npos);
    CHECK(head.find("\r\nSet-Cookie: split") == std::string::npos);
    return true;
}

} // namespace strange_text
