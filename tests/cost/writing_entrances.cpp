#include "tests/cost/entrances.hpp"

namespace entrances {

namespace {

const entrance writing_entrances[] = {
    {"create: e-mails",
     [](std::size_t n) {
         return create(R"({"emails":{"primaryEmail":"a@b.example","additionalEmails":[)" +
                       numbered("\"e", "@b.example\"", n) + "]}}");
     }},
    {"create: phones",
     [](std::size_t n) {
         return create(R"({"phones":{"primaryPhoneNumber":"+33612345678","additionalPhones":[)" +
                       numbered(R"({"number":"+3361234)", "\"}", n) + "]}}");
     }},
    {"create: unknown fields",
     [](std::size_t n) { return create("{" + numbered("\"k", "\":0", n) + "}"); }},
    {"create: dotted fields",
     [](std::size_t n) { return create("{" + numbered("\"name.k", "\":0", n) + "}"); }},
    {"create: dots", [](std::size_t n) { return create("{\"name" + repeated(".x", n) + "\":0}"); }},
    {"create: a long text",
     [](std::size_t n) { return create(R"({"jobTitle":)" + json_text(repeated("x", n)) + "}"); }},
    {"create: a long name",
     [](std::size_t n) { return create(R"({"fullName":)" + json_text(repeated("x ", n)) + "}"); }},
    {"create: a nested value",
     [](std::size_t n) { return create(R"({"jobTitle":[)" + repeated("[],", n) + "0]}"); }},
    {"create: a company by name",
     [](std::size_t n) { return create(R"({"company":)" + json_text(repeated("x", n)) + "}"); }},
    {"create: about",
     [](std::size_t n) {
         return call("create_record", R"({"objectName":"notes","data":{"title":"x"},"about":[)" +
                                          repeated(R"({"object":"company","name":"Acme"},)", n) +
                                          "{}]}");
     }},
    {"create: many",
     [](std::size_t n) {
         return call("create_record",
                     R"({"objectName":"people","records":[)" +
                         repeated(R"({"jobTitle":")" + repeated("x", n / 60) + "\"},", n - n / 60) +
                         "{\"jobTitle\":\"x\"}]}");
     }},
    {"create: many fields in many",
     [](std::size_t n) {
         return call("create_record",
                     R"({"objectName":"people","records":[)" +
                         repeated("{" + numbered("\"k", "\":0", n / 60) + "},", n - n / 60) +
                         "{\"jobTitle\":\"x\"}]}");
     }},
    {"update: ids",
     [](std::size_t n) {
         return call("update_record", R"({"objectName":"people","data":{"jobTitle":"x"},"ids":[)" +
                                          repeated("\"20202020-b000-4485-94de-70c2a98daef2\",", n) +
                                          "\"x\"]}");
     }},
    {"update: as large for all",
     [](std::size_t n) {
         return call("update_record", R"({"objectName":"people","data":{"jobTitle":)" +
                                          json_text(repeated("x", n)) + R"(},"ids":[)" +
                                          numbered("\"20202020-b000-4485-94de-70c2a98da", "\"", 0) +
                                          "]}");
     }},
    {"update: upsertBy",
     [](std::size_t n) {
         return call("update_record",
                     R"({"objectName":"people","data":{"jobTitle":"x"},"upsertBy":)" +
                         json_text(repeated("x", n)) + "}");
     }},
    {"update: append",
     [](std::size_t n) {
         return call(
             "update_record",
             R"({"objectName":"people","id":"20202020-b000-4485-94de-70c2a98daef2","data":{"jobTitle":{"append":)" +
                 json_text(repeated("x", n)) + "}}}");
     }},
    {"update: e-mails",
     [](std::size_t n) {
         return call(
             "update_record",
             R"({"objectName":"people","id":"20202020-b000-4485-94de-70c2a98daef2","data":{"emails":{"additionalEmails":[)" +
                 numbered("\"e", "@b.example\"", n) + "]}}}");
     }},
    {"create: records with many links",
     [](std::size_t n) {
         const auto records = std::clamp<std::size_t>(n / 3'500, 1, 60);
         text all;
         for (std::size_t i = 0; i < records; ++i)
             all += (i == 0 ? "" : ",") + (R"({"name":"c)" + std::to_string(i) +
                                           R"(","domainName":{"primaryLinkUrl":"d)" +
                                           std::to_string(i) + R"(.example","secondaryLinks":[)" +
                                           numbered(R"({"url":"https://)" + std::to_string(i) + "-",
                                                    R"(.example"})", 3'200) +
                                           "]}}");
         return call("create_record", R"({"objectName":"company","records":[)" + all + "]}");
     }},
    {"create: records as texts",
     [](std::size_t n) {
         return call("create_record",
                     R"({"objectName":"company","records":[)" +
                         list_of(json_text("{\"a\":[" + repeated("1,", n / 12) + "1]}"), n - n / 12)
                             .substr(1) +
                         "}");
     }},
    {"create: records as a text of texts",
     [](std::size_t n) {
         return call(
             "create_record",
             R"({"objectName":"company","records":)" +
                 json_text(list_of(json_text("{\"a\":[" + repeated("1,", n / 16) + "1]}"), n / 2)) +
                 "}");
     }},
    {"delete: ids",
     [](std::size_t n) {
         return call("delete_record", R"({"objectName":"people","ids":[)" +
                                          repeated("\"20202020-b000-4485-94de-70c2a98daef2\",", n) +
                                          "\"x\"]}");
     }},
};

} // namespace

std::span<const entrance> of_writing() { return writing_entrances; }

} // namespace entrances
