#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

#include <algorithm>

using crm_test::refused_as_double;
using mcp_test::acme;
using mcp_test::ada;
using mcp_test::count_ids;
using mcp_test::id_of;
using mcp_test::script;

namespace {

std::string listed(const json::array& nodes) {
    json::array edges;
    for (const auto& node : nodes)
        edges.push_back(json::make({{"node", node}}));
    const auto page = json::make({{"edges", std::move(edges)}});
    return json::dump(json::make({{"data", json::make({{"people", page}})}}));
}
json::value node(const std::string& id, const char* more = "{}") {
    auto record = *json::parse(more).value().if_object();
    record.set("id", id);
    return record;
}
std::string root_refused(const char* root, const char* extensions,
                         const char* message = "Refused") {
    return std::string(R"({"data":{")") + root + R"(":null},"errors":[{"message":")" + message +
           R"(","extensions":)" + extensions + "}]}";
}
std::string written(const char* root) {
    return std::string(R"({"data":{")") + root + R"(":{"id":"x"}}})";
}
// The answer to an update, delete or restore of several.
std::string written_records(const char* root, const json::array& records) {
    const auto answered = json::make({{root, records}});
    return json::dump(json::make({{"data", answered}}));
}
json::array nodes(int count, const char* more = "{}") {
    json::array out;
    for (int i = 0; i < count; ++i)
        out.push_back(node(id_of(i), more));
    return out;
}
constexpr const char* gone = R"({"deletedAt":"2026-11-28T20:54:30.713Z"})";

constexpr const char* created_all = R"({"data":{"createPeople":[{"id":"x"}]}})";
constexpr const char* bad_input = R"({"code":"BAD_USER_INPUT"})";

std::string new_people(int count, const char* more = "") {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i ? "," : "") + std::string(R"({"jobTitle":"No )") + std::to_string(i) + "\"}";
    return R"({"objectName":"person","records":[)" + list + "]" + more + "}";
}
std::string ids(int count) {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i ? ",\"" : "\"") + id_of(i) + "\"";
    return R"({"objectName":"person","ids":[)" + list + "]}";
}
// Updates of different values, and one of the same.
std::string different(int count) {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i ? "," : "") + std::string(R"({"id":")") + id_of(i) + R"(","city":"No )" +
                std::to_string(i) + "\"}";
    return R"({"objectName":"person","records":[)" + list + "]}";
}
std::string one_change(int count) {
    auto all = ids(count);
    all.pop_back();
    return all + R"(,"data":{"city":"Oslo"}})";
}
std::string numbered_outcomes(const script::called& r) {
    std::string out;
    const auto* results = r.body.find("results");
    if (!results && r.body.find("error")) results = r.body.find("error")->find("results");
    if (results)
        for (const auto& line : *results->if_array())
            out += (line.find("index") ? json::dump(*line.find("index")) : "") +
                   std::string(line.text("outcome")) + " ";
    return out;
}

} // namespace

TEST_CASE("sixty records are created with three requests and read back with one",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    json::array stored;
    for (int i = 0; i < 60; ++i)
        stored.push_back(node(id_of(i), R"({"jobTitle":"x"})"));
    for (int i = 0; i < 3; ++i)
        s.answers(created_all);
    s.answers(listed(stored));
    const auto r = s.call("create_record", new_people(60));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 60);
    CHECK(s.sent().size() == 4);
    CHECK(s.all_used());
    CHECK(s.query(0) == "mutation($data:[PersonCreateInput!]!){createPeople(data:$data){id}}");
    CHECK(s.variables(0).find("data")->if_array()->size() == 20);
    CHECK(s.variables(0).find("data")->if_array()->front().text("id") == id_of(0));
    const auto& last = r.body.find("results")->if_array()->back();
    CHECK(last.text("id") == id_of(59));
    CHECK(last.find("record")->text("jobTitle") == "x");
    CHECK(r.text.size() < 15'000);
    CHECK(s.call("create_record", new_people(61)).code() == "bad_request");
    CHECK(s.call("create_record", R"({"objectName":"person","records":[]})").code() ==
          "bad_request");
}

