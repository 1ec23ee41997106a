// What each variable means and which component gets it: a setting is added here and in config.hpp.
#include "config.hpp"

#include "actors/settings.hpp"
#include "config_values.hpp"
#include "http/base_url.hpp"
#include "http/https_client.hpp"
#include "http/server.hpp"
#include "oauth/configured_client.hpp"
#include "oauth/known_clients.hpp"
#include "stored/options.hpp"
#include "web/document_fetch.hpp"
#include "web/site.hpp"

namespace {

// -- How a value gets where it belongs ---------------------------------------------------------

// Into one member, as one function reads it.
template <auto Member, auto Read> result<done> into(std::string_view value, config& c) {
    TRY(read, Read(value));
    c.*Member = std::move(read);
    return done{};
}

result<std::string> as_given(std::string_view value) { return std::string(value); }

result<done> twenty_base_url(std::string_view value, config& c) {
    const auto url = config_values::twenty_url(value);
    if (!url)
        return error{errc::bad_request,
                     "must be an http or https URL without user, query and fragment"};
    if (const auto endpoint = config_values::twenty_endpoint(*url); !endpoint.empty())
        return error{errc::bad_request, "must be Twenty's own address, as people open it: take " +
                                            std::string(endpoint) + " away"};
    c.twenty_base_url = *url;
    return done{};
}

result<done> twenty_public_url(std::string_view value, config& c) {
    const auto url = config_values::twenty_url(value);
    if (!url) return error{errc::bad_request, "must be an http or https URL"};
    // Threat: the start page tells strangers an address inside the operator's network.
    // Defence: only what was set for people is shown to anybody.
    c.twenty_public_url = c.twenty_shown_url = *url;
    return done{};
}

result<done> listen(std::string_view value, config& c) {
    TRY(bound, config_values::listen(value));
    c.listen_address = bound.address;
    c.listen_port = bound.port;
    return done{};
}

} // namespace

