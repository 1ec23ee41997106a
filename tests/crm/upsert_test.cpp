// Which stored record an upsert writes, for one record and for many.
#include "crm/upsert.hpp"

#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

using crm_test::refused_as_double;
using mcp_test::acme;
using mcp_test::ada;
using mcp_test::count_ids;
using mcp_test::fresh_id;
using mcp_test::id_of;
using mcp_test::script;

namespace {

constexpr const char* ended = R"(,"deletedAt":"2026-11-28T20:54:30.713Z")";

// A person with a primary address and another one.
std::string person(const std::string& id, const std::string& primary, const std::string& other = "",
                   const char* more = "") {
    return R"({"id":")" + id + R"(","emails":{"primaryEmail":")" + primary +
           R"(","additionalEmails":[)" + (other.empty() ? "" : "\"" + other + "\"") + "]}" + more +
           "}";
}
std::string found_people(const std::vector<std::string>& nodes) {
    std::string out;
    for (const auto& node : nodes)
        out += (out.empty() ? "" : ",") + (R"({"node":)" + node + "}");
    return R"({"data":{"people":{"edges":[)" + out + "]}}}";
}
std::string one(const std::string& node) { return R"({"data":{"person":)" + node + "}}"; }

constexpr const char* single =
    R"({"objectName":"person","upsertBy":"emails","data":{"email":"A@x.y","city":"Oslo"}})";
constexpr const char* many =
    R"({"objectName":"person","upsertBy":"emails","records":[{"email":"A@x.y","city":"Oslo"}]})";
constexpr const char* person_updated = R"({"data":{"updatePerson":{"id":"x","city":"Oslo"}}})";

} // namespace

// twenty-golden-2 uniqueness/: a deleted record keeps its unique value.
TEST_CASE("an upsert looks for holders among the deleted too, for one record and for many",
          "[upsert]") {
    for (const auto* arguments : {single, many}) {
        script s;
        s.answers(found_people({}));
        s.call("update_record", arguments);
        INFO(json::dump(s.variables(0)));
        CHECK(*s.variables(0).at("filter", "or") ==
              json::parse(R"([{"deletedAt":{"is":"NULL"}},{"deletedAt":{"is":"NOT_NULL"}}])")
                  .value());
        CHECK(s.query(0).find("deletedAt") != std::string::npos);
    }
}

TEST_CASE("an upsert writes no deleted holder, and of many the others are written", "[upsert]") {
    script alone;
    alone.answers(found_people({person(ada, "a@x.y", "", ended)}));
    const auto refused = alone.call("update_record", single);
    CHECK(refused.code() == "conflict");
    CHECK(refused.body.at("error", "existing")->text("id") == ada);
    CHECK(alone.sent().size() == 1);

    script s;
    s.answers(found_people({person(ada, "a@x.y", "", ended), person(acme, "b@x.y")}));
    s.answers(found_people({person(acme, "b@x.y")}));
    s.answers(person_updated);
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails","records":[{"email":"a@x.y","city":"Oslo"},{"email":"b@x.y","city":"Oslo"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    const auto& rows = *r.body.find("results")->if_array();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].text("outcome") == "failed");
    CHECK(rows[0].find("error")->text("code") == "conflict");
    REQUIRE(rows[0].at("error", "existing"));
    CHECK(rows[0].at("error", "existing")->text("id") == ada);
    CHECK(rows[1].text("outcome") == "updated");
    // Its record is not even read: what is stored of it is nobody's to change.
    CHECK(s.sent().size() == 3);
    for (const std::size_t n : {1U, 2U})
        CHECK(s.sent()[n].body.find(ada) == std::string::npos);
}

TEST_CASE("of a deleted and a living holder the living one is updated, whichever comes first",
          "[upsert]") {
    const auto dead = person(ada, "a@x.y", "", ended);
    const auto living = person(acme, "A@x.y");
    for (const auto& holders : {std::vector{dead, living}, std::vector{living, dead}}) {
        script s;
        s.answers(found_people(holders));
        s.answers(one(living));
        s.answers(person_updated);
        const auto r = s.call("update_record", single);
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(r.body.flag("updated"));
        CHECK(r.body.text("id") == acme);
        script all;
        all.answers(found_people(holders));
        all.answers(found_people({living}));
        all.answers(person_updated);
        const auto rows = all.call("update_record", many);
        INFO(rows.text);
        REQUIRE_FALSE(rows.is_error);
        CHECK(rows.body.find("results")->if_array()->front().text("id") == acme);
    }
}

