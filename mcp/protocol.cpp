#include "mcp/protocol.hpp"

#include "base/text.hpp"
#include "mcp/skills.hpp"
#include "mcp/tasks.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

namespace {

constexpr std::string_view stateless_version = "2026-07-28";
// Threat: both texts are stored with the session, and a client may send as much as it likes.
// Defence: what is longer is not kept. Refusing the session would keep out a client that works
// otherwise.
constexpr std::size_t client_text_limit = 4096;

std::string bounded(const json::value* part) {
    if (!part || !part->is_object()) return "{}";
    auto text = json::dump(*part);
    return text.size() <= client_text_limit ? text : "{}";
}

} // namespace

// 2024-11-05 has no Streamable HTTP of its own, but clients that still name it are served over
// the one transport there is.
const std::vector<std::string_view>& supported_versions() {
    static const std::vector<std::string_view> versions{stateless_version, latest_session_version,
                                                        "2025-06-18", "2025-03-26", "2024-11-05"};
    return versions;
}

bool is_stateless_version(std::string_view version) noexcept {
    return version == stateless_version;
}

bool is_session_version(std::string_view version) noexcept {
    const auto& all = supported_versions();
    return !is_stateless_version(version) &&
           std::find(all.begin(), all.end(), version) != all.end();
}

bool knows_icons(std::string_view version) noexcept { return version >= "2025-11-25"; }

const std::string& session_versions_text() {
    static const std::string text = [] {
        std::vector<std::string> names;
        for (const auto version : supported_versions())
            if (is_session_version(version)) names.emplace_back(version);
        return text::join(names, ", ");
    }();
    return text;
}

// A capability is declared only where a handler stands behind it: clients call what is declared,
// and the official suite holds the two against each other.
std::string capabilities(const catalogue& offered) {
    json::writer out;
    out.begin_object();
    const auto& changing = offered.changing();
    const auto part = [&](std::string_view name, bool list_changes, bool subscribable) {
        out.key(name).begin_object();
        if (subscribable) out.member("subscribe", true);
        if (list_changes) out.member("listChanged", true);
        out.end_object();
    };
    if (!offered.tools().empty()) part("tools", changing.tools, false);
    if (!offered.resources().empty()) part("resources", changing.resources, offered.subscribable());
    if (!offered.prompts().empty()) part("prompts", changing.prompts, false);
    if (offered.complete()) part("completions", false, false);
    if (offered.logging()) part("logging", false, false);
    if (offered.tasks() || offered.skills()) {
        out.key("extensions").begin_object();
        if (offered.tasks()) out.member_raw(tasks_extension, "{}");
        if (offered.skills()) out.member_raw(skills_extension, R"({"directoryRead":true})");
        out.end_object();
    }
    out.end_object();
    return out.take();
}

// MCP 2025-11-25, lifecycle: the version that is asked for if this server speaks it, otherwise the
// latest of its own; the client decides whether it goes on.
std::string_view negotiate(std::string_view requested) noexcept {
    for (const auto version : supported_versions())
        if (version == requested && is_session_version(version)) return version;
    return latest_session_version;
}

session_state describe_client(std::string_view version, const json::value* info,
                              const json::value* client_capabilities) {
    session_state state;
    state.protocol_version = version;
    state.client_info = bounded(info);
    state.client_capabilities = bounded(client_capabilities);
    return state;
}

std::string initialize_result(std::string_view version, const catalogue& offered,
                              std::string_view instructions) {
    json::writer out;
    out.begin_object().member("protocolVersion", version);
    out.member_raw("capabilities", capabilities(offered));
    out.member_raw("serverInfo",
                   knows_icons(version) ? offered.introduction() : offered.server_info());
    if (!instructions.empty()) out.member("instructions", instructions);
    out.end_object();
    return out.take();
}

// supportedVersions names stateless versions alone: a client that reads a session version there
// could do nothing with it over this method (MCP 2026-07-28, server/discover).
std::string discover_result(const catalogue& offered, std::string_view instructions) {
    json::writer out;
    out.begin_object().key("supportedVersions").begin_array().string(stateless_version).end_array();
    out.member_raw("capabilities", capabilities(offered));
    if (!instructions.empty()) out.member("instructions", instructions);
    out.end_object();
    return out.take();
}

// MCP 2026-07-28: every result names its type and the server that gave it, and a list how long it
// may be kept. A result of the session era has none of these.
std::string decorate(std::string_view result, std::string_view server, era speaks,
                     std::string_view type, const std::optional<cache_hint>& cache) {
    if (speaks == era::session) return std::string(result);
    json::writer out;
    out.reserve(result.size() + 256);
    out.begin_object().member("resultType", type);
    if (cache) out.member("ttlMs", cache->ttl_ms).member("cacheScope", "private");
    out.key("_meta").begin_object().member_raw(meta::server_info, server).end_object();
    // `result` is the text of an object without these members, so its own are put behind them; a
    // long result is copied once and never parsed.
    std::string text = out.take();
    if (result.size() > 2)
        text.append(1, ',').append(result, 1); // the members after '{'
    else
        text.push_back('}');
    return text;
}

} // namespace mcp
