// What the server says of itself in either era: versions, capabilities, serverInfo, and the
// members that MCP 2026-07-28 wants in every result.
#pragma once

#include "mcp/catalogue.hpp"
#include "mcp/server.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

inline constexpr std::string_view latest_session_version = "2025-11-25";

// Keys of a request's params._meta (MCP 2026-07-28, request envelope).
namespace meta {
inline constexpr std::string_view protocol_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view client_capabilities =
    "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view client_info = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view server_info = "io.modelcontextprotocol/serverInfo";
inline constexpr std::string_view log_level = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view subscription_id = "io.modelcontextprotocol/subscriptionId";
} // namespace meta

bool is_stateless_version(std::string_view version) noexcept;
bool is_session_version(std::string_view version) noexcept;
// Icons, descriptions and web sites came with 2025-11-25. A client that is older may be strict.
bool knows_icons(std::string_view version) noexcept;
// "2025-11-25, 2025-06-18, …", for messages.
const std::string& session_versions_text();

// Only what the catalogue answers.
std::string capabilities(const catalogue& offered);

// Session era: the version to answer `initialize` with. Never a stateless one.
std::string_view negotiate(std::string_view requested) noexcept;

// What is kept of a client's self-description; oversized parts become "{}".
session_state describe_client(std::string_view version, const json::value* info,
                              const json::value* client_capabilities);

std::string initialize_result(std::string_view version, const catalogue& offered,
                              std::string_view instructions);
std::string discover_result(const catalogue& offered, std::string_view instructions);

// Adds resultType, the caching hints and _meta with `server`, of the catalogue, to a result (a JSON
// object text without these members). The session era gets the text as it is.
std::string decorate(std::string_view result, std::string_view server, era speaks,
                     std::string_view type, const std::optional<cache_hint>& cache);

} // namespace mcp