TEST_CASE("where one record stands in the way each gets its own outcome", "[tools_write_many]") {
    script s;
    count_ids(s);
    const auto duplicate = std::string(R"({"conflictingRecordId":")") + ada +
                           R"(","conflictingObjectNameSingular":"person","code":"BAD_USER_INPUT"})";
    s.answers(root_refused("createPeople", duplicate.c_str(), "A duplicate entry was detected"));
    s.answers(written("createPerson"));
    s.answers(root_refused("createPerson", duplicate.c_str(), "A duplicate entry was detected"));
    s.answers(written("createPerson"));
    s.answers(listed({node(id_of(0)), node(id_of(2))}));
    const auto r = s.call("create_record", new_people(3));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(numbered_outcomes(r) == "0created 1failed 2created ");
    const auto& fault = *(*r.body.find("results")->if_array())[1].find("error");
    CHECK(fault.text("code") == "conflict");
    CHECK(*fault.find("existing") == json::make({{"object", "person"}, {"id", ada}}));
}

TEST_CASE("new records whose first answer was lost are found under their ids, together or alone",
          "[tools_write_many]") {
    for (const int count : {1, 3}) {
        INFO(count);
        script s;
        count_ids(s);
        s.answers(refused_as_double(count == 1 ? "createPerson" : "createPeople"));
        s.answers(listed(nodes(count)));
        s.answers(listed(nodes(count, R"({"jobTitle":"x"})")));
        const auto r = s.call("create_record", new_people(count));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(r.body.find("done")->as_int() == count);
        CHECK(r.body.find("results")->if_array()->back().text("id") == id_of(count - 1));
        CHECK(json::dump(*s.variables(1).find("filter")).find(id_of(count - 1)) !=
              std::string::npos);
        CHECK(s.all_used());
    }
}

// Twenty names each record that breaks a rule, in the extensions of the one error (2.44).
std::string broken_by(const char* root, const std::vector<int>& records) {
    std::string all;
    for (const int n : records)
        all += (all.empty() ? "" : ",") +
               std::string(R"({"ruleId":"r","message":"Title is required","recordId":")") +
               id_of(n) + R"(","inputIndex":null,"fieldMetadataId":null})";
    const auto extensions = R"({"code":"BAD_USER_INPUT","subCode":"VALIDATION_RULE_VIOLATION",)"
                            R"("validationRuleViolations":[)" +
                            all + "]}";
    return root_refused(root, extensions.c_str(), "Title is required");
}

TEST_CASE("a record that breaks a rule fails with the rule's sentence, the others are written",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    s.answers(broken_by("createPeople", {1}));
    s.answers(created_all);
    s.answers(listed({node(id_of(0)), node(id_of(2))}));
    const auto r = s.call("create_record", new_people(3));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(numbered_outcomes(r) == "0created 1failed 2created ");
    const auto& fault = *(*r.body.find("results")->if_array())[1].find("error");
    CHECK(fault.text("code") == "bad_request");
    CHECK(fault.text("message") == "A rule of this workspace refuses this: Title is required.");
    CHECK(s.sent().size() == 3);
    CHECK(s.all_used());
}

TEST_CASE("of equal changes those that break a rule fail, and all of one that every record breaks",
          "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(3)));
    s.answers(broken_by("updatePeople", {0}));
    s.answers(written_records("updatePeople", {node(id_of(1)), node(id_of(2))}));
    const auto r = s.call("update_record", one_change(3));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 2);
    CHECK(r.body.find("failed")->as_int() == 1);
    CHECK(r.text.find("A rule of this workspace refuses this: Title is required.") !=
          std::string::npos);
    CHECK(s.all_used());
    // Where Twenty names one at a time, the others go one by one, until ten alike are refused.
    script slow;
    slow.answers(listed(nodes(60)));
    for (int i = 0; i < 60; ++i)
        slow.answers(broken_by("updatePeople", {i}));
    const auto all = slow.call("update_record", one_change(60));
    CHECK(all.is_error);
    CHECK(slow.sent().size() == 15);
}

