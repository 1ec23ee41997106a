#include "tests/cost/entrances.hpp"

namespace entrances {

namespace {

const entrance reading_entrances[] = {
    {"objectName",
     [](std::size_t n) {
         return call("find_records", R"({"objectName":")" + repeated("o", n) + "\"}");
     }},
    {"objectName of invisible characters",
     [](std::size_t n) {
         return call("describe_object", R"({"objectName":")" + repeated("\u200b", n) + "\"}");
     }},
    {"orderBy text",
     [](std::size_t n) { return find("orderBy", json_text(repeated("name,", n))); }},
    {"orderBy text: commas",
     [](std::size_t n) { return find("orderBy", json_text(repeated(",", n))); }},
    {"orderBy text: dots",
     [](std::size_t n) { return find("orderBy", json_text("name" + repeated(".x", n))); }},
    {"orderBy: list",
     [](std::size_t n) {
         return find("orderBy", "[" + repeated(R"({"createdAt":"AscNullsFirst"},)", n) + "{}]");
     }},
    {"orderBy: deep",
     [](std::size_t n) {
         return find("orderBy", "[" + repeated(nested("{\"a\":", "1", "}", 50) + ",", n) + "{}]");
     }},
    {"orderBy: keys in threes",
     [](std::size_t n) {
         return find("orderBy",
                     "{" + numbered("\"k", R"(":{"a":"ASC","b":"ASC","c":"ASC"})", n) + "}");
     }},
    {"orderBy: object",
     [](std::size_t n) { return find("orderBy", "{" + numbered("\"k", "\":0", n) + "}"); }},
    {"fields text", [](std::size_t n) { return find("fields", json_text(repeated("name,", n))); }},
    {"fields text: unknown",
     [](std::size_t n) { return find("fields", json_text(numbered("k", "", n))); }},
    {"fields: dots",
     [](std::size_t n) { return find("fields", json_text("name" + repeated(".x", n))); }},
    {"fields: list",
     [](std::size_t n) { return find("fields", "[" + repeated("\"name\",", n) + "\"name\"]"); }},
    {"fields: names of parts",
     [](std::size_t n) {
         return find("fields", "[" + repeated("\"emails.primaryEmail\",\"name.firstName\",", n) +
                                   "\"name\"]");
     }},
    {"fields: one long name",
     [](std::size_t n) { return find("fields", "[\"" + repeated("x", n) + "\"]"); }},
    {"search", [](std::size_t n) { return find("search", json_text(repeated("ab ", n))); }},
    {"search: one word", [](std::size_t n) { return find("search", json_text(repeated("a", n))); }},
    {"cursor", [](std::size_t n) { return find("cursor", json_text(repeated("a", n))); }},
    {"view", [](std::size_t n) { return find("view", json_text(repeated("a", n))); }},
    {"timeZone", [](std::size_t n) { return find("timeZone", json_text(repeated("a/", n))); }},
    {"get_record: include",
     [](std::size_t n) {
         return call(
             "get_record",
             R"({"objectName":"people","id":"20202020-b000-4485-94de-70c2a98daef2","include":[)" +
                 repeated("\"notes\",", n) + "\"notes\"]}");
     }},
    {"get_record: id",
     [](std::size_t n) {
         return call("get_record", R"({"objectName":"people","id":")" + repeated("2", n) + "\"}");
     }},
    {"search_records: query",
     [](std::size_t n) {
         return call("search_records", "{\"query\":" + json_text(repeated("ab ", n)) + "}");
     }},
    {"search_records: objects",
     [](std::size_t n) {
         return call("search_records", "{\"query\":\"a\",\"objects\":[" +
                                           repeated("\"people\",", n) + "\"people\"]}");
     }},
    {"aggregate: measures",
     [](std::size_t n) {
         return call("aggregate_records", R"({"objectName":"people","measures":[)" +
                                              repeated(R"({"function":"count"},)", n) +
                                              R"({"function":"count"}]})");
     }},
    {"aggregate: a measure",
     [](std::size_t n) {
         return call("aggregate_records",
                     R"({"objectName":"people","measures":[{"function":"sum","field":)" +
                         json_text(repeated("a.", n)) + "}]}");
     }},
    {"aggregate: groupBy",
     [](std::size_t n) {
         return call("aggregate_records",
                     R"({"objectName":"people","groupBy":)" + json_text(repeated("a.", n)) + "}");
     }},
    {"aggregate: groupBy, commas",
     [](std::size_t n) {
         return call("aggregate_records",
                     R"({"objectName":"people","groupBy":)" + json_text(repeated("a,", n)) + "}");
     }},
    {"aggregate: orderBy",
     [](std::size_t n) {
         return call("aggregate_records", R"({"objectName":"people","orderBy":)" +
                                              json_text(repeated("count(a),", n)) + "}");
     }},
};

} // namespace

std::span<const entrance> of_reading() { return reading_entrances; }

} // namespace entrances
