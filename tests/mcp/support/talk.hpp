// What tests of talking tools share: a client that listens, and messages of 2026-07-28 with
// their envelope.
#pragma once

#include "mcp/interaction.hpp"
#include "mcp/protocol.hpp"
#include "tests/mcp/support/script.hpp"

namespace mcp_test {

struct heard final : mcp::outbound {
    std::vector<std::string> notes;
    std::vector<mcp::change> changes;
    int hang_ups = 0;
    void notify(std::string message) override { notes.push_back(std::move(message)); }
    void announce(const mcp::change& what) override { changes.push_back(what); }
    void hang_up() override { ++hang_ups; }
};

// params with _meta: `capabilities` and `more` members of _meta are JSON text.
inline json::value envelope(const std::string& capabilities, const std::string& params = "{}",
                            const std::string& more = "{}") {
    auto out = json::parse(params).value();
    auto about = json::parse(more).value();
    about.if_object()->set(std::string(mcp::meta::protocol_version), "2026-07-28");
    about.if_object()->set(std::string(mcp::meta::client_capabilities),
                           json::parse(capabilities).value());
    out.if_object()->set("_meta", std::move(about));
    return out;
}

inline json::value parsed(const mcp::answer& a) {
    INFO(a.body);
    auto read = json::parse(a.body);
    REQUIRE(read.ok());
    return std::move(read).value();
}
inline std::int64_t error_code(const mcp::answer& a) {
    const auto body = parsed(a);
    const auto* code = body.at("error", "code");
    return code ? code->as_int().value_or(0) : 0;
}
// The text of a tool's result.
inline std::string said(const mcp::answer& a) {
    const auto body = parsed(a);
    const auto* content = body.at("result", "content");
    return content ? std::string(content->if_array()->front().text("text")) : std::string();
}

inline mcp::tool tool_of(std::string_view name, mcp::tool_handler run,
                         std::string_view schema = R"({"type":"object"})") {
    mcp::tool out;
    out.name = name;
    out.title = name;
    out.description = name;
    out.input_schema = schema;
    out.run = run;
    return out;
}
inline mcp::tool_result text_result(std::string_view text) {
    json::writer w;
    w.begin_array().begin_object().member("type", "text").member("text", text).end_object();
    w.end_array();
    mcp::tool_result out;
    out.content = w.take();
    return out;
}

} // namespace mcp_test