TEST_CASE("a batch stops where the plan or a usage limit is used up", "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(3)));
    s.answers(
        root_refused("updatePerson", R"({"code":"QUOTA_EXHAUSTED","subCode":"QUOTA_EXHAUSTED"})"));
    const auto r = s.call("update_record", different(3));
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(r.message().find("used up") != std::string_view::npos);
    CHECK(s.sent().size() == 2);
}

TEST_CASE("a wrong value fails its record alone, an unknown field stops all before a write",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    s.answers(written("createOpportunity"));
    s.answers(R"({"data":{"opportunities":{"edges":[]}}})");
    const auto r =
        s.call("create_record",
               R"({"objectName":"opportunity","records":[{"stage":"NEW"},{"stage":"NOPE"}]})");
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0created 1failed ");
    CHECK(s.sent().size() == 2);
    const auto unknown = s.call(
        "create_record", R"({"objectName":"person","records":[{"city":"x"},{"citty":"y"}]})");
    CHECK(unknown.code() == "bad_request");
    CHECK(unknown.message().find("Nothing was written. records[1]") != std::string_view::npos);
    CHECK(s.sent().size() == 2);
    CHECK(s.refreshes == 1);
    const auto all = s.call(
        "create_record",
        R"({"objectName":"person","records":[{"citty":"x"},{"city":"x"},{"workPreference":["NO"]}]})");
    CHECK(numbered_outcomes(all) == "0failed 2failed ");
}

TEST_CASE("a batch whose every record failed is an error with all reasons", "[tools_write_many]") {
    script s;
    s.answers(listed({node(id_of(1)), node(id_of(2))}));
    s.answers(root_refused("updatePerson", bad_input));
    s.answers(root_refused("updatePerson", bad_input));
    const auto r = s.call("update_record", R"({"objectName":"person","records":[{"id":")" +
                                               id_of(1) + R"(","city":"x"},{"id":")" + id_of(2) +
                                               R"(","data":{"city":"y"}},{"id":"3","city":"z"}]})");
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(numbered_outcomes(r) == "0failed 1failed 2failed ");
    CHECK(*s.variables(2).find("data") == json::make({{"city", "y"}}));
}

TEST_CASE("what a rate limit left undone is listed, and so is what may have happened",
          "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(4)));
    s.answers(written("updatePerson"));
    s.fails(error(errc::rate_limited, "The rate limit is used up."));
    const auto limited = s.call("update_record", different(4));
    INFO(limited.text);
    REQUIRE_FALSE(limited.is_error);
    CHECK(numbered_outcomes(limited) == "0updated ");
    CHECK(*limited.body.find("notDone") == json::list({1, 2, 3}));
    CHECK(json::dump(*limited.body.find("notes")).find("rate limit") != std::string::npos);
    CHECK(s.sent().size() == 3);

    script lost;
    lost.answers(listed(nodes(4)));
    lost.answers(written("updatePerson"));
    lost.fails(error(errc::upstream_timeout, "No answer."));
    const auto r = lost.call("update_record", different(4));
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0updated 1unknown ");
    CHECK(*r.body.find("notDone") == json::list({2, 3}));

    script nothing;
    nothing.answers(listed(nodes(4, gone)));
    nothing.fails(error(errc::upstream_timeout, "No answer."));
    const auto all_lost = nothing.call("restore_record", ids(4));
    CHECK(all_lost.is_error);
    CHECK(numbered_outcomes(all_lost) == "unknown unknown unknown unknown ");
}

