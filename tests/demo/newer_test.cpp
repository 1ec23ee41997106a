#include "demo/newer.hpp"
#include "tests/demo/support.hpp"

#include "tests/support/catch.hpp"

namespace {

using demo::role;

// A workspace of 2.44 to 2.47.
struct newer_workspace {
    demo::workspace workspace{[] {
        demo::options out = demo_test::small_workspace();
        out.newer = true;
        return out;
    }()};
    json::value graphql(std::string_view query, role who = role::full) {
        const auto body = json::dump(json::make({{"query", query}}));
        const std::string bearer = "Bearer " + workspace.keys().of(who).token;
        const auto answer =
            workspace.handle({"POST", "/graphql", bearer, "", "application/json", body},
                             demo_test::at("2026-11-22T12:00:00Z"));
        return demo_test::desk::parsed(answer);
    }
};

} // namespace

// The message and members are those of Twenty's own tests of its validation rules.
TEST_CASE("a newer Twenty refuses a record that breaks a rule, and names the field", "[newer]") {
    newer_workspace d;
    const auto refused =
        d.graphql("mutation{createOpportunity(data:{name:\"Won\",stage:CUSTOMER}){id}}");
    CHECK(demo_test::graphql_error(refused, "message") == "A won opportunity needs an amount");
    CHECK(demo_test::graphql_error(refused, "code") == "BAD_USER_INPUT");
    CHECK(demo_test::graphql_error(refused, "subCode") == "VALIDATION_RULE_VIOLATION");
    const auto first = demo_test::item(refused.find("errors"), 0);
    const auto violation = demo_test::item(first.at("extensions", "validationRuleViolations"), 0);
    CHECK_FALSE(violation.text("ruleId").empty());
    CHECK_FALSE(violation.text("fieldMetadataId").empty());
    const auto taken = d.graphql("mutation{createOpportunity(data:{name:\"Won\",stage:CUSTOMER,"
                                 "amount:{amountMicros:1000000}}){id}}");
    CHECK_FALSE(taken.find("errors"));
}

// As the unique value of twenty-golden-2 many/017: all or none.
TEST_CASE("a change of several records that one of them must not have changes none", "[newer]") {
    newer_workspace d;
    const auto made = [&](const char* more) {
        const auto answer =
            d.graphql(std::string("mutation{createOpportunity(data:{name:\"All or none\"") + more +
                      "}){id}}");
        return std::string(answer.at("data", "createOpportunity", "id")->if_string()
                               ? *answer.at("data", "createOpportunity", "id")->if_string()
                               : "");
    };
    const auto good = made(",amount:{amountMicros:1000000}");
    const auto bad = made("");
    const auto refused = d.graphql("mutation{updateOpportunities(filter:{id:{in:[\"" + good +
                                   "\",\"" + bad + "\"]}},data:{stage:CUSTOMER}){id}}");
    CHECK(refused.find("errors"));
    const auto won =
        d.graphql("{opportunities(filter:{name:{eq:\"All or none\"},stage:{eq:CUSTOMER}})"
                  "{totalCount}}");
    CHECK(won.at("data", "opportunities", "totalCount")->as_int() == 0);
}

TEST_CASE("a record that a newer Twenty does not share is not there", "[newer]") {
    newer_workspace d;
    const std::string one =
        "{opportunity(filter:{id:{eq:\"" + demo::uuid_of("opportunity:0") + "\"}}){id}}";
    CHECK_FALSE(d.graphql(one).find("errors"));
    CHECK(demo_test::graphql_error(d.graphql(one, role::read_only), "subCode") ==
          "RECORD_NOT_FOUND");
    const auto total = [&](role who) {
        return *d.graphql("{opportunities{totalCount}}", who)
                    .at("data", "opportunities", "totalCount")
                    ->as_int();
    };
    CHECK(total(role::read_only) < total(role::full));
}

TEST_CASE("a newer Twenty shows that a mail is there and hides what it says", "[newer]") {
    newer_workspace d;
    const auto answer = d.graphql("{messages{edges{node{subject text receivedAt}}}}");
    const auto first = demo_test::item(answer.at("data", "messages", "edges"), 0);
    CHECK(first.find("node")->text("subject") == demo::restricted_text);
    CHECK_FALSE(first.find("node")->text("receivedAt").empty());
}

TEST_CASE("a newer Twenty has objects that 2.19 does not have", "[newer]") {
    newer_workspace d;
    CHECK_FALSE(d.graphql("{shortLinks{totalCount}}").find("errors"));
    demo_test::desk old;
    CHECK(old.graphql("{shortLinks{totalCount}}").find("errors"));
}

TEST_CASE("a quota that is used up is answered for records and not for metadata", "[newer]") {
    newer_workspace d;
    d.workspace.faults().answer_402 = 1;
    CHECK(demo_test::graphql_error(d.graphql("{people{totalCount}}"), "code") == "QUOTA_EXHAUSTED");
    CHECK_FALSE(d.graphql("{people{totalCount}}").find("errors"));
}
