// The table of tools: what tools/list shows, in its order. Descriptions say what a tool does
// and gives back and which sibling does the neighbouring thing; they give no orders.
#include "crm/tools.hpp"

namespace crm {

namespace {

// Parts that several schemas share. Every result may have "notes" beside what its schema names.
#define OBJECT_NAME                                                                                \
    R"("objectName":{"type":"string","minLength":1,"description":"Singular or plural",)"           \
    R"("examples":["person"]})"
#define RECORD_ID R"("id":{"type":"string","description":"Record UUID"})"
#define FILTER                                                                                     \
    R"("filter":{"anyOf":[{"type":"string"},{"type":"object"}],"description":"Filter )"            \
    R"(text or GraphQL object","examples":["name.firstName[ilike]:%jo%,createdAt[gte]:-30d",)"     \
    R"("{\"notes\":{\"none\":{}}}"]})"
#define SAME_FILTER                                                                                \
    R"("filter":{"anyOf":[{"type":"string"},{"type":"object"}],)"                                  \
    R"("description":"As in find_records"})"
#define FIELDS                                                                                     \
    R"("fields":{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"string"}],)"         \
    R"("examples":[["name","emails.primaryEmail"]]})"
#define DEPTH R"("depth":{"type":"integer","minimum":0,"maximum":1)"
#define DETAIL R"("detail":{"type":"string","enum":["full"]})"
#define TABLE                                                                                      \
    R"("columns":{"type":"array","items":{"type":"string"}},)"                                     \
    R"("rows":{"type":"array"})"
// One record as `record`, many as `results`.
#define WRITTEN                                                                                    \
    R"({"type":"object","properties":{"object":{"type":"string"},"id":{"type":"string"},)"         \
    R"("record":{"type":"object"},"results":{"type":"array"}},)"                                   \
    R"("required":["object"]})"
