// /approve/ID: what a person is asked, and who may answer.
#include "tests/web/endpoint_fixture.hpp"
#include "web/approve_endpoint.hpp"

using namespace endpoint_test;

namespace {

const std::string value = text::base64url_encode(std::string(32, 'c'));
const std::string cookie = "__Host-tmcp_b=" + value;
const std::string other_cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'o'));
const std::string mine = api_key();

struct approving : endpoints {
    approving() {
        actors.approval_id = "question-1";
        actors.approval_browser = web::browser_proof(s.keys, value);
        actors.approval_key = mine;
        actors.approval.client = "Claude <b>";
        actors.approval.label = "Work laptop";
        actors.approval.title = "Delete 3 companies";
        actors.approval.lines = {"“Acme <i>”", "and 2 more"};
        actors.approval.left = std::chrono::seconds(541);
    }
    http::response look(const std::string& id, const std::string& browser = cookie) {
        return send(make("GET", "/approve/" + id, {{"cookie", browser}}));
    }
    http::request form(const form_fields& fields, const std::string& browser = cookie,
                       const std::string& id = "question-1") {
        return make("POST", "/approve/" + id,
                    {{"content-type", "application/x-www-form-urlencoded"},
                     {"origin", origin},
                     {"sec-fetch-site", "same-origin"},
                     {"cookie", browser}},
                    encode(fields));
    }
    http::response post(const form_fields& fields, const std::string& browser = cookie) {
        return send(form(fields, browser));
    }
    static std::string ticket_in(const http::response& page) {
        const std::string mark = "name=\"ticket\" value=\"";
        const auto at = page.body.find(mark);
        REQUIRE(at != std::string::npos);
        const auto from = at + mark.size();
        return page.body.substr(from, page.body.find('"', from) - from);
    }
    [[nodiscard]] bool is_open() const {
        return actors.approval.now == actors::approval_state::open;
    }
};

} // namespace

TEST_CASE("the browser that consented sees the question, and answers it with yes or no",
          "[approve]") {
    for (const bool yes : {true, false}) {
        approving e;
        const auto page = e.look("question-1");
        CHECK(page.status == 200);
        for (const auto* shown : {"Delete 3 companies?", "Claude &lt;b&gt; (Work laptop)",
                                  "“Acme &lt;i&gt;”", "and 2 more", "10 more minutes"})
            CHECK(contains(page.body, shown));
        CHECK(header(page, "Cache-Control") == "no-store");
        CHECK(header(page, "X-Frame-Options") == "DENY");
        CHECK(e.is_open());
        const auto answered =
            e.post({{"ticket", approving::ticket_in(page)}, {"answer", yes ? "yes" : "no"}});
        CHECK(answered.status == 200);
        CHECK(contains(answered.body, yes ? "Approved" : "Refused"));
        CHECK(e.actors.approval.now ==
              (yes ? actors::approval_state::approved : actors::approval_state::declined));
    }
}

TEST_CASE("who proves nothing sees nothing, not even whether there is a question", "[approve]") {
    approving e;
    const auto theirs = e.look("question-1", other_cookie);
    const auto unknown = e.look("question-2", other_cookie);
    CHECK(theirs.status == 200);
    CHECK(theirs.body == unknown.body);
    CHECK_FALSE(contains(theirs.body, "Acme"));
    CHECK(contains(theirs.body, "type=\"password\""));
    const auto wrong = e.post({{"api_key", api_key(1'830'000'000)}}, other_cookie);
    const auto nothing = e.send(e.form({{"api_key", mine}}, other_cookie, "question-2"));
    CHECK(wrong.status == 422);
    CHECK(wrong.body == nothing.body);
    CHECK(e.look("", cookie).status == 200);
    CHECK(e.look(std::string(500, 'x'), cookie).status == 200);
    CHECK(e.is_open());
}

TEST_CASE("the API key shows the question in any browser, and its ticket answers there alone",
          "[approve]") {
    approving e;
    const auto page = e.post({{"api_key", mine}}, other_cookie);
    CHECK(contains(page.body, "Delete 3 companies?"));
    CHECK_FALSE(contains(page.body, mine));
    const auto ticket = approving::ticket_in(page);
    const auto third = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 't'));
    CHECK(e.post({{"ticket", ticket}, {"answer", "yes"}}, third).status == 422);
    CHECK(e.is_open());
    CHECK(e.post({{"ticket", ticket}, {"answer", "yes"}}, other_cookie).status == 200);
    CHECK_FALSE(e.is_open());
}

TEST_CASE("nothing is answered but by a form of this page, in this browser, in time", "[approve]") {
    approving e;
    const auto ticket = approving::ticket_in(e.look("question-1"));
    CHECK(e.post({{"answer", "yes"}}).status == 422);
    CHECK(e.post({{"api_key", mine}, {"answer", "yes"}}).status == 422);
    CHECK(e.post({{"ticket", ticket}, {"answer", "maybe"}}).status == 200); // shown again
    CHECK(e.post({{"ticket", ticket}, {"answer", "yes"}}, other_cookie).status == 422);
    CHECK(e.post({{"ticket", ticket}, {"answer", "yes"}}, "").status == 400);
    CHECK(e.post({{"ticket", ticket}, {"ticket", ticket}, {"answer", "yes"}}).status == 400);
    CHECK(e.send(e.form({{"ticket", ticket}, {"answer", "yes"}}, cookie, "question-2")).status ==
          422);
    auto foreign = e.form({{"ticket", ticket}, {"answer", "yes"}});
    foreign.headers[1].second = "https://evil.example.net";
    CHECK(e.send(std::move(foreign)).status == 403);
    auto cross = e.form({{"ticket", ticket}, {"answer", "yes"}});
    cross.headers[2].second = "cross-site";
    CHECK(e.send(std::move(cross)).status == 403);
    CHECK(e.send(make("HEAD", "/approve/question-1", {{"cookie", cookie}})).status == 200);
    CHECK(
        e.send(make("GET", "/approve/question-1?answer=yes&ticket=" + ticket, {{"cookie", cookie}}))
            .status == 200);
    CHECK(e.send(make("PUT", "/approve/question-1", {{"cookie", cookie}})).status == 405);
    CHECK(e.is_open());
    e.time += 601;
    CHECK(e.post({{"ticket", ticket}, {"answer", "yes"}}).status == 422);
    CHECK(e.is_open());
}

TEST_CASE("consent gives the browser a cookie that lasts, and the connection remembers it",
          "[approve]") {
    CHECK(web::browser_proof(endpoints().s.keys, "").empty());
    endpoints e;
    CHECK(web::browser_proof(e.s.keys, "a") != web::browser_proof(e.s.keys, "b"));
    CHECK(web::browser_proof(e.s.keys, "a").find('a') != 0);
}
