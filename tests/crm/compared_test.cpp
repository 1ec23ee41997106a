// Twenty filters by fields that the key's role may not read, also through a relation:
// twenty-golden-2 permissions/112 and 116. It refuses to select them: permissions/110 and 115,
// whose sentence the refusals here have.
#include "crm/compared.hpp"

#include "tests/mcp/support/script.hpp"

using mcp_test::acme;
using mcp_test::script;

namespace {

std::string field_refused(const std::string& root, const std::string& field,
                          const std::string& object) {
    return R"({"data":{")" + root +
           R"(":null},"errors":[{"message":"Entity performing the request does not have permission: )" +
           R"(no permission to read field \")" + field + R"(\" on \")" + object +
           R"(\"","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})";
}
constexpr const char* object_refused =
    R"({"data":{"people":null},"errors":[{"message":"Entity performing the request does not have )"
    R"(permission","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})";

std::string one_person(const std::string& node) {
    return R"({"data":{"people":{"totalCount":1,"pageInfo":{"hasNextPage":false},"edges":[{"cursor":"c","node":)" +
           node + "}]}}}";
}

} // namespace

TEST_CASE("records are not listed by a field that the role may not read", "[compared]") {
    const struct {
        const char* filter;
        const char* field;
        const char* object;
        const char* selected;
    } all[] = {
        {"jobTitle[ilike]:%z%", "jobTitle", "person", "jobTitle"},
        {"not(jobTitle[is]:NULL)", "jobTitle", "person", "jobTitle"},
        {"company.name[ilike]:%z%", "name", "company", "company{id name}"},
    };
    for (const auto& one : all) {
        INFO(one.filter);
        script s;
        s.answers(field_refused("people", one.field, one.object));
        s.answers(one_person(R"({"id":"1","city":"Oslo","companyId":null,"company":{"id":"2"}})"));
        const auto r =
            s.call("find_records", R"({"objectName":"person","fields":["city"],"filter":")" +
                                       std::string(one.filter) + "\"}");
        INFO(r.text);
        CHECK(s.query(0).find(one.selected) != std::string::npos);
        CHECK(r.code() == "not_allowed");
        CHECK(r.message().find(one.field) != std::string_view::npos);
        CHECK(r.text.find("Oslo") == std::string::npos);
        CHECK(r.text.find("total") == std::string::npos);
    }
}

TEST_CASE("records are neither counted, summed nor grouped by what the role may not read",
          "[compared]") {
    const struct {
        const char* tool;
        const char* arguments;
        const char* selected;
    } all[] = {
        {"find_records", R"("countOnly":true)", "people(filter:$filter,first:1){totalCount"},
        {"aggregate_records", R"("measures":["count"])",
         "people(filter:$filter,first:1){totalCount"},
        {"aggregate_records", R"("groupBy":"city")", " people(first:1){edges{node{id jobTitle}}}"},
    };
    for (const auto& one : all) {
        INFO(one.arguments);
        script s;
        s.answers(field_refused("people", "jobTitle", "person"));
        const auto r =
            s.call(one.tool, R"({"objectName":"person","filter":"jobTitle[ilike]:%z%",)" +
                                 std::string(one.arguments) + "}");
        INFO(r.text);
        CHECK(s.query(0).find(one.selected) != std::string::npos);
        CHECK(s.query(0).find("node{id jobTitle}") != std::string::npos);
        CHECK(r.code() == "not_allowed");
        CHECK(r.message().find("jobTitle") != std::string_view::npos);
        CHECK(s.sent().size() == 1);
    }
}

TEST_CASE("a condition on a list does not tell of fields that the role may not read",
          "[compared]") {
    script s;
    s.answers(
        R"({"data":{"peopleGroupBy":[{"groupByDimensionValues":[")" + std::string(acme) +
        R"("]}],"people":null},"errors":[{"message":"Entity performing the request does not have )" +
        R"(permission: no permission to read field \"jobTitle\" on \"person\"","extensions":)" +
        R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})");
    const auto r = s.call(
        "find_records",
        R"({"objectName":"company","filter":{"people":{"some":{"jobTitle":{"ilike":"%z%"}}}}})");
    INFO(r.text);
    CHECK(s.query(0).find(" people(first:1){edges{node{id jobTitle") != std::string::npos);
    CHECK(r.code() == "not_allowed");
    CHECK(s.sent().size() == 1);
}

TEST_CASE("what a filter compares is read with the page and not shown unless it is asked for",
          "[compared]") {
    script s;
    s.answers(one_person(std::string(R"({"id":"1","city":"Oslo","jobTitle":"CTO","companyId":")") +
                         acme + R"(","company":{"id":")" + acme + R"(","name":"Acme"}})"));
    const auto r = s.call(
        "find_records",
        R"({"objectName":"person","fields":["city"],"filter":"jobTitle[eq]:CTO,company.name[eq]:Acme"})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") == json::list({"id", "city"}));
    CHECK(s.sent().size() == 1);
}

TEST_CASE("where a related object is refused a filter through it is, and others are not",
          "[compared]") {
    for (const auto* more : {R"("fields":["city"])", R"("detail":"full")", R"("countOnly":true)"}) {
        INFO(more);
        script s;
        s.answers(object_refused);
        s.answers(one_person(R"({"id":"1","city":"Oslo","companyId":null})"));
        s.answers(object_refused);
        s.answers(one_person(R"({"id":"1"})"));
        const auto r =
            s.call("find_records", R"({"objectName":"person","filter":"company.name[eq]:Acme",)" +
                                       std::string(more) + "}");
        INFO(r.text);
        CHECK(r.code() == "not_allowed");
        CHECK(r.text.find("Oslo") == std::string::npos);
    }
    const auto asked =
        R"({"objectName":"person","fields":["city","company"],"filter":"company.name[eq]:Acme"})";
    script s;
    s.answers(object_refused);
    s.answers(one_person(R"({"id":"1","city":"Oslo","companyId":null})"));
    s.answers(object_refused);
    s.answers(one_person(R"({"id":"1"})"));
    const auto r = s.call("find_records", asked);
    INFO(r.text);
    CHECK(r.code() == "not_allowed");
    CHECK(r.text.find("Oslo") == std::string::npos);
    // The page was refused for another relation; what the filter compares may be read.
    script other;
    other.answers(object_refused);
    other.answers(one_person(R"({"id":"1","city":"Oslo","companyId":null})"));
    other.answers(one_person(R"({"id":"1","company":{"id":"2","name":"Acme"}})"));
    const auto shown = other.call("find_records", asked);
    INFO(shown.text);
    REQUIRE_FALSE(shown.is_error);
    CHECK(shown.body.find("rows")->if_array()->size() == 1);
}

TEST_CASE("a count by a filter whose fields cannot all be checked is not asked for", "[compared]") {
    auto objects = mcp_test::sample_schema()->objects();
    json::array all;
    for (auto& o : objects)
        for (int i = 0; o.name_singular == "person" && i < 201; ++i) {
            auto another = *o.find_field("city");
            another.name = "text" + std::to_string(i);
            all.push_back(json::make({{another.name, json::make({{"eq", "a"}})}}));
            o.fields.push_back(std::move(another));
        }
    const twenty::access may(
        twenty::mode::read, std::nullopt,
        std::make_shared<const twenty::schema>("w", "Works", std::move(objects)));
    const auto people = may.readable("person").value();
    const auto count = [&] {
        return crm::compared_count_request(people, may, json::make({{"and", all}}));
    };
    CHECK_FALSE(count());
    all.pop_back();
    REQUIRE(count());
    CHECK(count()->body.find("node{id text0 ") != std::string::npos);
}
