// What happens between a question and its answer, where the client asks its own person.
#include "crm/asking.hpp"

#include "tests/mcp/support/script.hpp"

#include <algorithm>

using mcp_test::script;

namespace {

struct quiet : mcp::outbound {
    void notify(std::string) override {}
    void announce(const mcp::change&) override {}
    void hang_up() override {}
};

const std::string id = "20202020-b000-4485-94de-70c2a98daef2";

std::string stored_company(const char* name, int updated) {
    return R"({"data":{"company":{"id":")" + id + R"(","name":")" + name +
           R"(","updatedAt":"2026-12-01T08:00:0)" + std::to_string(updated) +
           R"(.000Z","deletedAt":null}}})";
}

// A client whose person says yes so often, then no.
struct asking_script : script {
    explicit asking_script(int agrees) {
        context.caution.ask = twenty::asking::every;
        context.session.client_capabilities = R"({"elicitation":{}})";
        out = &ears;
        person = [this, agrees](const std::vector<mcp::input_request>& questions) {
            asked.emplace_back(questions.front().params.text("message"));
            const bool yes = static_cast<int>(asked.size()) <= agrees;
            return result<json::value>(
                json::make({{questions.front().key,
                             json::make({{"action", yes ? "accept" : "decline"},
                                         {"content", json::make({{"confirm", yes}})}})}}));
        };
    }
    [[nodiscard]] long writes() const {
        return std::ranges::count_if(sent(), [](const auto& r) { return r.is_write; });
    }
    quiet ears;
    std::vector<std::string> asked;
};

const std::string remove_it = R"({"objectName":"company","id":")" + id + R"("})";

} // namespace

TEST_CASE("what is stored when the person agrees is written, not what was read before",
          "[asking]") {
    asking_script s(1);
    s.answers(stored_company("Acme", 1));
    s.answers(stored_company("Acme", 1));
    s.answers(R"({"data":{"deleteCompany":{"id":")" + id + R"("}}})");
    const auto r = s.call("delete_record", remove_it);
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK(s.asked.size() == 1);
    CHECK(s.asked.front().find("“Acme”") != std::string::npos);
    CHECK(s.sent().size() == 3);
    CHECK(s.writes() == 1);
}

TEST_CASE("a client that says nobody has chosen is one that cannot ask, and writes nothing",
          "[asking]") {
    asking_script s(0);
    s.person = [](const std::vector<mcp::input_request>& questions) {
        return result<json::value>(
            json::make({{questions.front().key, json::make({{"action", "cancel"}})}}));
    };
    s.answers(stored_company("Acme", 1));
    const auto r = s.call("delete_record", remove_it);
    INFO(r.text);
    CHECK(r.code() == "approval_needed");
    CHECK(r.text.find("cannot ask") != std::string::npos);
    CHECK(s.writes() == 0);
}

TEST_CASE("a record that changes while the person is asked is asked about again", "[asking]") {
    asking_script s(1);
    s.answers(stored_company("Acme", 1));
    s.answers(stored_company("Another by now", 2));
    const auto r = s.call("delete_record", remove_it);
    CHECK(r.code() == "declined");
    REQUIRE(s.asked.size() == 2);
    CHECK(s.asked.back().find("“Another by now”") != std::string::npos);
    CHECK(s.writes() == 0);
}

TEST_CASE("a record that never stays the same is left alone", "[asking]") {
    asking_script s(100);
    for (int i = 0; i < 10; ++i)
        s.answers(stored_company("Restless", i));
    const auto r = s.call("delete_record", remove_it);
    CHECK(r.code() == "approval_needed");
    CHECK(s.asked.size() < 6);
    CHECK(s.writes() == 0);
}

TEST_CASE("members in another order are the same text, and other values another", "[asking]") {
    const auto text = [](const char* json) {
        return crm::canonical_text(json::parse(json).value());
    };
    CHECK(text(R"({"a":1,"b":{"c":[1,2],"d":"x"}})") == text(R"({"b":{"d":"x","c":[1,2]},"a":1})"));
    for (const auto* other : {R"({"a":1,"b":{"c":[2,1],"d":"x"}})", R"({"a":1})", R"({"a":"1"})",
                              R"([{"a":1}])", R"({"a":1,"b":null})"})
        CHECK(text(other) != text(R"({"a":1,"b":{"c":[1,2],"d":"x"}})"));
    CHECK(text(R"({"a":"b\":1,\"c"})") != text(R"({"a":"b","c":1})"));
}
