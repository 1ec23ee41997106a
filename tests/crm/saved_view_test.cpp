// find_records by a saved view. The answers have the form of twenty-golden-2 views/001 and 013.
#include "tests/mcp/support/script.hpp"

using mcp_test::acme;
using mcp_test::script;

namespace {

std::string views(const std::string& all) { return R"({"data":{"getViews":[)" + all + "]}}"; }
std::string view(const std::string& name, const std::string& more = "",
                 const std::string& kind = R"("type":"TABLE","visibility":"WORKSPACE")") {
    return R"({"id":"v-)" + name + R"(","name":")" + name + "\"," + kind + more + "}";
}
constexpr const char* open_deals =
    R"(,"viewFilters":[{"id":"1","fieldMetadataId":"stage","operand":"IS","value":["NEW"]},)"
    R"({"id":"2","fieldMetadataId":"amount","operand":"GREATER_THAN_OR_EQUAL","value":"1000",)"
    R"("viewFilterGroupId":"g"},{"id":"3","fieldMetadataId":"closeDate","operand":"IS_EMPTY",)"
    R"("value":"","viewFilterGroupId":"g"}],)"
    R"("viewFilterGroups":[{"id":"g","parentViewFilterGroupId":null,"logicalOperator":"OR"}],)"
    R"("viewSorts":[{"fieldMetadataId":"closeDate","direction":"DESC"}],)"
    R"("viewFields":[{"fieldMetadataId":"stage","isVisible":true,"position":1},)"
    R"({"fieldMetadataId":"name","isVisible":true,"position":0},)"
    R"({"fieldMetadataId":"company","isVisible":false,"position":2}])";
constexpr const char* no_deals =
    R"({"data":{"opportunities":{"totalCount":0,"pageInfo":{"hasNextPage":false},"edges":[]}}})";

std::string ask(const std::string& name, const std::string& more = "") {
    return R"({"objectName":"opportunity","view":")" + name + "\"" + more + "}";
}

} // namespace

TEST_CASE("a saved view gives filter, order and columns; filters of the caller are added",
          "[saved_view]") {
    script s;
    s.answers(views(view("All") + "," + view("Open", open_deals)));
    s.answers(no_deals);
    const auto r = s.call("find_records", ask("open", R"(,"filter":"name[ilike]:a%")"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.sent().front().target == "/metadata");
    CHECK(s.variables(0).text("o") == "opportunity");
    const auto filter = json::dump(*s.variables(1).find("filter"));
    for (const auto* part :
         {R"({"name":{"ilike":"a%"}})", R"({"stage":{"in":["NEW"]}})",
          R"({"or":[{"amount":{"amountMicros":{"gte":1000000000}}},{"closeDate":{"is":"NULL"}}]})"})
        CHECK(filter.find(part) != std::string::npos);
    CHECK(json::dump(*s.variables(1).find("orderBy")).find(R"("closeDate":"DescNullsLast")") !=
          std::string::npos);
    CHECK(s.query(1).find("stage") != std::string::npos);
    CHECK(s.query(1).find("company") == std::string::npos); // hidden in the view
    // What the caller orders and names goes first.
    s.answers(views(view("Open", open_deals)));
    s.answers(no_deals);
    CHECK_FALSE(
        s.call("find_records", ask("Open", R"(,"orderBy":"name","fields":["amount"])")).is_error);
    CHECK(json::dump(*s.variables(3).find("orderBy")).find("closeDate") == std::string::npos);
    CHECK(s.query(3).find("amount") != std::string::npos);
}

TEST_CASE("views are found by name or id; several, none and private ones are told",
          "[saved_view]") {
    script s;
    const auto several = views(view("Open") + "," + R"({"id":"w","name":"open","type":"KANBAN"})" +
                               "," + view("Mine", "", R"("type":"TABLE","visibility":"UNLISTED")") +
                               "," + view("Page", "", R"("type":"FIELDS_WIDGET")"));
    s.answers(several);
    const auto both = s.call("find_records", ask("open"));
    CHECK(both.code() == "bad_request");
    CHECK(both.message().find("v-Open, w") != std::string_view::npos);
    for (const auto* name : {"Mine", "v-Mine", "Page", "nope"}) {
        s.answers(several);
        const auto none = s.call("find_records", ask(name));
        INFO(none.text);
        CHECK(none.code() == "not_found");
        CHECK(none.message().find("there are: Open, open.") != std::string_view::npos);
    }
    s.answers(several);
    s.answers(no_deals);
    CHECK_FALSE(s.call("find_records", ask("w")).is_error);
}

TEST_CASE("a Twenty that has no views says so", "[saved_view]") {
    script s;
    s.answers(R"({"errors":[{"message":"Cannot query field \"getViews\" on type \"Query\".",)"
              R"("extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]})");
    const auto r = s.call("find_records", ask("Open"));
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("give filter") != std::string_view::npos);
    CHECK(r.message().find("getViews") == std::string_view::npos);
}

