// /admin/primer: what may be uploaded, its versions, and who may replace what.
#include "tests/support/many_models.hpp"
#include "tests/web/admin_fixture.hpp"

using namespace endpoint_test;

namespace {

http::response put(endpoints& e, std::string body, std::string type = "text/markdown") {
    return e.send(make("PUT", "/admin/primer", admin(std::move(type)), std::move(body)));
}

http::request with_header(http::request r, std::string name, std::string value) {
    r.headers.emplace_back(std::move(name), std::move(value));
    return r;
}

} // namespace

TEST_CASE("the primer is written, read, matched by its ETag and cleared", "[admin_primer]") {
    endpoints e;
    CHECK(e.send(make("GET", "/admin/primer", admin())).status == 404);

    const auto written = put(e, "# Grüße\r\n\n\tA primer.\n");
    CHECK(written.status == 200);
    CHECK(written.body == R"({"ok":true,"bytes":23,"warnings":[]})");
    CHECK(header(written, "ETag") == "\"v1\"");

    const auto read = e.send(make("GET", "/admin/primer", admin()));
    CHECK(read.status == 200);
    CHECK(read.body == "# Grüße\r\n\n\tA primer.\n");
    CHECK(header(read, "Content-Type") == "text/markdown; charset=utf-8");

    auto conditional = admin();
    conditional.emplace_back("if-none-match", "\"v1\"");
    const auto unchanged = e.send(make("GET", "/admin/primer", conditional));
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());

    CHECK(e.send(make("DELETE", "/admin/primer", admin())).status == 200);
    CHECK(e.send(make("GET", "/admin/primer", admin())).status == 404);
}

// row 117: 413 above the limit, 400 for what is not UTF-8.
TEST_CASE("a primer that models could not read well is refused with the reason",
          "[admin_primer][plan-117]") {
    endpoints e;
    CHECK(put(e, "text", "application/json").status == 415);
    CHECK(put(e, "text", "").status == 415);
    CHECK(put(e, std::string(100'001, 'a')).status == 413);
    CHECK(put(e, "\xC3\x28").status == 400);
    CHECK(put(e, " \n\t ").status == 400);
    CHECK(put(e, "").status == 400);
    CHECK(put(e, std::string("a\0b", 3)).status == 400);
    CHECK(put(e, "a\x1B[31mb").status == 400);
    CHECK(e.actors.upload_writes == 0);
    CHECK(put(e, std::string(100'000, 'a')).status == 200);
    CHECK(put(e, "plain", "text/plain; charset=utf-8").status == 200);
}

TEST_CASE("a primer's faults are found by the models that are kept, and nothing is stored",
          "[admin_primer]") {
    endpoints e;
    const auto lint = [&](std::string body, std::string type = "text/markdown") {
        return e.send(make("POST", "/admin/primer/lint", admin(std::move(type)), std::move(body)));
    };
    const std::string text = "# Ours\n\nDeals of a `comapny`, by find_record.\n";
    CHECK(lint(text).body ==
          R"({"findings":[{"line":3,"kind":"unknown_tool","text":"`find_record` is no tool of )"
          R"(this server; did you mean `find_records`?"}],"more":false,"workspaces":[],)"
          R"("note":"No data model is kept now, so names of objects, fields and choices were )"
          R"(not judged. The next call of any connection loads one."})");
    e.actors.models = std::vector{small_schema()};
    const auto found = lint(text, "text/plain; charset=utf-8");
    CHECK(found.status == 200);
    CHECK(found.body ==
          R"({"findings":[{"line":3,"kind":"unknown_tool","text":"`find_record` is no tool of )"
          R"(this server; did you mean `find_records`?"},{"line":3,"kind":"unknown_object",)"
          R"("text":"`comapny` is no object of the workspace; did you mean `company`?"}],)"
          R"("more":false,"workspaces":["20202020-1c25-4d02-bf25-6aeccf7ea419"]})");
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += "`comapny` ";
    CHECK(body_of(lint(many)).flag("more"));
    CHECK(body_of(lint(many)).find("findings")->if_array()->size() == 100);
    CHECK(e.actors.upload_writes == 0);
    CHECK(e.actors.notes.size() == 4);
    CHECK(e.actors.notes.back().detail == "POST /admin/primer/lint");

    CHECK(lint("text", "application/json").status == 415);
    CHECK(lint(std::string(100'001, 'a')).status == 413);
    CHECK(lint("\xC3\x28").status == 400);
    CHECK(lint(" ").status == 400);
    e.actors.models = error(errc::unavailable, "Starting.");
    CHECK(lint(text).status == 503);
}

TEST_CASE("what is uploaded is stored with its faults, which are told as warnings",
          "[admin_primer]") {
    endpoints e;
    e.actors.models = std::vector{small_schema()};
    CHECK(put(e, "A `comapny`.").body ==
          R"({"ok":true,"bytes":12,"warnings":["Line 1: `comapny` is no object of the )"
          R"(workspace; did you mean `company`?"]})");
    CHECK(e.actors.uploads["primer"].text == "A `comapny`.");
}