// twenty-golden-2 many/012: the answer has the records that were changed, in any order.
TEST_CASE("equal changes of two hundred records are one request, and what they share is said once",
          "[tools_write_many]") {
    script s;
    auto before = nodes(200, R"({"name":{"firstName":"Ada","lastName":"B"},"city":"Rome"})");
    auto after = nodes(200, R"({"name":{"firstName":"Ada","lastName":"B"},"city":"Oslo"})");
    std::reverse(after.begin(), after.end());
    s.answers(listed(before));
    s.answers(written_records("updatePeople", after));
    const auto r = s.call("update_record", one_change(200));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 200);
    CHECK(s.sent().size() == 2);
    CHECK(s.query(1).find(R"(updatePeople(filter:{id:{in:[")" + id_of(0)) != std::string::npos);
    CHECK(*s.variables(1).find("data") == json::make({{"city", "Oslo"}}));
    CHECK(*r.body.find("record") == json::make({{"city", "Oslo"}}));
    CHECK(*r.body.find("before") == json::make({{"city", "Rome"}}));
    const auto& line = r.body.find("results")->if_array()->front();
    CHECK(line.text("id") == id_of(0));
    CHECK(line.text("outcome") == "updated");
    CHECK(line.text("label") == "Ada B");
    CHECK_FALSE(line.find("record"));
    CHECK(r.text.size() < 24'000);
    CHECK(s.call("update_record", one_change(201)).code() == "bad_request");
    CHECK(s.sent().size() == 2);
}

// twenty-golden-2 many/013: ids that Twenty lacks are left out of the answer; many/022, 023: its
// filter finds deleted records as well.
TEST_CASE("of equal changes each id has its own outcome, and deleted records stay as they are",
          "[tools_write_many]") {
    script s;
    auto before = nodes(4);
    before[1] = node(id_of(1), gone);
    before.pop_back();
    s.answers(listed(before));
    s.answers(written_records("updatePeople", {node(id_of(0))}));
    const auto r = s.call("update_record", one_change(4));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(numbered_outcomes(r) == "updated failed failed failed ");
    CHECK(s.query(1).find(id_of(1)) == std::string::npos);
    CHECK(s.query(1).find(id_of(3)) == std::string::npos);
    CHECK(r.text.find("restore_record") != std::string::npos);

    script deleting;
    before = nodes(3);
    before[1] = node(id_of(1), gone);
    deleting.answers(listed(before));
    deleting.answers(written_records("deletePeople", {node(id_of(2)), node(id_of(0))}));
    const auto deleted = deleting.call("delete_record", ids(3));
    INFO(deleted.text);
    CHECK(numbered_outcomes(deleted) == "deleted deleted deleted ");
    CHECK(deleting.query(1).find(id_of(1)) == std::string::npos);
    CHECK(json::dump(*deleted.body.find("notes")).find("1 of them") != std::string::npos);
    CHECK(deleting.query(1).find("destroy") == std::string::npos);

    script restoring;
    before = nodes(2, gone);
    before[1] = node(id_of(1));
    restoring.answers(listed(before));
    restoring.answers(written("restorePerson"));
    const auto restored = restoring.call("restore_record", ids(2));
    INFO(restored.text);
    CHECK(numbered_outcomes(restored) == "restored restored ");
    CHECK(json::dump(*restored.body.find("notes")).find("1 of them were not deleted") !=
          std::string::npos);
}

TEST_CASE("records that are changed in the same way go together, the others by themselves",
          "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(3)));
    s.answers(written_records("updatePeople", {node(id_of(0)), node(id_of(2))}));
    s.answers(written("updatePerson"));
    const auto r =
        s.call("update_record", R"({"objectName":"person","records":[{"id":")" + id_of(0) +
                                    R"(","city":"x"},{"id":")" + id_of(1) +
                                    R"(","city":"y"},{"id":")" + id_of(2) + R"(","city":"x"}]})");
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0updated 1updated 2updated ");
    CHECK(s.sent().size() == 3);
}

TEST_CASE("creates of which no answer came are looked up before they are reported",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    s.fails(error(errc::upstream_timeout, "No answer."));
    s.answers(listed({node(id_of(0)), node(id_of(1))}));
    const auto r = s.call("create_record", new_people(25));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 2);
    CHECK(numbered_outcomes(r).starts_with("0created 1created 2unknown "));
    CHECK(*r.body.find("notDone") == json::list({20, 21, 22, 23, 24}));
}

