#include "primer/skill.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>

namespace {

using primer::skill_file;

std::string main_file(const std::string& more = {}, const std::string& name = "refunds") {
    return "---\nname: " + name + "\ndescription: Handles refunds.\n" + more + "---\n\n# Refunds\n";
}

result<primer::skill> skill_from(std::vector<skill_file> files) {
    return primer::read_skill("refunds", std::move(files));
}

std::string refused_files(std::vector<skill_file> files) {
    const auto out = skill_from(std::move(files));
    REQUIRE_FALSE(out.ok());
    CHECK(out.failure().code == errc::bad_request);
    return out.failure().message;
}

primer::skill sample(const std::string& more = {}) {
    return skill_from({{"references/Prices_2.md", "# Prices\n"}, {"SKILL.md", main_file(more)}})
        .value();
}

} // namespace

TEST_CASE("a skill is read with its SKILL.md first, and kept without loss", "[skill]") {
    const auto skill = sample("license: MIT\nmetadata:\n  author: us\n");
    CHECK(skill.name == "refunds");
    REQUIRE(skill.files.size() == 2);
    CHECK(skill.files[0].path == "SKILL.md");
    CHECK(skill.frontmatter.text("license") == "MIT");

    const auto files = primer::read_files(primer::files_text(skill));
    REQUIRE(files.ok());
    REQUIRE(files->size() == 2);
    CHECK((*files)[1].path == "references/Prices_2.md");
    CHECK((*files)[1].text == "# Prices\n");

    const auto entry = primer::read_entry(primer::entry_text(primer::entry_of(skill)));
    REQUIRE(entry.ok());
    CHECK(entry->name == "refunds");
    CHECK(entry->frontmatter == skill.frontmatter);
    REQUIRE(entry->files.size() == 2);
    // FIPS 180-4: SHA-256 of "# Prices\n", by sha256sum
    CHECK(entry->files[1].digest ==
          "sha256:771dd150f0c9b9b37ca109ffaf0eb509bc459c0eacbf35c27513427e7ca9e06b");
    CHECK(entry->files[1].size == 9);

    for (const auto* damaged : {"", "[]", "{}", R"({"name":"a","frontmatter":{},"files":[]})",
                                R"({"name":"a","frontmatter":{},"files":[{"path":"b"}]})",
                                R"({"name":"a","frontmatter":[],"files":[{"path":"b","size":1}]})"})
        CHECK_FALSE(primer::read_entry(damaged).ok());
    for (const auto* damaged : {"", "[]", R"({"a":1})"})
        CHECK_FALSE(primer::read_files(damaged).ok());
}

TEST_CASE("a skill's name is one that a path and a person can read", "[skill]") {
    const std::string longest(64, 'a');
    for (const auto& name : {std::string("a"), std::string("git-2-flow"), longest})
        CHECK(primer::check_skill_name(name).ok());
    for (const auto& name : {std::string(), longest + "a", std::string("A"), std::string("a_b"),
                             std::string("-a"), std::string("a-"), std::string("a--b"),
                             std::string("a/b"), std::string("a.b"), std::string("\xc3\xa4")})
        CHECK_FALSE(primer::check_skill_name(name).ok());
    CHECK_FALSE(primer::read_skill("Refunds", {{"SKILL.md", main_file({}, "Refunds")}}).ok());
}

TEST_CASE("a skill's files have paths that mean one file everywhere", "[skill][plan-134]") {
    const auto with = [](const std::string& path) {
        return std::vector<skill_file>{{"SKILL.md", main_file()}, {path, "text"}};
    };
    for (const auto* path : {"a", "a/b.c-d_e", "1/2/3/4/5", "skill.txt"})
        CHECK(skill_from(with(path)).ok());
    for (const auto* path : {"",          "/a",       "a/",       "a//b",     "..",
                             "../a",      "a/../b",   ".",        "./a",      ".git/x",
                             "a b",       "a.",       "a./b",     "a\\b",     "a%2fb",
                             "a:b",       "\xc3\xa4", "SKILL.md", "skill.MD", "references/SKILL.md",
                             "a/Skill.md"})
        CHECK_FALSE(refused_files(with(path)).empty());
    CHECK(skill_from(with(std::string(200, 'a'))).ok());
    CHECK_FALSE(refused_files(with(std::string(201, 'a'))).empty());
    CHECK_FALSE(refused_files({{"SKILL.md", main_file()}, {"a.md", ""}, {"A.md", ""}}).empty());
    CHECK_FALSE(refused_files({{"SKILL.md", main_file()}, {"a", ""}, {"A/b", ""}}).empty());
    CHECK_FALSE(refused_files({{"a.md", "text"}}).empty());
    CHECK_FALSE(refused_files(std::vector<skill_file>()).empty());
}