TEST_CASE("what cannot be judged is stored, and the answer does not say that nothing is wrong",
          "[admin_primer]") {
    endpoints e;
    e.actors.models = error(errc::unavailable, "Starting.");
    CHECK(put(e, "A `comapny`.").body == R"({"ok":true,"bytes":12})");
    CHECK(e.actors.uploads["primer"].text == "A `comapny`.");
}

TEST_CASE("a note says which names were not judged, to bound the work", "[admin_primer]") {
    endpoints e;
    const auto lint = [&](std::string body) {
        return body_of(
            e.send(make("POST", "/admin/primer/lint", admin("text/markdown"), std::move(body))));
    };
    e.actors.models = support::many_models(true);
    const auto of_names = lint("A `comapny`.");
    CHECK(contains(of_names.text("note"), "more names together than are read"));
    CHECK(of_names.find("workspaces")->if_array()->empty());
    e.actors.models = support::many_models(false);
    const auto judged = lint("A `comapny`.");
    CHECK_FALSE(judged.find("note"));
    CHECK(judged.find("workspaces")->if_array()->size() == support::models_kept);
    std::string paths;
    for (int i = 0; i < 4'000; ++i)
        paths += "`thing1.a" + std::to_string(i) + ".zip`\n";
    CHECK(contains(lint(paths).text("note"), "more dotted names than are looked up"));
}

TEST_CASE("a change is made only to the primer that its author saw", "[admin_primer]") {
    endpoints e;
    const auto change = [&](std::string method, const std::string& path, std::string body) {
        const auto type = path.ends_with("rollback") ? "application/json" : "text/markdown";
        auto headers = admin(body.empty() ? "" : type);
        return make(std::move(method), path, std::move(headers), std::move(body));
    };
    const std::vector<http::request> changes{
        change("PUT", "/admin/primer", "text"), change("DELETE", "/admin/primer", ""),
        change("POST", "/admin/primer/rollback", R"({"version":7})")};
    e.actors.versions["primer"] = {{7, {}, "old", "\"v7\""}};
    for (const auto& one : changes) {
        INFO(one.method);
        CHECK(e.send(one).status == 200);
        CHECK_FALSE(e.actors.upload_condition.etags);
        CHECK_FALSE(e.actors.upload_condition.absent);

        CHECK(e.send(with_header(one, "if-match", "\"a\", \"b\"")).status == 200);
        CHECK(e.actors.upload_condition.etags == std::vector<std::string>{"\"a\"", "\"b\""});
        CHECK(e.send(with_header(with_header(one, "if-match", "\"a\""), "if-match", "*")).status ==
              200);
        CHECK(e.actors.upload_condition.etags == std::vector<std::string>{"\"a\"", "*"});
        CHECK(e.send(with_header(one, "if-none-match", "*")).status == 200);
        CHECK(e.actors.upload_condition.absent);
        CHECK(e.send(with_header(one, "if-none-match", "\"a\"")).status == 400);

        e.actors.upload_conflict = true;
        const auto lost = e.send(with_header(one, "if-match", "\"a\""));
        CHECK(lost.status == 412);
        CHECK(body_of(lost).text("error") == "precondition_failed");
        e.actors.upload_conflict = false;
    }
}

TEST_CASE("the primer's versions are listed, read one by one and taken back into use",
          "[admin_primer]") {
    endpoints e;
    CHECK(get(e, "/admin/primer/history").body == R"({"versions":[]})");
    const auto made = oauth::clock::from_time_t(start_time);
    e.actors.versions["primer"] = {{9, made, "# Nine", "\"v9\""}, {8, made, {}, ""}};
    CHECK(get(e, "/admin/primer/history").body ==
          R"({"versions":[{"version":9,"created":"2026-11-18T11:06:40Z","current":true,)"
          R"("bundled":false,"bytes":6,"etag":"\"v9\""},{"version":8,)"
          R"("created":"2026-11-18T11:06:40Z","current":false,"bundled":true}]})");
    const auto nine = get(e, "/admin/primer/history/9");
    CHECK(nine.status == 200);
    CHECK(nine.body == "# Nine");
    CHECK(header(nine, "ETag") == "\"v9\"");
    CHECK(header(nine, "Content-Type") == "text/markdown; charset=utf-8");
    CHECK(get(e, "/admin/primer/history/8").status == 404);
    CHECK(get(e, "/admin/primer/history/1").status == 404);
    for (const auto* wrong : {"0", "-1", "x", "1.0", "99999999999999999999"})
        CHECK(get(e, std::string("/admin/primer/history/") + wrong).status == 400);

    const auto back = post_json(e, "/admin/primer/rollback", R"({"version":9})");
    CHECK(back.status == 200);
    CHECK(body_of(back).find("version")->as_int() == 9);
    CHECK(header(back, "ETag") == "\"v9\"");
    CHECK(post_json(e, "/admin/primer/rollback", R"({"version":3})").status == 404);
}
