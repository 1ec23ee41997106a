#include "mcp/skills.hpp"

#include "base/json.hpp"
#include "tests/support/catch.hpp"

namespace {

mcp::skill skill_at(std::string path, std::string name, std::vector<mcp::skill_file> files) {
    mcp::skill s;
    s.path = std::move(path);
    s.name = std::move(name);
    s.description = "What it does.";
    s.frontmatter = R"({"name":"x"})";
    s.files = std::move(files);
    return s;
}

const std::vector<mcp::skill>& samples() {
    static const std::vector<mcp::skill> all{
        skill_at("pdf", "pdf",
                 {{"SKILL.md", "sha256:1", 11},
                  {"a/b.md", "sha256:2", 12},
                  {"a/c/d.json", "sha256:3", 13},
                  {"a/c/e", "sha256:4", 14}}),
        skill_at("acme/pdf", "pdf", {{"SKILL.md", "sha256:5", 15}}),
    };
    return all;
}

std::string children(std::string_view uri) {
    const auto out = mcp::directory_list(samples(), uri);
    if (!out) return "none";
    std::string names;
    const auto parsed = json::parse(*out).value();
    for (const auto& child : *parsed.find("resources")->if_array())
        names += std::string(child.text("name")) + " " + std::string(child.text("mimeType")) + " " +
                 std::string(child.text("uri")) + "\n";
    return names;
}

} // namespace

TEST_CASE("a skill's entry has every file once, with digest and size", "[skills]") {
    const auto list = json::parse(mcp::skills_list(samples()));
    REQUIRE(list.ok());
    const auto& first = list->find("skills")->if_array()->front();
    CHECK(json::dump(first) ==
          R"({"uri":"skill://pdf/SKILL.md","frontmatter":{"name":"x"},"resources":[)"
          R"({"uri":"skill://pdf/SKILL.md","digest":"sha256:1","size":11},)"
          R"({"uri":"skill://pdf/a/b.md","digest":"sha256:2","size":12},)"
          R"({"uri":"skill://pdf/a/c/d.json","digest":"sha256:3","size":13},)"
          R"({"uri":"skill://pdf/a/c/e","digest":"sha256:4","size":14}]})");
    const auto* found = mcp::find_skill(samples(), "skill://acme/pdf/SKILL.md");
    REQUIRE(found);
    CHECK(*json::parse(mcp::skill_result(*found))->find("skill") ==
          list->find("skills")->if_array()->back());
    for (const auto* other : {"", "skill://pdf", "skill://pdf/", "skill://pdf/skill.md",
                              "skill://pdf/a/b.md", "skill://other/SKILL.md"})
        CHECK_FALSE(mcp::find_skill(samples(), other));
    CHECK(mcp::skills_list({}) == R"({"skills":[]})");
}

TEST_CASE("a directory of a skill has its direct children, and nothing else is one", "[skills]") {
    CHECK(children("skill://pdf") == "pdf text/markdown skill://pdf/SKILL.md\n"
                                     "a inode/directory skill://pdf/a\n");
    CHECK(children("skill://pdf/a") == "b.md text/markdown skill://pdf/a/b.md\n"
                                       "c inode/directory skill://pdf/a/c\n");
    CHECK(children("skill://pdf/a/c") == "d.json application/json skill://pdf/a/c/d.json\n"
                                         "e text/plain skill://pdf/a/c/e\n");
    CHECK(children("skill://acme/pdf") == "pdf text/markdown skill://acme/pdf/SKILL.md\n");
    for (const auto* none : {"", "skill:", "skill:/", "skill://", "skill://acme", "skill://pd",
                             "skill://pdf/", "skill://pdf/SKILL.md", "skill://pdf/a/",
                             "skill://PDF", "skill://pdf/a/c/e", "skill://pdf/x"})
        CHECK(children(none) == "none");
}
