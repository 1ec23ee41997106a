// Walks the tool table: what every client relies on, and recorded snapshots, so that a change
// to what models read is always seen in a review.
#include "base/text.hpp"
#include "crm/catalogue.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

namespace {

json::value tools_listed(bool may_write) {
    return json::parse(crm::catalogue().tools_list(may_write)).value();
}

std::string pretty(const json::value& v, std::string indent = "") {
    const auto inner = indent + "  ";
    std::string out;
    if (const auto* members = v.if_object(); members && !members->empty()) {
        for (const auto& [name, m] : *members)
            out += (out.empty() ? "{\n" : ",\n") + inner + json::dump(json::value(name)) + ": " +
                   pretty(m, inner);
        return out + "\n" + indent + "}";
    }
    return json::dump(v);
}

} // namespace

TEST_CASE("every tool has a name, a title, a description, hints and closed object schemas",
          "[catalogue]") {
    std::set<std::string> names;
    for (const auto& t : crm::catalogue().tools()) {
        INFO(t.name);
        const std::string name(t.name);
        CHECK(names.insert(name).second);
        CHECK(name.size() <= 64);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
        CHECK_FALSE(t.title.empty());
        CHECK(t.title.size() <= 40);
        CHECK(t.description.size() >= 20);
        CHECK(t.run != nullptr);
        for (const auto text : {t.input_schema, t.output_schema}) {
            const auto schema = json::parse(text);
            REQUIRE(schema.ok());
            CHECK(schema->text("type") == "object");
            for (const auto* keyword : {"anyOf", "oneOf", "allOf", "$ref"})
                CHECK_FALSE(schema->find(keyword));
        }
        const auto input = json::parse(t.input_schema).value();
        CHECK(input.flag("additionalProperties", true) == false);
    }
    CHECK(names.size() == 17);
}

// Converters of clients flatten a choice of types to one of them, refuse a list without items, and
// take neither a reference nor true for a schema. A cell of a row has any type.
TEST_CASE("every value in a tool's schemas has one plain type, and every list its items",
          "[catalogue]") {
    std::function<void(const json::value&, bool)> walk = [&](const json::value& schema, bool cell) {
        INFO(json::dump(schema));
        REQUIRE(schema.is_object());
        for (const auto* keyword : {"anyOf", "oneOf", "allOf", "not", "$ref", "alsoTakes", "if"})
            CHECK_FALSE(schema.find(keyword));
        const auto* type = schema.find("type");
        CHECK((cell || (type && type->is_string())));
        const auto* items = schema.find("items");
        CHECK((items != nullptr) == (schema.text("type") == "array"));
        if (items) walk(*items, !items->find("type"));
        if (const auto* closed = schema.find("additionalProperties")) CHECK(closed->is_bool());
        if (const auto* members = schema.find("properties"))
            for (const auto& [_, member] : *members->if_object())
                walk(member, false);
    };
    for (const auto& t : crm::catalogue().tools())
        for (const auto text : {t.input_schema, t.output_schema}) {
            INFO(t.name);
            const auto schema = json::parse(text).value();
            CHECK(schema.find("properties"));
            walk(schema, false);
        }
}

TEST_CASE("a required argument is always a declared one", "[catalogue]") {
    for (const auto& t : crm::catalogue().tools())
        for (const auto text : {t.input_schema, t.output_schema}) {
            const auto schema = json::parse(text).value();
            const auto* required = schema.find("required");
            if (!required) continue;
            for (const auto& name : *required->if_array())
                CHECK(schema.find("properties")->find(*name.if_string()));
        }
}

TEST_CASE("hints follow from what a tool does", "[catalogue]") {
    const auto all = tools_listed(true);
    for (const auto& shown : *all.find("tools")->if_array()) {
        INFO(shown.text("name"));
        const auto* t = crm::catalogue().find_tool(shown.text("name"));
        REQUIRE(t);
        const auto* hints = shown.find("annotations");
        CHECK(hints->flag("readOnlyHint") == (t->what == mcp::effect::read));
        CHECK(hints->flag("openWorldHint", true) == false);
    }
    const auto hint = [](const char* name) {
        return mcp::hints_of(crm::catalogue().find_tool(name)->what);
    };
    CHECK_FALSE(hint("create_record").destructive);
    CHECK_FALSE(hint("create_record").idempotent);
    CHECK(hint("update_record").destructive);
    CHECK(hint("delete_record").destructive);
    CHECK_FALSE(hint("restore_record").destructive);
    CHECK(hint("run_graphql_mutation").destructive);
    CHECK(hint("run_graphql").read_only);
}

TEST_CASE("a read grant lists exactly the tools that change nothing, in the same order",
          "[catalogue]") {
    std::vector<std::string> expected;
    for (const auto& t : crm::catalogue().tools())
        if (t.what == mcp::effect::read) expected.emplace_back(t.name);
    std::vector<std::string> shown;
    const auto read = tools_listed(false);
    for (const auto& t : *read.find("tools")->if_array())
        shown.emplace_back(t.text("name"));
    CHECK(shown == expected);
}

TEST_CASE("the tool list stays small enough to be read at every start", "[catalogue]") {
    CHECK(crm::catalogue().tools_list(true).size() < 14'500);
    for (const auto& t : crm::catalogue().tools()) {
        INFO(t.name);
        CHECK(t.description.size() + t.input_schema.size() + t.output_schema.size() < 1'900);
    }
}

TEST_CASE("descriptions describe and give no orders", "[catalogue]") {
    for (const auto& t : crm::catalogue().tools()) {
        INFO(t.name);
        const auto text = text::lower(t.description);
        for (const auto* order : {"always", "never", "must", "you should", "important"})
            CHECK(text.find(order) == std::string::npos);
    }
}

TEST_CASE("tools look as recorded in tests/golden/tools", "[catalogue]") {
    const std::filesystem::path folder =
        std::filesystem::path(TWENTY_MCP_SOURCE_DIR) / "tests/golden/tools";
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    const auto all = tools_listed(true);
    std::set<std::string> files;
    for (const auto& t : *all.find("tools")->if_array()) {
        const std::string name(t.text("name"));
        INFO(name);
        files.insert(name + ".json");
        const auto path = folder / (name + ".json");
        const auto now = pretty(t) + "\n";
        if (update) std::ofstream(path) << now;
        std::ifstream in(path);
        REQUIRE(in.good());
        std::ostringstream recorded;
        recorded << in.rdbuf();
        CHECK(recorded.str() == now);
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        CHECK(files.contains(entry.path().filename().string()));
}

TEST_CASE("resource templates match one segment a variable, percent-decoded", "[catalogue]") {
    const auto& offered = crm::catalogue();
    const auto record = offered.find_resource("twenty://record/person/20202020-b000");
    REQUIRE(record);
    CHECK(record->parts == std::vector<std::string>{"person", "20202020-b000"});
    CHECK(offered.find_resource("twenty://schema/my%20object")->parts.front() == "my object");
    CHECK(offered.find_resource("twenty://primer")->parts.empty());
    for (const auto* none : {"twenty://schema/", "twenty://schema/a/b", "twenty://record/person/",
                             "twenty://record/person", "twenty://schema/%zz", "twenty://primer/x",
                             "twenty://primer?x", "file:///etc/passwd", ""})
        CHECK_FALSE(offered.find_resource(none));
}
