#include "twenty/graphql.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace {

namespace graphql = twenty::graphql;
using kind = graphql::value::kind;

std::string syntax_refusal(std::string_view text, const graphql::limits& allowed = {}) {
    const auto parsed = graphql::parse(text, allowed);
    return parsed ? "accepted" : parsed.failure().message;
}
bool accepts(std::string_view text, const graphql::limits& allowed = {}) {
    return graphql::parse(text, allowed).ok();
}
graphql::document parsed_document(std::string_view text) {
    auto out = graphql::parse(text);
    INFO((out ? std::string() : out.failure().message));
    REQUIRE(out);
    return *std::move(out);
}
const graphql::field& first_field(const graphql::selection_set& set) {
    REQUIRE_FALSE(set.empty());
    return std::get<graphql::field>(set.front().node);
}
// The value of the argument in {f(a: TEXT)}.
graphql::value value_of(std::string_view text) {
    const auto doc = parsed_document("{f(a:" + std::string(text) + ")}");
    const auto* found = first_field(doc.operations.front().selections).find_argument("a");
    REQUIRE(found);
    return *found;
}
bool value_accepted(std::string_view text) { return accepts("{f(a:" + std::string(text) + ")}"); }

} // namespace

TEST_CASE("a full document becomes the tree it describes", "[graphql]") {
    const auto doc = parsed_document(
        "query People($n: Int = 5, $f: [PersonFilterInput!]! @d) @live {\n"
        "  list: people(first: $n, filter: {name: {eq: \"A\"}}) @skip(if: false) {\n"
        "    ...rest ... on Person { id } ... @include(if: true) { id }\n"
        "  }\n"
        "}\n"
        "fragment rest on PersonConnection { totalCount }");
    REQUIRE(doc.operations.size() == 1);
    const auto& op = doc.operations.front();
    CHECK(op.kind == graphql::operation_kind::query);
    CHECK(op.name == "People");
    REQUIRE(op.variables.size() == 2);
    CHECK(op.variables[0].type == "Int");
    REQUIRE(op.variables[0].fallback);
    CHECK(op.variables[0].fallback->text == "5");
    CHECK(op.variables[1].type == "[PersonFilterInput!]!");
    CHECK_FALSE(op.variables[1].fallback);
    CHECK(op.directives.size() == 1);
    const auto& list = first_field(op.selections);
    CHECK(list.alias == "list");
    CHECK(list.name == "people");
    CHECK(list.key() == "list");
    CHECK(list.at.line == 2);
    CHECK(list.at.column == 3);
    REQUIRE(list.arguments.size() == 2);
    CHECK(list.find_argument("first")->type == kind::variable);
    CHECK(list.find_argument("nothing") == nullptr);
    REQUIRE(list.selections.size() == 3);
    CHECK(std::get<graphql::fragment_spread>(list.selections[0].node).name == "rest");
    CHECK(std::get<graphql::inline_fragment>(list.selections[1].node).type_condition == "Person");
    CHECK(std::get<graphql::inline_fragment>(list.selections[2].node).type_condition.empty());
    REQUIRE(doc.find_fragment("rest"));
    CHECK(doc.find_fragment("rest")->type_condition == "PersonConnection");
}

TEST_CASE("keywords are ordinary names wherever the grammar allows names", "[graphql]") {
    CHECK(accepts("{query mutation fragment on type null true}"));
    CHECK(accepts("query query{fragment:on}"));
    CHECK(accepts("fragment query on on{on} {...query}"));
    CHECK(accepts("{f(type:1,query:ENUM)}"));
}

TEST_CASE("comments, commas, blanks and byte order marks separate tokens and mean nothing",
          "[graphql]") {
    const auto doc =
        parsed_document("\xEF\xBB\xBF# mutation { destroy }\r\n,,,\tquery,Q{,a,b # }\r c\n}");
    CHECK(doc.operations.front().kind == graphql::operation_kind::query);
    CHECK(doc.operations.front().selections.size() == 3);
    CHECK(std::get<graphql::field>(doc.operations.front().selections[2].node).at.line == 3);
}