#define MANY(name, type, most)                                                                     \
    R"(")" name R"(":{"type":"array","maxItems":)" most R"(,"items":{"type":")" type R"("}})"
#define ABOUT(what) R"("about":{"type":"array","items":{"type":"object"},"description":")" what "}"
#define ONE_OR_MANY_IDS                                                                            \
    R"({"type":"object","properties":{)" OBJECT_NAME "," RECORD_ID "," MANY(                       \
        "ids", "string", "200") R"(},"required":["objectName"],"additionalProperties":false})"
#define NO_ARGUMENTS R"({"type":"object","properties":{},"additionalProperties":false})"
#define DOCUMENT                                                                                   \
    R"({"type":"object","properties":{"endpoint":{"type":"string","enum":["graphql","metadata"],)" \
    R"("description":"graphql: records; metadata: the data model"},)"                              \
    R"("query":{"type":"string","minLength":1},)"                                                  \
    R"("variables":{"type":"object"}},"required":["endpoint","query"],)"                           \
    R"("additionalProperties":false})"
#define DOCUMENT_RESULT                                                                            \
    R"({"type":"object","properties":{"data":{"type":"object"},)"                                  \
    R"("errors":{"type":"array","items":{"type":"object"}})"                                       \
    "}}"

const tool read_tools[] = {
    {"list_objects", "List objects",
     "The workspace's objects (people, companies, custom ones) that this connection may use, with "
     "names and field counts.",
     NO_ARGUMENTS,
     R"({"type":"object","properties":{"workspace":{"type":"string"},"mode":{"type":"string"},)" TABLE
     R"(,"systemObjects":{"type":"array","items":{"type":"string"}})"
     R"(},"required":["columns","rows"]})",
     effect::read, in_workspace<list_objects, freshness::checked>},
    {"describe_object", "Describe an object",
     "An object's fields: types, select options, relations, which are required or read-only.",
     R"({"type":"object","properties":{)" OBJECT_NAME
     R"(},"required":["objectName"],"additionalProperties":false})",
     R"({"type":"object","properties":{"object":{"type":"string"},"plural":{"type":"string"},)"
     R"("labelField":{"type":"string"},"fields":{"type":"array","items":{"type":"object"}},)"
     R"("exampleData":{"type":"object"}},"required":["object","fields"]})",
     effect::read, in_workspace<describe_object, freshness::checked>},
    {"find_records", "Find records",
     "Lists records by filter, search words, saved view and order as columns and rows with the "
     "total. search_records looks in all objects.",
     R"({"type":"object","properties":{)" OBJECT_NAME "," FILTER
     R"(,"orderBy":{"anyOf":[{"type":"string"},{"type":"object"},{"type":"array"}],"examples":["createdAt[DescNullsLast]"]},)" FIELDS
     R"(,"limit":{"type":"integer","minimum":1,"maximum":200,"default":20},)"
     R"("cursor":{"type":"string"},"search":{"type":"string"},)"
     R"("view":{"type":"string"},)"
     R"("timeZone":{"type":"string","description":"Of days in filter"},)"
     R"("countOnly":{"type":"boolean"},"includeDeleted":{"type":"boolean"},)"
     R"("maxTokens":{"type":"integer","minimum":500,"maximum":25000},)" DETAIL "," DEPTH
     R"(}},"required":["objectName"],"additionalProperties":false})",
     R"({"type":"object","properties":{"object":{"type":"string"},"total":{"type":"integer"},)" TABLE
     R"(},"required":["object","total"]})",
     effect::read, in_workspace<find_records>},
    {"get_record", "Get a record",
     "One record with its fields, and with include the latest records that belong to it. depth 1 "
     "adds all to-many relations as id and label. offset (bytes) reads on in a long text.",
     R"({"type":"object","properties":{)" OBJECT_NAME "," RECORD_ID "," FIELDS
     R"(,"include":{"type":"array","maxItems":8,"items":{"type":"string"},)"
     R"("examples":[["notes","tasks","mails","meetings","timeline"]]},)" DETAIL "," DEPTH
     R"(},"offset":{"type":"integer","minimum":0}},)"
     R"("required":["objectName","id"],"additionalProperties":false})",
     R"({"type":"object","properties":{"object":{"type":"string"},"label":{"type":"string"},)"
     R"("record":{"type":"object"},"url":{"type":"string"})"
     R"(},"required":["object","record"]})",
     effect::read, in_workspace<get_record>},
    {"search_records", "Search records",
     "Full-text search over names, emails, phones and other searchable text of all objects, best "
     "matches first, as object, id and label.",
     R"({"type":"object","properties":{"query":{"type":"string","minLength":1,"maxLength":500},)"
     R"("objects":{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"string"}],)"
     R"("description":"Only these objects"},)"
     R"("limit":{"type":"integer","minimum":1,"maximum":60,"default":20}},)"
     R"("required":["query"],"additionalProperties":false})",
     R"({"type":"object","properties":{"count":{"type":"integer"},)" TABLE
     R"(},"required":["count","columns","rows"]})",
     effect::read, in_workspace<search_records>},
    {"aggregate_records", "Aggregate records",
     "Counts, sums, averages over records, in groups if wanted; money in units of its currency.",
     R"({"type":"object","properties":{)" OBJECT_NAME "," SAME_FILTER
     R"(,"measures":{"type":"array","maxItems":10,"items":{"type":"object","properties":{)"
     R"("function":{"type":"string","description":"count, sum, avg, min, max, countEmpty, )"
     R"(countUniqueValues, percentageEmpty"},"field":{"type":"string"}},)"
     R"("required":["function"],"additionalProperties":false},)"
     R"("examples":[[{"function":"sum","field":"amount"}]]},)"
     R"("groupBy":{"type":"array","maxItems":2,"items":{"type":"object","properties":{)"
     R"("field":{"type":"string"},"granularity":{"type":"string","default":"MONTH",)"
     R"("description":"DAY, WEEK, QUARTER, YEAR, DAY_OF_THE_WEEK"}},"required":["field"],)"
     R"("additionalProperties":false},"examples":[[{"field":"createdAt","granularity":"WEEK"}]]},)"
     R"("orderBy":{"type":"string","description":"Default: dates, then first measure",)"
     R"("examples":["sum(amount) desc"]},)"
     R"("limit":{"type":"integer","minimum":1,"maximum":200,"default":50},)"
     R"("timeZone":{"type":"string","default":"UTC"}},)"
     R"("required":["objectName"],"additionalProperties":false})",
     R"({"type":"object","properties":{)" TABLE R"(},"required":["columns","rows"]})", effect::read,
     in_workspace<aggregate_records>},
    {"run_graphql", "Run a GraphQL query",
     "Runs one GraphQL query on Twenty's API (https://docs.twenty.com) for what the other tools "
     "cannot express. Mutations belong to run_graphql_mutation.",
     DOCUMENT, DOCUMENT_RESULT, effect::read, in_workspace<run_graphql>},
    {"get_primer", "Get the primer",
     "The organisation's own guide to its CRM (conventions, vocabulary) with a snapshot of "
     "objects and fields, as Markdown.",
     NO_ARGUMENTS,
     R"({"type":"object","properties":{"primer":{"type":"string"}},"required":["primer"]})",
     effect::read, in_workspace<get_primer, freshness::checked>},
};

