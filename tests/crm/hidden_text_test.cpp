// Text that nobody sees, in every place where a text of Twenty's or of a client's reaches a model:
// tables of places, each fed with every code point that Unicode ignores by default or that is
// blank. The pages and /admin have such a table in tests/web/hidden_text_test.cpp.
#include "tests/mcp/support/talk.hpp"
#include "tests/support/hidden_schema.hpp"
#include "tests/support/hidden_text.hpp"
#include "tests/support/stock_schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hidden = support::hidden;
using mcp_test::script;

namespace {

// `^` in params and answers stands for the text.
struct place {
    const char* name;
    const char* method; // a tool's name, or a method of MCP
    std::string params;
    std::vector<std::string> twenty; // what Twenty answers, in order
    bool shown = true;               // is what can be seen of the text told?
};

std::string with(std::string pattern, std::string_view text) {
    for (auto at = pattern.find('^'); at != std::string::npos;
         at = pattern.find('^', at + text.size()))
        pattern.replace(at, 1, text);
    return pattern;
}

// Everything that a client gets for one message.
std::string told(script& s, const place& p, std::string_view text) {
    for (const auto& answer : p.twenty)
        s.answers(with(answer, text));
    const auto params = json::parse(with(p.params, text));
    REQUIRE(params.ok());
    const auto method = with(p.method, text);
    if (method.find('/') != std::string::npos || method == "initialize")
        return s.send(method, *params).body;
    return s.send("tools/call", json::make({{"name", method}, {"arguments", *params}})).body;
}

void walk(const std::vector<place>& places, std::string (*tell)(const place&, std::string_view)) {
    for (const auto& p : places) {
        INFO(p.name);
        const auto fault =
            hidden::fault_of([&](const std::string& text) { return tell(p, text); }, p.shown);
        CHECK(fault.substr(0, 6'000) == "");
    }
}

// -- What Twenty says of its data model -----------------------------------------------------------

std::string of_model(const place& p, std::string_view text) {
    script s;
    s.schema = support::schema_with(text);
    s.primer = "# " + std::string(text);
    return told(s, p, text);
}

const std::vector<place>& places_of_the_model() {
    static const std::vector<place> all{
        {"objects", "list_objects", "{}", {}},
        {"an object of the workspace's own", "describe_object", R"({"objectName":"project"})", {}},
        {"an object of an app", "describe_object", R"({"objectName":"asset"})", {}},
        {"the choices of a field", "describe_object", R"({"objectName":"company"})", {}},
        {"the rules of an object",
         "describe_object",
         R"({"objectName":"company"})",
         {R"({"data":{"validationRules":[{"message":"^","isActive":true}]}})"}},
        {"the primer", "get_primer", "{}", {}},
        {"the primer as a resource", "resources/read", R"({"uri":"twenty://primer"})", {}},
        {"an object as a resource", "resources/read", R"({"uri":"twenty://schema/project"})", {}},
        {"this connection", "resources/read", R"({"uri":"twenty://api/info"})", {}, false},
        {"the list of resources", "resources/list", "{}", {}},
        {"instructions",
         "initialize",
         R"({"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"^","version":"^"}})",
         {}},
        {"the choices of a value that is none",
         "find_records",
         R"({"objectName":"opportunity","filter":"stage[eq]:^"})",
         {}},
        {"the labels of a page's choices",
         "find_records",
         R"({"objectName":"opportunity","fields":["stage"]})",
         {R"({"data":{"opportunities":{"totalCount":1,"pageInfo":{},"edges":[{"cursor":"c","node":{"id":"1","stage":"NEW"}}]}}})"}},
        {"the labels of groups",
         "aggregate_records",
         R"({"objectName":"opportunity","groupBy":[{"field":"stage"}]})",
         {R"({"data":{"opportunitiesGroupBy":[{"groupByDimensionValues":["NEW"],"totalCount":34}]}})"}},
        {"completion of a choice",
         "completion/complete",
         R"({"ref":{"type":"ref/prompt","name":"review_pipeline"},"argument":{"name":"stage","value":""}})",
         {},
         false},
    };
    return all;
}

// -- What Twenty says of records ------------------------------------------------------------------

std::string of_records(const place& p, std::string_view text) {
    script s;
    s.schema = support::stock_schema();
    return told(s, p, text);
}

const std::string id_of_ada = R"("id":"20202020-b000-4485-94de-70c2a98daef2")";
const std::string id_of_acme = R"("id":"20202020-a000-4485-94de-70c2a98daef2")";
const std::string person_with_all =
    "{" + id_of_ada +
    R"(,"name":{"firstName":"^","lastName":"^"},"jobTitle":"^","city":"^","emails":{"primaryEmail":"^",)" +
    R"("additionalEmails":["^"]},"phones":{"primaryPhoneNumber":"^","additionalPhones":[{"number":"^"}]},)" +
    R"("linkedinLink":{"primaryLinkUrl":"^","primaryLinkLabel":"^"},"createdBy":{"source":"^","name":"^",)" +
    R"("context":{"^":"^"}},"companyId":"^","company":{)" + id_of_acme +
    R"(,"name":"^"},"unknown":{"^":["^"]},"^":"^"})";
const std::string acme_found = R"({"data":{"company":{)" + id_of_acme + R"(,"name":"^"}}})";

std::string list_of(const std::string& root, const std::string& node) {
    return R"({"data":{")" + root +
           R"(":{"totalCount":1,"pageInfo":{"hasNextPage":false},"edges":[{"cursor":"c","node":)" +
           node + "}]}}}";
}
std::string acme_with(const std::string& what) {
    return "{\"objectName\":\"company\"," + id_of_acme + R"(,"include":[")" + what + "\"]}";
}
const std::string refused_person = R"({"data":{"people":null},"errors":[{"message":)";

const std::vector<place>& places_of_records() {
    static const std::vector<place> all{
        {"a record",
         "get_record",
         R"({"objectName":"person",)" + id_of_ada + R"(,"detail":"full"})",
         {R"({"data":{"person":)" + person_with_all + "}}"}},
        {"a record as a resource",
         "resources/read",
         R"({"uri":"twenty://record/person/20202020-b000-4485-94de-70c2a98daef2"})",
         {R"({"data":{"person":)" + person_with_all + "}}"}},
        {"a record with money",
         "get_record",
         R"({"objectName":"opportunity",)" + id_of_ada + R"(,"detail":"full"})",
         {R"({"data":{"opportunity":{"id":"^","name":"^","position":"^","stage":"^","amount":{"amountMicros":"^","currencyCode":"^"}}}})"}},
        {"a page of money",
         "find_records",
         R"({"objectName":"opportunity","fields":["amount"]})",
         {list_of("opportunities",
                  R"({"id":"^","amount":{"amountMicros":"^","currencyCode":"^"}})")}},
        {"a page of records",
         "find_records",
         R"({"objectName":"person","fields":["name","jobTitle","company","emails"]})",
         {list_of("people", person_with_all)}},
        {"notes of a record",
         "get_record",
         acme_with("notes"),
         {acme_found,
          list_of(
              "noteTargets",
              R"({"id":"t","note":{"id":"n","title":"^","bodyV2":{"markdown":"^","blocknote":"^"}}})")}},
        {"files of a record",
         "get_record",
         acme_with("attachments"),
         {acme_found,
          list_of("attachments",
                  R"({"id":"t","name":"^","file":[{"label":"^","fileId":"^","^":"^"}]})")}},
        {"the timeline of a record",
         "get_record",
         acme_with("timeline"),
         {acme_found,
          list_of(
              "timelineActivities",
              R"({"id":"t","name":"^","happensAt":"2026-11-28T20:12:10.157Z","properties":{"diff":{"^":{"before":"^","after":"^"}},"after":{"name":"^"},"^":"^"}})")}},
        {"mails of a record",
         "get_record",
         acme_with("mails"),
         {acme_found,
          list_of("messageParticipants",
                  R"({"id":"p","messageId":"20202020-b000-4485-94de-70c2a98daef2"})"),
          list_of(
              "messages",
              "{" + id_of_ada +
                  R"(,"receivedAt":"^","subject":"^","messageParticipants":{"edges":[{"node":{"role":"FROM","handle":"^","displayName":"^"}},{"node":{"role":"^","handle":"^","displayName":""}}]}})")}},
        {"hits of a search",
         "search_records",
         R"({"query":"x"})",
         {R"({"data":{"search":{"edges":[{"node":{"recordId":"20202020-b000-4485-94de-70c2a98daef2","objectNameSingular":"person","label":"^","tsRankCD":1}},{"node":{"recordId":"20202020-a000-4485-94de-70c2a98daef2","objectNameSingular":"person","label":"^","tsRankCD":1}},{"node":{"recordId":"^","objectNameSingular":"^","label":"^"}}]}}})",
          R"({"data":{"people":{"edges":[{"node":)" + person_with_all + "}]}}}"}},
        {"values of groups",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"jobTitle"}]})",
         {R"({"data":{"peopleGroupBy":[{"groupByDimensionValues":["^"],"totalCount":3}]}})"}},
        {"values of groups that are lists",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"jobTitle"}]})",
         {R"({"data":{"peopleGroupBy":[{"groupByDimensionValues":[["^",{"^":"^"}]],"totalCount":3}]}})"}},
        {"measures of groups",
         "aggregate_records",
         R"({"objectName":"person","measures":[{"function":"count"}]})",
         {R"({"data":{"people":{"totalCount":"^"}}})"}},
        {"measures in units",
         "aggregate_records",
         R"({"objectName":"opportunity","measures":[{"function":"sum","field":"amount"}]})",
         {R"({"data":{"opportunities":{"sumAmountAmountMicros":"^"}}})"}},
        {"names of groups",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"companyId"}]})",
         {R"({"data":{"peopleGroupBy":[{"groupByDimensionValues":["20202020-a000-4485-94de-70c2a98daef2"],"totalCount":3}]}})",
          list_of("companies", "{" + id_of_acme + R"(,"name":"^"})")}},
        {"what a document of the client's asks for",
         "run_graphql",
         R"({"endpoint":"graphql","query":"{people(first:1){edges{node{id jobTitle}}}}"})",
         {R"({"data":{"people":{"edges":[{"node":{"id":"^","jobTitle":"^","^":["^"]}}]}}})"}},
        {"names of views",
         "find_records",
         R"({"objectName":"opportunity","view":"none"})",
         {R"({"data":{"getViews":[{"id":"v","name":"^","type":"TABLE","visibility":"WORKSPACE"}]}})"}},
        {"a view that can't be used",
         "find_records",
         R"({"objectName":"opportunity","view":"v"})",
         {R"({"data":{"getViews":[{"id":"v","name":"^","type":"TABLE","visibility":"WORKSPACE","viewFilters":[{"id":"1","fieldMetadataId":"opportunity-stage","operand":"^","subFieldName":"^","value":["^"]}]}]}})"}},
        {"ids of views",
         "find_records",
         R"({"objectName":"opportunity","view":"Mine"})",
         {R"({"data":{"getViews":[{"id":"^","name":"Mine","type":"TABLE","visibility":"WORKSPACE"},{"id":"^","name":"mine","type":"TABLE","visibility":"WORKSPACE"}]}})"}},
        {"Twenty's message",
         "find_records",
         R"({"objectName":"person","fields":["jobTitle"]})",
         {refused_person +
          R"("^","extensions":{"code":"BAD_USER_INPUT","userFriendlyMessage":"^"}}]})"}},
        {
            "a field that Twenty refuses",
            "find_records",
            R"({"objectName":"person","fields":["jobTitle"]})",
            {refused_person +
                 R"("no permission to read field \"^\" on \"^\"","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})",
             list_of("people", "{" + id_of_ada + "}")},
        },
        {"rules that a record breaks",
         "create_record",
         R"({"objectName":"person","data":{"jobTitle":"x"}})",
         {R"({"data":null,"errors":[{"message":"^","extensions":{"code":"BAD_USER_INPUT","validationRuleViolations":[{"message":"^"}]}}]})"}},
        {"a record that has the unique value",
         "create_record",
         R"({"objectName":"person","data":{"jobTitle":"x"}})",
         {R"({"data":null,"errors":[{"message":"duplicate","extensions":{"code":"BAD_USER_INPUT","conflictingRecordId":"20202020-b000-4485-94de-70c2a98daef2","conflictingObjectNameSingular":"^","userFriendlyMessage":"^"}}]})"},
         false},
        {"a record that was created",
         "create_record",
         R"({"objectName":"person","data":{"jobTitle":"^"}})",
         {R"({"data":{"createPerson":)" + person_with_all + "}}",
          R"({"data":{"person":)" + person_with_all + "}}"}},
        {"a record that is like the new one",
         "create_record",
         R"({"objectName":"person","data":{"name":"O Ali","email":"o@acme.example"}})",
         {R"({"data":{"people":{"edges":[{"node":{)" + id_of_ada +
              R"(,"name":{"firstName":"^","lastName":"^"},"emails":{"primaryEmail":"o@acme.example"}}}]}}})",
          R"({"data":{"createPerson":{"id":"0190c1f2-5f5c-4e0a-9a35-0d9c1a2b3c4d"}}})",
          R"({"data":{"person":{"id":"0190c1f2-5f5c-4e0a-9a35-0d9c1a2b3c4d"}}})"}},
        {"a record before and after an update",
         "update_record",
         R"({"objectName":"person",)" + id_of_ada + R"(,"data":{"jobTitle":"x"}})",
         {R"({"data":{"person":)" + person_with_all + "}}",
          R"({"data":{"updatePerson":)" + person_with_all + "}}"}},
        {"a record that was deleted",
         "delete_record",
         R"({"objectName":"person",)" + id_of_ada + "}",
         {R"({"data":{"person":)" + person_with_all + "}}",
          R"({"data":{"deletePerson":)" + person_with_all + "}}"}},
        {"a link that is named",
         "update_record",
         R"({"objectName":"person",)" + id_of_ada + R"(,"data":{"company":"Acme"}})",
         {R"({"data":{"companies":{"totalCount":2,"edges":[{"node":{"id":"1","name":"^"}},{"node":{"id":"2","name":"^"}}]}}})"},
         false},
        {"completion of a record's name",
         "completion/complete",
         R"({"ref":{"type":"ref/prompt","name":"prepare_meeting"},"argument":{"name":"company","value":"Ac"}})",
         {R"({"data":{"search":{"edges":[{"node":{"recordId":"20202020-b000-4485-94de-70c2a98daef2","objectNameSingular":"company","label":"^","tsRankCD":1}}]}}})"}},
    };
    return all;
}

