// Tries everything in bypass_attempts.txt, which explains its notation.
#include "base/text.hpp"
#include "tests/demo/support.hpp"
#include "tests/demo/tool_desk.hpp"
#include "tests/support/sample_schema.hpp"

using demo_test::replace_all;

using namespace tool_test;

namespace {

struct attempt {
    int line = 0;
    bool may_answer = false;
    std::string how;  // the first word
    std::string what; // the rest
};

std::string some_id(const tool_desk& d, std::string_view object) {
    const auto& table = d.workspace.data().of(*d.workspace.model().find_singular(object));
    REQUIRE_FALSE(table.empty());
    return table.begin()->first;
}

std::string some_company(const tool_desk& d) {
    const auto& all = d.workspace.data().of(*d.workspace.model().find_singular("company"));
    return *demo::stored(all.begin()->second, "name").if_string();
}

std::vector<attempt> attempts(const tool_desk& d, std::string_view section) {
    const auto file = support::read_text_file(std::string(TWENTY_MCP_SOURCE_DIR) +
                                              "/tests/demo/bypass_attempts.txt");
    const std::pair<std::string, std::string> places[] = {
        {"$PERSON", some_id(d, "person")},
        {"$COMPANY", some_id(d, "company")},
        {"$OPPORTUNITY", some_id(d, "opportunity")},
        {"$NOTE", some_id(d, "note")},
        {"$NAME", some_company(d)},
    };
    std::vector<attempt> out;
    std::string in;
    int number = 0;
    for (auto line : text::split(file, '\n')) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == '[') in = line.substr(1, line.size() - 2);
        if (line.front() == '[' || in != section) continue;
        for (const auto& [name, value] : places)
            replace_all(line, name, value);
        attempt a;
        a.line = number;
        a.may_answer = line.front() == '~';
        if (a.may_answer) line.erase(0, 2);
        const auto space = line.find(' ');
        a.how = line.substr(0, space);
        a.what = line.substr(space + 1);
        out.push_back(std::move(a));
    }
    return out;
}

struct outcome {
    bool refused = false;
    std::string text;
};

outcome call(tool_desk& d, const std::string& tool, json::value arguments) {
    const auto result =
        d.ask("tools/call", json::make({{"name", tool}, {"arguments", std::move(arguments)}}));
    return {result.is_null() || result.flag("isError"), json::dump(result)};
}

// run_graphql's own tools take the document as it is, but for the escapes of JSON.
outcome run(tool_desk& d, const std::string& how, const std::string& what) {
    const auto bar = what.find(" ;; ");
    auto document = what.substr(0, bar);
    replace_all(document, "\\u000a", "\n");
    replace_all(document, "\\u000d", "\r");
    replace_all(document, "\\ufeff", "\xEF\xBB\xBF");
    auto arguments = json::object();
    arguments.append("endpoint", how.starts_with("meta") ? "metadata" : "graphql");
    arguments.append("query", document);
    if (bar != std::string::npos)
        arguments.append("variables", json::parse(what.substr(bar + 4)).value());
    return call(d, how.ends_with("mutation") ? "run_graphql_mutation" : "run_graphql",
                std::move(arguments));
}

outcome make(tool_desk& d, const attempt& a) {
    for (const auto* how : {"query", "mutation", "metadata", "metamutation"})
        if (a.how == how) return run(d, a.how, a.what);
    json::value result;
    if (a.how == "resource")
        result = d.ask("resources/read", json::make({{"uri", a.what}}));
    else if (a.how == "list")
        result = d.ask(a.what, json::object());
    else if (a.how == "complete")
        result = d.ask("completion/complete", json::parse(a.what).value());
    else
        return call(d, a.how, json::parse(a.what).value());
    return {result.is_null(), json::dump(result)};
}

// What no answer to a connection for people may hold: names of the other objects, and of
// their records.
std::set<std::string> hidden(const tool_desk& d) {
    std::set<std::string> out{"compan",     "opportunit",  "Compan",
                              "Opportunit", "noteTarget",  "taskTarget",
                              "rocket",     "partnership", "workspaceMember"};
    const std::pair<const char*, const char*> labels[] = {{"company", "name"},
                                                          {"opportunity", "name"},
                                                          {"note", "title"},
                                                          {"task", "title"},
                                                          {"rocket", "name"}};
    for (const auto& [object, label] : labels)
        for (const auto& [_, record] :
             d.workspace.data().of(*d.workspace.model().find_singular(object)))
            if (const auto* name = demo::stored(record, label).if_string()) out.insert(*name);
    return out;
}

