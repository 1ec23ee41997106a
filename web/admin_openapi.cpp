#include "web/admin_openapi.hpp"

#include "base/json.hpp"
#include "web/http.hpp"

#include <array>
#include <set>

namespace web {

namespace {

using location = admin_parameter::location;
using type = admin_parameter::type;

// `everywhere` has what every endpoint may answer, whatever its row says.
const std::array<admin_answer, 7> everywhere{{
    {400, "The request is malformed; the message names what is wrong.", "Error"},
    {401, "No or a wrong token.", "Error"},
    {403, "The request came from a browser.", "Error"},
    {405, "Another method; Allow names the right ones.", "Error"},
    {429, "Too many calls, or too many wrong tokens; Retry-After says how long to wait.", "Error"},
    {500, "A fault of the server; its log says more.", "Error"},
    {503, "The admin API is off, or the server cannot answer right now.", "Error"},
}};

void write_type(json::writer& w, const admin_parameter& p) {
    w.begin_object();
    switch (p.is) {
    case type::text:
        w.member("type", "string").member("minLength", 1).member("maxLength", p.most);
        break;
    case type::uuid:
        w.member("type", "string").member("format", "uuid");
        break;
    case type::word:
        w.member("type", "string").key("enum").begin_array();
        for (const auto word : p.words)
            w.string(word);
        w.end_array();
        break;
    case type::whole:
        w.member("type", "integer").member("minimum", p.least).member("maximum", p.most);
        break;
    case type::time:
        w.member("type", "string").member("format", "date-time");
        break;
    case type::yes:
        w.member("type", "boolean").member("const", true);
        break;
    }
    if (p.in == location::body) w.member("description", p.meaning);
    w.end_object();
}

void write_parameters(json::writer& w, const admin_operation& row) {
    w.key("parameters").begin_array();
    for (const auto& p : row.parameters) {
        if (p.in == location::body) continue;
        w.begin_object()
            .member("name", p.name)
            .member("in", p.in == location::path ? "path" : "query")
            .member("required", p.required || p.in == location::path)
            .member("description", p.meaning)
            .key("schema");
        write_type(w, p);
        w.end_object();
    }
    w.end_array();
}

void write_json_body(json::writer& w, const admin_operation& row) {
    bool required = false;
    w.key("application/json").begin_object().key("schema").begin_object();
    w.member("type", "object").member("additionalProperties", false);
    w.key("properties").begin_object();
    for (const auto& p : row.parameters) {
        if (p.in != location::body) continue;
        w.key(p.name);
        write_type(w, p);
        required = required || p.required;
    }
    w.end_object();
    if (required) {
        w.key("required").begin_array();
        for (const auto& p : row.parameters)
            if (p.in == location::body && p.required) w.string(p.name);
        w.end_array();
    }
    w.end_object().end_object();
}

void write_body(json::writer& w, const admin_operation& row) {
    if (row.body == admin_body::none) return;
    w.key("requestBody").begin_object().member("required", true).key("content").begin_object();
    if (row.body == admin_body::skill)
        w.key("application/json")
            .begin_object()
            .member_raw("schema", R"({"$ref":"#/components/schemas/SkillFiles"})")
            .end_object();
    if (row.body == admin_body::json)
        write_json_body(w, row);
    else
        for (const auto* media : {"text/markdown", "text/plain"})
            w.key(media).begin_object().member_raw("schema", R"({"type":"string"})").end_object();
    w.end_object().end_object();
}

void write_answer(json::writer& w, const admin_answer& answer) {
    w.key(std::to_string(answer.status)).begin_object().member("description", answer.meaning);
    if (!answer.media.empty()) {
        w.key("content").begin_object().key(answer.media).begin_object();
        if (answer.schema.empty())
            w.member_raw("schema", R"({"type":"string"})");
        else
            w.key("schema")
                .begin_object()
                .member("$ref", "#/components/schemas/" + std::string(answer.schema))
                .end_object();
        w.end_object().end_object();
    }
    w.end_object();
}

void write_operation(json::writer& w, const admin_operation& row) {
    w.begin_object().member("operationId", row.id).member("summary", row.summary);
    write_parameters(w, row);
    write_body(w, row);
    w.key("responses").begin_object();
    for (const auto& answer : row.answers)
        write_answer(w, answer);
    for (const auto& answer : everywhere)
        write_answer(w, answer);
    w.end_object().end_object();
}

// OpenAPI has the methods in lower case. The rows' are capitals alone.
std::string lower_method(std::string_view method) {
    std::string out(method);
    for (auto& c : out)
        c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace

std::string admin_openapi(std::string_view server) {
    json::writer w;
    w.begin_object().member("openapi", "3.1.0").key("info").begin_object();
    w.member("title", "twenty-mcp admin API").member("version", TWENTY_MCP_VERSION);
    w.member("description", "For the holder of ADMIN_TOKEN. Nothing here tells a secret, and no "
                            "browser can call it.");
    w.end_object();
    w.key("servers").begin_array().begin_object().member("url", server).end_object().end_array();
    w.member_raw("security", R"([{"admin_token":[]}])");
    w.key("paths").begin_object();
    // A path has one entry with all of its methods, at the place of its first row.
    std::set<std::string_view> written;
    for (const auto& first : admin_operations()) {
        if (!written.insert(first.path).second) continue;
        w.key(first.path).begin_object();
        for (const auto& row : admin_operations()) {
            if (row.path != first.path) continue;
            w.key(lower_method(row.method));
            write_operation(w, row);
        }
        w.end_object();
    }
    w.end_object().key("components").begin_object();
    w.member_raw("securitySchemes", R"({"admin_token":{"type":"http","scheme":"bearer"}})");
    w.key("schemas").begin_object();
    for (const auto& schema : admin_schemas())
        w.member_raw(schema.name, schema.json);
    w.end_object().end_object().end_object();
    return w.take();
}

asio::awaitable<response> get_admin_index(const admin_needs&, admin_call) {
    json::writer w;
    w.begin_object().key("endpoints").begin_array();
    for (const auto& row : admin_operations())
        w.begin_object()
            .member("method", row.method)
            .member("path", row.path)
            .member("summary", row.summary)
            .end_object();
    w.end_array().end_object();
    co_return json_response(200, w.take());
}

asio::awaitable<response> get_admin_openapi(const admin_needs& needs, admin_call) {
    co_return json_response(200, admin_openapi(needs.identity.issuer));
}

} // namespace web
