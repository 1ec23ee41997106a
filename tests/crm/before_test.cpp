#include "crm/before.hpp"

#include "tests/mcp/support/script.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::fresh_id;
using mcp_test::script;

namespace {

std::string person_of_company(const char* root, const std::string& id, const std::string& company) {
    return R"({"data":{")" + std::string(root) + R"(":{"id":")" + id + R"(","companyId":)" +
           company + "}}}";
}

} // namespace

// twenty-golden-2 relations/024: stored, and answered as null; 072: there again once the company
// is.
TEST_CASE("a link to a deleted record is stored, and the answer says why it reads as empty",
          "[before]") {
    const auto data = R"("data":{"companyId":")" + std::string(acme) + "\"}}";
    script s;
    s.answers(person_of_company("person", ada, "null"));
    s.answers(person_of_company("updatePerson", ada, "null"));
    const auto updated = s.call("update_record", R"({"objectName":"person","id":")" +
                                                     std::string(ada) + "\"," + data);
    INFO(updated.text);
    REQUIRE_FALSE(updated.is_error);
    CHECK(json::dump(*updated.body.find("notes")).find("companyId") != std::string::npos);
    CHECK(json::dump(*updated.body.find("notes")).find("is deleted") != std::string::npos);
    script c;
    c.answers(R"({"data":{"createPerson":{"id":")" + std::string(fresh_id) + R"("}}})");
    c.answers(person_of_company("person", fresh_id, "null"));
    const auto created = c.call("create_record", R"({"objectName":"person",)" + data);
    INFO(created.text);
    REQUIRE_FALSE(created.is_error);
    CHECK(json::dump(*created.body.find("notes")).find("is deleted") != std::string::npos);
    // What is linked, and what is cleared, needs no word.
    script linked;
    linked.answers(person_of_company("person", ada, "null"));
    linked.answers(person_of_company("updatePerson", ada, "\"" + std::string(acme) + "\""));
    CHECK_FALSE(linked
                    .call("update_record",
                          R"({"objectName":"person","id":")" + std::string(ada) + "\"," + data)
                    .body.find("notes"));
    script cleared;
    cleared.answers(person_of_company("person", ada, "\"" + std::string(acme) + "\""));
    cleared.answers(person_of_company("updatePerson", ada, "null"));
    const auto r =
        cleared.call("update_record", R"({"objectName":"person","id":")" + std::string(ada) +
                                          R"(","data":{"companyId":null}})");
    CHECK(r.text.find("is deleted") == std::string::npos);
}

TEST_CASE("a batch says of its links to deleted records as well", "[before]") {
    script s;
    s.answers(R"({"data":{"people":{"totalCount":1,"edges":[{"node":{"id":")" + std::string(ada) +
              R"(","companyId":null}}]}}})");
    s.answers(person_of_company("updatePerson", ada, "null"));
    const auto r = s.call("update_record", R"({"objectName":"person","ids":[")" + std::string(ada) +
                                               R"("],"data":{"companyId":")" + acme + "\"}}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(json::dump(*r.body.find("notes")).find("is deleted") != std::string::npos);
}

TEST_CASE("where nothing of a record can be read, what needs its stored parts is not written",
          "[before]") {
    // The key's role may write people and not read them.
    const auto* const denied =
        R"({"data":{"x":null},"errors":[{"message":"Entity performing the request does not have permission","extensions":{"userFriendlyMessage":"User does not have permission.","subCode":"PERMISSION_DENIED","code":"FORBIDDEN"}}]})";
    const std::string id = mcp_test::ada;
    const auto call = [&](script& s, const std::string& fields, bool many) {
        for (int i = 0; i < 4; ++i)
            s.answers(denied);
        return s.call(
            "update_record",
            many ? R"({"objectName":"person","records":[{"id":")" + id + "\"," + fields + "}]}"
                 : R"({"objectName":"person","id":")" + id + R"(","data":{)" + fields + "}}");
    };
    const auto writes = [](const script& s) {
        for (const auto& sent : s.sent())
            if (sent.is_write) return true;
        return false;
    };
    for (const bool many : {false, true}) {
        INFO(many);
        script partly;
        CHECK(call(partly, R"("emails":{"primaryEmail":"new@x.y"})", many).is_error);
        CHECK_FALSE(writes(partly));
        script plain;
        plain.answers(denied);
        plain.answers(person_of_company("updatePerson", ada, "null"));
        const auto r = call(plain, R"("city":"Oslo")", many);
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(writes(plain));
    }
}
