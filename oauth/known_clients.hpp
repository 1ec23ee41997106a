// The hosted clients that this server knows by name. Knowing one never gives it a right that a
// person has not given: it only decides what happens without a click, and whom this server
// recognizes when it cannot fetch the client's own document.
#pragma once

#include "oauth/types.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace oauth {

struct known_client {
    std::string_view host; // https, default port
    bool in_browser;       // its web application calls /mcp from a browser's script
};

// A browser may be sent to each of them with an error without asking the person first.
inline std::span<const known_client> known_clients() noexcept {
    static constexpr known_client table[] = {
        {"claude.ai", true},   {"claude.com", true},           {"chatgpt.com", true},
        {"vscode.dev", false}, {"insiders.vscode.dev", false}, {"www.cursor.com", false},
    };
    return table;
}

inline bool is_known_host(std::string_view lower_host) noexcept {
    const auto all = known_clients();
    return std::any_of(all.begin(), all.end(),
                       [&](const known_client& one) { return one.host == lower_host; });
}

// The addresses from which hosted clients call for many people at once (Anthropic's connectors).
inline std::span<const std::string_view> shared_egress() noexcept {
    static constexpr std::string_view ranges[] = {"160.79.104.0/21", "2607:6bc0::/48"};
    return ranges;
}

// Documents that are known without a fetch (the draft allows it): for installations that reach
// no other host than Twenty, and for the hour in which the client's own host is down.
struct known_document {
    std::string_view client_id;
    std::string_view name;
    std::array<std::string_view, 2> redirect_uris;
};
inline std::span<const known_document> known_documents() noexcept {
    static constexpr known_document table[] = {
        {"https://claude.ai/oauth/mcp-oauth-client-metadata",
         "Claude",
         {"https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"}},
        {"https://claude.ai/oauth/claude-code-client-metadata",
         "Claude Code",
         {"http://localhost/callback", "http://127.0.0.1/callback"}},
    };
    return table;
}
// nullopt: none of them.
std::optional<client> find_known_document(std::string_view client_id);

} // namespace oauth