TEST_CASE("a batch ends before the call's time is over and says how far it came",
          "[tools_write_many]") {
    script s;
    int left = 50;
    s.context.time_left = [&left] { return std::chrono::seconds(left -= 10); };
    s.answers(listed(nodes(10)));
    for (int i = 0; i < 3; ++i)
        s.answers(written("updatePerson"));
    const auto r = s.call("update_record", different(10));
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0updated 1updated 2updated ");
    CHECK(r.body.find("notDone")->if_array()->size() == 7);
}

TEST_CASE("a batch reports its progress, each time further", "[tools_write_many]") {
    struct listener : mcp::outbound {
        std::vector<std::string> heard;
        void notify(std::string message) override { heard.push_back(std::move(message)); }
        void announce(const mcp::change&) override {}
        void hang_up() override {}
    } client;
    script s;
    s.out = &client;
    s.answers(listed(nodes(25)));
    for (int i = 0; i < 25; ++i)
        s.answers(written("updatePerson"));
    const auto meta = json::make({{"progressToken", "t"}});
    s.send("tools/call", json::make({{"name", "update_record"},
                                     {"arguments", json::parse(different(25)).value()},
                                     {"_meta", meta}}));
    REQUIRE(client.heard.size() == 2);
    CHECK(client.heard[0].find(R"("progress":10,"total":25)") != std::string::npos);
    CHECK(client.heard[1].find("20 of 25 records") != std::string::npos);
}

TEST_CASE("a role that may not write costs one request, not sixty", "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(10)));
    s.answers(
        root_refused("updatePerson", R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"})"));
    const auto r = s.call("update_record", different(10));
    CHECK(r.code() == "not_allowed");
    CHECK(s.sent().size() == 2);
}

TEST_CASE("the stored addresses of many records are read at once and kept", "[tools_write_many]") {
    script s;
    s.answers(listed({node(id_of(1), R"({"emails":{"primaryEmail":"a@x.y"}})"),
                      node(id_of(2), R"({"emails":{"primaryEmail":"b@x.y"}})")}));
    s.answers(written("updatePerson"));
    s.answers(written("updatePerson"));
    std::string list;
    for (int i = 1; i <= 3; ++i)
        list += (i > 1 ? "," : "") + std::string(R"({"id":")") + id_of(i) + R"(","email":"n)" +
                std::to_string(i) + R"(@x.y"})";
    const auto r = s.call("update_record", R"({"objectName":"person","records":[)" + list + "]}");
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0updated 1updated 2failed ");
    CHECK(s.variables(2).at("data", "emails")->text("primaryEmail") == "n2@x.y");
    CHECK(*s.variables(2).at("data", "emails", "additionalEmails") == json::list({"b@x.y"}));
    CHECK(s.all_used());
}

TEST_CASE("an id that is given twice is written once", "[tools_write_many]") {
    script s;
    s.answers(listed({node(id_of(1))}));
    s.answers(written("deletePerson"));
    const auto r = s.call("delete_record", R"({"objectName":"person","ids":[")" + id_of(1) +
                                               "\",\"" + id_of(1) + "\"]}");
    CHECK(numbered_outcomes(r) == "deleted failed ");
    CHECK(s.sent().size() == 2);
}

TEST_CASE("an id whose first row is faulty is written by the second", "[tools_write_many]") {
    script s;
    s.answers(listed({node(id_of(1))}));
    s.answers(R"({"data":{"updatePerson":{"id":"x","city":"Oslo"}}})");
    const auto r = s.call("update_record", R"({"objectName":"person","records":[{"id":")" +
                                               id_of(1) + R"(","companyId":7},{"id":")" + id_of(1) +
                                               R"(","city":"Oslo"}]})");
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0failed 1updated ");
}

TEST_CASE("what was before is said to be cut where ids show it once", "[tools_write_many]") {
    script s;
    s.answers(listed({node(id_of(0), (R"({"city":")" + std::string(3'000, 'y') + "\"}").c_str())}));
    s.answers(R"({"data":{"updatePerson":{"id":"x","city":"Oslo"}}})");
    const auto r = s.call("update_record", R"({"objectName":"person","ids":[")" + id_of(0) +
                                               R"("],"data":{"city":"Oslo"}})");
    INFO(r.text);
    CHECK(r.text.find("before.city was cut; it had 3000 bytes.") != std::string::npos);
}

