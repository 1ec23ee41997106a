#include "mcp/message.hpp"

#include <utility>

namespace mcp {

namespace {

// MCP: a request id is a string or an integer, never null.
bool usable_id(const json::value& id) { return id.is_string() || id.as_int().has_value(); }

} // namespace

refusal refuse(int http_status, int error_code, std::string message, std::string id,
               std::string data) {
    refusal refused;
    refused.http_status = http_status;
    refused.code = error_code;
    refused.message = std::move(message);
    refused.id = std::move(id);
    refused.data = std::move(data);
    return refused;
}

// JSON-RPC 2.0 §4 and §5. The members tell what a message is: `method` with an id is a request,
// without one a notification, and without `method` a response. The id is kept as the JSON text that
// it came as: 1 and "1" are two ids, and each goes back as it was.
std::variant<incoming, refusal> read_message(json::value document) {
    auto* members = document.if_object();
    if (!members) return refuse(400, code::invalid_request, "A message must be a JSON object.");
    if (document.text("jsonrpc") != "2.0")
        return refuse(400, code::invalid_request, "\"jsonrpc\" must be \"2.0\".");

    incoming message;
    const auto* id = members->find("id");
    // JSON-RPC 2.0 §5: an error response has a null id when the request's could not be read.
    const bool orphaned = id && id->is_null() && !members->contains("method") &&
                          members->contains("error") && !members->contains("result");
    if (orphaned) {
        message.what = incoming::kind::response;
        return message;
    }
    if (id) {
        if (!usable_id(*id))
            return refuse(400, code::invalid_request, "\"id\" must be a string or an integer.");
        message.id = json::dump(*id);
    }
    const auto* method = members->find("method");
    if (!method) {
        // A response to a request of ours: exactly one of result and error.
        if (members->contains("result") == members->contains("error"))
            return refuse(400, code::invalid_request, "\"method\" is missing.");
        message.what = incoming::kind::response;
        if (auto* result = members->find("result")) message.result = std::move(*result);
        return message;
    }
    const auto* name = method->if_string();
    if (!name || name->empty())
        return refuse(400, code::invalid_request, "\"method\" must be a string.", message.id);
    message.method = *name;
    message.what = id ? incoming::kind::request : incoming::kind::notification;
    if (auto* params = members->find("params")) {
        // JSON-RPC 2.0 §4.2 has params by position, too; MCP has none. Clients in PHP write an
        // empty object as an empty list.
        if (const auto* list = params->if_array(); list && list->empty()) *params = json::object{};
        if (!params->is_object() && !params->is_null())
            return refuse(400, code::invalid_request, "\"params\" must be an object.", message.id);
        message.params = std::move(*params);
    }
    return message;
}

std::string result_body(std::string_view id, std::string_view result) {
    constexpr std::string_view head = R"({"jsonrpc":"2.0","id":)";
    constexpr std::string_view middle = R"(,"result":)";
    std::string body;
    body.reserve(head.size() + id.size() + middle.size() + result.size() + 1);
    // Apart from the appends: what they return is a reference, and to return that is to copy it.
    body.append(head).append(id).append(middle).append(result).append(1, '}');
    return body;
}

std::string error_object(const refusal& refused) {
    json::writer out;
    out.begin_object().member("code", refused.code);
    out.member("message", std::string_view(refused.message));
    if (!refused.data.empty()) out.member_raw("data", refused.data);
    out.end_object();
    return out.take();
}

// JSON-RPC 2.0 §5: null where the request's id is not known. The schema of MCP 2025-11-25 would
// leave it out there; clients of all revisions read null.
std::string error_body(const refusal& refused) {
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0");
    out.member_raw("id", refused.id.empty() ? std::string_view("null") : refused.id);
    out.member_raw("error", error_object(refused)).end_object();
    return out.take();
}

} // namespace mcp