TEST_CASE("strings are decoded and braces or keywords inside them stay text", "[graphql]") {
    CHECK(value_of(R"("")").text.empty());
    CHECK(value_of(R"("} mutation { # \" \\ \/ \b\f\n\r\t")").text ==
          "} mutation { # \" \\ / \b\f\n\r\t");
    CHECK(value_of(R"("\u00e9\u20AC")").text == "é€");
    CHECK(value_of(R"("\uD83D\uDE80")").text == "🚀");
    CHECK(value_of("\"é🚀\"").text == "é🚀");
    CHECK(value_of(R"("")").type == kind::string);
}

TEST_CASE("a string that is not well formed is refused", "[graphql]") {
    const std::string_view bad[] = {
        "\"",
        "\"abc",
        "\"a\nb\"",
        "\"a\rb\"",
        R"("\x")",
        R"("\u12")",
        R"("\u12G4")",
        R"("\uD83D")",
        R"("\uDE80")",
        R"("\uD83D\u0041")",
        R"("\u{1F680}")",
        "\"a\x01b\"",
        R"("\")",
        "\"\"\"abc",
        "\"\"\"abc\"\"",
        "\"\"\"a\\\"\"\"",
        "\"\x7F\"",
        "'single'",
        "\"\\",
        "\"\\u",
    };
    for (const auto text : bad) {
        INFO(text);
        CHECK_FALSE(value_accepted(text));
    }
}

TEST_CASE("block strings lose their common indent and their blank edges", "[graphql]") {
    CHECK(value_of("\"\"\"abc\"\"\"").text == "abc");
    CHECK(value_of("\"\"\"\"\"\"").text.empty());
    CHECK(
        value_of("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"").text ==
        "Hello,\n  World!\n\nYours,\n  GraphQL.");
    CHECK(value_of("\"\"\"  first\r\n    second\r    third\"\"\"").text ==
          "  first\nsecond\nthird");
    CHECK(value_of(R"("""raw \n and \""" kept""")").text == R"(raw \n and """ kept)");
    CHECK(value_of("\"\"\"\n \n\n\"\"\"").text.empty());
}

TEST_CASE("numbers keep their digits and their kind", "[graphql]") {
    for (const std::string_view text : {"0", "-0", "7", "-12", "9007199254740993"}) {
        CHECK(value_of(text).type == kind::integer);
        CHECK(value_of(text).text == text);
    }
    for (const std::string_view text : {"0.0", "-1.50", "1e5", "1E+5", "6.02e-23", "0e0"}) {
        CHECK(value_of(text).type == kind::floating);
        CHECK(value_of(text).text == text);
    }
}

TEST_CASE("a number that does not end where it should is refused", "[graphql]") {
    for (const std::string_view text : {"1abc", "00", "01", "-", "-a", "1.", "1.e5", ".5", "1e",
                                        "1e+", "1.5.2", "0x1F", "1_000", "1.a", "+1", "- 1"}) {
        INFO(text);
        CHECK_FALSE(value_accepted(text));
    }
    CHECK(accepts("{f(a:[1 -2 3])}"));
}

TEST_CASE("what is no executable document is refused", "[graphql]") {
    const std::string_view bad[] = {
        "",
        "   # only a comment",
        "{",
        "{}",
        "{a}}",
        "{a} trailing",
        "{a} ]",
        "query",
        "query Q",
        "query Q(){a}",
        "{a()}",
        "{a(b)}",
        "{a(b:)}",
        "{a:}",
        "{:a}",
        "{a b:{c}}",
        "{a{}}",
        "{...}",
        "{... on}",
        "{... on Person}",
        "{..a}",
        "{a(b:$)}",
        "query($a:Int=$b){a}",
        "query($a){a}",
        "query(a:Int){a}",
        "query($a:[Int){a}",
        "query($a:!Int){a}",
        "query($a:Int!!){a}",
        "fragment on on T{a} {b}",
        "fragment F T{a} {b}",
        "fragment F on T{a}",
        "Query{a}",
        "QUERY{a}",
        "type Person{id:ID}",
        "extend type Query{a:Int}",
        "schema{query:Query}",
        "\"described\" query{a}",
        "{a(b:[1)}",
        "{a(b:{c 1})}",
        "{a(b:{\"c\":1})}",
        "{a ; b}",
        "{a\0b}",
        "{a?}",
        "{a%b}",
        "{á}",
    };
    for (const auto text : bad) {
        INFO(text);
        CHECK_FALSE(accepts(text));
    }
    CHECK_FALSE(accepts(std::string_view("{a\0}", 4)));
    CHECK_FALSE(accepts("{a(b:\"\xFF\")}"));
    CHECK_FALSE(accepts("{\xEF\xBB}"));
}

TEST_CASE("a name given twice is refused wherever the second could win", "[graphql]") {
    CHECK_FALSE(accepts("{a(id:1,id:2)}"));
    CHECK_FALSE(accepts("{a(f:{id:1,id:2})}"));
    CHECK_FALSE(accepts("query($a:Int,$a:Int){b}"));
    CHECK_FALSE(accepts("query A{a} mutation A{b}"));
    CHECK_FALSE(accepts("{...F} fragment F on T{a} fragment F on T{b}"));
    CHECK_FALSE(accepts("{a@skip(if:true,if:false)}"));
    CHECK(accepts("{a a a:b}"));
}

TEST_CASE("refusals name the position and what was expected", "[graphql]") {
    CHECK(syntax_refusal("{people(first: )}") ==
          "GraphQL syntax error at 1:16: expected a value, found \")\".");
    CHECK(syntax_refusal("{\n  a {\n") ==
          "GraphQL syntax error at 3:1: expected a field, found the end of the document.");
    CHECK(syntax_refusal("type T{a:Int}") ==
          "GraphQL syntax error at 1:1: expected a query, mutation or fragment (type definitions "
          "are not accepted), found name \"type\".");
    CHECK(syntax_refusal("{a(b:1abc)}") ==
          "GraphQL syntax error at 1:7: expected the number to end here.");
    CHECK(graphql::parse("{").failure().code == errc::bad_request);
}

TEST_CASE("the limits hold to the last unit", "[graphql]") {
    CHECK(accepts("{a b}", {.bytes = 5}));
    CHECK(graphql::parse("{a b}", {.bytes = 4}).failure().code == errc::too_large);
    CHECK(accepts("{a b}", {.tokens = 5})); // four and the end
    CHECK_FALSE(accepts("{a b}", {.tokens = 4}));
    CHECK(accepts("{a{b(c:{d:[1]})}}", {.depth = 4}));
    CHECK_FALSE(accepts("{a{b(c:{d:[1]})}}", {.depth = 3}));
    CHECK(accepts("{a{b}c{d}e{f}}", {.depth = 2}));
    CHECK_FALSE(accepts("{a(b:" + std::string(20000, '[')));
    CHECK_FALSE(accepts("query($a:" + std::string(20000, '[')));
    std::string deep;
    for (int i = 0; i < 10000; ++i)
        deep += "{a";
    CHECK_FALSE(accepts(deep));
}

TEST_CASE("an operation is chosen by its name, or by being alone", "[graphql]") {
    const auto two = parsed_document("query A{a} mutation B{b}");
    CHECK(two.select("") == nullptr);
    CHECK(two.select("C") == nullptr);
    REQUIRE(two.select("B"));
    CHECK(two.select("B")->kind == graphql::operation_kind::mutation);
    const auto one = parsed_document("subscription{a}");
    REQUIRE(one.select(""));
    CHECK(one.select("")->kind == graphql::operation_kind::subscription);
    CHECK(graphql::to_string(graphql::operation_kind::subscription) == "subscription");
}

TEST_CASE("an argument becomes JSON with its variables filled in", "[graphql]") {
    const auto variables = json::make({{"v", json::make({{"x", 1}})}});
    const auto v = value_of("{a:$v,b:[1,2.50,\"s\",true,null,ENUM],c:$missing}");
    CHECK(json::dump(graphql::to_json(v, variables)) ==
          R"({"a":{"x":1},"b":[1,2.50,"s",true,null,"ENUM"],"c":null})");
}
