// Row 116: no value of a stranger ever becomes more than its own line of an answer's head.
#include "http/header_values.hpp"
#include "http/response_head.hpp"
#include "tests/http/endpoint_fixture.hpp"

#include <algorithm>
#include <random>

using namespace endpoint_test;

namespace {

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
bool check_wire(const http::response& answer) {
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

} // namespace

TEST_CASE("whatever a field's name and value are, it stays one line or is not sent",
          "[header_property][plan-116]") {
    author strange;
    for (int i = 0; i < 20'000; ++i) {
        http::response answer(200, "text/plain", "x");
        answer.set(i % 3 == 0 ? strange.text() : "X-Name", strange.text());
        check_wire(answer);
    }
}

TEST_CASE("whatever a request carries, its answer's head has the lines that we wrote",
          "[header_property][plan-116]") {
    endpoints e;
    author strange;
    const auto client = register_client(e);
    for (int i = 0; i < 400; ++i) {
        e.peer = "198.51.100." + std::to_string(i % 250);
        e.time += 60; // no limit is meant here
        const auto value = strange.text() + "\r\nSet-Cookie: split=1";
        // Answers that repeat what came: Location, Access-Control-Allow-Origin, challenges.
        CHECK(check_wire(e.send(make(
            "GET", authorize_target(client, callback, {{"state", value}, {"scope", value}})))));
        CHECK(check_wire(e.send(make(
            "GET",
            authorize_target(client, callback,
                             {{"state", "s"}, {"prompt", value}, {"response_type", value}})))));
        CHECK(check_wire(
            e.send(make("GET", authorize_target(client, std::string(callback) + value)))));
        CHECK(check_wire(
            e.send(make("POST", "/mcp", {{"origin", value}, {"authorization", value}}))));
        CHECK(check_wire(e.send(make("POST", "/mcp", {{"origin", "http://localhost:1" + value}}))));
        CHECK(check_wire(e.send(make(
            "OPTIONS", "/mcp", {{"origin", value}, {"access-control-request-headers", value}}))));
        CHECK(check_wire(e.send(make("POST", "/token",
                                     {{"authorization", "Basic " + value},
                                      {"content-type", "application/x-www-form-urlencoded"}},
                                     encode({{"grant_type", value}, {"client_id", value}})))));
    }
}

TEST_CASE("an approval's way back to the client stays one line whatever its state",
          "[header_property][plan-116]") {
    endpoints e;
    author strange;
    const auto client = register_client(e);
    int arrived = 0;
    for (int i = 0; i < 60; ++i) {
        e.peer = "198.51.100." + std::to_string(i);
        e.time += 60;
        // Only what the request's own check lets through comes so far.
        std::string state;
        for (const char c : strange.text())
            if (c >= 0x20 && c < 0x7F) state += c;
        const auto page =
            open_consent(e, authorize_target(client, callback, {{"state", state + "x"}}));
        const auto answer = e.send(consent_post(e, page, approval()));
        CHECK(check_wire(answer));
        arrived += header(answer, "Location").find("code=") != std::string::npos;
    }
    CHECK(arrived == 60);
}
