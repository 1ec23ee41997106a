#include "mcp/client_limits.hpp"

#include "mcp/protocol.hpp"
#include "mcp/server.hpp"

#include <algorithm>
#include <cstdint>

namespace mcp {

namespace {

// A client is known by the beginning of its name; `bytes` leaves room for what wraps a result. A
// made-up name gets its client other pages, and nothing else.
struct client_limit {
    std::string_view name;
    std::size_t bytes;
};
constexpr client_limit known[] = {
    {"codex", 9'500},                    // 10 KiB, the middle is dropped (openai/codex#5913)
    {"github-copilot-developer", 9'500}, // 10 KB, the middle is dropped (copilot-cli#1732)
    {"claude-code", 48'000},             // 50,000 characters, then a file with a preview
    {"claude-ai", 140'000},              // some 150,000 characters
};

std::string client_of(const call_slot& slot) {
    // MCP 2026-07-28: every request says who sends it. A session said so in initialize.
    if (slot.request)
        if (const auto* about = slot.request->params.find("_meta"))
            if (const auto* info = about->find(meta::client_info))
                return std::string(info->text("name"));
    if (!slot.context) return {};
    const auto info = json::parse(slot.context->session.client_info);
    return info ? std::string(info->text("name")) : std::string();
}

} // namespace

std::size_t bytes_shown_by(std::string_view name) noexcept {
    for (const auto& client : known)
        if (name.starts_with(client.name)) return client.bytes;
    return SIZE_MAX;
}

std::size_t fitting(const call_slot& slot, std::size_t usual) {
    return std::min(usual, bytes_shown_by(client_of(slot)));
}

} // namespace mcp
