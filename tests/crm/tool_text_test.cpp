#include "crm/tool_text.hpp"
#include "mcp/arguments.hpp"

#include "crm/catalogue.hpp"
#include "embedded/crm_tools.hpp"
#include "tests/support/catch.hpp"

namespace {

const json::object shared = [] {
    json::object parts;
    parts.append("recordIdentifier", json::make({{"type", "string"}}));
    return parts;
}();

std::string tool_document(std::string_view input, std::string_view more = "") {
    return R"({"title":"T","description":"D","inputSchema":)" + std::string(input) +
           R"(,"outputSchema":{"type":"object"})" + std::string(more) + "}";
}

} // namespace

TEST_CASE("a shared part takes the place of each reference to it", "[tool_text]") {
    const auto text = crm::read_tool_text(
        tool_document(
            R"({ "type": "object", "properties": { "id": {"$ref": "shared.json#/recordIdentifier"} },
                      "anyOf": [ {"$ref": "shared.json#/recordIdentifier"} ] })"),
        shared);
    REQUIRE(text.ok());
    CHECK(text->title == "T");
    CHECK(text->description == "D");
    CHECK(text->input_schema == R"({"type":"object","properties":{"id":{"type":"string"}},)"
                                R"("anyOf":[{"type":"string"}]})");
    CHECK(text->output_schema == R"({"type":"object"})");
}

TEST_CASE("what a tool takes besides is accepted and not advertised", "[tool_text]") {
    const auto text = crm::read_tool_text(
        tool_document(
            R"({"type":"object","properties":{"a":{"type":"string","alsoTakes":["object","array"],"examples":["x"]},"b":{"type":"integer"}}})"),
        shared);
    REQUIRE(text.ok());
    CHECK(
        text->input_schema ==
        R"({"type":"object","properties":{"a":{"type":"string","examples":["x"]},"b":{"type":"integer"}}})");
    const auto accepted = json::parse(text->accepted_schema).value();
    for (const auto* given : {R"({"a":"x"})", R"({"a":{"x":1}})", R"({"a":[1]})"}) {
        INFO(given);
        const auto got = mcp::check_arguments(json::parse(given).value(), accepted);
        REQUIRE(got.ok());
        CHECK(json::dump(*got) == given);
    }
    const auto wrong = mcp::check_arguments(json::parse(R"({"a":7})").value(), accepted);
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.failure().message == "\"a\" must be a string or an object or an array, not a "
                                     "number. Example: {\"a\":\"x\"}");
}

TEST_CASE("a tool's file with a wrong reference, or without one of its members, is refused",
          "[tool_text]") {
    for (const auto* input :
         {R"({"$ref":"shared.json#/none"})", R"({"$ref":"#/recordIdentifier"})", R"({"$ref":1})",
          R"({"a":[{"$ref":"shared.json#/recordIdentifier","type":"string"}]})", R"({"a":)"}) {
        INFO(input);
        CHECK_FALSE(crm::read_tool_text(tool_document(input), shared).ok());
    }
    CHECK_FALSE(crm::read_tool_text(tool_document("{}", R"(,"annotations":{})"), shared).ok());
    CHECK_FALSE(
        crm::read_tool_text(R"({"title":"T","description":"D","inputSchema":{}})", shared).ok());
    CHECK_FALSE(crm::read_tool_text("[]", shared).ok());
}

TEST_CASE("every file of crm/tools is a tool's, and every tool has one", "[tool_text]") {
    std::size_t files = 0;
    for (const auto& t : crm::catalogue().tools()) {
        const auto text = crm::built_in_text(t.name);
        REQUIRE(text.ok());
        CHECK((*text)->title == t.title);
    }
    for (const auto& [name, _] : embedded::crm_tools)
        if (name != "shared") {
            INFO(name);
            CHECK(crm::catalogue().find_tool(name) != nullptr);
            ++files;
        }
    CHECK(files == crm::catalogue().tools().size());
    CHECK_FALSE(crm::built_in_text("drop_database").ok());
}