TEST_CASE("one record and many are never given together", "[tools_write_many]") {
    script s;
    for (const auto* arguments :
         {R"({"objectName":"person","data":{},"records":[{}]})", R"({"objectName":"person"})"})
        CHECK(s.call("create_record", arguments).code() == "bad_request");
    const std::string both = R"({"objectName":"person","ids":[")" + id_of(1) + R"("],"id":")" + ada;
    CHECK(s.call("delete_record", both + "\"}").code() == "bad_request");
    CHECK(s.sent().empty());
}

TEST_CASE("an upsert updates who has the unique value and creates the others",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    s.answers(
        listed({node(ada, R"({"emails":{"primaryEmail":"a@x.y","additionalEmails":["o@x.y"]}})")}));
    s.answers(listed({})); // nobody is like the new one
    s.answers(
        listed({node(ada, R"({"emails":{"primaryEmail":"a@x.y","additionalEmails":["o@x.y"]}})")}));
    s.answers(written("updatePerson"));
    s.answers(written("createPerson"));
    s.answers(listed({node(id_of(0))}));
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails.primaryEmail","records":[{"email":"A@x.y","city":"Oslo"},{"email":"new@x.y"},{"city":"Rome"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(numbered_outcomes(r) == "0updated 1created 2failed ");
    CHECK(s.query(0).find("people(filter:$filter") != std::string::npos);
    CHECK(json::dump(s.variables(0)).find(R"("in":["A@x.y","a@x.y","new@x.y"])") !=
          std::string::npos);
    CHECK(s.query(3).find(ada) != std::string::npos);
    CHECK(*s.variables(3).at("data", "emails", "additionalEmails") == json::list({"o@x.y"}));
    CHECK(s.variables(4).find("data")->text("id") == id_of(0));
}

