#include "tests/cost/entrances.hpp"

namespace entrances {

namespace {

const entrance filter_entrances[] = {
    {"filter text: dots",
     [](std::size_t n) {
         return find("filter", json_text("name" + repeated(".x", n) + "[eq]:1"));
     }},
    {"filter text: conditions",
     [](std::size_t n) { return find("filter", json_text(repeated("name.firstName[eq]:x,", n))); }},
    {"filter text: commas",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[eq]:" + repeated("x,", n)));
     }},
    {"filter text: commas and blanks",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[eq]:" + repeated("x, ", n)));
     }},
    {"filter text: commas and words",
     [](std::size_t n) {
         return find("filter",
                     json_text("name.firstName[eq]:" + repeated("x, aaaaaaaaaaaaaaaa ", n)));
     }},
    {"filter text: brackets",
     [](std::size_t n) { return find("filter", json_text(repeated("and(", n))); }},
    {"filter text: open",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[eq]:" + repeated("(", n)));
     }},
    {"filter text: list",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[in]:[" + numbered("", "", n) + "]"));
     }},
    {"filter text: empty list",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[in]:[" + repeated(",", n) + "]"));
     }},
    {"filter text: quoted list",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[in]:[" + repeated("\"\" ,", n) + "]"));
     }},
    {"filter text: quotes",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[eq]:" + repeated("\"", n / 2)));
     }},
    {"filter text: a long value",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[eq]:" + repeated("x", n)));
     }},
    {"filter text: a long value, like",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[ilike]:" + repeated("%", n)));
     }},
    {"filter text: an e-mail",
     [](std::size_t n) {
         return find("filter", json_text("emails[eq]:" + repeated("x", n) + "@x.example"));
     }},
    {"filter text: a phone",
     [](std::size_t n) { return find("filter", json_text("phones[eq]:" + repeated("1", n))); }},
    {"filter text: a link",
     [](std::size_t n) {
         return call("find_records", R"({"objectName":"companies","filter":)" +
                                         json_text("domainName[eq]:" + repeated("x.", n)) + "}");
     }},
    {"filter text: a day",
     [](std::size_t n) { return find("filter", json_text("createdAt[eq]:" + repeated("2", n))); }},
    {"filter text: days",
     [](std::size_t n) {
         return find("filter",
                     json_text("createdAt[in]:[" + repeated("2026-01-01,", n) + "2026-01-01]"));
     }},
    {"filter text: a name",
     [](std::size_t n) { return find("filter", json_text(repeated("x", n) + "[eq]:1")); }},
    {"filter text: an operator",
     [](std::size_t n) {
         return find("filter", json_text("name.firstName[" + repeated("x", n) + "]:1"));
     }},
    {"filter text: JSON",
     [](std::size_t n) {
         return find("filter", json_text("{\"a\":[" + repeated("[],", n) + "1]}"));
     }},
    {"filter: names with dots",
     [](std::size_t n) { return find("filter", "{\"name" + repeated(".x", n) + "\":1}"); }},
    {"filter: conditions",
     [](std::size_t n) {
         return find("filter",
                     "{\"and\":[" + repeated(R"({"name":{"firstName":{"eq":"x"}}},)", n) + "{}]}");
     }},
    {"filter: names",
     [](std::size_t n) { return find("filter", "{" + numbered("\"k", "\":0", n) + "}"); }},
    {"filter: parts",
     [](std::size_t n) {
         return find("filter", "{\"name\":{" + numbered("\"k", "\":0", n) + "}}");
     }},
    {"filter: operators",
     [](std::size_t n) {
         return find("filter", "{\"createdAt\":{" + numbered("\"k", "\":0", n) + "}}");
     }},
    {"filter: deep value",
     [](std::size_t n) {
         return find("filter",
                     nested("{\"and\":[",
                            R"({"name":{"firstName":{"eq":")" + repeated("x", n) + "\"}}}", "]}",
                            9));
     }},
    {"filter: deep not",
     [](std::size_t n) {
         return find(
             "filter",
             nested("{\"not\":", R"({"name":{"firstName":{"eq":")" + repeated("x", n) + "\"}}}",
                    "}", 9));
     }},
    {"filter: long values",
     [](std::size_t n) {
         return find(
             "filter",
             "{\"and\":[" +
                 repeated(R"({"name.firstName":{"ilike":")" + repeated("%", n / 100) + "\"}},", n) +
                 R"({"createdAt":{"gt":"2026-01-01"}}]})");
     }},
    {"filter: a list",
     [](std::size_t n) {
         return find("filter", R"({"id":{"in":[)" +
                                   repeated("\"20202020-b000-4485-94de-70c2a98daef2\",", n) +
                                   "\"20202020-b000-4485-94de-70c2a98daef2\"]}}");
     }},
    {"filter: e-mails in lists",
     [](std::size_t n) {
         return find(
             "filter",
             "{\"and\":[" +
                 repeated(R"({"emails":{"in":["a@b.example","b@b.example","c@b.example"]}},)", n) +
                 R"({"emails":{"eq":"a@b.example"}}]})");
     }},
    {"filter: a condition on a list",
     [](std::size_t n) {
         return call("find_records",
                     R"({"objectName":"people","filter":{"noteTargets":{"some":{"and":[)" +
                         repeated(R"({"id":{"is":"NULL"}},)", n) + "{}]}}}}");
     }},
    {"filter: names of a condition on a list",
     [](std::size_t n) {
         return call("find_records", R"({"objectName":"people","filter":{"noteTargets":{)" +
                                         numbered("\"k", "\":null", n) + "}}}");
     }},
    {"filter: parts in every case",
     [](std::size_t n) {
         return find(
             "filter",
             "{\"and\":[" +
                 repeated(R"({"name":{"firstName":{"eq":"x"},"FirstName":{"eq":"x"}}},)", n) +
                 "{}]}");
     }},
    {"filter: links in many lists", // each link has nine spellings
     [](std::size_t n) {
         const auto lists = std::clamp<std::size_t>(n / 1'400, 1, 32);
         text all;
         for (std::size_t i = 0; i < lists; ++i)
             all += (i == 0 ? R"({"linkedinLink":{"in":[)" : R"(,{"linkedinLink":{"in":[)") +
                    numbered("\"" + std::to_string(i) + "-", ".example\"", 1'300) + "]}}";
         return find("filter", json_text("{\"or\":[" + all + "]}"));
     }},
    {"filter: links one by one",
     [](std::size_t n) {
         return find("filter", json_text("{\"or\":[" +
                                         numbered(R"({"linkedinLink":{"eq":")", ".example\"}}",
                                                  std::min<std::size_t>(n, 9'000)) +
                                         "]}"));
     }},
    {"filter: as a list",
     [](std::size_t n) { return find("filter", json_text("[" + repeated("{},", n) + "{}]")); }},
};

} // namespace

std::span<const entrance> of_filters() { return filter_entrances; }

} // namespace entrances
