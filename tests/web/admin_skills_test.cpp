// /admin/skills: what may be uploaded, and how it is shown.
#include "tests/web/admin_fixture.hpp"

#include <algorithm>

using namespace endpoint_test;

namespace {

const std::string main_file =
    "---\nname: refunds\ndescription: Handles refunds.\n---\n\n# Refunds\n";

http::response put_skill(endpoints& e, std::string body, std::string type = "text/markdown",
                         const std::string& name = "refunds") {
    return e.send(make("PUT", "/admin/skills/" + name, admin(std::move(type)), std::move(body)));
}

std::string with_files(const std::vector<std::pair<std::string, std::string>>& more) {
    json::object files;
    files.append("SKILL.md", main_file);
    for (const auto& [path, text] : more)
        files.append(path, text);
    return json::dump(json::make({{"files", std::move(files)}}));
}

} // namespace

TEST_CASE("a skill is uploaded as its SKILL.md or as its files, and read back", "[admin_skills]") {
    endpoints e;
    CHECK(get(e, "/admin/skills").body == R"({"skills":[]})");
    CHECK(get(e, "/admin/skills/refunds").status == 404);

    const auto alone = put_skill(e, main_file);
    CHECK(alone.status == 200);
    CHECK(header(alone, "ETag") == "\"v1\"");
    CHECK(alone.body == R"({"name":"refunds","description":"Handles refunds.","files":[)"
                        R"({"path":"SKILL.md","bytes":)" +
                            std::to_string(main_file.size()) + R"(}],"warnings":[]})");
    const auto several =
        put_skill(e, with_files({{"references/a.md", "# A\r\n"}}), "application/json");
    CHECK(several.status == 200);
    CHECK(contains(several.body, R"({"path":"references/a.md","bytes":4})"));
    CHECK(contains(get(e, "/admin/skills").body, R"("version":7,"created":)"));

    const auto read = get(e, "/admin/skills/refunds");
    CHECK(read.status == 200);
    CHECK(std::ranges::count(read.headers, "Cache-Control",
                             &std::pair<std::string, std::string>::first) == 1);
    CHECK(json::parse(read.body)->at("files")->text("references/a.md") == "# A\n");
    CHECK(json::parse(read.body)->at("files")->text("SKILL.md") == main_file);
    auto conditional = admin();
    conditional.emplace_back("if-none-match", "\"v1\"");
    const auto unchanged = e.send(make("GET", "/admin/skills/refunds", conditional));
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());

    CHECK(e.send(make("DELETE", "/admin/skills/refunds", admin())).status == 200);
    CHECK(get(e, "/admin/skills/refunds").status == 404);
}

TEST_CASE("a skill that names no object of a known workspace is stored with a warning",
          "[admin_skills]") {
    endpoints e;
    e.actors.models = std::vector{small_schema()};
    const auto written = put_skill(
        e, "---\nname: refunds\ndescription: Handles refunds.\nmetadata:\n  twenty-objects: "
           "companies\n---\n\nUse find_record.\n");
    CHECK(written.status == 200);
    const auto body = body_of(written);
    const auto& warnings = *body.find("warnings")->if_array();
    REQUIRE(warnings.size() == 2);
    CHECK(
        contains(*warnings[0].if_string(), "did you mean `company`? A connection that is limited"));
    CHECK(contains(*warnings[1].if_string(), "SKILL.md, line 8: `find_record` is no tool"));
    CHECK(e.actors.upload_writes == 1);
}

TEST_CASE("a skill that cannot be judged is stored, and its answer has no warnings member",
          "[admin_skills]") {
    endpoints e;
    e.actors.models = error(errc::unavailable, "Starting.");
    const auto written = put_skill(e, main_file);
    CHECK(written.status == 200);
    CHECK_FALSE(body_of(written).find("warnings"));
    CHECK(e.actors.upload_writes == 1);
}

TEST_CASE("what is no skill is refused with the reason, and nothing is stored",
          "[admin_skills][plan-134]") {
    endpoints e;
    const auto refused = [&](const http::response& r, int status) {
        CHECK(r.status == status);
        CHECK(json::parse(r.body)->text("message").size() > 10);
    };
    refused(put_skill(e, "# No frontmatter\n"), 400);
    refused(put_skill(e, main_file, "text/markdown", "other"), 400);
    refused(put_skill(e, main_file, "text/markdown", "Refunds"), 400);
    refused(put_skill(e, main_file, "text/markdown", "twenty-crm"), 400);
    refused(put_skill(e, main_file, "text/html"), 415);
    refused(put_skill(e, main_file, ""), 415);
    refused(put_skill(e, "{", "application/json"), 400);
    refused(put_skill(e, "[]", "application/json"), 400);
    refused(put_skill(e, R"({"files":[]})", "application/json"), 400);
    refused(put_skill(e, R"({"files":{}})", "application/json"), 400);
    refused(put_skill(e, R"({"files":{"SKILL.md":1}})", "application/json"), 400);
    refused(put_skill(e, R"({"files":{},"more":1})", "application/json"), 400);
    refused(put_skill(e, with_files({{"../a", "text"}}), "application/json"), 400);
    refused(put_skill(e, with_files({{"a", std::string(100'000, 'x')}}), "application/json"), 413);
    refused(put_skill(e, main_file + std::string(100'000, 'x')), 413);
    CHECK(e.actors.upload_writes == 0);
    // RFC 9110 §13.1.1: only what its author saw is replaced.
    e.actors.upload_conflict = true;
    CHECK(put_skill(e, main_file).status == 412);
    CHECK(e.send(make("DELETE", "/admin/skills/refunds", admin())).status == 412);
    CHECK(post_json(e, "/admin/skills/refunds/rollback", R"({"version":7})").status == 412);
}

TEST_CASE("a skill's versions are listed, read one by one and taken back into use",
          "[admin_skills]") {
    endpoints e;
    CHECK(get(e, "/admin/skills/refunds/history").body == R"({"versions":[]})");
    const oauth::time_point made(std::chrono::seconds(1'800'000'000));
    e.actors.versions["skill/refunds"] = {{9, made, {}, ""},
                                          {8, made, R"({"SKILL.md":"text"})", "\"v8\""}};
    const auto history = get(e, "/admin/skills/refunds/history").body;
    CHECK(contains(history, R"("version":9,"created":"2027-01-15T08:00:00Z","current":true,)"
                            R"("removed":true})"));
    CHECK(contains(history, R"("current":false,"removed":false,"bytes":19,"etag":)"));
    const auto eight = get(e, "/admin/skills/refunds?version=8");
    CHECK(eight.status == 200);
    CHECK(eight.body == R"({"name":"refunds","files":{"SKILL.md":"text"}})");
    CHECK(get(e, "/admin/skills/refunds?version=9").status == 404);
    CHECK(get(e, "/admin/skills/refunds?version=1").status == 404);
    CHECK(get(e, "/admin/skills/refunds?version=x").status == 400);
    const auto back = post_json(e, "/admin/skills/refunds/rollback", R"({"version":8})");
    CHECK(back.status == 200);
    CHECK(header(back, "ETag") == "\"v8\"");
    CHECK(post_json(e, "/admin/skills/refunds/rollback", R"({"version":3})").status == 404);
    CHECK(post_json(e, "/admin/skills/refunds/rollback", "{}").status == 400);
}
