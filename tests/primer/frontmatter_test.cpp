#include "primer/frontmatter.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace {

result<json::value> read(const std::string& yaml) {
    return primer::read_frontmatter("---\n" + yaml + "---\n\n# Body\n");
}

std::string refused(const std::string& yaml) {
    const auto out = read(yaml);
    INFO(yaml);
    REQUIRE_FALSE(out.ok());
    CHECK(out.failure().code == errc::bad_request);
    return out.failure().message;
}

} // namespace

TEST_CASE("frontmatter becomes the JSON that every reader of YAML finds in it", "[frontmatter]") {
    const auto out = read("# a comment\n"
                          "name: refunds   # another\n"
                          "description: >\n  Handles refunds,\n  and says why.\n"
                          "text: |-\n  one\n  two\n"
                          "quoted: \"a \\\"word\\\" \\u00e4 \xc3\xa4\"\n"
                          "single: 'it''s 1.0'\n"
                          "plain: 2nd try of 3 - done, not\xe2\x80\xa6\n"
                          "list: [one, 'two']\n"
                          "metadata:\n  version: \"1.0\"\n  tags:\n    - a\n    - b: c\n"
                          "empty: \"\"\n");
    REQUIRE(out.ok());
    CHECK(json::dump(*out) ==
          "{\"name\":\"refunds\",\"description\":\"Handles refunds, and says why.\\n\","
          "\"text\":\"one\\ntwo\",\"quoted\":\"a \\\"word\\\" \xc3\xa4 \xc3\xa4\","
          "\"single\":\"it's 1.0\",\"plain\":\"2nd try of 3 - done, not\xe2\x80\xa6\","
          "\"list\":[\"one\",\"two\"],\"metadata\":{\"version\":\"1.0\",\"tags\":[\"a\","
          "{\"b\":\"c\"}]},\"empty\":\"\"}");
}

TEST_CASE("a value that readers of YAML disagree on has to be quoted", "[frontmatter][plan-134]") {
    for (const std::string value : {"",
                                    "~",
                                    "null",
                                    "Null",
                                    "yes",
                                    "No",
                                    "on",
                                    "OFF",
                                    "y",
                                    "true",
                                    "FALSE",
                                    "1",
                                    "1.0",
                                    "-3",
                                    "+4",
                                    "1_000",
                                    "0x1F",
                                    "0o17",
                                    "017",
                                    "1e3",
                                    "12:30",
                                    "12:30:45",
                                    "2026-01-31",
                                    "2026-01-31T10:00:00Z",
                                    "2026-01-31 10:00:00.5 +01:00",
                                    ".5",
                                    ".inf",
                                    "-.Inf",
                                    ".NaN",
                                    "=",
                                    "<<"}) {
        CHECK(refused("value: " + value + "\n").find("in quotes") != std::string::npos);
        CHECK(read("value: \"" + value + "\"\n").ok());
        CHECK(read("value: '" + value + "'\n").ok());
        CHECK(refused("list:\n  - " + value + "\n").find("in quotes") != std::string::npos);
        if (!value.empty()) CHECK_FALSE(read(value + ": text\n").ok());
    }
    for (const std::string value :
         {"v1.0", "1 of 2 is", "one", "yes it is", "-like", "a1", "info.md"})
        CHECK(read("value: " + value + "\n").ok());
}

TEST_CASE("YAML that means more than it says is refused with its line", "[frontmatter]") {
    CHECK(refused("a: &x text\n").find("line 2") != std::string::npos);
    CHECK(refused("a: one\nb: *x\n").find("line 3") != std::string::npos);
    CHECK(refused("a: !!str 1\n").find("tags") != std::string::npos);
    CHECK(refused("a: &x\n  b: c\n").find("anchors") != std::string::npos);
    CHECK(refused("a: !x [b]\n").find("anchors") != std::string::npos);
    CHECK(refused("a: b\na: c\n").find("twice") != std::string::npos);
    CHECK(refused("a:\n  b: c\n  b: d\n").find("twice") != std::string::npos);
    CHECK(refused("- a\n").find("map") != std::string::npos);
    CHECK(refused("text\n").find("map") != std::string::npos);
    CHECK(refused("").find("map") != std::string::npos);
    CHECK(refused("? [a]\n: b\n").find("key") != std::string::npos);
    CHECK(refused("a: [b\n").find("line") != std::string::npos);
    CHECK(refused("a: b\n...\nc: d\n").find("document") != std::string::npos);
    CHECK(refused("a: \"b\n").find("line") != std::string::npos);
    CHECK(refused("a: &x b\n...\n").find("anchors") != std::string::npos);
    CHECK(refused("a: b\n...\n").find("document") != std::string::npos);
    CHECK(refused("%YAML 1.1\n").find("line") != std::string::npos);
    for (const auto* tab : {"\ta: b\n", "a:\tb\n", "a: b\t# c\n", "a: \"b\tc\"\n"})
        CHECK(refused(tab).find("tab") != std::string::npos);
    CHECK(read("a: [[[[[[[b]]]]]]]\n").ok()); // with the map itself eight deep
    CHECK(refused("a: [[[[[[[[b]]]]]]]]\n").find("deep") != std::string::npos);
}

