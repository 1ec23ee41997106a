#include "console/run.hpp"

#include "tests/console/support.hpp"

using testing::answer;
using testing::desk;

namespace {

desk upload() {
    desk d("primer put");
    d.order.file = "ours.md";
    d.files["ours.md"].text = "# Ours\n";
    return d;
}

const std::string findings = R"({"findings":[{"line":3,"kind":"unknown_name","text":"No \u001bx."}],
    "checked_against":[]})";

} // namespace

TEST_CASE("people read a table, and are told how to go on", "[run]") {
    desk d("connections");
    d.answers.push_back(answer(200, R"({"connections":[{"id":"1","client":{"name":"\u001b[2J"},
        "redirect_host":"h","label":"","mode":"read","last_used":"t","key":"k"}],
        "next_cursor":"abc"})"));
    REQUIRE(d.run());
    CHECK(d.out == "ID  CLIENT     HOST  LABEL  MODE  USED  KEY\n"
                   "1   \\u001b[2J  h     -      read  t     k\n");
    CHECK(d.said == "there is more: --cursor abc\n");
}

TEST_CASE("programs read what the server said, byte for byte and in one line", "[run]") {
    desk d("keys");
    d.order.json = true;
    d.answers.push_back(answer(200, R"({"keys":[],"done":true})"));
    REQUIRE(d.run());
    CHECK(d.out == "{\"keys\":[],\"done\":true}\n");

    desk text("primer get");
    text.order.json = true;
    text.answers.push_back(answer(200, "# \"A\"\n", "text/markdown; charset=utf-8", "\"e\""));
    REQUIRE(text.run());
    CHECK(text.out == R"({"text":"# \"A\"\n","etag":"\"e\""})"
                      "\n");
}

TEST_CASE("a text comes as it is to a file, and without its escapes to a terminal", "[run]") {
    for (const bool screen : {false, true}) {
        desk d("primer get");
        d.screen = screen;
        d.answers.push_back(answer(200, "# A\r\n\x1b[2J", "text/markdown"));
        REQUIRE(d.run());
        CHECK(d.out == (screen ? "# A\r\n\\u001b[2J" : "# A\r\n\x1b[2J"));
    }
    desk csv("calls");
    csv.order.given["format"] = "csv";
    csv.answers.push_back(answer(200, "id,time\r\n1,2\r\n", "text/csv"));
    REQUIRE(csv.run());
    CHECK(csv.line() == "GET /admin/calls?format=csv");
    CHECK(csv.out == "id,time\r\n1,2\r\n");
}

TEST_CASE("a skill is shown file by file", "[run]") {
    desk d("skills get");
    d.order.given["name"] = "ours";
    d.answers.push_back(
        answer(200, R"({"name":"ours","files":{"SKILL.md":"one\n","a.md":"two"}})"));
    REQUIRE(d.run());
    CHECK(d.out == "==> SKILL.md <==\none\n\n==> a.md <==\ntwo\n");
}

TEST_CASE("everybody's connections end when a person says yes, or the option does", "[run]") {
    for (const auto& [person, sure, done] : {std::tuple(std::optional(true), false, true),
                                             std::tuple(std::optional(false), false, false),
                                             std::tuple(std::optional<bool>(), false, false),
                                             std::tuple(std::optional<bool>(), true, true)}) {
        desk d("end");
        d.order.given["all"] = "true";
        d.order.sure = sure;
        d.person = person;
        d.answers.push_back(answer(200, R"({"ended":7})"));
        CHECK(d.run().ok() == done);
        CHECK(d.asked.empty() == !done);
        CHECK(d.out == (done ? "ended  7\n" : ""));
    }
    desk one("end");
    one.order.given["key"] = "0123";
    one.answers.push_back(answer(200, R"({"ended":1})"));
    CHECK(one.run().ok()); // nobody was asked
}

TEST_CASE("a refusal is an error, with nothing on standard output", "[run]") {
    desk d("primer clear");
    d.order.if_match = "\"old\"";
    d.answers.push_back(answer(412, R"({"error":"precondition_failed","message":"Changed."})"));
    const auto code = d.run();
    REQUIRE_FALSE(code);
    CHECK(code.failure().code == errc::upstream_refused);
    CHECK(d.header("If-Match") == "\"old\"");
    CHECK(d.out.empty());
    desk bad("primer clear");
    bad.order.if_match = "\"a\"\r\nX: y";
    CHECK(bad.run().failure().code == errc::bad_request);
    CHECK(bad.asked.empty());
}

TEST_CASE("a condition that does not hold is told as the one that was given", "[run]") {
    for (const bool only_new : {false, true}) {
        auto d = upload();
        d.order.only_new = only_new;
        if (!only_new) d.order.if_match = "\"old\"";
        d.answers.push_back(answer(412, R"({"message":"No."})"));
        const auto told = d.run().failure().message;
        CHECK((told.find("new ETag") == std::string::npos) == only_new);
        CHECK((told.find("--only-new") != std::string::npos) == only_new);
    }
}