// -- What a client writes, and gets back in an error or in a prompt -------------------------------

const std::vector<place>& places_of_clients() {
    static const std::vector<place> all{
        {"a tool", "tools/call", R"({"name":"^","arguments":{}})", {}},
        {"a method", "^/^", "{}", {}, false},
        {"an argument's name", "find_records", R"({"objectName":"person","^":1})", {}},
        {"an argument of another type",
         "find_records",
         R"({"objectName":"person","limit":"^"})",
         {},
         false},
        {"an object", "find_records", R"({"objectName":"^"})", {}},
        {"an object to describe", "describe_object", R"({"objectName":"^"})", {}},
        {"a filter in words", "find_records", R"({"objectName":"person","filter":"^"})", {}, false},
        {"a field of a filter",
         "find_records",
         R"({"objectName":"person","filter":"^[eq]:1"})",
         {},
         false},
        {"an operator",
         "find_records",
         R"({"objectName":"person","filter":"jobTitle[^]:1"})",
         {},
         false},
        {"a filter's member",
         "find_records",
         R"({"objectName":"person","filter":{"^":{"eq":1}}})",
         {}},
        {"a filter's operator",
         "find_records",
         R"({"objectName":"person","filter":{"jobTitle":{"^":1}}})",
         {}},
        {"a filter's part",
         "find_records",
         R"({"objectName":"person","filter":{"name":{"^":{"eq":"x"}}}})",
         {}},
        {"a filter's field of a relation",
         "find_records",
         R"({"objectName":"person","filter":{"company":{"^":{"eq":"x"}}}})",
         {}},
        {"a filter's list",
         "find_records",
         R"({"objectName":"company","filter":{"people":{"^":{"eq":"x"}}}})",
         {}},
        {"a filter's quantifier",
         "find_records",
         R"({"objectName":"company","filter":{"people":{"some":{"^":{"eq":"x"}}}}})",
         {}},
        {"a filter's date",
         "find_records",
         R"({"objectName":"person","filter":"createdAt[gt]:^"})",
         {}},
        {"a filter's number",
         "find_records",
         R"({"objectName":"opportunity","filter":{"amount":{"amountMicros":{"gt":"^"}}}})",
         {}},
        {"a filter's choice",
         "find_records",
         R"({"objectName":"opportunity","filter":{"stage":{"eq":"^"}}})",
         {}},
        {"a filter's id",
         "find_records",
         R"({"objectName":"person","filter":{"id":{"eq":"^"}}})",
         {}},
        {"a filter's member by name",
         "find_records",
         R"({"objectName":"opportunity","filter":{"owner":{"eq":"^"}}})",
         {}},
        {"an order", "find_records", R"({"objectName":"person","orderBy":"^"})", {}},
        {"an order's direction",
         "find_records",
         R"({"objectName":"person","orderBy":"jobTitle:^"})",
         {}},
        {"an order's part", "find_records", R"({"objectName":"person","orderBy":"name.^"})", {}},
        {"a field", "find_records", R"({"objectName":"person","fields":["^"]})", {}},
        {"a field's part", "find_records", R"({"objectName":"person","fields":["name.^"]})", {}},
        {"a field of a relation",
         "find_records",
         R"({"objectName":"person","fields":["company.^"]})",
         {}},
        {"a view",
         "find_records",
         R"({"objectName":"person","view":"^"})",
         {R"({"data":{"getViews":[]}})"}},
        {"a cursor", "find_records", R"({"objectName":"person","cursor":"^"})", {}, false},
        {"a time zone", "find_records", R"({"objectName":"person","timeZone":"^"})", {}},
        {"a record's id", "get_record", R"({"objectName":"person","id":"^"})", {}, false},
        {"what to include",
         "get_record",
         R"({"objectName":"person","id":"20202020-b000-4485-94de-70c2a98daef2","include":["^"]})",
         {}},
        {"objects to search", "search_records", R"({"query":"x","objects":["^"]})", {}},
        {"a group",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"^"}]})",
         {}},
        {"a granularity",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"createdAt","granularity":"^"}]})",
         {}},
        {"a measure",
         "aggregate_records",
         R"({"objectName":"person","measures":[{"function":"^"}]})",
         {}},
        {"a measure's field",
         "aggregate_records",
         R"({"objectName":"person","measures":[{"function":"sum","field":"^"}]})",
         {}},
        {"an order of groups",
         "aggregate_records",
         R"({"objectName":"person","groupBy":[{"field":"jobTitle"}],"orderBy":"^"})",
         {}},
        {"a written field", "create_record", R"({"objectName":"person","data":{"^":1}})", {}},
        {"a written part",
         "create_record",
         R"({"objectName":"person","data":{"name":{"^":"x"}}})",
         {}},
        {"a written choice",
         "create_record",
         R"({"objectName":"opportunity","data":{"stage":"^"}})",
         {}},

        {"a written date",
         "create_record",
         R"({"objectName":"opportunity","data":{"closeDate":"^"}})",
         {}},
        {"a written amount",
         "create_record",
         R"({"objectName":"opportunity","data":{"amount":"^"}})",
         {},
         false},
        {"a written link",
         "create_record",
         R"({"objectName":"company","data":{"domainName":"javascript:^"}})",
         {}},
        {"a written relation's id",
         "create_record",
         R"({"objectName":"person","data":{"companyId":"^"}})",
         {},
         false},
        {"a company by name",
         "create_record",
         R"({"objectName":"person","data":{"company":"^"}})",
         {R"({"data":{"companies":{"totalCount":0,"edges":[]}}})"}},
        {"what a note is about",
         "create_record",
         R"({"objectName":"note","data":{"title":"x"},"about":[{"object":"^","name":"^"}]})",
         {}},
        {"a note's record by name",
         "create_record",
         R"({"objectName":"note","data":{"title":"x"},"about":[{"object":"company","name":"^"}]})",
         {R"({"data":{"companies":{"totalCount":0,"edges":[]}}})"}},
        {"a field to find by",
         "update_record",
         R"({"objectName":"person","data":{"jobTitle":"x"},"upsertBy":"^"})",
         {},
         false},
        {"ids to delete", "delete_record", R"({"objectName":"person","ids":["^"]})", {}, false},
        {"a document", "run_graphql", R"({"endpoint":"graphql","query":"{^}"})", {}, false},
        {"a document's text",
         "run_graphql",
         R"({"endpoint":"graphql","query":"{people(filter:{jobTitle:\"^\"}){edges{node{id}}}}"})",
         {},
         false},

        {"a document's variable",
         "run_graphql",
         R"({"endpoint":"graphql","query":"query($a:Int){people(first:$a){edges{node{id}}}}","variables":{"^":"^"}})",
         {},
         false},
        {"an endpoint",
         "run_graphql",
         R"({"endpoint":"^","query":"{people{edges{node{id}}}}"})",
         {},
         false},
        {"a resource", "resources/read", R"({"uri":"twenty://record/^/^"})", {}},
        {"an object's resource", "resources/read", R"({"uri":"twenty://schema/^"})", {}},
        {"an address that is no resource", "resources/read", R"({"uri":"^"})", {}},
        {"a subscription", "resources/subscribe", R"({"uri":"twenty://schema/^"})", {}},
        {"a record's subscription",
         "resources/subscribe",
         R"({"uri":"twenty://record/person/^"})",
         {}},
        {"a prompt", "prompts/get", R"({"name":"^"})", {}, false},
        {"a prompt's argument",
         "prompts/get",
         R"({"name":"prepare_meeting","arguments":{"company":"^"}})",
         {}},
        {"a prompt's other argument",
         "prompts/get",
         R"({"name":"look_into_segment","arguments":{"object":"^","field":"^","value":"^"}})",
         {}},
        {"a completion's prompt",
         "completion/complete",
         R"({"ref":{"type":"ref/prompt","name":"^"},"argument":{"name":"^","value":"^"}})",
         {},
         false},
        {"a completion's argument",
         "completion/complete",
         R"({"ref":{"type":"ref/prompt","name":"prepare_meeting"},"argument":{"name":"^","value":"^"}})",
         {},
         false},
        {"a level of the log", "logging/setLevel", R"({"level":"^"})", {}, false},
        {"a cursor of a list", "tools/list", R"({"cursor":"^"})", {}, false},
    };
    return all;
}

} // namespace

TEST_CASE("no hidden text of Twenty's data model reaches a model", "[hidden_text]") {
    walk(places_of_the_model(), of_model);
}

TEST_CASE("no hidden text of Twenty's records, views and errors reaches a model", "[hidden_text]") {
    walk(places_of_records(), of_records);
}

TEST_CASE("no hidden text of a client's comes back to a model", "[hidden_text]") {
    walk(places_of_clients(), of_records);
}
