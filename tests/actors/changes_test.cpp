// What calls tell the journal of changes, and what becomes of it when they do not come to their
// end.
#include "base/text.hpp"
#include "metrics/metrics.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

using metrics::id;

// "ID CALL TOOL STATE BEFORE AFTER", the newest first.
std::vector<std::vector<std::string>> journal(world& w, const secret& token) {
    const auto body = json::parse(w.reply(token, tool_call(9, "read_changes")).body).value();
    const auto* result = body.find("result");
    REQUIRE(result);
    std::vector<std::vector<std::string>> out;
    const auto* structured = result->find("structuredContent");
    REQUIRE(structured);
    for (const auto& row : text::split(structured->text("text"), ';')) {
        if (row.empty()) continue;
        auto& words = out.emplace_back();
        for (const auto& word : text::split(row, ' '))
            words.emplace_back(word);
        REQUIRE(words.size() == 6);
    }
    return out;
}

// What tool_call(1, ...) came to.
std::string text_of(const box<actors::mcp_reply>& reply) {
    REQUIRE(status_of(reply) == 200);
    const auto body = json::parse((*reply)->value().body).value();
    const auto* result = body.find("result");
    REQUIRE(result);
    const auto* structured = result->find("structuredContent");
    REQUIRE(structured);
    return std::string(structured->text("text"));
}

} // namespace

TEST_CASE("a change is listed as begun while its request is under way, then as it ended",
          "[changes]") {
    world w;
    const auto token = w.login().access_token;
    const auto call = w.post(token, tool_call(1, "change"));
    REQUIRE(w.twenty.open() == 1);
    auto rows = journal(w, token);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0][2] == "change");
    CHECK(rows[0][3] == "begun");
    CHECK(rows[0][4] == "before");
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    const auto change = text_of(call);
    rows = journal(w, token);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0][0] == change);
    REQUIRE(change.size() == 12);
    CHECK(change.ends_with(".1"));
    CHECK(change.substr(0, 10).find_first_not_of("bcdfghjklmnpqrstvwxyz234567") ==
          std::string::npos);
    CHECK(rows[0][3] == "done");
    CHECK(rows[0][5] == "again");
}

TEST_CASE("changes of one call share its id, and those of another call have another", "[changes]") {
    world w;
    const auto token = w.login().access_token;
    w.post(token, tool_call(1, "open_changes"));
    w.post(token, tool_call(2, "change"));
    const auto rows = journal(w, token);
    REQUIRE(rows.size() == 3);
    CHECK(rows[1][1] == rows[2][1]);
    CHECK(rows[0][1] != rows[1][1]);
    CHECK(rows[1][0] != rows[2][0]);
}

TEST_CASE("a call that says no end of its changes leaves them unknown", "[changes]") {
    dialog d;
    d.call(1, "open_changes");
    CHECK(journal(d, d.token)[0][3] == "begun");
    SECTION("where it ends without a word") { d.twenty.answer(0, json_response("{}")); }
    SECTION("where its client takes it back") { d.say(cancel(1)); }
    SECTION("where its session ends") {
        const auto ended = d.get(actors::end_session(d.token, d.id));
        REQUIRE(ended.ok());
    }
    d.executor.run();
    for (const auto& row : journal(d, d.token)) {
        CHECK(row[3] == "unknown");
        CHECK(row[4] == "before");
    }
}

TEST_CASE("a call that is taken back before the journal has answered leaves its change unknown",
          "[changes]") {
    dialog d;
    d.say(ping);
    auto& parts = *d.system->parts();
    const auto call = ask_from(parts.actors, parts.supervisor.untyped(),
                               d.world::call(d.token, tool_call(1, "change"), d.id));
    const auto back =
        ask_from(parts.actors, parts.supervisor.untyped(), d.world::call(d.token, cancel(1), d.id));
    d.executor.run();
    CHECK(d.twenty.all.empty());
    const auto rows = journal(d, d.token);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0][3] == "unknown");
}

TEST_CASE("a grant sees the changes of all of its sessions and of no other grant", "[changes]") {
    dialog d;
    d.call(1, "change");
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(journal(d, d.token).size() == 1);
    CHECK(journal(d, d.login().access_token).empty());
}

TEST_CASE("where the journal is switched off a change has no id and is sent all the same",
          "[changes]") {
    world w({}, ":memory:", {0h, 1});
    const auto token = w.login().access_token;
    const auto call = w.post(token, tool_call(1, "change"));
    REQUIRE(w.twenty.open() == 1);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(text_of(call) == "no journal");
    CHECK(text_of(w.post(token, tool_call(1, "read_changes"))) == "unsupported");
}

TEST_CASE("where the journal cannot be written nothing is sent", "[changes]") {
    stored::change_bounds none;
    none.bytes = 16; // a sixteenth of which holds no change
    world w({}, ":memory:", none);
    const auto token = w.login().access_token;
    CHECK(text_of(w.post(token, tool_call(1, "change"))) == "too_large");
    CHECK(w.twenty.all.empty());
}

TEST_CASE("a change costs one COMMIT more than its call does without it", "[changes]") {
    world w;
    const auto token = w.login().access_token;
    w.advance(10s);
    const auto commits = [&](const char* tool) {
        const auto before = metrics::value(id::store_commit, {"ok"});
        w.post(token, tool_call(1, tool));
        w.twenty.answer(w.twenty.all.size() - 1, json_response("{}"));
        w.advance(10s);
        return metrics::value(id::store_commit, {"ok"}) - before;
    };
    CHECK(commits("write") == 1);
    CHECK(commits("change") == 2);
}

TEST_CASE("each word on a change is counted by its state", "[changes]") {
    world w;
    const auto token = w.login().access_token;
    const auto counted = [](std::string_view state) {
        return metrics::value(id::changes, {state});
    };
    const auto begun = counted("begun");
    const auto done = counted("done");
    const auto unknown = counted("unknown");
    w.post(token, tool_call(1, "change"));
    w.post(token, tool_call(2, "open_changes"));
    w.twenty.answer(0, json_response("{}"));
    w.twenty.answer(1, json_response("{}"));
    w.advance(2s);
    CHECK(counted("begun") == begun + 3);
    CHECK(counted("done") == done + 2);
    CHECK(counted("unknown") == unknown + 2);
}
