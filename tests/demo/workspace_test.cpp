#include "demo/workspace.hpp"

#include "tests/demo/support.hpp"
#include "tests/support/catch.hpp"

using demo::role;
using demo_test::desk;
using demo_test::graphql_error;

TEST_CASE("a metadata call without a query is never answered", "[workspace]") {
    desk d;
    CHECK(d.send(role::full, "POST", "/metadata", "{}").hangs);
    CHECK_FALSE(d.send(role::full, "POST", "/metadata", R"({"query":""})").hangs);
}

TEST_CASE("several operations without a name crash into a stack trace", "[workspace]") {
    desk d;
    const std::string two = R"({"query":"query A{people{totalCount}} query B{notes{totalCount}}"})";
    const auto crashed = d.send(role::full, "POST", "/graphql", two);
    CHECK(crashed.status == 500);
    CHECK(crashed.content_type.starts_with("text/plain"));
    CHECK(crashed.body.find("    at ") != std::string::npos);
}

TEST_CASE("the rate limit refuses the call after the hundredth and refills every 0.6 seconds",
          "[workspace]") {
    desk d;
    d.workspace.faults().rate_limit = true;
    for (int i = 0; i < 100; ++i)
        REQUIRE(
            d.send(i % 2 == 0 ? role::full : role::read_only, "GET", "/rest/blocklists").status ==
            200);
    CHECK(d.send(role::full, "GET", "/rest/blocklists").status == 429);
    CHECK(graphql_error(d.graphql("{blocklists{totalCount}}"), "subCode") == "LIMIT_REACHED");
    CHECK(graphql_error(d.graphql("{search(searchInput:\"a\",limit:1){edges{cursor}}}"),
                        "subCode") == "");
    CHECK(d.send(role::full, "POST", "/metadata", R"({"query":"{currentWorkspace{id}}"})").status ==
          200);
    d.now += std::chrono::milliseconds(650);
    CHECK(d.send(role::full, "GET", "/rest/blocklists").status == 200);
    CHECK(d.send(role::full, "GET", "/rest/blocklists").status == 429);
    d.now += std::chrono::seconds(12);
    int served = 0;
    while (d.send(role::full, "GET", "/rest/blocklists").status == 200)
        ++served;
    CHECK(served == 20);
}

TEST_CASE("misbehaviour is switched on over HTTP, for as many calls as asked", "[workspace]") {
    desk d;
    const auto set = d.send(role::full, "POST", "/demo/switches",
                            R"({"answer_500":1,"answer_html":1,"hang":1,"latency_ms":250})");
    CHECK(set.status == 200);
    CHECK(desk::parsed(set).flag("rate_limit", true) == false);
    CHECK(d.send(role::full, "GET", "/healthz").hangs);
    CHECK(d.send(role::full, "GET", "/healthz").status == 500);
    CHECK(d.send(role::full, "GET", "/healthz").content_type == "text/html");
    const auto late = d.send(role::full, "GET", "/healthz");
    CHECK(late.status == 200);
    CHECK(late.delay == std::chrono::milliseconds(250));
    CHECK(d.send(role::full, "POST", "/demo/switches", "[]").status == 400);
}

TEST_CASE("a forced rate limit refuses record calls only, in the shape of the real one",
          "[workspace]") {
    desk d;
    d.workspace.faults().answer_429 = 2;
    CHECK(d.send(role::full, "POST", "/metadata", R"({"query":"{currentWorkspace{id}}"})").status ==
          200);
    const auto refused = d.graphql("{rockets{totalCount}}");
    CHECK(graphql_error(refused, "subCode") == "LIMIT_REACHED");
    CHECK(refused.at("data", "rockets")->is_null());
    CHECK(d.send(role::full, "GET", "/rest/rockets").status == 429);
    CHECK(d.send(role::full, "GET", "/rest/rockets").status == 200);
}

TEST_CASE("an old server still has isCustom and lacks what came later", "[workspace]") {
    desk d;
    const std::string query =
        R"({"query":"{objects(paging:{first:1}){edges{node{isCustom applicationId}}}}"})";
    CHECK(d.send(role::full, "POST", "/metadata", query).body.find("isCustom\\\"") !=
          std::string::npos);
    d.workspace.faults().old_schema = true;
    const auto old = d.send(role::full, "POST", "/metadata", query).body;
    CHECK(old.find("Cannot query field \\\"applicationId\\\"") != std::string::npos);
    CHECK(old.find("isCustom") == std::string::npos);
}