TEST_CASE("who has an address as the primary one comes before who has it beside another one",
          "[upsert]") {
    const auto beside = person(ada, "o@x.y", "a@x.y");
    const auto primary = person(acme, "a@x.y");
    for (const auto& holders : {std::vector{beside, primary}, std::vector{primary, beside}}) {
        script s;
        s.answers(found_people(holders));
        s.answers(one(primary));
        s.answers(person_updated);
        const auto r = s.call("update_record", single);
        INFO(r.text);
        CHECK(r.body.text("id") == acme);
    }
}

TEST_CASE("who has an address beside the primary one keeps the primary one, among many too",
          "[upsert]") {
    const auto beside = person(ada, "o@x.y", "a@x.y");
    for (const auto* arguments : {single, many}) {
        script s;
        s.answers(found_people({beside}));
        s.answers(arguments == single ? one(beside) : found_people({beside}));
        s.answers(person_updated);
        const auto r = s.call("update_record", arguments);
        INFO(r.text);
        REQUIRE(s.sent().size() == 3);
        CHECK(*s.variables(2).find("data") == json::make({{"city", "Oslo"}}));
    }
}

TEST_CASE("of two rows whose values one stored record has an upsert writes the first alone",
          "[upsert]") {
    const auto both = person(ada, "o@x.y", "a@x.y");
    script s;
    s.answers(found_people({both}));
    s.answers(found_people({both}));
    s.answers(person_updated);
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails","records":[{"email":"a@x.y","city":"Oslo"},{"email":"o@x.y","city":"Rome"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    const auto& rows = *r.body.find("results")->if_array();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].text("outcome") == "updated");
    CHECK(rows[0].text("id") == ada);
    CHECK(rows[1].text("outcome") == "failed");
    CHECK(rows[1].find("error")->text("message") ==
          "records[0] is the same person; that one was tried, this one was not. Join them.");
    for (const auto& sent : s.sent())
        CHECK(sent.body.find("Rome") == std::string::npos);
}

TEST_CASE("a limited connection upserts by no field that it may not see", "[upsert]") {
    auto objects = mcp_test::sample_schema()->objects();
    for (auto& o : objects)
        if (o.name_singular == "person") {
            auto newer = *o.find_field("city");
            newer.name = "newer";
            newer.type = twenty::field_type::other; // perhaps a new kind of relation
            newer.is_unique = true;
            o.fields.push_back(newer);
        }
    const auto model = std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
    const auto& of = *model->by_singular("person");
    const twenty::access open(twenty::mode::write, std::nullopt, model);
    CHECK(crm::unique_field(of, open, "newer").ok());
    const twenty::access limited(twenty::mode::write, std::set<std::string>{"person"}, model);
    const auto refused = crm::unique_field(of, limited, "newer");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().message.find("newer") == std::string::npos);
    CHECK(crm::unique_field(of, limited, "emails").ok());
}

TEST_CASE("an upsert looks for no empty value, which many records may have", "[upsert]") {
    const auto model = mcp_test::sample_schema();
    const auto& emails = *model->by_singular("person")->find_field("emails");
    const auto value = [&](const char* values) {
        const auto parsed = json::parse(values).value();
        return crm::unique_value(emails, *parsed.if_object());
    };
    CHECK(value(R"({"emails":{"primaryEmail":"a@x.y"}})").ok());
    for (const auto* empty : {R"({"emails":{"primaryEmail":""}})", R"({"emails":null})",
                              R"({"emails":{"primaryEmail":null}})", R"({"emails":{}})", "{}"}) {
        INFO(empty);
        const auto lacking = value(empty);
        REQUIRE_FALSE(lacking.ok());
        CHECK(lacking.failure().message.find("lacks emails.primaryEmail") != std::string::npos);
    }
}

TEST_CASE("an upsert by a field that the role may not read writes nothing", "[upsert]") {
    for (const auto* arguments : {single, many}) {
        script s;
        s.answers(
            R"({"data":{"people":null},"errors":[{"message":"Entity performing the request does not have permission: no permission to read field \"emails\" on \"person\"","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})");
        s.answers(found_people({R"({"id":"20202020-b000-4485-94de-70c2a98daef2"})"}));
        const auto r = s.call("update_record", arguments);
        INFO(r.text);
        CHECK(r.code() == "not_allowed");
        for (const auto& sent : s.sent())
            CHECK_FALSE(sent.is_write);
    }
}

