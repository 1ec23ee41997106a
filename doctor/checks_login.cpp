#include "doctor/check_tables.hpp"
#include "doctor/looks.hpp"

namespace doctor {

namespace {

constexpr check login[] = {
    {"register", "a client registers itself", "Let the proxy pass POST /register on.", side::client,
     "issuer", look_registration},
    {"authorize-page", "the consent page is shown",
     "Lead /authorize to twenty-mcp, with its whole query.", side::client, "register", look_page},
    {"consent-cookie", "the consent page's cookie comes through",
     "Let the proxy pass Set-Cookie on unchanged (nginx: no proxy_cookie_path, _domain or "
     "_flags).",
     side::client, "authorize-page", look_cookie},
    {"consent-style", "the consent page has its style", "Lead /static/ to twenty-mcp.",
     side::client, "authorize-page", look_style},
    {"client-document", "a client with a metadata document is known",
     "Lead /authorize to twenty-mcp, with its whole query; TWENTY_MCP_CIMD decides which "
     "documents are taken.",
     side::client, "authorize-page", look_client_document},
    {"pkce", "a login without PKCE is refused",
     "Something else than twenty-mcp answers /authorize: lead it there.", side::client,
     "authorize-page", look_pkce},
    {"token-endpoint", "/token answers",
     "Let the proxy pass POST /token on, with its body and its answer of status 400.", side::client,
     "register", look_token_endpoint},
    {"revoke-endpoint", "/revoke answers", "Let the proxy pass POST /revoke on.", side::client,
     "register", look_revoke_endpoint},
};

constexpr check with_tokens[] = {
    {"key-file", "the file with the API key is private",
     "Close it to others: chmod 600 on the file. Who could read the key may know it: make a new "
     "one.",
     side::key, "", look_key_file},
    {"key", "the API key is one, for two weeks or more",
     "Make a new API key in Twenty (Settings, APIs & Webhooks), and copy the whole of it.",
     side::key, "", look_key},
    {"consent", "the key is taken at the consent page",
     "Lead POST /authorize to twenty-mcp with Origin and Cookie. If the page speaks of Twenty "
     "or of the key, mend that.",
     side::key, "key consent-cookie", look_consent},
    {"token", "the code gives tokens",
     "Let the proxy pass POST /token on. The connection \"doctor\" may be left for a "
     "quarter of an hour.",
     side::key, "consent token-endpoint", look_token},
    {"token-refresh", "the refresh token gives new ones", "Let the proxy pass POST /token on.",
     side::key, "token", look_refresh},
    {"initialize", "MCP begins a session",
     "If a token was good at /token and is none here, the proxy changes Authorization.", side::key,
     "token authorization-header", look_initialize},
    {"session-header", "the session's header comes through",
     "Let the proxy pass Mcp-Session-Id on, in both directions.", side::key, "initialize",
     look_session_header},
    {"tools-list", "the tools are listed", "Read the log of twenty-mcp.", side::key,
     "initialize session-header", look_tools},
    {"discover", "the newer protocol answers (2026-07-28)",
     "Let the proxy pass MCP-Protocol-Version and Mcp-Method on.", side::key, "initialize",
     look_discover},
    {"tool-call", "a tool answers with Twenty's data",
     "twenty-mcp does not reach Twenty: run the doctor on its machine, without an address.",
     side::key, "initialize session-header", look_call},
    {"large-call", "a message of 1 MB is answered",
     "Give the proxy room for it (nginx: client_max_body_size 2m; Caddy: request_body max_size).",
     side::key, "initialize session-header large-body", look_large_call},
    {"sse-stream", "an event stream opens",
     "Let the proxy pass GET /mcp on, and its answer of text/event-stream.", side::key,
     "initialize session-header mcp-methods", look_stream},
    {"sse-buffered", "an event arrives at once",
     "Switch buffering and compression off for /mcp (nginx: proxy_buffering off; Caddy: "
     "flush_interval -1).",
     side::key, "sse-stream", look_buffering},
    {"sse-kept", "a quiet stream is kept open",
     "Let the proxy wait for longer than the 15 seconds between two signs of life (nginx: "
     "proxy_read_timeout 1h; Caddy: no read_timeout or idle_timeout; a load balancer: its idle "
     "timeout).",
     side::key, "sse-buffered", look_kept},
    {"session-end", "a session is ended", "Let the proxy pass DELETE /mcp on.", side::key,
     "initialize session-header mcp-methods", look_session_end},
    {"revoke", "the connection is ended",
     "End the connection \"doctor\" at /connections, and let the proxy pass POST /revoke on.",
     side::key, "token", look_revoke},
};

} // namespace

std::span<const check> login_checks() noexcept { return login; }
std::span<const check> token_checks() noexcept { return with_tokens; }

} // namespace doctor
