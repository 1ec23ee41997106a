// The shapes of the admin API's JSON answers. The end-to-end tests hold real answers to them.
#include "web/admin_openapi.hpp"

#include <array>

namespace web {

namespace {

constexpr std::array<admin_schema, 23> schemas{{
    {"Error", R"({"type":"object","additionalProperties":false,"required":["error"],"properties":{
        "error":{"type":"string","description":"a stable name"},
        "message":{"type":"string","description":"what to change"}}})"},
    {"Index", R"({"type":"object","additionalProperties":false,"required":["endpoints"],
        "properties":{"endpoints":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["method","path","summary"],"properties":{
        "method":{"type":"string"},"path":{"type":"string"},"summary":{"type":"string"}}}}}})"},
    {"Document", R"({"type":"object","required":["openapi","info","paths"]})"},
    {"Done", R"({"type":"object","additionalProperties":false,"required":["ok"],"properties":{
        "ok":{"type":"boolean","const":true},
        "bytes":{"type":"integer","description":"of the stored primer"},
        "warnings":{"type":"array","maxItems":100,"items":{"type":"string"},
        "description":"what is probably wrong in it; absent if it was not judged"}}})"},
    {"PrimerFindings", R"({"type":"object","additionalProperties":false,
        "required":["findings","more","workspaces"],"properties":{
        "findings":{"type":"array","maxItems":100,"items":{"type":"object",
        "additionalProperties":false,"required":["line","kind","text"],"properties":{
        "line":{"type":"integer"},
        "kind":{"type":"string","enum":["unknown_object","unknown_field","unknown_choice",
        "unknown_tool","invisible_characters","long_line","long_text","open_fence","secret"]},
        "text":{"type":"string"}}}},
        "more":{"type":"boolean","description":"there are more findings"},
        "workspaces":{"type":"array","items":{"type":"string"},
        "description":"whose data models the names were compared with"},
        "note":{"type":"string","description":"what was not judged"}}})"},
    {"PrimerVersion", R"({"type":"object","additionalProperties":false,
        "required":["version","created","current","bundled"],"properties":{
        "version":{"type":"integer"},"created":{"type":"string","format":"date-time"},
        "current":{"type":"boolean"},
        "bundled":{"type":"boolean","description":"the primer was taken back, the bundled one applied"},
        "bytes":{"type":"integer"},"etag":{"type":"string"}}})"},
    {"PrimerHistory", R"({"type":"object","additionalProperties":false,"required":["versions"],
        "properties":{"versions":{"type":"array","maxItems":10,
        "items":{"$ref":"#/components/schemas/PrimerVersion"}}}})"},
    {"SkillFiles", R"({"type":"object","additionalProperties":false,"required":["files"],
        "properties":{"files":{"type":"object","maxProperties":32,"required":["SKILL.md"],
        "additionalProperties":{"type":"string"},
        "description":"texts by their paths, 100,000 bytes together"}}})"},
    {"SkillText", R"({"type":"object","additionalProperties":false,"required":["name","files"],
        "properties":{"name":{"type":"string"},"files":{"type":"object",
        "additionalProperties":{"type":"string"}}}})"},
    {"Skill", R"({"type":"object","additionalProperties":false,
        "required":["name","description","files"],"properties":{
        "name":{"type":"string"},"description":{"type":"string"},
        "files":{"type":"array","items":{"type":"object","additionalProperties":false,
        "required":["path","bytes"],"properties":{
        "path":{"type":"string"},"bytes":{"type":"integer"}}}},
        "warnings":{"type":"array","maxItems":100,"items":{"type":"string"},
        "description":"what is probably wrong in an upload; absent if it was not judged"},
        "version":{"type":"integer"},"created":{"type":"string","format":"date-time"}}})"},
    {"Skills", R"({"type":"object","additionalProperties":false,"required":["skills"],
        "properties":{"skills":{"type":"array","maxItems":32,
        "items":{"$ref":"#/components/schemas/Skill"}}}})"},
    {"SkillVersion", R"({"type":"object","additionalProperties":false,
        "required":["version","created","current","removed"],"properties":{
        "version":{"type":"integer"},"created":{"type":"string","format":"date-time"},
        "current":{"type":"boolean"},
        "removed":{"type":"boolean","description":"the skill was removed"},
        "bytes":{"type":"integer"},"etag":{"type":"string"}}})"},
    {"SkillHistory", R"({"type":"object","additionalProperties":false,"required":["versions"],
        "properties":{"versions":{"type":"array","maxItems":10,
        "items":{"$ref":"#/components/schemas/SkillVersion"}}}})"},
    {"Connection", R"({"type":"object","additionalProperties":false,
        "required":["id","label","client","redirect_host","workspace","mode","objects","created",
        "last_used","expires","key"],"properties":{
        "id":{"type":"string","format":"uuid"},"label":{"type":"string"},
        "client":{"type":"object","additionalProperties":false,"required":["name","id"],
        "properties":{"name":{"type":"string","description":"as the client calls itself"},
        "id":{"type":"string"},
        "kind":{"type":"string","enum":["registered","metadata_document","configured"]},
        "host":{"type":"string","description":"whose metadata document it is; proven"}}},
        "redirect_host":{"type":"string"},"workspace":{"type":"string"},
        "mode":{"type":"string","enum":["read","write"]},
        "objects":{"oneOf":[{"type":"string","enum":["all","unknown"]},
        {"type":"array","items":{"type":"string"}}]},
        "created":{"type":"string","format":"date-time"},
        "last_used":{"type":"string","format":"date-time",
        "description":"when its client last fetched tokens"},
        "expires":{"type":"string","format":"date-time"},
        "key":{"type":"string","description":"the same for all connections of one API key"}}})"},
    {"Connections", R"({"type":"object","additionalProperties":false,"required":["connections"],
        "properties":{"connections":{"type":"array",
        "items":{"$ref":"#/components/schemas/Connection"}},
        "next_cursor":{"type":"string","description":"for the next page; absent on the last one"}}})"},
    {"Count", R"({"type":"object","additionalProperties":false,"minProperties":1,"maxProperties":1,
        "properties":{"ended":{"type":"integer","description":"connections"},
        "dropped":{"type":"integer","description":"data models of workspaces"}}})"},
    {"Keys", R"({"type":"object","additionalProperties":false,"required":["keys","done"],
        "properties":{"keys":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["id","state","rows"],"properties":{
        "id":{"type":"string"},
        "state":{"type":"string","enum":["current","previous","unknown"]},
        "rows":{"type":"object","additionalProperties":{"type":"integer"},
        "description":"by table"}}}},
        "done":{"type":"boolean","description":"nothing depends on a previous key"}}})"},
    {"Audit", R"({"type":"object","additionalProperties":false,"required":["events"],
        "properties":{"events":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["id","time","kind"],"properties":{
        "id":{"type":"integer"},"time":{"type":"string","format":"date-time"},
        "kind":{"type":"string"},
        "times":{"type":"integer","description":"how many are counted by this row, if several"},
        "last":{"type":"string","format":"date-time","description":"the last of them"},
        "connection":{"type":"string"},"source":{"type":"string"},
        "detail":{"type":"string"}}}},
        "next_before":{"type":"integer","description":"for the next page"},
        "next_after":{"type":"integer","description":"for what comes next"}}})"},
    {"Calls", R"({"type":"object","additionalProperties":false,"required":["calls"],
        "properties":{"calls":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["id","time","tool","rows","outcome","bytes","ms"],
        "properties":{"id":{"type":"integer"},"time":{"type":"string","format":"date-time"},
        "connection":{"type":"string"},"label":{"type":"string"},
        "key":{"type":"string","description":"the API key's id in Twenty"},
        "client":{"type":"string"},"tool":{"type":"string"},"object":{"type":"string"},
        "ids":{"type":"string","description":"of records that were written, or may have been"},
        "rows":{"type":"integer"},"outcome":{"type":"string"},"bytes":{"type":"integer"},
        "ms":{"type":"integer"},
        "request":{"type":"string","description":"the request's id in the log"}}}},
        "next_before":{"type":"integer","description":"for the next page"},
        "next_after":{"type":"integer","description":"for what comes next"}}})"},
    {"CallChain", R"({"type":"object","additionalProperties":false,"required":["first","last",
        "hash","signed","signature","public_key"],"properties":{
        "first":{"type":"integer","description":"that is kept; 0: none"},
        "last":{"type":"integer"},"hash":{"type":"string","description":"of the last"},
        "signed":{"type":"string","description":"the text that the signature is of"},
        "signature":{"type":"string","description":"Ed25519, in hexadecimal"},
        "public_key":{"type":"string"}}})"},
    {"Status", R"({"type":"object","additionalProperties":false,"required":["version","started",
        "ready","twenty","sessions","connections","pauses","log_level"],"properties":{
        "version":{"type":"string"},"started":{"type":"string","format":"date-time"},
        "ready":{"type":"boolean","description":"the database answers and can be written"},
        "why":{"type":"string","description":"not"},
        "twenty":{"type":"string","enum":["reachable","unreachable","not asked yet"]},
        "sessions":{"type":"integer","description":"that are awake"},
        "connections":{"type":"integer","description":"people's, that have not ended"},
        "pauses":{"type":"integer","description":"of writes"},
        "log_level":{"type":"string"}}})"},
    {"Pauses", R"({"type":"object","additionalProperties":false,"required":["pauses"],
        "properties":{"pauses":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["of","since"],"properties":{
        "of":{"type":"string","enum":["all","connection","key"]},
        "connection":{"type":"string"},"key":{"type":"string"},
        "since":{"type":"string","format":"date-time"},"reason":{"type":"string"}}}}}})"},
    {"LogLevel", R"({"type":"object","additionalProperties":false,"required":["level"],
        "properties":{"level":{"enum":["debug","info","warning","error"]}}})"},
}};

} // namespace

std::span<const admin_schema> admin_schemas() noexcept { return schemas; }

} // namespace web
