// The tools against a Twenty of 2.44 to 2.47, as the demo plays one.
#include "tests/demo/tool_desk.hpp"

using demo::role;
using tool_test::tool_desk;

namespace {

struct newer_desk : tool_desk {
    explicit newer_desk(role who = role::full,
                        std::optional<std::set<std::string>> objects = std::nullopt)
        : tool_desk(who, twenty::mode::write, std::move(objects), true) {}
};

constexpr std::string_view sentence =
    "A rule of this workspace refuses this: A won opportunity needs an amount.";

} // namespace

TEST_CASE("describe_object shows the rules of a newer Twenty, and asks 2.19 nothing more",
          "[newer_tools]") {
    newer_desk d;
    const auto r = d.good("describe_object", R"({"objectName":"opportunity"})");
    REQUIRE(r.body.find("rules"));
    CHECK(json::dump(*r.body.find("rules")) ==
          R"([{"message":"A won opportunity needs an amount","field":"amount"}])");
    CHECK(d.sent.size() == 1);
    CHECK_FALSE(d.good("describe_object", R"({"objectName":"company"})").body.find("rules"));
    tool_desk old;
    CHECK_FALSE(old.good("describe_object", R"({"objectName":"opportunity"})").body.find("rules"));
    CHECK(old.sent.empty());
}

TEST_CASE("the sentence of a broken rule reaches the model from every tool that writes",
          "[newer_tools]") {
    newer_desk d;
    const auto message = [&](std::string tool, std::string_view arguments) {
        const auto r = d.call(std::move(tool), arguments);
        CHECK(r.is_error);
        const auto* e = r.body.find("error");
        return e ? std::string(e->text("message")) : "";
    };
    CHECK(message("create_record",
                  R"({"objectName":"opportunity","data":{"name":"Won","stage":"CUSTOMER"}})") ==
          sentence);
    CHECK(message("run_graphql_mutation",
                  R"({"endpoint":"graphql","query":"mutation{createOpportunity(data:{name:\"Won\",)"
                  R"(stage:CUSTOMER}){id}}"})") == sentence);
    const auto many = d.good(
        "create_record", R"({"objectName":"opportunity","records":[{"name":"Open","stage":"NEW"},)"
                         R"({"name":"Won","stage":"CUSTOMER"},{"name":"Paid","stage":"CUSTOMER",)"
                         R"("amount":{"amount":5,"currencyCode":"EUR"}}]})");
    CHECK(many.body.find("done")->as_int() == 2);
    CHECK(many.body.find("failed")->as_int() == 1);
    CHECK(many.text.find(sentence) != std::string::npos);
}

TEST_CASE("a record that is not shared is said to be perhaps that, and the quota to be used up",
          "[newer_tools]") {
    newer_desk d(role::read_only);
    const auto r =
        d.call("get_record", tool_test::one("opportunity", demo::uuid_of("opportunity:0")));
    CHECK(r.is_error);
    CHECK(r.text.find("not shared with this API key") != std::string::npos);
    newer_desk spent;
    spent.workspace.faults().answer_402 = 1;
    const auto used_up = spent.call("find_records", R"({"objectName":"person"})");
    CHECK(used_up.is_error);
    CHECK(used_up.text.find("used up") != std::string::npos);
    CHECK(used_up.text.find("won't help") != std::string::npos);
}

TEST_CASE("a limited connection sees no words of chats and links of a newer Twenty",
          "[newer_tools]") {
    newer_desk d(role::full, std::set<std::string>{"shortLink", "agentChatThread", "person"});
    for (const auto& [object, hidden] :
         {std::pair("shortLink", "targetUrl"), std::pair("agentChatThread", "title")}) {
        INFO(object);
        const auto r =
            d.good("describe_object", R"({"objectName":")" + std::string(object) + "\"}");
        CHECK(r.text.find(std::string("\"") + hidden + "\"") == std::string::npos);
        d.good("find_records", R"({"objectName":")" + std::string(object) + "\"}");
        CHECK(d.error_code("find_records", R"({"objectName":")" + std::string(object) +
                                               R"(","fields":[")" + hidden + "\"]}") ==
              "bad_request");
    }
}