TEST_CASE("days of a view are days of the call's time zone", "[saved_view]") {
    script s;
    s.answers(views(view("V", R"(,"viewFilters":[{"fieldMetadataId":"closeDate",)"
                              R"("operand":"IS","value":"2026-12-01"}])")));
    s.answers(no_deals);
    REQUIRE_FALSE(s.call("find_records", ask("V", R"(,"timeZone":"Pacific/Auckland")")).is_error);
    CHECK(json::dump(*s.variables(1).find("filter")).find("2026-11-30T11:00:00Z") !=
          std::string::npos);
    CHECK(s.call("find_records", ask("V", R"(,"timeZone":"Mars/Base")")).code() == "bad_request");
}

TEST_CASE("what a view filters by is applied or refused by name, never dropped", "[saved_view]") {
    script s;
    const auto with = [&](const std::string& filter) {
        s.answers(views(view("V", R"(,"viewFilters":[)" + filter + "]")));
        return s.call("find_records", ask("V"));
    };
    const auto relative =
        with(R"({"fieldMetadataId":"closeDate","operand":"IS_BETWEEN","value":"x"})");
    CHECK(relative.code() == "bad_request");
    CHECK(relative.message().find("closeDate") != std::string_view::npos);
    CHECK(with(R"({"fieldMetadataId":"gone","operand":"IS","value":["x"]})").code() ==
          "bad_request");
    CHECK(with(R"({"fieldMetadataId":"stage","operand":"IS","value":["NEW"],)"
               R"("viewFilterGroupId":"gone"})")
              .code() == "bad_request");
    CHECK(with(R"({"fieldMetadataId":"stage","operand":"IS","value":["NOPE"]})").code() ==
          "bad_request");
    s.answers(views(view("V", R"(,"anyFieldFilterValue":"acme")")));
    CHECK(s.call("find_records", ask("V")).code() == "bad_request");
    CHECK(s.sent().size() == 5);
}

TEST_CASE("a view tells a limited grant nothing of fields that it may not use", "[saved_view]") {
    script only(twenty::mode::read, std::set<std::string>{"opportunity"});
    only.answers(views(view("V", R"(,"viewFilters":[{"fieldMetadataId":"company","operand":"IS",)"
                                 R"("value":[")" +
                                     std::string(acme) + R"("]}])")));
    const auto r = only.call("find_records", ask("V"));
    CHECK(r.code() == "bad_request");
    CHECK(r.text.find("compan") == std::string::npos);
    CHECK(r.text.find(acme) == std::string::npos);
    only.answers(views(view("V", R"(,"viewFields":[{"fieldMetadataId":"company"},)"
                                 R"({"fieldMetadataId":"stage"}])")));
    only.answers(no_deals);
    CHECK_FALSE(only.call("find_records", ask("V")).is_error);
    CHECK(only.query(1).find("compan") == std::string::npos);
}