TEST_CASE("of five records that Twenty refuses as doubles the holder is looked up, of more not",
          "[upsert]") {
    script s;
    count_ids(s);
    std::string list;
    for (int i = 0; i < 7; ++i)
        list += (i ? "," : "") + (R"({"email":"n)" + std::to_string(i) + R"(@x.y"})");
    s.answers(found_people({})); // nobody is like them
    // Each refusal is followed by a look for our own ids, of which none is there.
    s.answers(refused_as_double("createPeople"));
    s.answers(found_people({}));
    for (int i = 0; i < 7; ++i) {
        s.answers(refused_as_double("createPerson"));
        s.answers(found_people({}));
    }
    for (int i = 0; i < 7; ++i)
        s.answers(found_people({person(ada, "n" + std::to_string(i) + "@x.y")}));
    const auto r = s.call("create_record", R"({"objectName":"person","records":[)" + list + "]}");
    INFO(r.text);
    CHECK(r.is_error);
    int named = 0;
    for (const auto& row : *r.body.find("error")->find("results")->if_array())
        named += row.at("error", "existing") ? 1 : 0;
    CHECK(named == 5);
    CHECK(s.sent().size() == 22);
}

TEST_CASE("a unique value that the record itself has does not stand in the way of its update",
          "[upsert]") {
    auto objects = mcp_test::sample_schema()->objects();
    for (auto& o : objects)
        if (o.name_singular == "person") {
            auto code = *o.find_field("city");
            code.name = "code";
            code.is_unique = true;
            o.fields.push_back(code);
        }
    script s;
    s.schema = std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
    s.answers(found_people({person(ada, "a@x.y")}));
    s.answers(
        R"({"data":{"updatePerson":null},"errors":[{"message":"A duplicate entry was detected","extensions":{"code":"BAD_USER_INPUT","userFriendlyMessage":"This record already exists"}}]})");
    s.answers(found_people({person(ada, "a@x.y")}));
    s.answers(found_people({R"({"id":")" + std::string(acme) + R"(","code":"7")" + ended + "}"}));
    const auto r =
        s.call("update_record", R"({"objectName":"person","records":[{"id":")" + std::string(ada) +
                                    R"(","email":"a@x.y","code":"7"}]})");
    INFO(r.text);
    CHECK(s.all_used());
    REQUIRE(r.is_error);
    const auto& row = r.body.find("error")->find("results")->if_array()->front();
    REQUIRE(row.at("error", "existing"));
    CHECK(row.at("error", "existing")->text("id") == acme);
    CHECK(row.find("error")->text("message").find("same code already") != std::string_view::npos);
}

TEST_CASE("new records of an upsert whose answer was lost are found under their ids", "[upsert]") {
    script s;
    count_ids(s);
    s.answers(found_people({})); // nobody has the addresses
    s.answers(found_people({})); // nobody is similar
    s.answers(refused_as_double("createPeople"));
    s.answers(found_people({person(id_of(0), "a@x.y"), person(id_of(1), "b@x.y")}));
    s.answers(found_people({person(id_of(0), "a@x.y"), person(id_of(1), "b@x.y")}));
    const auto r = s.call("update_record", R"({"objectName":"person","upsertBy":"emails",)"
                                           R"("records":[{"email":"a@x.y"},{"email":"b@x.y"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 2);
    for (const auto& row : *r.body.find("results")->if_array())
        CHECK(row.text("outcome") == "created");
    CHECK(s.sent().size() == 5);
    CHECK_FALSE(s.sent()[3].is_write);
}

TEST_CASE("a record of an upsert may be about nothing", "[upsert]") {
    auto objects = mcp_test::sample_schema()->objects();
    for (auto& o : objects)
        if (o.name_singular == "note") {
            auto code = *o.find_field("title");
            code.name = "code";
            code.is_unique = true;
            o.fields.push_back(code);
        }
    const std::string stored = R"({"id":")" + std::string(ada) + R"(","code":"7","title":"Old"})";
    const std::string listed = R"({"data":{"notes":{"edges":[{"node":)" + stored + "}]}}}";
    script s;
    s.schema = std::make_shared<const twenty::schema>("w", "Works", std::move(objects));
    s.answers(listed); // who has the code
    s.answers(listed); // before the update
    s.answers(R"({"data":{"updateNote":{"id":")" + std::string(ada) + R"(","title":"New"}}})");
    const auto r = s.call("update_record", R"({"objectName":"note","upsertBy":"code",)"
                                           R"("records":[{"code":"7","title":"New","about":[]}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("results")->if_array()->front().text("outcome") == "updated");
    CHECK(s.query(2).find("updateNote(") != std::string::npos);
    CHECK_FALSE(s.variables(2).find("data")->find("about"));
}
