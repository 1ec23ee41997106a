// What each component gets of the settings.
#include "actors/settings.hpp"
#include "base/crypto.hpp"
#include "base/number.hpp"
#include "config.hpp"
#include "http/base_url.hpp"
#include "http/https_client.hpp"
#include "http/server.hpp"
#include "http/span_exporter.hpp"
#include "oauth/known_clients.hpp"
#include "stored/options.hpp"
#include "web/document_fetch.hpp"
#include "web/site.hpp"

stored::options store_options(const config& c, std::string path, std::string resource) {
    stored::options o;
    o.path = std::move(path);
    o.key = c.cookie_encryption_key;
    o.previous = c.previous_keys;
    o.resource = std::move(resource);
    o.on_reuse = c.refresh_reuse;
    o.calls.age = std::chrono::hours(24 * c.audit_days);
    o.calls.rows = c.audit_calls;
    o.changes.age = std::chrono::hours(24 * c.journal_days);
    o.changes.bytes = c.journal_mb * 1024 * 1024;
    return o;
}

http::client_options twenty_client_options(const config& c) {
    http::client_options o;
    o.base_url = c.twenty_base_url;
    o.ca_file = c.ca_file;
    if (const auto url = http::parse_base_url(c.twenty_base_url))
        o.proxy = http::proxy_for(c.proxies, url->tls, url->host, url->port);
    return o;
}

// shared_egress(): many people call from these addresses at once, so that the server's shares must
// not take them for one.
http::server_options server_options(const config& c) {
    http::server_options o;
    o.address = c.listen_address;
    o.port = c.listen_port;
    o.socket = c.listen_socket;
    o.trusted_proxies = c.trusted_proxies;
    o.max_connections = c.max_connections;
    o.shared_egress = oauth::shared_egress();
    return o;
}

// A scraper comes alone and asks for one thing.
std::optional<http::server_options> metrics_options(const config& c) {
    if (!c.metrics_listen) return std::nullopt;
    http::server_options o;
    o.address = c.metrics_listen->address;
    o.port = c.metrics_listen->port;
    o.max_connections = 64;
    o.access_log = false;
    o.watched = false;
    return o;
}

// A socket's connections are those of few administrators.
std::optional<http::server_options> admin_socket_options(const config& c) {
    if (!c.admin_socket || c.admin_socket->empty()) return std::nullopt;
    http::server_options o;
    o.local_path = *c.admin_socket;
    o.max_connections = o.max_connections_per_peer;
    o.watched = false;
    return o;
}

// The collector is the operator's, as Twenty is: it is reached by the same proxies, and the same
// authorities vouch for it.
std::optional<http::export_options> export_options(const config& c) {
    if (c.collector_url.empty()) return std::nullopt;
    http::export_options o;
    o.collector.base_url = c.collector_url;
    o.collector.ca_file = c.ca_file;
    o.collector.fields = c.collector_fields;
    o.collector.max_connections = 1;
    o.collector.max_body = 64 * 1024; // an answer holds a number and a sentence
    if (const auto url = http::parse_base_url(c.collector_url))
        o.collector.proxy = http::proxy_for(c.proxies, url->tls, url->host, url->port);
    o.who.name = "twenty-mcp";
    o.who.version = TWENTY_MCP_VERSION;
    o.who.instance = crypto::random_uuid();
    return o;
}

// Record links lead people, so they get the address that people open, and not the one that this
// server uses. Without a pace of ours Twenty's own answers set it.
actors::settings actor_settings(const config& c) {
    actors::settings s;
    s.twenty_base_url = c.twenty_public_url;
    s.slow_call = c.slow_call;
    s.trace_ratio = c.trace_ratio;
    s.keeps_changes = c.journal_days > 0;
    s.caution = c.caution;
    if (const auto url = http::parse_base_url(c.twenty_base_url)) {
        s.upstream_host = url->host;
        s.upstream_port = text::number<std::uint16_t>(url->port).value_or(0);
    }
    if (c.calls_per_minute) s.pace = twenty::rate{*c.calls_per_minute, std::chrono::minutes(1)};
    return s;
}

// Threat: a client names a document on this server or on Twenty, and has it fetched from inside.
// Defence: none of our own names is ever fetched from, whatever address it has.
web::document_fetch_options document_options(const config& c) {
    web::document_fetch_options o;
    o.proxies = c.proxies;
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
    s.caution = c.caution;
    s.origins = c.allowed_origins;
    for (const auto& host : c.allowed_hosts)
        s.host_names.push_back(web::host_name(host));
    return s;
}
