#include "console/layout.hpp"

#include "tests/support/catch.hpp"

using console::column;

namespace {

json::array rows(std::string_view document) { return *json::parse(document)->if_array(); }

} // namespace

TEST_CASE("columns are aligned by characters, and nothing trails the last one", "[layout]") {
    console::table t(
        std::vector<column>{{"NAME", "client.name"}, {"MODE", "mode"}, {"OBJECTS", "objects"}});
    CHECK(t.write(rows(R"([
        {"client":{"name":"Ümläut"},"mode":"read","objects":"all"},
        {"client":{"name":"x"},"mode":"write","objects":["person","company"]},
        {"client":{},"mode":true,"objects":[]}])")) == "NAME    MODE   OBJECTS\n"
                                                       "Ümläut  read   all\n"
                                                       "x       write  person, company\n"
                                                       "-       yes    -\n");
}

TEST_CASE("the titles of a table that goes on stand above its first rows alone", "[layout]") {
    console::table t(std::vector<column>{{"ID", "id"}, {"TOOL", "tool"}});
    CHECK(t.write(rows(R"([{"id":9,"tool":"a"}])")) == "ID  TOOL\n9   a\n");
    CHECK(t.write(rows(R"([{"id":1000,"tool":"b"}])")) == "1000  b\n");
    CHECK(t.write(rows(R"([{"id":7,"tool":"c"}])")) == "7     c\n");
}

TEST_CASE("a cell that is too long is cut between characters, with a mark", "[layout]") {
    console::table t(std::vector<column>{{"A", "a", 4}});
    CHECK(t.write(rows(R"([{"a":"äöüß"},{"a":"äöüßx"}])")) == "A\näöüß\näöü…\n");
}

TEST_CASE("no value of a table writes to the terminal", "[layout]") {
    console::table t(std::vector<column>{{"A", "a"}});
    CHECK(t.write(rows(R"([{"a":"\u001b[2J\nx"},{"a":{"\u202e":1}}])")) ==
          "A\n\\u001b[2J\\u000ax\n{\"\\u202e\":1}\n");
}

TEST_CASE("facts are told name by name, and what is inside of one below it", "[layout]") {
    const auto of = json::parse(R"({"version":"0.2.0","\u001b":false,"store":{"ok":true,"rows":
        {"grants":3}},"keys":[{"id":"a","n":1},{"id":"b"},{}],"words":["x","y"]})");
    CHECK(console::facts(*of->if_object()) == "version  0.2.0\n"
                                              "\\u001b   no\n"
                                              "store\n"
                                              "  ok  yes\n"
                                              "  rows\n"
                                              "    grants  3\n"
                                              "keys\n"
                                              "  - id  a\n"
                                              "    n   1\n"
                                              "  - id  b\n"
                                              "  - {}\n"
                                              "words    x, y\n");
}
