#include "actors/open_questions.hpp"
#include "tests/support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

using actors::open_questions;

namespace {

constexpr const char* newest = "2025-11-25";

mcp::input_request sure_question(const std::string& key) {
    mcp::input_request out;
    out.key = key;
    out.method = "elicitation/create";
    out.params = *json::parse(R"({"mode":"form","message":"Sure?"})");
    return out;
}

json::value yes() { return *json::parse(R"({"action":"accept"})"); }

// The member of a JSON-RPC message, as raw JSON.
std::string raw(const std::string& text, const std::vector<std::string_view>& path) {
    const auto message = json::parse(text);
    REQUIRE(message.ok());
    const json::value* at = &*message;
    for (const auto key : path) {
        at = at->find(key);
        REQUIRE(at);
    }
    return json::dump(*at);
}

std::string id_of(const std::string& request) { return raw(request, {"id"}); }

} // namespace

TEST_CASE("a question becomes a JSON-RPC request with an id that comes but once",
          "[open_questions]") {
    open_questions open;
    const auto a = open.ask(1, 1, {sure_question("a"), sure_question("b")}, newest);
    const auto b = open.ask(2, 1, {sure_question("a")}, newest);
    REQUIRE(a.size() == 2);
    REQUIRE(b.size() == 1);
    CHECK(id_of(a[0]) != id_of(a[1]));
    CHECK(id_of(a[0]) != id_of(b[0]));
    CHECK(raw(a[0], {"jsonrpc"}) == R"("2.0")");
    CHECK(raw(a[0], {"method"}) == R"("elicitation/create")");
    CHECK(raw(a[0], {"params", "mode"}) == R"("form")");
}

TEST_CASE("a client of a version before modes gets a question without one", "[open_questions]") {
    open_questions open;
    const auto sent = open.ask(1, 1, {sure_question("a")}, "2025-06-18");
    CHECK(raw(sent.front(), {"params"}) == R"({"message":"Sure?"})");
}

TEST_CASE("a round is over with its last answer, in whichever order they come",
          "[open_questions]") {
    open_questions open;
    const auto sent = open.ask(7, 3, {sure_question("a"), sure_question("b")}, newest);
    CHECK(open.is_open(7));
    CHECK(open.is_open(7, 3));
    CHECK_FALSE(open.take(id_of(sent[1]), yes()));
    const auto over = open.take(id_of(sent[0]), yes());
    REQUIRE(over);
    CHECK(over->call == 7);
    REQUIRE(over->answers.ok());
    CHECK(over->answers->find("a"));
    CHECK(over->answers->find("b"));
    CHECK(open.end_round(7).empty()); // nothing is left to be taken back
    CHECK_FALSE(open.is_open(7));
}

TEST_CASE("a question that fails ends its round, and the others are taken back",
          "[open_questions]") {
    open_questions open;
    const auto sent = open.ask(7, 1, {sure_question("a"), sure_question("b")}, newest);
    const auto over = open.take(id_of(sent[0]), json::value()); // a JSON-RPC error
    REQUIRE(over);
    CHECK(over->answers.failure().code == errc::unsupported);
    const auto back = open.end_round(7);
    REQUIRE(back.size() == 1);
    CHECK(raw(back[0], {"method"}) == R"("notifications/cancelled")");
    CHECK(raw(back[0], {"params", "requestId"}) == id_of(sent[1]));
    CHECK_FALSE(open.take(id_of(sent[1]), yes())); // nobody waits for it any more
}

TEST_CASE("an answer counts once, and one to an unknown id counts nothing", "[open_questions]") {
    open_questions open;
    const auto sent = open.ask(7, 1, {sure_question("a"), sure_question("b")}, newest);
    CHECK_FALSE(open.take(R"("made up")", yes()));
    CHECK_FALSE(open.take(id_of(sent[0]), yes()));
    CHECK_FALSE(open.take(id_of(sent[0]), yes())); // again: "b" is still open
    CHECK(open.is_open(7));
}

TEST_CASE("rounds of different calls do not touch each other", "[open_questions]") {
    open_questions open;
    const auto a = open.ask(1, 1, {sure_question("a")}, newest);
    const auto b = open.ask(2, 1, {sure_question("a")}, newest);
    CHECK(open.end_round(1).size() == 1);
    CHECK(open.end_round(1).empty());
    CHECK(open.is_open(2));
    CHECK(open.take(id_of(b[0]), yes())->call == 2);
}

TEST_CASE("a timer of an earlier round finds that its round is over", "[open_questions]") {
    open_questions open;
    open.ask(1, 4, {sure_question("a")}, newest);
    open.end_round(1);
    CHECK_FALSE(open.is_open(1, 4));
    open.ask(1, 6, {sure_question("b")}, newest);
    CHECK_FALSE(open.is_open(1, 4));
    CHECK(open.is_open(1, 6));
}

TEST_CASE("a second round of a call begins without the answers of the first", "[open_questions]") {
    open_questions open;
    const auto first = open.ask(1, 1, {sure_question("a")}, newest);
    CHECK(open.take(id_of(first[0]), yes()));
    open.end_round(1);
    const auto second = open.ask(1, 2, {sure_question("b")}, newest);
    const auto over = open.take(id_of(second[0]), yes());
    REQUIRE(over);
    CHECK_FALSE(over->answers->find("a"));
    CHECK(over->answers->find("b"));
}