TEST_CASE("frontmatter has a line of hyphens before and behind it, and 8,192 bytes",
          "[frontmatter]") {
    for (const std::string text : {"", "name: a\n", "--- \nname: a\n---\n", "----\nname: a\n---\n",
                                   "\n---\nname: a\n---\n", "---\nname: a\n", "---", "---\n"})
        CHECK_FALSE(primer::read_frontmatter(text).ok());
    CHECK(primer::read_frontmatter("---\nname: a\n---").ok());
    CHECK(primer::read_frontmatter("---\nname: a\n--- \t\ntext").ok());
    // A line within a text does not end it.
    CHECK(primer::read_frontmatter("---\nname: |\n  a\n  ---\n  b\n---\n")->text("name") ==
          "a\n---\nb\n");
    const auto with = [](std::size_t bytes) {
        return "---\nname: " + std::string(bytes - 7, 'a') + "\n---\n";
    };
    CHECK(primer::read_frontmatter(with(8'191)).ok());
    CHECK_FALSE(primer::read_frontmatter(with(8'193)).ok());
}

TEST_CASE("YAML that small readers do not know is refused with what to write", "[frontmatter]") {
    for (const auto* text : {"a: \"b\n  c\"\n",
                             "a: 'b\n  c'\n",
                             "a: [b,\n  c]\n",
                             "a: {b: c}\n",
                             "a: [b: c]\n",
                             "a: ['b': c]\n",
                             "a: [?b]\n",
                             "a: [b#c]\n",
                             "a: [b:c]\n",
                             "? a\n: b\n",
                             "a:\n  ? b\n  : c\n",
                             "a: |2\n    b\n",
                             "a: >-2\n    b\n",
                             "a: |1-\n  b\n",
                             "__proto__: a\n",
                             "a:\n  b:\n    __proto__: c\n",
                             "a: |-\n   \n  # t\n",
                             "a: e1\n",
                             "\"a\" : b\n",
                             "\"\xc3\xa4\" : b\n",
                             "a: ''#c\n",
                             "a: \"\xc3\xa4\"#c\n",
                             "a: []#c\n",
                             "a: [b]#c\n",
                             "?a: b\n",
                             "a: ?b\n",
                             "a:\n ?b\n",
                             "a:\n- ?b\n",
                             "a:\n  |\n   x\n",
                             "a:\n  -\n    >\n     x\n"})
        CHECK_FALSE(refused(text).empty());
    for (const auto* text :
         {"a: |\n  b\n", "a: >+ # c\n  b\n\n", "a: |-\n\n  b\n  c\n", "a: []\n", "a: [] # c\n",
          "a: [b, \"c: d\", 'e']\n", "a:\n- b\n- c\n", "a: b\n  c\n", "a: everything\n", "a: e\n",
          "\"\xc3\xa4 b\": \"\xc3\xa4\" # c\n", "a:\n- |\n  b\n", "a: b?\n"})
        CHECK(read(text).ok());
    // What is wrong with a character has no line.
    CHECK(refused("a: b\nc: d\xef\xbf\xbe\n").find("line") == std::string::npos);
}

TEST_CASE("escapes bring nothing into frontmatter that nobody sees", "[frontmatter][plan-134]") {
    for (const auto* escape : {"\\0", "\\e[2J", "\\u202E", "\\U000E0041", "\\x7f", "\\u200b"}) {
        CHECK(refused("a: \"b" + std::string(escape) + "\"\n").find("nobody sees") !=
              std::string::npos);
        CHECK_FALSE(refused("\"b" + std::string(escape) + "\": a\n").empty());
    }
    CHECK(read("a: \"b\\n\\u00e9\"\n").ok());
}
