// The skills of a connection: which there are for whom, and what stands in them.
#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

#include "base/crypto.hpp"
#include "crm/workflows.hpp"
#include "primer/frontmatter.hpp"
#include "primer/primer.hpp"

using namespace mcp_test;

namespace {

json::value result_of(script& s, std::string method, json::value params = json::object()) {
    const auto body = json::parse(s.send(std::move(method), std::move(params)).body).value();
    const auto* result = body.find("result");
    return result ? *result : json::value();
}

int code_of(script& s, std::string method, const std::string& uri) {
    const auto body =
        json::parse(s.send(std::move(method), json::make({{"uri", uri}})).body).value();
    const auto* code = body.at("error", "code");
    return code ? static_cast<int>(*code->as_int()) : 0;
}

std::vector<std::string> names_of_skills(script& s) {
    std::vector<std::string> out;
    const auto result = result_of(s, "skills/list");
    for (const auto& one : *result.find("skills")->if_array())
        out.emplace_back(one.find("frontmatter")->text("name"));
    return out;
}

std::string text_at(script& s, const std::string& uri) {
    const auto result = result_of(s, "resources/read", json::make({{"uri", uri}}));
    const auto* contents = result.find("contents");
    return contents ? std::string(contents->if_array()->front().text("text")) : "none";
}

primer::skill upload(const std::string& name, const std::string& metadata = {}) {
    const auto main = "---\nname: " + name + "\ndescription: Of " + name + ".\n" + metadata +
                      "---\n\nUploaded.\n";
    return primer::read_skill(name, {{"SKILL.md", main}, {"more/a.md", "More.\n"}}).value();
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("every skill of the program is one that an upload could be", "[skills]") {
    script s;
    for (const auto& name : names_of_skills(s)) {
        INFO(name);
        std::vector<primer::skill_file> files;
        const auto result = result_of(s, "skills/list");
        json::value frontmatter;
        for (const auto& one : *result.find("skills")->if_array()) {
            if (one.find("frontmatter")->text("name") != name) continue;
            frontmatter = *one.find("frontmatter");
            for (const auto& file : *one.find("resources")->if_array()) {
                const std::string uri(file.text("uri"));
                const auto text = text_at(s, uri);
                CHECK(file.text("digest") == "sha256:" + text::hex_encode(crypto::sha256(text)));
                CHECK(file.find("size")->as_int() == static_cast<std::int64_t>(text.size()));
                files.push_back({uri.substr(("skill://" + name + "/").size()), text});
            }
        }
        const auto read = primer::read_skill(name, std::move(files));
        REQUIRE(read.ok());
        CHECK(read->frontmatter == frontmatter);
    }
    CHECK(names_of_skills(s) == list{"twenty-crm", "prepare-meeting", "clean-up-contact",
                                     "review-pipeline", "look-into-segment"});
}

TEST_CASE("a prompt and its skill say the same", "[skills]") {
    script s;
    for (const auto& w : crm::workflows()) {
        std::string name(w.prompt);
        std::ranges::replace(name, '_', '-');
        json::object arguments;
        for (const auto& a : w.arguments)
            arguments.append(std::string(a.name), "Acme");
        const auto prompt =
            result_of(s, "prompts/get",
                      json::make({{"name", w.prompt}, {"arguments", std::move(arguments)}}));
        const auto& message = prompt.find("messages")->if_array()->front();
        CHECK(message.at("content")->text("text").ends_with(w.steps));
        CHECK(text_at(s, "skill://" + name + "/SKILL.md").find(w.steps) != std::string::npos);
    }
}

TEST_CASE("a connection has the skills that fit its mode and its objects", "[skills][plan-133]") {
    script reading(twenty::mode::read);
    CHECK(names_of_skills(reading) ==
          list{"twenty-crm", "prepare-meeting", "review-pipeline", "look-into-segment"});
    script some(twenty::mode::write, std::set<std::string>{"person"});
    some.skills = {upload("any"), upload("deals", "metadata:\n  twenty-objects: opportunity\n")};
    CHECK(names_of_skills(some) ==
          list{"twenty-crm", "any", "clean-up-contact", "look-into-segment"});
    // What it may not have is unknown by every way.
    for (const auto* uri : {"skill://deals/SKILL.md", "skill://review-pipeline/SKILL.md",
                            "skill://nobody/SKILL.md"}) {
        CHECK(code_of(some, "skills/get", uri) == -32602);
        CHECK(code_of(some, "resources/read", uri) == -32602);
        CHECK(code_of(some, "resources/subscribe", uri) == -32602);
    }
    CHECK(code_of(some, "resources/directory/read", "skill://deals") == -32602);
    CHECK(code_of(some, "resources/directory/read", "skill://any") == 0);
    const auto listed = json::dump(result_of(some, "resources/list"));
    CHECK(listed.find("skill://any/SKILL.md") != std::string::npos);
    CHECK(listed.find("skill://deals") == std::string::npos);
    // The lesser of the token and the connection counts, as for tools.
    script writes;
    writes.context.scope_write = false;
    CHECK(std::ranges::count(names_of_skills(writes), "clean-up-contact") == 0);
}

TEST_CASE("an upload takes the place of the program's own skill of its name", "[skills]") {
    script s;
    s.skills = {upload("review-pipeline")};
    CHECK(names_of_skills(s) == list{"twenty-crm", "review-pipeline", "prepare-meeting",
                                     "clean-up-contact", "look-into-segment"});
    CHECK(text_at(s, "skill://review-pipeline/SKILL.md").ends_with("Uploaded.\n"));
    CHECK(text_at(s, "skill://review-pipeline/more/a.md") == "More.\n");
    s.skills.clear();
    CHECK(text_at(s, "skill://review-pipeline/SKILL.md").find("pipeline") != std::string::npos);
    for (const auto* none : {"more/a.md", "SKILL", "skill.md", "more", "../twenty-crm/SKILL.md"})
        CHECK(text_at(s, std::string("skill://review-pipeline/") + none) == "none");
}

TEST_CASE("the primer is a skill with the organisation's own words", "[skills]") {
    script s;
    s.primer = "# House rules\nBe brief.\xe2\x80\xae\n";
    const auto text = text_at(s, "skill://twenty-crm/SKILL.md");
    CHECK(text.find("# House rules\nBe brief.\n\n# Where to look") != std::string::npos);
    CHECK(primer::read_frontmatter(text)->text("name") == "twenty-crm");
    CHECK(text_at(s, "skill://twenty-crm/references/twenty.md") == primer::default_context());
    s.primer = std::string(primer::default_context());
    CHECK(text_at(s, "skill://twenty-crm/SKILL.md").find("no guide of its own") !=
          std::string::npos);
    s.primer = std::string(100'000, 'x'); // the longest that is taken
    CHECK(text_at(s, "skill://twenty-crm/SKILL.md").size() > 100'000);
}

TEST_CASE("skills are offered without Twenty", "[skills]") {
    script s;
    s.schema = error(errc::upstream_down, "Twenty is away.");
    CHECK(names_of_skills(s).size() == 5);
    CHECK(json::dump(result_of(s, "resources/list")).find("skill://twenty-crm/SKILL.md") !=
          std::string::npos);
}

TEST_CASE("a skill that changes while it is read is not shown to those who may not have it",
          "[skills][plan-133]") {
    script s(twenty::mode::read);
    s.skills = {upload("deals")};
    int reads = 0;
    s.before_skill = [&] {
        if (++reads == 1) s.skills = {upload("deals", "metadata:\n  twenty-access: write\n")};
    };
    CHECK(text_at(s, "skill://deals/SKILL.md") == "none");
    CHECK(code_of(s, "resources/read", "skill://deals/SKILL.md") == -32602);
    // Where it may still have it, it gets the new text; where it is gone, it is unknown.
    s.skills = {upload("deals")};
    reads = 0;
    s.before_skill = [&] {
        if (++reads == 1) s.skills = {upload("deals", "license: MIT\n")};
    };
    CHECK(text_at(s, "skill://deals/SKILL.md").find("MIT") != std::string::npos);
    reads = 0;
    s.before_skill = [&] { s.skills.clear(); };
    CHECK(code_of(s, "resources/read", "skill://deals/SKILL.md") == -32602);
    // One that changes all the time has an end.
    s.skills = {upload("deals")};
    s.before_skill = [&] {
        s.skills = {upload("deals", "license: \"" + std::to_string(++reads) + "\"\n")};
    };
    CHECK(code_of(s, "resources/read", "skill://deals/SKILL.md") != 0);
    CHECK(reads == 3);
}
