#include "actors/upstream.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("what came in Twenty's place is said in few words, and never in none", "[upstream]") {
    const auto answer = [](int status, std::string type) {
        twenty::response r;
        r.status = status;
        r.content_type = std::move(type);
        r.body = "<h1>Bad gateway of 10.0.0.7</h1>";
        return result<twenty::response>(std::move(r));
    };
    CHECK(actors::what_came(answer(502, "text/html; charset=utf-8")) == "HTTP 502, text/html");
    CHECK(actors::what_came(answer(200, "")) == "HTTP 200, without a type");
    CHECK(actors::what_came(answer(200, " ; ")) == "HTTP 200, without a type");
    CHECK(actors::what_came(answer(503, std::string(9000, 'x'))).size() == 10 + 64);
    CHECK(actors::what_came(error(errc::upstream_down, "Twenty cannot be reached.", "crm:443")) ==
          "crm:443");
    CHECK(actors::what_came(error(errc::upstream_timeout, "Twenty is slow.")) ==
          "upstream_timeout");
}
