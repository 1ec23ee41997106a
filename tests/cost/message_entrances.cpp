#include "tests/cost/entrances.hpp"

namespace entrances {

namespace {

const entrance message_entrances[] = {
    {"message: nested lists", [](std::size_t n) { return repeated("[[[]],[[]]],", n); }},
    {"message: empty lists",
     [](std::size_t n) { return request("ping", "{\"a\":[" + repeated("[],", n) + "1]}"); }},
    {"message: empty objects",
     [](std::size_t n) { return request("ping", "{\"a\":[" + repeated("{},", n) + "1]}"); }},
    {"message: zeros",
     [](std::size_t n) { return request("ping", "{\"a\":[" + repeated("0,", n) + "1]}"); }},
    {"message: many keys",
     [](std::size_t n) { return request("ping", "{" + numbered("\"k", "\":0", n) + "}"); }},
    {"message: many small objects",
     [](std::size_t n) {
         return request("ping", "{\"a\":[" + repeated(R"({"a":0},)", n) + "1]}");
     }},
    {"message: deep",
     [](std::size_t n) { return request("ping", nested("{\"a\":", "1", "}", n / 6)); }},
    {"message: deep as allowed, often",
     [](std::size_t n) {
         return request("ping", "{\"a\":[" + repeated(nested("[", "", "]", 58) + ",", n) + "1]}");
     }},
    {"message: one number",
     [](std::size_t n) { return request("ping", "{\"a\":" + repeated("1", n) + "}"); }},
    {"message: escapes",
     [](std::size_t n) { return request("ping", "{\"a\":\"" + repeated("\\u0001", n) + "\"}"); }},
    {"message: method", [](std::size_t n) { return request(repeated("m", n), "{}"); }},
    {"message: id",
     [](std::size_t n) {
         return R"({"jsonrpc":"2.0","method":"ping","id":")" + repeated("i", n) + "\"}";
     }},
    {"message: batch",
     [](std::size_t n) {
         return "[" + repeated(R"({"jsonrpc":"2.0","id":1,"method":"ping"},)", n) +
                R"({"jsonrpc":"2.0","id":1,"method":"ping"}])";
     }},
    {"initialize: client",
     [](std::size_t n) {
         return request(
             "initialize",
             R"({"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","x":[)" +
                 repeated("[],", n) + "1]}}");
     }},
    {"initialize: capabilities",
     [](std::size_t n) {
         return request("initialize", R"({"protocolVersion":"2025-06-18","capabilities":{)" +
                                          numbered("\"k", "\":{}", n) +
                                          R"(},"clientInfo":{"name":"a"}})");
     }},
    {"tools/call: unknown tool", [](std::size_t n) { return call(repeated("t", n), "{}"); }},
    {"tools/call: unknown arguments",
     [](std::size_t n) { return call("find_records", "{" + numbered("\"k", "\":0", n) + "}"); }},
    {"tools/call: an unknown argument",
     [](std::size_t n) {
         return call("find_records", R"({"objectName":"people",")" + repeated("k", n) + "\":0}");
     }},
    {"tools/call: arguments as text",
     [](std::size_t n) {
         return call("find_records", json_text("{\"objectName\":\"people\",\"filter\":" +
                                               json_text(repeated("x", n)) + "}"));
     }},
    {"resources/read",
     [](std::size_t n) {
         return request("resources/read",
                        "{\"uri\":\"twenty://record/person/" + repeated("x", n) + "\"}");
     }},
    {"resources/read: percent",
     [](std::size_t n) {
         return request("resources/read",
                        "{\"uri\":\"twenty://schema/" + repeated("%41", n) + "\"}");
     }},
    {"resources/read: a skill's file",
     [](std::size_t n) {
         return request("resources/read",
                        "{\"uri\":\"skill://twenty-crm/" + repeated("x/", n) + "\"}");
     }},
    {"resources/read: a skill's name",
     [](std::size_t n) {
         return request("resources/read",
                        "{\"uri\":\"skill://" + repeated("%41", n) + "/SKILL.md\"}");
     }},
    {"skills/get",
     [](std::size_t n) {
         return request("skills/get", "{\"uri\":\"skill://" + repeated("x/", n) + "\"}");
     }},
    {"resources/directory/read",
     [](std::size_t n) {
         return request("resources/directory/read",
                        "{\"uri\":\"skill://twenty-crm" + repeated("/x", n) + "\"}");
     }},
    {"resources/subscribe",
     [](std::size_t n) {
         return request("resources/subscribe",
                        "{\"uri\":\"twenty://record/person/" + repeated("x", n) + "\"}");
     }},
    {"completion: value",
     [](std::size_t n) {
         return request(
             "completion/complete",
             R"({"ref":{"type":"ref/resource","uri":"twenty://schema/{object}"},"argument":{"name":"object","value":")" +
                 repeated("p", n) + "\"}}");
     }},
    {"completion: context",
     [](std::size_t n) {
         return request(
             "completion/complete",
             R"({"ref":{"type":"ref/resource","uri":"twenty://record/{object}/{id}"},"argument":{"name":"id","value":"a"},"context":{"arguments":{)" +
                 numbered("\"k", "\":\"v\"", n) + "}}}");
     }},
    {"prompts/get",
     [](std::size_t n) {
         return request("prompts/get", R"({"name":"research","arguments":{)" +
                                           numbered("\"k", "\":\"v\"", n) + "}}");
     }},
    {"prompts/get: a long argument",
     [](std::size_t n) {
         return request("prompts/get",
                        R"({"name":"find","arguments":{"question":")" + repeated("p", n) + "\"}}");
     }},
    {"tools/list: cursor",
     [](std::size_t n) {
         return request("tools/list", "{\"cursor\":\"" + repeated("p", n) + "\"}");
     }},
    {"logging/setLevel",
     [](std::size_t n) {
         return request("logging/setLevel", "{\"level\":\"" + repeated("p", n) + "\"}");
     }},
};

} // namespace

std::span<const entrance> of_messages() { return message_entrances; }

} // namespace entrances