TEST_CASE("a new object is at once known to metadata, GraphQL and REST", "[workspace]") {
    desk d;
    const auto before = d.send(role::full, "POST", "/metadata",
                               R"({"query":"{minimalMetadata{collectionHashes{hash}}}"})")
                            .body;
    const auto made = d.send(
        role::full, "POST", "/metadata",
        R"({"query":"mutation{createOneObject(input:{object:{nameSingular:\"pad\",namePlural:\"pads\",labelSingular:\"Pad\",labelPlural:\"Pads\"}}){id}}"})");
    CHECK(made.body.find("\"id\"") != std::string::npos);
    CHECK(before != d.send(role::full, "POST", "/metadata",
                           R"({"query":"{minimalMetadata{collectionHashes{hash}}}"})")
                        .body);
    CHECK(d.send(role::full, "POST", "/rest/pads", R"({"name":"North"})").status == 201);
    CHECK(json::dump(*d.graphql("{pads{totalCount}}").at("data", "pads", "totalCount")) == "1");
    CHECK(d.send(role::full, "GET", "/rest/noteTargets?limit=1").body.find("targetPadId") !=
          std::string::npos);
}

TEST_CASE("a duplicate unique value names the record that has it", "[workspace]") {
    desk d;
    const auto made = d.graphql("mutation{createPerson(data:{emails:{primaryEmail:\"New@Halcyon."
                                "example\"}}){id emails{primaryEmail}}}");
    const std::string id(made.at("data", "createPerson")->text("id"));
    CHECK(made.at("data", "createPerson", "emails")->text("primaryEmail") == "new@halcyon.example");
    const auto again = d.graphql(
        "mutation{createPerson(data:{emails:{primaryEmail:\"new@halcyon.example\"}}){id}}");
    CHECK(graphql_error(again, "conflictingRecordId") == id);
    CHECK(graphql_error(again, "conflictingObjectNameSingular") == "person");
    const auto upserted = d.graphql("mutation{createPerson(upsert:true,data:{jobTitle:\"x\",emails:"
                                    "{primaryEmail:\"new@halcyon.example\"}}){id jobTitle}}");
    CHECK(upserted.at("data", "createPerson")->text("id") == id);
    CHECK(upserted.at("data", "createPerson")->text("jobTitle") == "x");
}

TEST_CASE("creating many is all or nothing", "[workspace]") {
    desk d;
    const auto count = [&] {
        return json::dump(*d.graphql("{rockets{totalCount}}").at("data", "rockets", "totalCount"));
    };
    CHECK(
        d.send(role::full, "POST", "/rest/batch/rockets", R"([{"name":"A"},{"nope":1}])").status ==
        400);
    CHECK(count() == "14");
    CHECK(d.send(role::full, "POST", "/rest/batch/rockets", R"([{"name":"A"},{"name":"B"}])")
              .status == 201);
    CHECK(count() == "16");
}

TEST_CASE("an update merges the parts that it gives, of names and of phones", "[workspace]") {
    desk d;
    const std::string id = demo::uuid_of("person:0");
    d.send(
        role::full, "PATCH", "/rest/people/" + id,
        R"({"name":{"firstName":"Ada","lastName":"Holm"},"phones":{"primaryPhoneNumber":"+46 980 72001","additionalPhones":[{"number":"+46 980 72003"}]}})");
    const auto changed = desk::parsed(
        d.send(role::full, "PATCH", "/rest/people/" + id,
               R"({"name":{"lastName":"Moss"},"phones":{"primaryPhoneNumber":"+46 980 72002"}})"));
    const auto* person = changed.at("data", "updatePerson");
    REQUIRE(person);
    CHECK(person->find("name")->text("firstName") == "Ada");
    CHECK(person->find("name")->text("lastName") == "Moss");
    // twenty-golden-2 phones/026, uniqueness/025
    CHECK(person->at("phones", "additionalPhones")->if_array()->size() == 1);
    CHECK(person->find("phones")->text("primaryPhoneNumber") == "98072002");
    CHECK(person->find("phones")->text("primaryPhoneCallingCode") == "+46");
}

TEST_CASE("destroying a note takes its links along and frees what pointed elsewhere",
          "[workspace]") {
    desk d;
    const std::string id = demo::uuid_of("note:0");
    const auto targets = [&] {
        return json::dump(
            *d.graphql("query($i:UUID){noteTargets(filter:{noteId:{eq:$i}}){totalCount}}",
                       json::make({{"i", id}}))
                 .at("data", "noteTargets", "totalCount"));
    };
    CHECK(targets() != "0");
    CHECK(d.send(role::full, "DELETE", "/rest/notes/" + id).status == 200);
    CHECK(targets() == "0");
}

TEST_CASE("a PATCH without an id and without a filter changes everything up to 200 records",
          "[workspace]") {
    desk d;
    CHECK(d.send(role::full, "PATCH", "/rest/rockets/", R"({"name":"Roc"})").status == 200);
    CHECK(json::dump(*d.graphql("{rockets(filter:{name:{eq:\"Roc\"}}){totalCount}}")
                          .at("data", "rockets", "totalCount")) == "14");
    CHECK(d.send(role::full, "PATCH", "/rest/people", R"({"intro":"x"})")
              .body.find("TOO_MANY_RECORDS_TO_UPDATE") != std::string::npos);
}