// twenty-golden-2 uniqueness/042-044: x.example, https://x.example and www.x.example stand side by
// side without a conflict; twins of an address fail a batch as a whole (README).
TEST_CASE("of records that name one domain or address in two spellings an upsert writes the first",
          "[tools_write_many]") {
    script s;
    count_ids(s);
    s.answers(R"({"data":{"companies":{"edges":[]}}})");
    s.answers(R"({"data":{"companies":{"edges":[]}}})"); // nobody is like the new ones
    s.answers(R"({"data":{"createCompanies":[{"id":"x"}]}})");
    s.answers(R"({"data":{"companies":{"edges":[]}}})");
    const auto r = s.call(
        "update_record",
        R"({"objectName":"company","upsertBy":"domainName","records":[{"domain":"new.example"},{"domain":"https://www.New.example/"},{"domain":"other.example"}]})");
    INFO(r.text);
    CHECK(numbered_outcomes(r) == "0created 1failed 2created ");
    CHECK((*r.body.find("results")->if_array())[1].find("error")->text("message") ==
          "records[0] has the same domainName; that one was tried, this one was not. Join them.");
    CHECK(s.sent().size() == 4);
    CHECK(s.variables(2).find("data")->if_array()->size() == 2);
}

TEST_CASE("an upsert of one record says whether it was created or updated", "[tools_write_many]") {
    const auto call = [](script& s) {
        return s.call(
            "update_record",
            R"({"objectName":"company","upsertBy":"domainName","data":{"name":"Acme","domain":"acme.example"}})");
    };
    const auto found = [](const char* more) {
        return std::string(R"({"data":{"companies":{"edges":[)") + more + "]}}}";
    };
    script fresh;
    fresh.answers(found(""));
    fresh.answers(found(
        R"({"node":{"id":"20202020-a000-4485-94de-70c2a98daef2","name":"Acme Inc","domainName":{"primaryLinkUrl":"x.example","secondaryLinks":["acme.example"]}}})"));
    fresh.answers(written("createCompany"));
    fresh.answers(R"({"data":{"company":{"id":"x","name":"Acme"}}})");
    const auto created = call(fresh);
    CHECK(created.body.flag("created"));
    REQUIRE(created.body.find("similar"));
    CHECK(created.body.find("similar")->if_array()->front().text("id") == acme);
    script known;
    known.answers(found(
        R"({"node":{"id":"20202020-a000-4485-94de-70c2a98daef2","domainName":{"primaryLinkUrl":"https://acme.example","primaryLinkLabel":"","secondaryLinks":[]}}})"));
    known.answers(
        R"({"data":{"company":{"id":"20202020-a000-4485-94de-70c2a98daef2","domainName":{"primaryLinkUrl":"https://acme.example","primaryLinkLabel":"","secondaryLinks":[]}}}})");
    known.answers(R"({"data":{"updateCompany":{"id":"x","name":"Acme"}}})");
    const auto r = call(known);
    INFO(r.text);
    CHECK(r.body.flag("updated"));
    CHECK(r.body.text("id") == acme);
    CHECK(known.variables(2).at("data", "domainName")->text("primaryLinkUrl") ==
          "https://acme.example");
    script gone;
    gone.answers(found(
        R"({"node":{"id":"20202020-a000-4485-94de-70c2a98daef2","deletedAt":"2026-01-01T00:00:00Z","domainName":{"primaryLinkUrl":"acme.example"}}})"));
    const auto deleted = call(gone);
    CHECK(deleted.code() == "conflict");
    CHECK(deleted.body.at("error", "existing")->text("id") == acme);
    CHECK(gone.sent().size() == 1);
}

// twenty-golden-2 uniqueness/021: additional addresses are found by their text; 028: Twenty's own
// upsert does not look there.
TEST_CASE("an upsert finds who has the address beside another one, and keeps the primary one",
          "[tools_write_many]") {
    script s;
    const auto stored = std::string(
        R"("emails":{"primaryEmail":"omar@x.y","additionalEmails":["o@acme.example"]})");
    s.answers(listed({node(ada, ("{" + stored + "}").c_str())}));
    s.answers(R"({"data":{"person":{"id":")" + std::string(ada) + "\"," + stored + "}}}");
    s.answers(written("updatePerson"));
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails","data":{"email":"O@Acme.example","city":"Oslo"}})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.flag("updated"));
    CHECK(json::dump(s.variables(0)).find(R"(%\"o@acme.example\"%)") != std::string::npos);
    CHECK(*s.variables(2).find("data") == json::make({{"city", "Oslo"}}));
}

TEST_CASE("an upsert by a field that is not unique is refused with those that are",
          "[tools_write_many]") {
    script s;
    for (const auto* by : {"city", "emails.additionalEmails", "nope"}) {
        const auto r =
            s.call("update_record", std::string(R"({"objectName":"person","upsertBy":")") + by +
                                        R"(","data":{"email":"a@x.y"}})");
        CHECK(r.code() == "bad_request");
        CHECK(r.message().find("emails.primaryEmail") != std::string_view::npos);
    }
    CHECK(s.sent().empty());
}

TEST_CASE("data for many ids is bounded in all, before anything is copied or read",
          "[tools_write_many]") {
    script s;
    auto call = ids(200);
    call.insert(call.size() - 1, R"(,"data":{"jobTitle":")" + std::string(30'000, 'x') + "\"}");
    const auto r = s.call("update_record", call);
    CHECK(r.code() == "too_large");
    CHECK(s.sent().empty());
}

// twenty-golden-2 many/017: Twenty refuses the whole change when one record's unique value is in
// the way.
TEST_CASE("equal changes that are refused together go one by one, each with its own outcome",
          "[tools_write_many]") {
    constexpr const char* in_the_way =
        R"({"code":"BAD_USER_INPUT","userFriendlyMessage":"A won opportunity needs an amount"})";
    script s;
    s.answers(listed(nodes(3)));
    s.answers(root_refused("updatePeople", in_the_way));
    s.answers(written("updatePerson"));
    s.answers(root_refused("updatePerson", in_the_way));
    s.answers(written("updatePerson"));
    const auto r = s.call("update_record", one_change(3));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(numbered_outcomes(r) == "updated failed updated ");
    CHECK(r.body.find("done")->as_int() == 2);
    CHECK(s.sent().size() == 5);
}

TEST_CASE("what is refused for all alike is not tried two hundred times", "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(200)));
    s.answers(root_refused("updatePeople", bad_input));
    for (int i = 0; i < 10; ++i)
        s.answers(root_refused("updatePerson", bad_input));
    const auto r = s.call("update_record", one_change(200));
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(s.sent().size() == 12);
    CHECK(r.body.find("error")->find("notDone")->if_array()->size() == 190);
}

TEST_CASE("of many long texts Twenty is not asked to repeat what was written",
          "[tools_write_many]") {
    script s;
    s.answers(listed(nodes(60)));
    s.answers(written_records("updatePeople", nodes(60)));
    auto all = ids(60);
    all.pop_back();
    const auto r =
        s.call("update_record", all + R"(,"data":{"city":")" + std::string(20'000, 'y') + "\"}}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("done")->as_int() == 60);
    CHECK(s.query(1).find("{id}") != std::string::npos);
    CHECK(json::dump(*r.body.find("notes")).find("too long to be shown") != std::string::npos);

    // Stored texts beside those that are written can be long as well.
    script longer;
    longer.journal.on = true;
    longer.answers(listed(nodes(2)));
    longer.fails(error(errc::too_large, "Twenty's answer is too large; ask for less."));
    longer.answers(written_records("updatePeople", nodes(2)));
    const auto shorter = longer.call("update_record", one_change(2));
    INFO(shorter.text);
    CHECK(numbered_outcomes(shorter) == "updated updated ");
    CHECK(longer.query(2).find("{id}") != std::string::npos);
    REQUIRE(longer.journal.kept.size() == 1); // the same was written twice: one change
    CHECK(longer.journal.kept.front().state == mcp::change_state::done);
    CHECK(json::dump(*shorter.body.find("notes")).find("too long to be shown") !=
          std::string::npos);

    script too_much;
    too_much.fails(error(errc::too_large, "Twenty's answer is too large; ask for less."));
    const auto none = too_much.call("update_record", one_change(60));
    CHECK(none.message().find("give fewer ids a call") != std::string_view::npos);
}

TEST_CASE("data with other fields beside it is not taken for the record, and none is dropped",
          "[tools_write_many]") {
    script s;
    const auto r =
        s.call("update_record", R"({"objectName":"person","records":[{"id":")" + id_of(0) +
                                    R"(","data":{"city":"Oslo"},"jobTitle":"CTO"}]})");
    INFO(r.text);
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("\"data\"") != std::string_view::npos);
    CHECK(s.sent().empty());
}

