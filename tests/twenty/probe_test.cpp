#include "twenty/probe.hpp"

#include "tests/twenty/support.hpp"

namespace {

twenty::response answer(int status, std::string body, std::string type = "application/json") {
    twenty::response r;
    r.status = status;
    r.content_type = std::move(type);
    r.body = std::move(body);
    return r;
}

} // namespace

// [twenty-golden graphql/nokey-typename]
TEST_CASE("Twenty answers the probe without a key, and so it is Twenty", "[probe]") {
    const auto asked = twenty::probe_request();
    CHECK(asked.target == "/graphql");
    CHECK_FALSE(asked.is_write);
    CHECK(twenty::read_probe(answer(200, R"({"data":{"__typename":"Query"}})")).ok());
    CHECK(twenty::read_probe(answer(200, R"({"errors":[{"message":"Forbidden resource",)"
                                         R"("extensions":{"code":"FORBIDDEN"}}]})"))
              .ok());
}

TEST_CASE("a page, an empty answer and a gateway's error are no Twenty", "[probe]") {
    for (const auto& other : {answer(200, "<html>Log in</html>", "text/html"), answer(200, "{}"),
                              answer(200, ""), answer(404, R"({"error":"not found"})"),
                              answer(502, "Bad Gateway", "text/plain"), answer(302, "")}) {
        INFO(other.status << other.body);
        const auto read = twenty::read_probe(other);
        REQUIRE_FALSE(read.ok());
        CHECK(read.failure().code == errc::upstream_down);
    }
}
