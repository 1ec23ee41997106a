// The table of paths: who answers what, who may call it from a browser, how large a body may be.
#include "oauth/client.hpp"
#include "web/admin_endpoint.hpp"
#include "web/approve_endpoint.hpp"
#include "web/authorize_endpoint.hpp"
#include "web/connections_endpoint.hpp"
#include "web/health.hpp"
#include "web/icons.hpp"
#include "web/mcp_endpoint.hpp"
#include "web/metrics_endpoint.hpp"
#include "web/oauth_endpoints.hpp"
#include "web/page.hpp"
#include "web/router.hpp"
#include "web/server_card.hpp"

#include <algorithm>

namespace web {

namespace {

constexpr std::size_t form_bytes = 16 * 1024;
constexpr std::size_t consent_bytes = 64 * 1024; // with every object of a workspace ticked
constexpr std::size_t message_bytes = 1024 * 1024;

// An endpoint as a row of the table: it gets its own needs of the site, and nothing else.
template <auto answer, auto needs> asio::awaitable<response> with(site& s, request r) {
    return answer(s.*needs, std::move(r));
}
template <auto answer> asio::awaitable<response> alone(site&, request) { return answer(); }
template <auto answer> asio::awaitable<response> of_request(site&, request r) {
    return answer(std::move(r));
}
constexpr std::array<method_row, 4> an_icon{{{"GET", of_request<get_static_icon>}}};

// GET opens a stream, so HEAD has a row of its own.
constexpr std::array<method_row, 4> mcp_methods{{{"POST", with<post_mcp, &site::for_mcp>},
                                                 {"GET", with<get_mcp, &site::for_mcp>},
                                                 {"HEAD", with<head_mcp, &site::for_mcp>},
                                                 {"DELETE", with<delete_mcp, &site::for_mcp>}}};

constexpr route table[] = {
    {"/mcp", mcp_methods, sharing::mcp, message_bytes},
    {"/mcp/", mcp_methods, sharing::mcp, message_bytes}, // as some people type it
    {"/token", {{{"POST", with<post_token, &site::for_oauth>}}}, sharing::oauth, form_bytes},
    {"/authorize",
     {{{"GET", with<get_authorize, &site::for_authorize>},
       {"POST", with<post_authorize, &site::for_authorize>}}},
     sharing::none,
     consent_bytes},
    {"/register",
     {{{"POST", with<post_register, &site::for_oauth>}}},
     sharing::oauth,
     oauth::max_registration_bytes},
    {"/revoke", {{{"POST", with<post_revoke, &site::for_oauth>}}}, sharing::oauth, form_bytes},
    {"/.well-known/oauth-protected-resource/mcp",
     {{{"GET", with<get_protected_resource, &site::for_oauth>}}},
     sharing::discovery},
    {"/.well-known/oauth-protected-resource/mcp/",
     {{{"GET", with<get_protected_resource, &site::for_oauth>}}},
     sharing::discovery},
    {"/.well-known/oauth-protected-resource",
     {{{"GET", with<get_protected_resource, &site::for_oauth>}}},
     sharing::discovery},
    {"/.well-known/oauth-authorization-server",
     {{{"GET", with<get_authorization_server, &site::for_oauth>}}},
     sharing::discovery},
    {"/mcp/server-card", {{{"GET", with<get_server_card, &site::for_card>}}}, sharing::discovery},
    {"/.well-known/ai-catalog.json",
     {{{"GET", with<get_card_catalog, &site::for_card>}}},
     sharing::discovery},
    {"/connections",
     {{{"GET", with<get_connections, &site::for_connections>},
       {"POST", with<post_connections, &site::for_connections>}}},
     sharing::none,
     form_bytes},
    {.path = "/approve",
     .methods = {{{"GET", with<get_approve, &site::for_approve>},
                  {"POST", with<post_approve, &site::for_approve>}}},
     .body_bytes = form_bytes,
     .and_below = true},
    {"/static/consent.css", {{{"GET", alone<get_stylesheet>}}}},
    {"/favicon.ico", {{{"GET", alone<get_icon>}}}},
    {"/icons/server.png", an_icon},
    {"/icons/server.svg", an_icon},
    {"/icons/read.png", an_icon},
    {"/icons/create.png", an_icon},
    {"/icons/update.png", an_icon},
    {"/icons/remove.png", an_icon},
    {"/icons/restore.png", an_icon},
    {"/icons/raw.png", an_icon},
    {"/healthz", {{{"GET", alone<get_health>}}}, sharing::none, 0, true, true},
    {"/readyz", {{{"GET", with<get_readiness, &site::for_health>}}}, sharing::none, 0, true, true},
    {"/metrics", {{{"GET", with<get_metrics, &site::for_admin>}}}, sharing::none, 0, true, true},
    {"/", {{{"GET", with<get_start_page, &site::for_health>}}}},
    {.path = "/admin",
     .methods = {},
     .at_socket = true,
     .whole = with<answer_admin, &site::for_admin>}, // its own table: web/admin_api
};

} // namespace

std::span<const route> routes() noexcept { return table; }

const route* find_route(std::string_view path) noexcept {
    const auto* at = std::find_if(std::begin(table), std::end(table), [&](const route& p) {
        if ((!p.whole && !p.and_below) || !path.starts_with(p.path)) return p.path == path;
        return path.size() == p.path.size() || path[p.path.size()] == '/';
    });
    return at == std::end(table) ? nullptr : at;
}

} // namespace web
