// `calls --follow`: what is asked, what is printed, and how long is waited.
#include "tests/console/support.hpp"

using testing::answer;
using testing::desk;

namespace {

desk following() {
    desk d("calls");
    d.order.follow = true;
    return d;
}

http::probe_answer calls(const std::vector<int>& ids) {
    json::writer w;
    w.begin_object().key("calls").begin_array();
    for (const int id : ids)
        w.begin_object().member("id", id).member("tool", "t\x1b").end_object();
    w.end_array().end_object();
    return answer(200, w.take());
}

} // namespace

TEST_CASE("following begins behind what is there, and prints each event once", "[follow]") {
    auto d = following();
    d.order.given["tool"] = "t";
    d.order.json = true;
    d.rounds = 2;
    d.answers = {calls({7}), calls({}), calls({8, 9}), calls({10})};
    REQUIRE(*d.run() == console::all_well);
    CHECK(d.line(0) == "GET /admin/calls?tool=t&limit=1");
    CHECK(d.line(1) == "GET /admin/calls?tool=t&limit=100&after=7");
    CHECK(d.line(2) == "GET /admin/calls?tool=t&limit=100&after=7");
    CHECK(d.line(3) == "GET /admin/calls?tool=t&limit=100&after=9");
    CHECK(d.out == "{\"id\":8,\"tool\":\"t\\u001b\"}\n{\"id\":9,\"tool\":\"t\\u001b\"}\n"
                   "{\"id\":10,\"tool\":\"t\\u001b\"}\n");
    CHECK(d.waits == std::vector<std::int64_t>{1000, 1000, 1000});
}

TEST_CASE("following begins where an id or a time says so, or at the first of all", "[follow]") {
    for (const auto& [name, value, first] :
         {std::tuple("after", "5", "GET /admin/calls?limit=100&after=5"),
          std::tuple("since", "2026-11-01T00:00:00Z",
                     "GET /admin/calls?since=2026-11-01T00%3A00%3A00Z&limit=100&after=0")}) {
        auto d = following();
        d.order.given[name] = value;
        d.answers = {calls({})};
        REQUIRE(d.run());
        CHECK(d.line() == first);
    }
    auto d = following();
    d.answers = {calls({}), calls({})};
    REQUIRE(d.run());
    CHECK(d.line(1) == "GET /admin/calls?limit=100&after=0");
}

TEST_CASE("a full page is followed by the next one at once", "[follow]") {
    auto d = following();
    std::vector<int> full;
    for (int id = 1; id <= 100; ++id)
        full.push_back(id);
    d.answers = {calls({}), calls(full), calls({101})};
    REQUIRE(d.run());
    CHECK(d.waits.size() == 1);
    CHECK(d.line(2) == "GET /admin/calls?limit=100&after=100");
}

TEST_CASE("a server that is busy is asked less often, and one that restarts is waited for",
          "[follow]") {
    auto d = following();
    d.rounds = 6;
    d.answers = {calls({3}),
                 answer(429, R"({"error":"rate_limited","message":"Too many."})"),
                 error{errc::upstream_down, "gone"},
                 error{errc::upstream_down, "gone"},
                 answer(503, R"({"error":"unavailable"})"),
                 calls({4}),
                 calls({}),
                 error{errc::upstream_down, "gone"}};
    REQUIRE(*d.run() == console::all_well);
    CHECK(d.waits == std::vector<std::int64_t>{2000, 4000, 5000, 5000, 1000, 1000, 2000});
    CHECK(d.line(5) == "GET /admin/calls?limit=100&after=3");
    CHECK(d.line(6) == "GET /admin/calls?limit=100&after=4");
    CHECK(d.said.find("it answers again") != std::string::npos);
    CHECK(d.said.find("waiting for it") == d.said.find("waiting for it\nit answers"));
}

TEST_CASE("following ends with an error where nobody answers at first, or a refusal is for good",
          "[follow]") {
    auto away = following();
    away.answers = {error{errc::upstream_down, "gone"}};
    CHECK(away.run().failure().code == errc::upstream_down);
    for (const auto& [name, value] :
         {std::pair("after", "5"), std::pair("since", "2026-11-01T00:00:00Z")}) {
        auto d = following();
        d.order.given[name] = value;
        d.answers = {error{errc::upstream_down, "gone"}};
        CHECK(d.run().failure().code == errc::upstream_down);
        CHECK(d.waits.empty());
        d.rounds = 2;
        d.answers = {calls({}), error{errc::upstream_down, "gone"}, calls({})};
        CHECK(*d.run() == console::all_well);
    }
    auto refused = following();
    refused.answers = {calls({3}), answer(401, R"({"error":"unauthorized","message":"No."})")};
    CHECK(refused.run().failure().code == errc::upstream_refused);
    for (const auto* name : {"before", "format", "limit"}) {
        auto d = following();
        d.order.given[name] = "1";
        CHECK(d.run().failure().code == errc::bad_request);
    }
}
