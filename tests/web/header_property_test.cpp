// Row 116: no value of a stranger ever becomes more than its own line of an answer's head.
#include "tests/http/strange_text.hpp"
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;
using namespace strange_text;

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
