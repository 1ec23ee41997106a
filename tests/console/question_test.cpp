#include "console/question.hpp"

#include "tests/console/support.hpp"

using console::arguments;
using testing::command_named;

namespace {

result<http::probe_request> asked(std::string_view words, const arguments& given) {
    const auto& all = web::admin_operations();
    const auto op = console::chosen_operation(command_named(words), all, given);
    if (!op) return op.failure();
    return console::request_of(**op, given);
}

std::string line(std::string_view words, const arguments& given) {
    const auto r = asked(words, given);
    return r ? r->method + " " + r->target + " " + r->body : "error: " + r.failure().message;
}

const std::string an_id = "20202020-1c25-4d02-bf25-6aeccf7ea419";

} // namespace

TEST_CASE("arguments go where the operation's row has them, escaped", "[question]") {
    CHECK(line("connections", {}) == "GET /admin/connections ");
    CHECK(line("connections", {{"client", "a&b c"}, {"limit", "5"}}) ==
          "GET /admin/connections?client=a%26b%20c&limit=5 ");
    CHECK(line("connection", {{"id", an_id}}) == "GET /admin/connections/" + an_id + " ");
    CHECK(line("skills rollback", {{"name", "a/b"}, {"version", "7"}}) ==
          "POST /admin/skills/a%2Fb/rollback {\"version\":7}");
    CHECK(line("schemas refresh", {}) == "POST /admin/schema/refresh ");
    const auto r = asked("schemas refresh", {{"workspace", an_id}});
    REQUIRE(r);
    CHECK(r->headers.front() ==
          std::pair<std::string, std::string>("Content-Type", "application/json"));
}

TEST_CASE("of two operations the one is asked that knows what is given", "[question]") {
    CHECK(line("log-level", {}) == "GET /admin/log-level ");
    CHECK(line("log-level", {{"level", "debug"}}) == "PUT /admin/log-level {\"level\":\"debug\"}");
    CHECK(line("end", {{"id", an_id}}) == "DELETE /admin/connections/" + an_id + " ");
    CHECK(line("end", {{"key", "0123"}}) == "POST /admin/connections/revoke {\"key\":\"0123\"}");
    CHECK(line("end", {{"all", "true"}}) == "POST /admin/connections/revoke {\"all\":true}");
    CHECK(line("end", {{"id", an_id}, {"key", "0123"}}) ==
          "error: ID does not go together with --key");
}

TEST_CASE("wrong arguments are refused in the server's words, before it is asked", "[question]") {
    CHECK(line("connection", {{"id", "7"}}) == "error: id must be a UUID.");
    CHECK(line("end", {}) == "error: ID is missing");
    CHECK(line("calls", {{"limit", "5000"}}) ==
          "error: limit must be a whole number from 1 to 1000.");
    CHECK(line("audit", {{"since", "yesterday"}}) ==
          "error: since must be a time such as 2026-11-22T12:05:17Z.");
    CHECK(line("primer rollback", {{"version", "7x"}}).starts_with("error: version must be"));
    CHECK(asked("connection", {{"id", "7"}}).failure().code == errc::bad_request);
}
