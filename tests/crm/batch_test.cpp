// The limits of a batch: what goes in one request, what is shown, and when it stops.
#include "crm/batch.hpp"

#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

using crm_test::notes_of;
using mcp_test::count_ids;
using mcp_test::id_of;
using mcp_test::script;

namespace {

std::string node_of(int n, const std::string& more = "") {
    return R"({"id":")" + id_of(n) + "\"" + more + "}";
}
std::string people_listed(int count, const std::string& more = "") {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i ? "," : "") + (R"({"node":)" + node_of(i, more) + "}");
    return R"({"data":{"people":{"edges":[)" + out + "]}}}";
}
std::string people_updated(int count, const std::string& more = "") {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i ? "," : "") + node_of(i, more);
    return R"({"data":{"updatePeople":[)" + out + "]}}";
}
// The same city for so many.
std::string same_city(int count, const std::string& city) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i ? ",\"" : "\"") + id_of(i) + "\"";
    return R"({"objectName":"person","ids":[)" + out + R"(],"data":{"city":")" + city + "\"}}";
}
// New records, each with these fields.
std::string records(int count, const std::string& fields) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i ? ",{" : "{") + fields + "}";
    return R"({"objectName":"person","records":[)" + out + "]}";
}
constexpr const char* people_created = R"({"data":{"createPeople":[{"id":"x"}]}})";

} // namespace

TEST_CASE("the same data for many ids has four mebibytes in all, each id's counted", "[batch]") {
    const auto call = [](script& s, std::size_t bytes) {
        return s.call("update_record", same_city(64, std::string(bytes, 'x')));
    };
    constexpr std::size_t most = 65'536 - std::string_view(R"({"city":""})").size();
    script s;
    call(s, most);
    CHECK(s.sent().size() == 1);
    script more;
    CHECK(call(more, most + 1).code() == "too_large");
    CHECK(more.sent().empty());
}

TEST_CASE("of half a megabyte that was written Twenty is asked to repeat all, of more the ids",
          "[batch]") {
    const auto selects_all = [](std::size_t bytes) {
        script s;
        s.answers(people_listed(50));
        s.answers(people_updated(50));
        s.call("update_record", same_city(50, std::string(bytes, 'x')));
        REQUIRE(s.sent().size() == 2);
        return s.query(1).find("{id}") == std::string::npos;
    };
    constexpr std::size_t most = 10'240 - std::string_view(R"({"city":""})").size();
    CHECK(selects_all(most));
    CHECK_FALSE(selects_all(most + 1));
}

TEST_CASE("a batch shows three hundred bytes of a text and a hundred of a label", "[batch]") {
    const auto shown = [](std::size_t bytes) {
        const std::string more = R"(,"city":")" + std::string(bytes, 'x') + "\"";
        script s;
        s.answers(people_listed(2));
        s.answers(people_updated(2, more));
        const auto r = s.call("update_record", same_city(2, std::string(bytes, 'x')));
        INFO(r.text);
        REQUIRE(r.body.at("record", "city"));
        return *r.body.at("record", "city")->if_string();
    };
    CHECK(shown(300) == std::string(300, 'x'));
    CHECK(shown(301) == std::string(300, 'x') + "…");
    script s;
    count_ids(s);
    s.answers(people_created);
    s.answers(people_listed(2, R"(,"city":"Oslo","name":{"firstName":"Ada","lastName":")" +
                                   std::string(120, 'x') + "\"}"));
    const auto r = s.call("create_record", records(2, R"("city":"Oslo")"));
    INFO(r.text);
    CHECK(r.body.find("results")->if_array()->front().text("label") ==
          "Ada " + std::string(96, 'x'));
}

TEST_CASE("ten of the new records that repeat each other are named, and how many more there are",
          "[batch]") {
    const auto said = [](int count) {
        script s;
        count_ids(s);
        s.answers(R"({"data":{"people":{"edges":[]}}})"); // nobody is like them
        s.answers(people_created);
        s.answers(people_listed(count));
        return notes_of(s.call("create_record", records(count, R"("email":"a@x.y")")));
    };
    CHECK(said(11).find("10 of 0)") != std::string::npos);
    CHECK(said(12).find("10 of 0 and 1 more)") != std::string::npos);
}

TEST_CASE("a batch tells twelve repairs, each once", "[batch]") {
    script s;
    count_ids(s);
    std::string companies;
    std::string rows;
    for (int i = 0; i < 13; ++i) {
        const auto name = "Company " + std::to_string(i);
        companies += (i ? "," : "") + (R"({"node":{"id":")" + id_of(500 + i)) + R"(","name":")" +
                     name + R"("}})";
        for (int twice = 0; twice < 2; ++twice)
            rows += (rows.empty() ? "" : ",") + (R"({"city":"x","companyId":")" + name + "\"}");
    }
    s.answers(R"({"data":{"companies":{"edges":[)" + companies + "]}}}");
    s.answers(people_created);
    s.answers(people_created);
    s.answers(people_listed(26));
    const auto r = s.call("create_record", R"({"objectName":"person","records":[)" + rows + "]}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    const auto said = notes_of(r);
    CHECK(said.find("Company 11 ") != std::string::npos);
    CHECK(said.find("Company 12 ") == std::string::npos);
    CHECK(said.find("Company 11 ") == said.rfind("Company 11 "));
}

TEST_CASE("the records that broke no rule go again three times, and then one by one", "[batch]") {
    const auto broken = [](int n) {
        return R"({"data":{"updatePeople":null},"errors":[{"message":"Title is required","extensions":{"code":"BAD_USER_INPUT","subCode":"VALIDATION_RULE_VIOLATION","validationRuleViolations":[{"ruleId":"r","message":"Title is required","recordId":")" +
               id_of(n) + R"("}]}}]})";
    };
    script s;
    s.answers(people_listed(6));
    for (int i = 0; i < 4; ++i)
        s.answers(broken(i));
    const auto r = s.call("update_record", same_city(6, "Oslo"));
    INFO(r.text);
    REQUIRE(s.sent().size() > 5);
    for (std::size_t n = 1; n <= 4; ++n)
        CHECK(s.query(n).find("updatePeople") != std::string::npos);
    CHECK(s.query(5).find("updatePerson") != std::string::npos);
}

TEST_CASE("a batch writes as long as twenty seconds of its call are left", "[batch]") {
    for (const int left : {20'000, 19'999}) {
        script s;
        s.context.time_left = [left] { return std::chrono::milliseconds(left); };
        s.answers(people_listed(2));
        s.answers(people_updated(2));
        s.call("update_record", same_city(2, "Oslo"));
        CHECK(s.sent().size() == (left == 20'000 ? 2U : 1U));
    }
}

TEST_CASE("a stamp that was written is read back, for those records that have it", "[batch]") {
    const std::string stamped = R"(,"createdAt":"2026-01-02T00:00:00.000Z")";
    script s;
    count_ids(s);
    s.answers(people_created);
    s.answers(people_listed(2, stamped));
    const auto r = s.call("create_record", R"({"objectName":"person","records":[)"
                                           R"({"city":"Oslo","createdAt":"2026-01-02"},)"
                                           R"({"city":"Rome"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(1).find("createdAt") != std::string::npos);
    CHECK(s.query(1).find("updatedAt") == std::string::npos);
    const auto& rows = *r.body.find("results")->if_array();
    CHECK(rows[0].at("record", "createdAt"));
    CHECK_FALSE(rows[1].at("record", "createdAt"));
}