const tool write_tools[] = {
    {"create_record", "Create records",
     "Creates one record (data) or several (records) and returns what is stored. A relation is "
     "set by its id field (companyId) to an id or a unique name. update_record with upsertBy makes "
     "no duplicates.",
     R"({"type":"object","properties":{)" OBJECT_NAME
     R"(,"data":{"type":"object","description":"Field values; describe_object has an example"},)" ABOUT(
         R"(Records a note or task is about, by id or name","examples":[[{"object":"company","name":"Acme"}]])") "," MANY("records",
                                                                                                                          "object",
                                                                                                                          "60") R"(},"required":["objectName"],"additionalProperties":false})",
     WRITTEN, effect::create, in_workspace<create_record>},
    {"update_record", "Update records",
     "Changes the given fields of one record (id, data), of several alike (ids, data) or each its "
     "own way (records: id and fields); keeps the others, null clears. Returns what is stored now "
     "and before.",
     R"({"type":"object","properties":{)" OBJECT_NAME "," RECORD_ID
     R"(,"data":{"type":"object","description":"Text fields also take {append: text}"},)" MANY(
         "ids", "string",
         "200") "," MANY("records", "object",
                         "60") "," ABOUT(R"(As in create_record")") R"(,"upsertBy":{"type":"string","description":"Unique field that finds the record instead )"
                                                                    R"(of id; without one it is created","examples":["emails"]},)"
                                                                    R"("replace":{"type":"boolean","description":"Drop additional emails, phones, links not given"}},)"
                                                                    R"("required":["objectName"],"additionalProperties":false})",
     WRITTEN, effect::update, in_workspace<update_record>},
    {"delete_record", "Delete records", "Soft-deletes by id or ids; restore_record brings back.",
     ONE_OR_MANY_IDS, WRITTEN, effect::remove, in_workspace<delete_record>},
    {"restore_record", "Restore records", "Brings soft-deleted records back by id or ids.",
     ONE_OR_MANY_IDS, WRITTEN, effect::restore, in_workspace<restore_record>},
    {"run_graphql_mutation", "Run a GraphQL mutation",
     "Runs one GraphQL mutation on Twenty's API (https://docs.twenty.com) for what the record "
     "tools cannot express. Queries belong to run_graphql.",
     DOCUMENT, DOCUMENT_RESULT, effect::raw, in_workspace<run_graphql_mutation>},
};

} // namespace

std::vector<tool> crm_tools() {
    std::vector<tool> tools(std::begin(read_tools), std::end(read_tools));
    tools.insert(tools.end(), std::begin(write_tools), std::end(write_tools));
    return tools;
}

} // namespace crm
