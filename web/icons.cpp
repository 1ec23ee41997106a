#include "web/icons.hpp"

#include "embedded/web_icons.hpp"
#include "embedded/web_icons_server_svg.hpp"

#include <algorithm>

namespace web {

namespace {

constexpr std::string_view folder = "/icons/";

} // namespace

// MCP 2025-11-25, icons: all clients that show any show PNG; some show SVG, which fits every size.
std::vector<mcp::icon> server_icons(const oauth::server_identity& who) {
    const auto base = tool_icons(who);
    return {{base + "server.png", "image/png", "96x96"},
            {base + "server.svg", "image/svg+xml", "any"}};
}

std::string tool_icons(const oauth::server_identity& who) {
    return who.issuer + std::string(folder);
}

asio::awaitable<response> get_static_icon(request r) {
    auto name = std::string_view(r.path).substr(folder.size());
    response found(200, "image/svg+xml", std::string(embedded::web_icons_server_svg));
    if (name != "server.svg") {
        name.remove_suffix(std::string_view(".png").size());
        const auto icon =
            std::ranges::find(embedded::web_icons, name, [](const auto& one) { return one.first; });
        if (icon == std::end(embedded::web_icons)) co_return json_error(404, "not_found");
        found = response(200, "image/png", std::string(icon->second));
    }
    found.set("Cache-Control", "public, max-age=86400");
    // Threat: a picture that is opened as a page runs a script under our name. Defence: none runs.
    found.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    // Clients of other origins show it.
    found.set("Cross-Origin-Resource-Policy", "cross-origin");
    co_return found;
}

} // namespace web