// For one record: "a partial update of a field that cannot be read is refused, not guessed".
TEST_CASE("an update of many writes none of which the stored addresses can't be read",
          "[tools_write_many]") {
    script s;
    s.answers(
        R"({"data":{"people":null},"errors":[{"message":"Entity performing the request does not have permission: no permission to read field \"emails\" on \"person\"","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})");
    s.answers(listed({node(id_of(1)), node(id_of(2))}));
    const auto r = s.call("update_record", R"({"objectName":"person","records":[{"id":")" +
                                               id_of(1) + R"(","email":"n1@x.y"},{"id":")" +
                                               id_of(2) + R"(","email":"n2@x.y"}]})");
    INFO(r.text);
    CHECK(r.code() == "not_allowed");
    CHECK(numbered_outcomes(r) == "0failed 1failed ");
    for (const auto& sent : s.sent())
        CHECK_FALSE(sent.is_write);
    // The record is answered, its addresses are not.
    script half;
    half.answers(listed({node(id_of(1)), node(id_of(2))}));
    const auto none = half.call("update_record", R"({"objectName":"person","records":[{"id":")" +
                                                     id_of(1) + R"(","email":"n1@x.y"},{"id":")" +
                                                     id_of(2) + R"(","email":"n2@x.y"}]})");
    INFO(none.text);
    CHECK(none.code() == "not_allowed");
    CHECK(half.sent().size() == 1);
}