TEST_CASE("an upload says what it is, on which condition, and its ETag afterwards", "[run]") {
    auto d = upload();
    d.order.only_new = true;
    d.answers.push_back(answer(200, R"({"ok":true,"bytes":7})", "application/json", "\"e\""));
    REQUIRE(d.run());
    CHECK(d.line() == "PUT /admin/primer");
    CHECK(d.header("Content-Type") == "text/markdown");
    CHECK(d.header("If-None-Match") == "*");
    CHECK(d.asked[0].body == "# Ours\n");
    CHECK(d.out == "ok     yes\nbytes  7\netag   \"e\"\n");

    desk skill("skills put");
    skill.order.given["name"] = "ours";
    skill.order.file = "skill.json";
    skill.files["skill.json"] = {R"({"files":{}})", "application/json"};
    skill.answers.push_back(answer(200, "{}"));
    REQUIRE(skill.run());
    CHECK(skill.line() == "PUT /admin/skills/ours");
    CHECK(skill.header("Content-Type") == "application/json");

    desk none("primer put");
    none.order.file = "none.md";
    CHECK_FALSE(none.run());
    CHECK(none.asked.empty());
}

TEST_CASE("what a server thinks wrong with an upload is told, and is no obstacle", "[run]") {
    auto d = upload();
    d.answers.push_back(answer(200, R"({"ok":true,"warnings":["line 3: No \u001bx."]})"));
    REQUIRE(d.run());
    CHECK(d.line() == "PUT /admin/primer");
    CHECK(d.said == "warning: line 3: No \\u001bx.\n");
    CHECK(d.out == "ok  yes\n");
}

TEST_CASE("with --strict a warning keeps a primer back, as does a server that cannot look",
          "[run]") {
    auto d = upload();
    d.order.strict = true;
    d.answers.push_back(answer(200, findings));
    CHECK_FALSE(d.run());
    REQUIRE(d.asked.size() == 1);
    CHECK(d.line() == "POST /admin/primer/lint");
    CHECK(d.said == "warning: ours.md:3: unknown_name: No \\u001bx.\n");

    auto older = upload();
    older.order.strict = true;
    older.answers.push_back(answer(404, R"({"error":"not_found"})"));
    CHECK_FALSE(older.run());
    CHECK(older.asked.size() == 1);

    auto good = upload();
    good.order.strict = true;
    good.answers.push_back(answer(200, R"({"findings":[]})"));
    good.answers.push_back(answer(200, R"({"ok":true,"warnings":[]})"));
    REQUIRE(good.run());
    CHECK(good.line(1) == "PUT /admin/primer");
}

TEST_CASE("findings are told as a compiler tells them, and are a failure", "[run]") {
    const auto& row = testing::command_named("primer lint");
    for (const bool json : {false, true}) {
        auto d = upload();
        d.order.row = &row;
        d.order.json = json;
        d.answers.push_back(answer(200, R"({"findings":[{"line":3,"kind":"k","text":"t"}]})"));
        CHECK(*d.run() == console::found_some);
        if (!json) CHECK(d.out == "ours.md:3: k: t\n");
        d.answers.push_back(answer(200, R"({"findings":[]})"));
        CHECK(*d.run() == console::all_well);
    }
}

TEST_CASE("an error has a code of its own where 1 says that something was found", "[run]") {
    for (const auto& row : console::commands()) {
        const bool finds = row.words == "primer diff" || row.words == "primer lint";
        INFO(row.words);
        for (const auto code : {errc::upstream_down, errc::not_found, errc::not_allowed})
            CHECK(console::exit_code(row, {code, "why"}) == (finds ? 2 : 1));
        CHECK(console::exit_code(row, bad_request("why")) == 2);
    }
}

TEST_CASE("a primer is compared with the one in use, with an earlier one, or with none", "[run]") {
    desk d("primer diff");
    d.order.file = "ours.md";
    d.files["ours.md"].text = "a\nc\n";
    d.answers.push_back(answer(200, "a\nb\n", "text/markdown", "\"e\""));
    CHECK(*d.run() == console::found_some);
    CHECK(d.out == "--- in use \"e\"\n+++ ours.md\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");

    d.out.clear();
    d.order.given["version"] = "7";
    d.answers.push_back(answer(200, "a\nc\n", "text/markdown"));
    CHECK(*d.run() == console::all_well);
    CHECK(d.line(1) == "GET /admin/primer/history/7");
    CHECK(d.out.empty());

    d.answers.push_back(answer(404, R"({"message":"That version is not kept."})"));
    CHECK(d.run().failure().message == "That version is not kept.");

    d.order.given.clear();
    d.order.json = true;
    d.answers.push_back(answer(404, "{}"));
    CHECK(*d.run() == console::found_some);
    CHECK(d.out.find(R"({"differs":true,"diff":"--- nothing was uploaded\n+++ ours.md\n)") == 0);
}

TEST_CASE("a comparison as JSON hides nothing from a terminal, and is the same JSON", "[run]") {
    for (const bool screen : {false, true}) {
        desk d("primer diff");
        d.order.file = "ours.md";
        d.order.json = true;
        d.screen = screen;
        d.files["ours.md"].text = "a\n";
        d.answers.push_back(answer(200, "a\u202e\n", "text/markdown"));
        CHECK(*d.run() == console::found_some);
        CHECK((d.out.find("a\u202e") == std::string::npos) == screen);
        CHECK((d.out.find("a\\u202e\\n") != std::string::npos) == screen);
        CHECK(json::parse(d.out)->text("diff").find("-a\u202e\n") != std::string::npos);
    }
}