const std::vector<setting>& settings() {
    static const std::vector<setting> table{
        {.name = "TWENTY_BASE_URL",
         .required = true,
         .help = "Address of your Twenty, as this server reaches it.",
         .example = "https://crm.example.com",
         .read = twenty_base_url},
        {.name = "COOKIE_ENCRYPTION_KEY",
         .required = true,
         .is_secret = true,
         .help = "Encrypts everything that is stored. 64 hex digits; keep it, or every "
                 "connection has to be made again.",
         .example = "$(openssl rand -hex 32)",
         .read = into<&config::cookie_encryption_key, config_values::server_key>},
        {.name = "ADMIN_TOKEN",
         .is_secret = true,
         .help = "Opens /admin/*; at least 24 letters, digits or -._~+/=. Without it admin "
                 "answers 503.",
         .example = "$(openssl rand -hex 32)",
         .read = into<&config::admin_token, config_values::admin_token>},
        {.name = "PUBLIC_URL",
         .otherwise = "http://localhost:PORT while bound to loopback",
         .help = "Address under which people reach this server, without a path. Required unless "
                 "bound to loopback.",
         .example = "https://twenty-mcp.example.com",
         .read = into<&config::public_url, config_values::public_url>},
        {.name = "COOKIE_ENCRYPTION_KEY_PREVIOUS",
         .is_secret = true,
         .help = "Older values of COOKIE_ENCRYPTION_KEY, comma separated, while clients move to "
                 "the new one.",
         .example = "0123...cdef",
         .read = into<&config::previous_keys, config_values::server_keys>},
        {.name = "TWENTY_MCP_LISTEN",
         .fallback = "127.0.0.1:8787",
         .help = "Address and port to listen on. TLS is the reverse proxy's work.",
         .example = "127.0.0.1:8787",
         .read = listen},
        {.name = "TWENTY_MCP_DATA_DIR",
         .otherwise = "$STATE_DIRECTORY, else ./data",
         .help = "Folder of the database; made with mode 0700.",
         .example = "/var/lib/twenty-mcp",
         .read = into<&config::data_dir, as_given>},
        {.name = "TWENTY_MCP_TRUSTED_PROXIES",
         .fallback = "127.0.0.0/8,::1",
         .help = "Addresses or CIDR ranges whose X-Forwarded-For is believed (for the client's "
                 "address only).",
         .example = "127.0.0.1,10.0.0.0/8",
         .read = into<&config::trusted_proxies, config_values::proxies>},
        {.name = "TWENTY_MCP_ALLOWED_ORIGINS",
         .help = "Further web origins that may call /mcp from a browser, comma separated.",
         .example = "https://inspector.example.com",
         .read = into<&config::allowed_origins, config_values::origins>},
        {.name = "TWENTY_MCP_ALLOWED_HOSTS",
         .help = "Further Host values to answer, beside PUBLIC_URL's, comma separated.",
         .example = "mcp.internal:8787",
         .read = into<&config::allowed_hosts, config_values::hosts_with_port>},
        {.name = "TWENTY_MCP_CIMD",
         .fallback = "any",
         .help = "Whose client id metadata documents are fetched over https: any (of every "
                 "public host), trusted (of known hosted clients) or off.",
         .example = "trusted",
         .read = into<&config::client_documents, config_values::document_policy>},
        {.name = "TWENTY_MCP_STATIC_CLIENTS",
         .is_secret = true,
         .help = "Clients set up by hand, for applications that ask for a client id and secret: "
                 "a JSON array of objects with client_id, client_name, redirect_uris and, if "
                 "wanted, client_secret (at least 32 characters).",
         .example = R"([{"client_id":"claude","client_name":"Claude","redirect_uris":)"
                    R"(["https://claude.ai/api/mcp/auth_callback"]}])",
         .read = into<&config::configured_clients, oauth::read_configured_clients>},
        {.name = "TWENTY_MCP_TRUSTED_REDIRECT_HOSTS",
         .help = "Further hosts of applications, beside those of known ones, to which a browser "
                 "may be sent back with an error without a click, comma separated.",
         .example = "chat.example.com",
         .read = into<&config::trusted_redirect_hosts, config_values::hosts>},
        {.name = "TWENTY_MCP_REFRESH_REUSE",
         .fallback = "end",
         .help = "When a spent refresh token comes back while its successor is in use: end (the "
                 "connection ends, for a thief may have the token) or refuse (it goes on; for "
                 "fleets of client processes that keep old tokens in memory for hours).",
         .example = "refuse",
         .read = into<&config::refresh_reuse, config_values::reuse_policy>},
        {.name = "TWENTY_MCP_TWENTY_PUBLIC_URL",
         .otherwise = "TWENTY_BASE_URL",
         .help = "Address of Twenty as people open it: for links to records, and shown on the "
                 "start and consent pages if it is set.",
         .example = "https://crm.example.com",
         .read = twenty_public_url},
        {.name = "TWENTY_MCP_WEBSITE_URL",
         .otherwise = "the start page",
         .help = "Where people read about this server. Clients show it, and the server card tells "
                 "it to anybody.",
         .example = "https://www.example.com/crm-assistant",
         .read = into<&config::website_url, config_values::web_address>},
        {.name = "TWENTY_MCP_SERVER_CARD",
         .fallback = "on",
         .help = "Whether anybody may fetch the server card, which says what and where this server "
                 "is, at /mcp/server-card and by /.well-known/ai-catalog.json: on or off. It "
                 "follows a draft (SEP-2127) and may change with it.",
         .example = "off",
         .read = into<&config::server_card, config_values::on_or_off>},
        {.name = "TWENTY_MCP_CA_FILE",
         .help = "PEM file with further certificate authorities for Twenty's certificate.",
         .example = "/etc/ssl/certs/internal-ca.pem",
         .read = into<&config::ca_file, as_given>},
        {.name = "TWENTY_MCP_MAX_CONNECTIONS",
         .fallback = "8192",
         .help = "The most connections of clients at one time, from 64 to 60000; one takes some 12 "
                 "KB. Half of them may be event streams that stay open.",
         .example = "2000",
         .read = into<&config::max_connections,
                      // Below, no share would be worth the name (http/eviction); above, there are
                      // no file descriptors for them.
                      config_values::whole<std::size_t, 64, 60'000>>},
        {.name = "TWENTY_MCP_CALLS_PER_MINUTE",
         .otherwise = "as many as Twenty takes",
         .help = "The most record operations a minute that this server sends Twenty for one "
                 "workspace. Unset, it slows down only where Twenty's own limit says so.",
         .example = "80",
         .read = into<&config::calls_per_minute, config_values::whole<int, 1, 1'000'000>>},
        {.name = "TWENTY_MCP_LOG_LEVEL",
         .fallback = "info",
         .help = "debug, info, warning or error.",
         .example = "info",
         .read = into<&config::log_level, config_values::log_level>},
    };
    return table;
}

// -- What each component gets ------------------------------------------------------------------

stored::options store_options(const config& c, std::string path, std::string resource) {
    stored::options o;
    o.path = std::move(path);
    o.key = c.cookie_encryption_key;
    o.previous = c.previous_keys;
    o.resource = std::move(resource);
    o.on_reuse = c.refresh_reuse;
    return o;
}

http::client_options twenty_client_options(const config& c) {
    http::client_options o;
    o.base_url = c.twenty_base_url;
    o.ca_file = c.ca_file;
    return o;
}

// shared_egress(): many people call from these addresses at once, so that the server's shares must
// not take them for one.
http::server_options server_options(const config& c) {
    http::server_options o;
    o.address = c.listen_address;
    o.port = c.listen_port;
    o.trusted_proxies = c.trusted_proxies;
    o.max_connections = c.max_connections;
    o.shared_egress = oauth::shared_egress();
    return o;
}

// Record links lead people, so they get the address that people open, and not the one that this
// server uses. Without a pace of ours Twenty's own answers set it.
actors::settings actor_settings(const config& c) {
    actors::settings s;
    s.twenty_base_url = c.twenty_public_url;
    if (c.calls_per_minute) s.pace = twenty::rate{*c.calls_per_minute, std::chrono::minutes(1)};
    return s;
}

// Threat: a client names a document on this server or on Twenty, and has it fetched from inside.
// Defence: none of our own names is ever fetched from, whatever address it has.
web::document_fetch_options document_options(const config& c) {
    web::document_fetch_options o;
    for (const auto& ours : {c.public_url, c.twenty_base_url, c.twenty_public_url})
        if (auto url = http::parse_base_url(ours))
            o.forbidden_hosts.push_back(std::move(url->host));
    for (const auto& host : c.allowed_hosts)
        o.forbidden_hosts.push_back(web::host_name(host));
    return o;
}

// Sealing takes the front key, opening tries all.
std::vector<secret> server_keys(const config& c) {
    std::vector<secret> keys{c.cookie_encryption_key};
    keys.insert(keys.end(), c.previous_keys.begin(), c.previous_keys.end());
    return keys;
}

web::site_settings site_settings(const config& c) {
    web::site_settings s;
    s.server_keys = server_keys(c);
    s.admin_token = c.admin_token;
    s.twenty_url = c.twenty_shown_url;
    s.document_policy = c.client_documents;
    s.configured_clients = c.configured_clients;
    s.trusted_redirect_hosts = c.trusted_redirect_hosts;
    s.origins = c.allowed_origins;
    for (const auto& host : c.allowed_hosts)
        s.host_names.push_back(web::host_name(host));
    return s;
}
