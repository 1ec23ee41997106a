#include "web/person_call.hpp"

#include "mcp/protocol.hpp"

#include <utility>

namespace web {

namespace {

constexpr std::string_view method = "tools/call";

// The newest version knows no sessions.
std::string_view version() { return mcp::supported_versions().front(); }

std::string message_text(const std::string& tool, json::value arguments) {
    json::object meta;
    meta.append(std::string(mcp::meta::protocol_version), version());
    meta.append(std::string(mcp::meta::client_info),
                json::make({{"name", "twenty-mcp pages"}, {"version", TWENTY_MCP_VERSION}}));
    meta.append(std::string(mcp::meta::client_capabilities), json::object());
    json::object params;
    params.append("name", tool);
    params.append("arguments", std::move(arguments));
    params.append("_meta", std::move(meta));
    return json::dump(json::make({{"jsonrpc", "2.0"},
                                  {"id", 1},
                                  {"method", method},
                                  {"params", json::value(std::move(params))}}));
}

error no_answer() { return {errc::internal, "The server gave no answer. Try again in a moment."}; }

// A tool's answer is a text with JSON, and so is its failure.
result<json::value> tool_answer(const std::string& body) {
    TRY(reply, json::parse(body));
    if (const auto* refused = reply.find("error"))
        return error{errc::bad_request, std::string(refused->text("message"))};
    const auto* answer = reply.find("result");
    const auto* content = answer ? answer->find("content") : nullptr;
    const auto* blocks = content ? content->if_array() : nullptr;
    if (!blocks || blocks->empty()) return no_answer();
    TRY(said, json::parse(blocks->front().text("text")));
    const auto* failed = said.find("error");
    if (answer->flag("isError") || failed)
        return error{errc::bad_request,
                     std::string(failed ? failed->text("message") : said.text("message"))};
    return said;
}

} // namespace

boost::asio::awaitable<result<json::value>> call_as_person(http::actor_bridge& actors,
                                                           const oauth::grant_summary& of,
                                                           const secret& api_key, std::string tool,
                                                           json::value arguments) {
    const std::string text = message_text(tool, std::move(arguments));
    mcp::http_headers headers;
    headers.protocol_version = version();
    headers.method = method;
    headers.name = tool;
    auto read = mcp::classify(text, headers);
    auto* message = std::get_if<mcp::classified>(&read);
    if (!message) co_return no_answer();
    actors::person_call call(of.id, of.key_id, secret(std::string(api_key.reveal())),
                             std::move(*message), std::string(version()));
    const auto reply = co_await actors.ask(std::move(call));
    if (!reply) co_return reply.failure();
    co_return tool_answer(reply->body);
}

} // namespace web