// The part of an answer that is not the attempt's own words.
std::string without(std::string in, const std::string& own) {
    replace_all(in, own, "");
    return in;
}

std::string question(const twenty::request& request) {
    const auto body = json::parse(request.body).value();
    return std::string(body.text("query"));
}

// Who made a record is its own field (createdBy), with an id that leads nowhere.
constexpr const char* made_by = "workspaceMemberId";

std::string everything(const tool_desk& d) {
    std::string out;
    for (const auto& object : d.workspace.model().objects())
        for (const auto& [_, record] : d.workspace.data().of(object))
            out += json::dump(record);
    return out;
}

} // namespace

TEST_CASE("a connection for people alone learns of no other object by any attempt",
          "[bypass][plan-103][plan-104][plan-105]") {
    tool_desk d(demo::role::full, twenty::mode::write, std::set<std::string>{"person"});
    const auto all = attempts(d, "people");
    CHECK(all.size() >= 150);
    const auto secret = hidden(d);
    REQUIRE(secret.size() > 100);
    const auto before = everything(d);
    for (const auto& a : all) {
        INFO("line " << a.line << ": " << a.how << " " << a.what);
        d.sent.clear();
        const auto got = make(d, a);
        INFO(got.text.substr(0, 400));
        if (!a.may_answer) {
            CHECK(got.refused);
            CHECK(d.sent.empty());
        } else if (!got.refused) {
            const auto text = without(without(got.text, some_company(d)), made_by);
            for (const auto& word : secret)
                CHECK(text.find(word) == std::string::npos);
        }
        for (const auto& request : d.sent) {
            const auto asked = without(question(request), made_by);
            INFO(asked);
            for (const auto* word : {"compan", "pportunit", "oteTarget", "workspaceMember"})
                CHECK(asked.find(word) == std::string_view::npos);
        }
    }
    CHECK(everything(d) == before);
}

TEST_CASE("a read-only connection changes nothing by any attempt", "[bypass][plan-107]") {
    tool_desk d(demo::role::full, twenty::mode::read);
    const auto all = attempts(d, "read");
    CHECK(all.size() >= 60);
    const auto before = everything(d);
    for (const auto& a : all) {
        INFO("line " << a.line << ": " << a.how << " " << a.what);
        d.sent.clear();
        const auto got = make(d, a);
        INFO(got.text.substr(0, 400));
        if (!a.may_answer) {
            CHECK(got.refused);
            CHECK(d.sent.empty());
        }
        for (const auto& request : d.sent) {
            CHECK_FALSE(request.is_write);
            CHECK(question(request).find("mutation") == std::string::npos);
        }
    }
    CHECK(everything(d) == before);
}

TEST_CASE("no attempt reads or tries the words of private mails and meetings", "[bypass]") {
    tool_desk d(demo::role::full, twenty::mode::write);
    const auto all = attempts(d, "private");
    CHECK(all.size() >= 30);
    for (const auto& a : all) {
        INFO("line " << a.line << ": " << a.how << " " << a.what);
        d.sent.clear();
        const auto got = make(d, a);
        INFO(got.text.substr(0, 400));
        CHECK(got.refused != a.may_answer);
        CHECK(d.sent.empty() != a.may_answer);
        if (got.refused) CHECK(got.text.find("private") != std::string::npos);
    }
}

TEST_CASE("the attempts are real: without the limits they reach what they are after",
          "[bypass][plan-105]") {
    tool_desk d(demo::role::full, twenty::mode::write);
    std::size_t reached = 0;
    for (const auto& a : attempts(d, "people"))
        if (!a.may_answer && (a.how == "query" || a.how == "find_records")) {
            INFO("line " << a.line << ": " << a.how << " " << a.what);
            if (!make(d, a).refused) ++reached;
        }
    CHECK(reached >= 50);
}
