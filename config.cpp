// What each variable means: a setting is added here and in config.hpp; which component gets it
// stands in config_parts.cpp.
#include "config.hpp"

#include "config_readers.hpp"
#include "config_values.hpp"
#include "http/local_stream.hpp"
#include "oauth/configured_client.hpp"

const std::vector<setting>& settings() {
    using namespace config_readers;
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
        {.name = "HTTPS_PROXY",
         .also = "https_proxy",
         .is_secret = true,
         .help = "Proxy for Twenty, where its address is https, and for client documents: "
                 "http://host:port or http://user:password@host:port. https_proxy comes first.",
         .example = "http://proxy.example.com:3128",
         .read = proxy<&http::proxy_settings::https>},
        {.name = "HTTP_PROXY",
         .also = "http_proxy",
         .is_secret = true,
         .help = "The same for a Twenty whose address is http. http_proxy comes first.",
         .example = "http://proxy.example.com:3128",
         .read = proxy<&http::proxy_settings::http>},
        {.name = "ALL_PROXY",
         .also = "all_proxy",
         .is_secret = true,
         .help = "The same where neither of the two is for an address. all_proxy comes first.",
         .example = "http://proxy.example.com:3128",
         .read = proxy<&http::proxy_settings::all>},
        {.name = "NO_PROXY",
         .also = "no_proxy",
         .help = "What is reached without a proxy, comma separated: hosts with all names below "
                 "them, addresses, CIDR ranges, each with a port or without; * is everything. "
                 "This machine always is. no_proxy comes first.",
         .example = "crm.example.com,10.0.0.0/8",
         .read = proxy_exceptions},
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
        {.name = "TWENTY_MCP_LOG_FORMAT",
         .fallback = "auto",
         .help =
             "How the log is written: journal (systemd's, with a field for each value), text or "
             "json (a line an event, on standard error), or auto: journal where standard error "
             "leads there, else text.",
         .example = "json",
         .read = into<&config::log_format, config_values::log_format>},
        {.name = "TWENTY_MCP_SLOW_CALL_MS",
         .fallback = "5000",
         .help = "A call that takes longer than so many milliseconds has a line of its own in the "
                 "log, from 0 (none has) to 60000.",
         .example = "2000",
         .read = slow_call},
        {.name = "TWENTY_MCP_AUDIT_DAYS",
         .fallback = "90",
         .help = "For how many days each call of a tool stays written down, from 1 to 3650.",
         .example = "365",
         .read = into<&config::audit_days, config_values::whole<std::int64_t, 1, 3650>>},
        {.name = "TWENTY_MCP_AUDIT_CALLS",
         .fallback = "250000",
         .help = "How many calls stay written down, from 1000 to 10000000; one takes some 300 "
                 "bytes.",
         .example = "1000000",
         .read = into<&config::audit_calls, config_values::whole<std::int64_t, 1'000, 10'000'000>>},
        {.name = "TWENTY_MCP_ASK_FLOOR",
         .fallback = "nothing",
         .help = "When people are asked at least before records are changed, whatever they chose: "
                 "nothing (but for merges), risky (deletes, the data model, many records) "
                 "or every (each change).",
         .example = "risky",
         .read = into_caution<&twenty::caution_rules::floor, config_values::asking_floor>},
        {.name = "TWENTY_MCP_ASK_ABOVE",
         .fallback = "20",
         .help = "So many records of one call are not yet many, from 0 to 200.",
         .example = "5",
         .read = into_caution<&twenty::caution_rules::above,
                              config_values::whole<std::int64_t, 0, 200>>},
        {.name = "TWENTY_MCP_CHANGES_HOUR",
         .fallback = "2000",
         .help = "How many records a connection may change in an hour where its person chose "
                 "nothing, from 1 to 10000000.",
         .example = "200",
         .read = usual_hour},
        {.name = "TWENTY_MCP_CHANGES_DAY",
         .fallback = "20000",
         .help = "The same for a day.",
         .example = "1000",
         .read = usual_day},
        {.name = "TWENTY_MCP_MOST_CHANGES_HOUR",
         .fallback = "20000",
         .help = "How many a person may choose at most for an hour, and what older choices come "
                 "to at most.",
         .example = "2000",
         .read = most_hour},
        {.name = "TWENTY_MCP_MOST_CHANGES_DAY",
         .fallback = "100000",
         .help = "The same for a day.",
         .example = "10000",
         .read = most_day},
        {.name = "TWENTY_MCP_JOURNAL_DAYS",
         .fallback = "30",
         .help = "For how many days it is kept what calls changed, sealed for the person's API "
                 "key, from 0 (not at all: nothing can be taken back) to 366.",
         .example = "14",
         .read = into<&config::journal_days, config_values::whole<std::int64_t, 0, 366>>},
        {.name = "TWENTY_MCP_JOURNAL_MB",
         .fallback = "256",
         .help = "How many megabytes the journal of changes may hold, from 1 to 65536; one "
                 "connection holds at most a sixteenth of them.",
         .example = "1024",
         .read = into<&config::journal_mb, config_values::whole<std::int64_t, 1, 65'536>>},
        {.name = "TWENTY_MCP_ADMIN_SOCKET",
         .otherwise = "$RUNTIME_DIRECTORY/admin.sock, else none",
         .help = "Path of a Unix socket at which `twenty-mcp admin` reaches the service without a "
                 "token: root, and the group that the service runs as. none: there is none.",
         .example = "/run/twenty-mcp/admin.sock",
         .read = admin_socket},
        {.name = "TWENTY_MCP_METRICS_LISTEN",
         .help = "Address and port of a further listener that answers /metrics (Prometheus) to "
                 "whoever reaches it. Without it /metrics needs the admin token.",
         .example = "127.0.0.1:9464",
         .read = into<&config::metrics_listen, config_values::listen>},
        {.name = "TWENTY_MCP_OTLP_ENDPOINT",
         .help =
             "Address of an OpenTelemetry collector that gets a trace of each request, by OTLP "
             "over HTTP with JSON; /v1/traces is added. The proxies and TWENTY_MCP_CA_FILE are for "
             "it, too. Without it there are no traces.",
         .example = "http://127.0.0.1:4318",
         .read = into<&config::collector_url, config_values::collector_url>},
        {.name = "TWENTY_MCP_OTLP_HEADERS",
         .is_secret = true,
         .help = "Header fields for that collector: name=value, comma separated, values "
                 "percent-encoded.",
         .example = "authorization=Bearer%20k3y",
         .read = into<&config::collector_fields, config_values::header_fields>},
        {.name = "TWENTY_MCP_TRACE_SAMPLE",
         .fallback = "1",
         .help = "How many of the requests that come without a trace of their client are traced, "
                 "from 0 (none) to 1 (all). A client's own trace is sampled where it says so.",
         .example = "0.1",
         .read = into<&config::trace_ratio, config_values::ratio>},
    };
    return table;
}
