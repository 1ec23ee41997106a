// The hosted clients that this server knows by name. Knowing one never gives it a right that a
// person has not given: it only decides what happens without a click.
#pragma once

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

} // namespace oauth