TEST_CASE("a skill stays within its bounds", "[skill]") {
    std::vector<skill_file> many{{"SKILL.md", main_file()}};
    while (many.size() < primer::most_skill_files)
        many.push_back({"f" + std::to_string(many.size()), "text"});
    CHECK(skill_from(many).ok());
    many.push_back({"one-more", "text"});
    CHECK(skill_from(many).failure().code == errc::too_large);

    const auto rest = primer::most_skill_bytes - main_file().size();
    CHECK(skill_from({{"SKILL.md", main_file()}, {"a", std::string(rest, 'x')}}).ok());
    CHECK(
        skill_from({{"SKILL.md", main_file()}, {"a", std::string(rest + 1, 'x')}}).failure().code ==
        errc::too_large);
}

TEST_CASE("a skill's texts are UTF-8 that a person can see", "[skill]") {
    const auto with = [](const std::string& text) {
        return std::vector<skill_file>{{"SKILL.md", main_file()}, {"a.md", text}};
    };
    CHECK(refused_files(with("\xff")).find("a.md") != std::string::npos);
    CHECK_FALSE(refused_files(with(std::string("a\0b", 3))).empty());
    CHECK_FALSE(refused_files(with("a\x1b[31mb")).empty());
    CHECK_FALSE(refused_files(with("a\x7f")).empty());
    // RIGHT-TO-LEFT OVERRIDE and a tag character go; lines may end as Windows ends them.
    const auto seen = skill_from(with("a\xe2\x80\xae\xf3\xa0\x81\x81"
                                      "b\r\n\tc\n"));
    REQUIRE(seen.ok());
    CHECK(seen->files[1].text == "ab\n\tc\n");
    CHECK(skill_from({{"SKILL.md", "---\r\nname: refunds\r\ndescription: a\r\n---\r\n"}}).ok());
}

TEST_CASE("frontmatter says what the skill is called and is for", "[skill]") {
    const auto with = [](const std::string& yaml) {
        return std::vector<skill_file>{{"SKILL.md", "---\n" + yaml + "---\n"}};
    };
    const std::string named = "name: refunds\n";
    CHECK(refused_files(with("description: a\n")).find("name") != std::string::npos);
    CHECK_FALSE(refused_files(with("name: other\ndescription: a\n")).empty());
    CHECK_FALSE(refused_files(with("name: [refunds]\ndescription: a\n")).empty());
    CHECK(refused_files(with(named)).find("description") != std::string::npos);
    CHECK_FALSE(refused_files(with(named + "description: \"\"\n")).empty());
    CHECK_FALSE(refused_files(with(named + "description: \"  \"\n")).empty());
    CHECK_FALSE(refused_files(with(named + "description: [a]\n")).empty());
    CHECK(skill_from(with(named + "description: " + std::string(1'024, 'a') + "\n")).ok());
    CHECK_FALSE(
        refused_files(with(named + "description: " + std::string(1'025, 'a') + "\n")).empty());
    CHECK(
        skill_from(with(named + "description: a\ncompatibility: b\nallowed-tools: c d\nown: [x]\n"))
            .ok());
    CHECK_FALSE(refused_files(with(named + "description: a\ncompatibility: [b]\n")).empty());
    CHECK_FALSE(refused_files({{"SKILL.md", main_file("metadata: text\n")}}).empty());
    CHECK_FALSE(refused_files({{"SKILL.md", main_file("metadata:\n  a: [b]\n")}}).empty());
    CHECK_FALSE(
        refused_files({{"SKILL.md", main_file("metadata:\n  io.modelcontextprotocol/a: b\n")}})
            .empty());
    CHECK_FALSE(
        refused_files({{"SKILL.md", main_file("metadata:\n  twenty-access: all\n")}}).empty());
}

TEST_CASE("a skill is for connections that have what it works on", "[skill]") {
    twenty::connection everything;
    twenty::connection some;
    some.objects = std::set<std::string>{"company", "person"};
    const auto is_for = [](const std::string& metadata, const twenty::connection& c, bool write) {
        const auto yaml = metadata.empty() ? "" : "metadata:\n  " + metadata + "\n";
        return primer::is_for(primer::entry_of(sample(yaml)), c, write);
    };
    for (const auto* any : {"", "author: us", "twenty-access: read", "twenty-objects: \"\""}) {
        CHECK(is_for(any, everything, false));
        CHECK(is_for(any, some, false));
    }
    CHECK(is_for("twenty-access: write", everything, true));
    CHECK_FALSE(is_for("twenty-access: write", everything, false));
    CHECK(is_for("twenty-objects: opportunity", everything, false));
    CHECK_FALSE(is_for("twenty-objects: opportunity", some, false));
    CHECK(is_for("twenty-objects: company person", some, false));
    CHECK(is_for("twenty-objects: \"company, person\"", some, false));
    CHECK_FALSE(is_for("twenty-objects: company opportunity", some, false));
    for (const auto* lines : {"twenty-objects: |\n    company\n    person\n",
                              "twenty-objects: >\n    company\n    person\n"})
        CHECK(is_for(lines, some, false));
    for (const auto* wrong : {"Company", "company;person", "\"9\"", "-company"})
        CHECK_FALSE(refused_files({{"SKILL.md", main_file("metadata:\n  twenty-objects: " +
                                                          std::string(wrong) + "\n")}})
                        .empty());
}
