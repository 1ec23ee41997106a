#include "tests/cost/entrances.hpp"

namespace entrances {

namespace {

const entrance document_entrances[] = {
    {"graphql: a variable named often",
     [](std::size_t n) {
         return graphql(
             people("filter:{and:[" + repeated("$f ", std::min<std::size_t>(n / 2, 7200)) + "]}",
                    "($f:PersonFilterInput)"),
             "{\"f\":{\"and\":[" + repeated(R"({"id":{"is":"NULL"}},)", n) +
                 R"({"id":{"is":"NULL"}}]}})");
     }},
    {"graphql: a text named often",
     [](std::size_t n) {
         return graphql(people("filter:{and:[" +
                                   repeated("{name:{firstName:{eq:$f}}} ",
                                            std::min<std::size_t>(n / 2, 10800)) +
                                   "]}",
                               "($f:String)"),
                        "{\"f\":\"" + repeated("x", n) + "\"}");
     }},
    {"graphql: metadata, a variable named often",
     [](std::size_t n) {
         return graphql("query($f:Int){objects(paging:{x:[" +
                            repeated("$f ", std::min<std::size_t>(n / 2, 7200)) +
                            "]}){edges{node{id}}}}",
                        "{\"f\":[" + repeated("[],", n) + "1]}", "metadata");
     }},
    {"graphql: a metadata input, a variable named often",
     [](std::size_t n) {
         return graphql("mutation($f:JSON){updateOneField(input:{update:{options:[" +
                            repeated("$f ", std::min<std::size_t>(n / 2, 7200)) + "]}}){id}}",
                        "{\"f\":[" + repeated("[],", n) + "1]}", "metadata",
                        "run_graphql_mutation");
     }},
    {"graphql: variables",
     [](std::size_t n) {
         return graphql("{people{edges{node{id}}}}", "{" + numbered("\"k", "\":0", n) + "}");
     }},
    {"graphql: declared variables",
     [](std::size_t n) {
         const auto m = std::min<std::size_t>(n, 12000);
         return graphql(people("first:1", "(" + numbered("$k", ":Int", m, " ") + ")"),
                        "{" + numbered("\"k", "\":0", m) + "}");
     }},
    {"graphql: one large variable",
     [](std::size_t n) {
         return graphql(people("filter:$f", "($f:PersonFilterInput)"),
                        "{\"f\":{\"and\":[" + repeated(R"({"id":{"is":"NULL"}},)", n) +
                            R"({"id":{"is":"NULL"}}]}})");
     }},
    {"graphql: a list of ids",
     [](std::size_t n) {
         return graphql(people("filter:$f", "($f:PersonFilterInput)"),
                        "{\"f\":{\"id\":{\"in\":[" +
                            repeated("\"20202020-b000-4485-94de-70c2a98daef2\",", n) + "\"x\"]}}}");
     }},
    {"graphql: order",
     [](std::size_t n) {
         return graphql(people("orderBy:$f", "($f:[PersonOrderByInput])"),
                        "{\"f\":[" + repeated(R"({"createdAt":"AscNullsFirst"},)", n) + "{}]}");
     }},
    {"graphql: tokens",
     [](std::size_t n) {
         return graphql("{people{edges{node{" + repeated("id ", std::min<std::size_t>(n, 14000)) +
                            "}}}}",
                        "{}");
     }},
    {"graphql: aliases",
     [](std::size_t n) {
         return graphql(
             "{" + numbered("a", ":people{edges{node{id}}}", std::min<std::size_t>(n, 12000), " ") +
                 "}",
             "{}");
     }},
    {"graphql: arguments",
     [](std::size_t n) {
         return graphql("{people(" + numbered("a", ":1", std::min<std::size_t>(n, 12000), " ") +
                            "){edges{node{id}}}}",
                        "{}");
     }},
    {"graphql: object fields",
     [](std::size_t n) {
         return graphql("{people(filter:{" +
                            numbered("a", ":1", std::min<std::size_t>(n, 12000), " ") +
                            "}){edges{node{id}}}}",
                        "{}");
     }},
    {"graphql: fragments",
     [](std::size_t n) {
         return graphql("{people{edges{node{id}}}}" + numbered("fragment f", " on Person{id}",
                                                               std::min<std::size_t>(n, 15000),
                                                               " "),
                        "{}");
     }},
    {"graphql: used fragments",
     [](std::size_t n) {
         const auto m = std::min<std::size_t>(n, 5000);
         return graphql("{people{edges{node{" + numbered("...f", "", m / 4, " ") + "}}}}" +
                            numbered("fragment f", " on Person{id}", m, " "),
                        "{}");
     }},
    {"graphql: fragments in fragments",
     [](std::size_t n) {
         text out = "{people{edges{node{...f0}}}}";
         for (std::size_t i = 0; i < std::min<std::size_t>(n / 80, 120); ++i)
             out += "fragment f" + std::to_string(i) + " on Person{...f" + std::to_string(i + 1) +
                    " ...f" + std::to_string(i + 1) + "}";
         out +=
             "fragment f" + std::to_string(std::min<std::size_t>(n / 80, 120)) + " on Person{id}";
         return graphql(out, "{}");
     }},
    {"graphql: a chain of fragments",
     [](std::size_t n) {
         const auto m = std::min<std::size_t>(n / 40, 600);
         text out = "{people{edges{node{...f0}}}}";
         for (std::size_t i = 0; i < m; ++i)
             out +=
                 "fragment f" + std::to_string(i) + " on Person{...f" + std::to_string(i + 1) + "}";
         out += "fragment f" + std::to_string(m) + " on Person{id}";
         return graphql(out, "{}");
     }},
    {"graphql: deep",
     [](std::size_t) {
         return graphql("{people{edges{node{" + nested("...{", "id", "}", 27) + "}}}}", "{}");
     }},
    {"graphql: introspection, a chain of fragments",
     [](std::size_t n) {
         const auto m = std::min<std::size_t>(n / 40, 130);
         text out = "{__schema{...f0}}";
         for (std::size_t i = 0; i < m; ++i)
             out += "fragment f" + std::to_string(i) + " on T{" +
                    nested("a{", "...f" + std::to_string(i + 1), "}", 10) + "}";
         out += "fragment f" + std::to_string(m) + " on Person{id}";
         return graphql(out, "{}");
     }},
    {"graphql: fragments with arguments",
     [](std::size_t n) {
         return graphql("query($f:T){people{edges{node{" +
                            repeated("...f ", std::min<std::size_t>(n, 12000)) +
                            "}}}}fragment f on Person{noteTargets(filter:$f){edges{node{id}}}}",
                        "{\"f\":{\"and\":[" + repeated(R"({"id":{"is":"NULL"}},)", n) +
                            R"({"id":{"is":"NULL"}}]}})");
     }},
    {"graphql: comments",
     [](std::size_t n) {
         return graphql(
             "{people{edges{node{id}}}}" + repeated("#\n", std::min<std::size_t>(n, 60000)), "{}");
     }},
    {"graphql: a long name",
     [](std::size_t n) {
         return graphql(
             "{people{edges{node{" + repeated("x", std::min<std::size_t>(n, 60000)) + "}}}}", "{}");
     }},
    {"graphql: a block text",
     [](std::size_t n) {
         return graphql("{people(filter:{name:{firstName:{eq:\"\"\"" +
                            repeated("\n  x", std::min<std::size_t>(n, 40000)) +
                            "\"\"\"}}}){edges{node{id}}}}",
                        "{}");
     }},
    {"graphql: introspection",
     [](std::size_t n) {
         return graphql(
             "{__schema{types{" + repeated("name ", std::min<std::size_t>(n, 20000)) + "}}}", "{}");
     }},
    {"graphql: directives",
     [](std::size_t n) {
         return graphql("{people{edges{node{id " +
                            repeated("@skip(if:false)", std::min<std::size_t>(n, 12000)) + "}}}}",
                        "{}");
     }},
    {"mutation: data",
     [](std::size_t n) {
         return graphql("mutation($d:PersonCreateInput!){createPerson(data:$d){id}}",
                        "{\"d\":{" + numbered("\"k", "\":0", n) + "}}", "graphql",
                        "run_graphql_mutation");
     }},
    {"mutation: e-mails",
     [](std::size_t n) {
         return graphql("mutation($d:PersonCreateInput!){createPerson(data:$d){id}}",
                        R"({"d":{"emails":{"additionalEmails":[)" +
                            numbered("\"e", "@b.example\"", n) + "]}}}",
                        "graphql", "run_graphql_mutation");
     }},
    {"mutation: many",
     [](std::size_t n) {
         return graphql("mutation($d:[PersonCreateInput!]!){createPeople(data:$d){id}}",
                        R"({"d":[)" + repeated(R"({"jobTitle":"x"},)", n) + "{}]}", "graphql",
                        "run_graphql_mutation");
     }},
};

} // namespace

std::span<const entrance> of_documents() { return document_entrances; }

} // namespace entrances