TEST_CASE("a cursor belongs to its view", "[saved_view]") {
    script s;
    s.answers(views(view("A") + "," + view("B")));
    s.answers(R"({"data":{"opportunities":{"totalCount":2,"pageInfo":{"hasNextPage":true,)"
              R"("endCursor":"e"},"edges":[{"cursor":"e","node":{"id":"1","name":"x"}}]}}})");
    const auto first = s.call("find_records", ask("A", R"(,"limit":1)"));
    const std::string cursor(first.body.text("cursor"));
    REQUIRE_FALSE(cursor.empty());
    const auto go_on = [&](const char* name) {
        s.answers(views(view("A") + "," + view("B")));
        return s.call("find_records", ask(name, R"(,"limit":1,"cursor":")" + cursor + "\""));
    };
    CHECK(go_on("B").code() == "bad_request");
    s.answers(no_deals);
    CHECK(go_on("A").code() != "bad_request");
}

TEST_CASE("a view's groups nest five deep, and no filter of a group that is gone is dropped",
          "[saved_view]") {
    const auto with_groups = [](int depth, bool gone) {
        std::string groups;
        for (int i = 1; i <= depth; ++i)
            groups += (i > 1 ? "," : "") + (R"({"id":"g)" + std::to_string(i)) +
                      R"(","logicalOperator":"OR","parentViewFilterGroupId":)" +
                      (i > 1 ? "\"g" + std::to_string(i - 1) + "\"" : "null") + "}";
        const auto in = gone ? std::string("nowhere") : "g" + std::to_string(depth);
        return view("Deep", R"(,"viewFilterGroups":[)" + groups +
                                R"(],"viewFilters":[{"id":"1","fieldMetadataId":"stage",)"
                                R"("operand":"IS","value":["NEW"],"viewFilterGroupId":")" +
                                in + "\"}]");
    };
    const auto call = [&](script& s, int depth, bool gone = false) {
        s.answers(views(with_groups(depth, gone)));
        s.answers(no_deals);
        return s.call("find_records", ask("Deep"));
    };
    script five;
    CHECK_FALSE(call(five, 5).is_error);
    CHECK(json::dump(five.variables(1)).find("NEW") != std::string::npos);
    script six;
    CHECK(call(six, 6).message().find("nested too deeply") != std::string_view::npos);
    script gone;
    CHECK(call(gone, 1, true).message().find("a group that is gone") != std::string_view::npos);
    CHECK(gone.sent().size() == 1);
}

TEST_CASE("a view whose filter stands in a group that nothing leads to is refused",
          "[saved_view]") {
    const auto group = [](const char* id, const char* parent) {
        return std::string(R"({"id":")") + id +
               R"(","logicalOperator":"AND","parentViewFilterGroupId":)" + parent + "}";
    };
    for (const auto& groups : {group("a", R"("gone")"), group("a", R"("a")"),
                               group("a", R"("b")") + "," + group("b", R"("a")")}) {
        INFO(groups);
        script s;
        s.answers(views(view("Lost", R"(,"viewFilterGroups":[)" + groups +
                                         R"(],"viewFilters":[{"id":"1","fieldMetadataId":"stage",)"
                                         R"("operand":"IS","value":["NEW"],)"
                                         R"("viewFilterGroupId":"a"}])")));
        s.answers(no_deals);
        const auto r = s.call("find_records", ask("Lost"));
        INFO(r.text);
        CHECK(r.code() == "bad_request");
        CHECK(r.message().find("stands in no other") != std::string_view::npos);
        CHECK(s.sent().size() == 1);
    }
}

TEST_CASE("twenty views are named where none fits", "[saved_view]") {
    std::string all;
    for (int i = 0; i < 21; ++i)
        all += (i ? "," : "") + view("View-" + std::to_string(i));
    script s;
    s.answers(views(all));
    const auto said = std::string(s.call("find_records", ask("nope")).message());
    CHECK(said.find("View-19") != std::string::npos);
    CHECK(said.find("View-20") == std::string::npos);
}
