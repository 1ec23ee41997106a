// Where a client's text comes in, and for each place texts that are as expensive as somebody who
// means harm could make them.
#pragma once

#include "base/json.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace entrances {

using text = std::string;

struct entrance {
    const char* name;
    text (*body)(std::size_t n); // a message of about n bytes, or of the most that it may have
};

std::span<const entrance> of_messages(); // JSON-RPC itself, and all methods but tools/call
std::span<const entrance> of_filters();
std::span<const entrance> of_reading();
std::span<const entrance> of_writing();
std::span<const entrance> of_documents(); // GraphQL

inline text repeated(std::string_view part, std::size_t bytes) {
    text out;
    out.reserve(bytes + part.size());
    while (out.size() < bytes)
        out += part;
    return out;
}
// a0, a1, …: each another.
inline text numbered(std::string_view before, std::string_view after, std::size_t bytes,
                     std::string_view between = ",") {
    text out;
    for (std::size_t i = 0; out.size() < bytes; ++i) {
        if (i > 0) out += between;
        // Of one length each: a longer text is a heap block more.
        out.append(before).append(std::to_string(1'000'000 + i)).append(after);
    }
    return out;
}
inline text json_text(std::string_view s) {
    text out;
    json::append_escaped(out, s);
    return out;
}
inline text call(std::string_view tool, std::string_view arguments) {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + text(tool) +
           R"(","arguments":)" + text(arguments) + "}}";
}
inline text request(std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + text(method) + R"(","params":)" +
           text(params) + "}";
}
inline text find(std::string_view argument, std::string_view value) {
    return call("find_records",
                R"({"objectName":"people",")" + text(argument) + "\":" + text(value) + "}");
}
inline text create(std::string_view data) {
    return call("create_record", R"({"objectName":"people","data":)" + text(data) + "}");
}
inline text graphql(std::string_view query, std::string_view variables,
                    std::string_view endpoint = "graphql", std::string_view tool = "run_graphql") {
    return call(tool, R"({"endpoint":")" + text(endpoint) + R"(","query":)" + json_text(query) +
                          R"(,"variables":)" + text(variables) + "}");
}
inline text nested(std::string_view open, std::string_view inner, std::string_view close,
                   std::size_t depth) {
    text out;
    for (std::size_t i = 0; i < depth; ++i)
        out += open;
    out += inner;
    for (std::size_t i = 0; i < depth; ++i)
        out += close;
    return out;
}

inline text people(std::string_view arguments, std::string_view declared = "") {
    return "query" + text(declared) + "{people(" + text(arguments) + "){edges{node{id}}}}";
}
inline text list_of(std::string_view each, std::size_t n) {
    return "[" + repeated(text(each) + ",", n) + text(each) + "]";
}

} // namespace entrances
