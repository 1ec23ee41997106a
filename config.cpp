#include "config.hpp"

#include "base/text.hpp"
#include "http/base_url.hpp"
#include "http/trusted_proxies.hpp"
#include "oauth/configured_client.hpp"
#include "oauth/identity.hpp"
#include "oauth/uri.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace {

error wrong(const variable& v, std::string_view what) {
    return {errc::bad_request, std::string(v.name) + " " + std::string(what) + "; example: " +
                                   std::string(v.name) + "=" + std::string(v.example)};
}

const variable& row(std::string_view name) {
    const auto& all = variables();
    return *std::find_if(all.begin(), all.end(), [&](const auto& v) { return v.name == name; });
}

// Without a trailing slash and in lower case where that means nothing.
std::optional<std::string> twenty_url(std::string_view given) {
    const auto url = http::parse_base_url(given);
    if (!url || given.find('\\') != std::string_view::npos) return std::nullopt;
    return (url->tls ? "https://" : "http://") + url->authority + url->path;
}

// Views into `given`, so that no item of a secret is copied.
std::vector<std::string_view> comma_items(std::string_view given) {
    std::vector<std::string_view> out;
    while (!given.empty()) {
        const auto end = std::min(given.find(','), given.size());
        if (const auto item = text::trim(given.substr(0, end)); !item.empty()) out.push_back(item);
        given.remove_prefix(std::min(end + 1, given.size()));
    }
    return out;
}

result<secret> parse_key(const variable& v, std::string_view hex) {
    const secret key(text::hex_decode(hex).value_or(std::string()));
    if (key.size() != 32) return wrong(v, "must be 64 hexadecimal digits (32 bytes)");
    const auto bytes = key.reveal();
    if (bytes.find_first_not_of(bytes.front()) == std::string_view::npos)
        return wrong(v, "must be random, not one repeated byte");
    return key;
}

struct endpoint {
    std::string address;
    std::uint16_t port = 0;
    bool loopback = false;
};
std::optional<endpoint> parse_listen(std::string_view given) {
    const auto colon = given.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    endpoint e;
    auto address = given.substr(0, colon);
    const auto port = given.substr(colon + 1);
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), e.port);
    if (ec != std::errc{} || e.port == 0 || end != port.data() + port.size()) return std::nullopt;
    if (address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    else if (address.find(':') != std::string_view::npos)
        return std::nullopt; // IPv6 needs brackets
    e.address = address == "localhost" ? "127.0.0.1" : std::string(address);
    boost::system::error_code failed;
    const auto parsed = boost::asio::ip::make_address(e.address, failed);
    if (failed) return std::nullopt;
    e.loopback = parsed.is_loopback();
    return e;
}

// The values as they were given. All of them travel as secrets: what is none costs nothing.
class reader {
  public:
    using files = std::function<result<std::string>(const std::string&)>;
    reader(const lookup& get, const files& read_file) : get_(get), read_file_(read_file) {}

    // Secrets also from the systemd credential of the same name. Empty counts as absent. The
    // environment wins.
    [[nodiscard]] result<std::optional<secret>> value(std::string_view name) const {
        const auto& v = row(name);
        if (auto given = get_(name)) {
            const secret raw(std::move(*given));
            const auto plain = text::trim(raw.reveal());
            if (!plain.empty()) return std::optional(secret(plain));
        }
        if (const auto folder = get_("CREDENTIALS_DIRECTORY");
            v.is_secret && folder && !folder->empty()) {
            auto content = read_file_(*folder + "/" + std::string(name));
            if (!content && content.failure().code != errc::not_found)
                return error{errc::bad_request,
                             std::string(name) +
                                 " could not be read from the systemd credential: " +
                                 content.failure().message};
            const secret raw(content ? *std::move(content) : std::string());
            const auto plain = text::trim(raw.reveal());
            if (!plain.empty()) return std::optional(secret(plain));
        }
        if (v.required)
            return wrong(v, v.is_secret ? "is not set (environment or systemd credential)"
                                        : "is not set");
        return std::optional<secret>();
    }

    [[nodiscard]] result<std::string> text_or(std::string_view name,
                                              std::string_view fallback) const {
        TRY(given, value(name));
        return std::string(given ? given->reveal() : fallback);
    }

  private:
    const lookup& get_;
    const files& read_file_;
};

} // namespace

const std::vector<variable>& variables() {
    static const std::vector<variable> table{
        {.name = "TWENTY_BASE_URL",
         .required = true,
         .help = "Address of your Twenty, as this server reaches it.",
         .example = "https://crm.example.com"},
        {.name = "COOKIE_ENCRYPTION_KEY",
         .required = true,
         .is_secret = true,
         .help = "Encrypts everything that is stored. 64 hex digits; keep it, or every "
                 "connection has to be made again.",
         .example = "$(openssl rand -hex 32)"},
        {.name = "ADMIN_TOKEN",
         .is_secret = true,
         .help = "Opens /admin/*; at least 24 letters, digits or -._~+/=. Without it admin "
                 "answers 503.",
         .example = "$(openssl rand -hex 32)"},
        {.name = "PUBLIC_URL",
         .fallback = "http://localhost:PORT while bound to loopback",
         .help = "Address under which people reach this server, without a path. Required unless "
                 "bound to loopback.",
         .example = "https://twenty-mcp.example.com"},
        {.name = "COOKIE_ENCRYPTION_KEY_PREVIOUS",
         .is_secret = true,
         .help = "Older values of COOKIE_ENCRYPTION_KEY, comma separated, while clients move to "
                 "the new one.",
         .example = "0123...cdef"},
        {.name = "TWENTY_MCP_LISTEN",
         .fallback = "127.0.0.1:8787",
         .help = "Address and port to listen on. TLS is the reverse proxy's work.",
         .example = "127.0.0.1:8787"},
        {.name = "TWENTY_MCP_DATA_DIR",
         .fallback = "$STATE_DIRECTORY, else ./data",
         .help = "Folder of the database; made with mode 0700.",
         .example = "/var/lib/twenty-mcp"},
        {.name = "TWENTY_MCP_TRUSTED_PROXIES",
         .fallback = "127.0.0.0/8,::1",
         .help = "Addresses or CIDR ranges whose X-Forwarded-For is believed (for the client's "
                 "address only).",
         .example = "127.0.0.1,10.0.0.0/8"},
        {.name = "TWENTY_MCP_ALLOWED_ORIGINS",
         .help = "Further web origins that may call /mcp from a browser, comma separated.",
         .example = "https://inspector.example.com"},
        {.name = "TWENTY_MCP_ALLOWED_HOSTS",
         .help = "Further Host values to answer, beside PUBLIC_URL's, comma separated.",
         .example = "mcp.internal:8787"},
        {.name = "TWENTY_MCP_CIMD",
         .fallback = "any",
         .help = "Whose client id metadata documents are fetched over https: any (of every "
                 "public host), trusted (of known hosted clients) or off.",
         .example = "trusted"},
        {.name = "TWENTY_MCP_STATIC_CLIENTS",
         .is_secret = true,
         .help = "Clients set up by hand, for applications that ask for a client id and secret: "
                 "a JSON array of objects with client_id, client_name, redirect_uris and, if "
                 "wanted, client_secret (at least 32 characters).",
         .example = R"([{"client_id":"claude","client_name":"Claude","redirect_uris":)"
                    R"(["https://claude.ai/api/mcp/auth_callback"]}])"},
        {.name = "TWENTY_MCP_TRUSTED_REDIRECT_HOSTS",
         .help = "Further hosts of applications, beside those of known ones, to which a browser "
                 "may be sent back with an error without a click, comma separated.",
         .example = "chat.example.com"},
        {.name = "TWENTY_MCP_REFRESH_REUSE",
         .fallback = "end",
         .help = "When a spent refresh token comes back while its successor is in use: end (the "
                 "connection ends, for a thief may have the token) or refuse (it goes on; for "
                 "fleets of client processes that keep old tokens in memory for hours).",
         .example = "refuse"},
        {.name = "TWENTY_MCP_TWENTY_PUBLIC_URL",
         .fallback = "TWENTY_BASE_URL",
         .help = "Address of Twenty as people open it: for links to records, and shown on the "
                 "start and consent pages if it is set.",
         .example = "https://crm.example.com"},
        {.name = "TWENTY_MCP_CA_FILE",
         .help = "PEM file with further certificate authorities for Twenty's certificate.",
         .example = "/etc/ssl/certs/internal-ca.pem"},
        {.name = "TWENTY_MCP_CALLS_PER_MINUTE",
         .fallback = "as many as Twenty takes",
         .help = "The most record operations a minute that this server sends Twenty for one "
                 "workspace. Unset, it slows down only where Twenty's own limit says so.",
         .example = "80"},
        {.name = "TWENTY_MCP_LOG_LEVEL",
         .fallback = "info",
         .help = "debug, info, warning or error.",
         .example = "info"},
    };
    return table;
}

result<config>
read_config(const lookup& get, const std::vector<std::string>& names,
            const std::function<result<std::string>(const std::string&)>& read_file) {
    for (const auto& name : names) {
        if (!name.starts_with("TWENTY_MCP_")) continue;
        std::vector<std::string> known;
        for (const auto& v : variables())
            known.emplace_back(v.name);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        auto near = text::nearest(name, known, 1);
        return error{errc::bad_request, name + " is not a known setting" +
                                            (near.empty() ? "; see --help for the list"
                                                          : "; did you mean " + near[0] + "?")};
    }

    const reader given(get, read_file);
    config c;
    TRY(base_url, given.text_or("TWENTY_BASE_URL", {}));
    const auto twenty = twenty_url(base_url);
    if (!twenty)
        return wrong(row("TWENTY_BASE_URL"),
                     "must be an http or https URL without user, query and fragment");
    c.twenty_base_url = *twenty;

    TRY(key, given.value("COOKIE_ENCRYPTION_KEY"));
    TRY(key_bytes, parse_key(row("COOKIE_ENCRYPTION_KEY"), key->reveal()));
    c.cookie_encryption_key = std::move(key_bytes);

    TRY(older, given.value("COOKIE_ENCRYPTION_KEY_PREVIOUS"));
    for (const auto one : comma_items(older ? older->reveal() : std::string_view())) {
        TRY(bytes, parse_key(row("COOKIE_ENCRYPTION_KEY_PREVIOUS"), one));
        // Otherwise /admin/keys would say at once that nothing needs the older key.
        if (bytes.reveal() == c.cookie_encryption_key.reveal())
            return wrong(row("COOKIE_ENCRYPTION_KEY_PREVIOUS"),
                         "must not hold the value that COOKIE_ENCRYPTION_KEY still has");
        c.previous_keys.push_back(std::move(bytes));
    }

    TRY(admin, given.value("ADMIN_TOKEN"));
    if (admin) {
        if (admin->size() < 24)
            return wrong(row("ADMIN_TOKEN"), "must have at least 24 characters");
        if (!text::is_token68(admin->reveal())) // no request could carry it (RFC 6750 §2.1)
            return wrong(row("ADMIN_TOKEN"), "may have letters, digits and -._~+/= only");
        c.admin_token = std::move(admin);
    }

    TRY(listen, given.text_or("TWENTY_MCP_LISTEN", "127.0.0.1:8787"));
    const auto bound = parse_listen(listen);
    if (!bound)
        return wrong(row("TWENTY_MCP_LISTEN"),
                     "must be ADDRESS:PORT with an IP address and a port from 1 to 65535");
    c.listen_address = bound->address;
    c.listen_port = bound->port;

    TRY(public_url, given.value("PUBLIC_URL"));
    if (public_url) {
        const auto origin = oauth::canonical_origin(public_url->reveal());
        if (!origin)
            return wrong(row("PUBLIC_URL"),
                         "must be an http or https URL with a host, without a path");
        // OAuth tokens and API keys pass through this address (OAuth 2.1 §1.5).
        const auto parts = oauth::split_uri(*origin);
        if (parts->scheme != "https" && !oauth::is_loopback_host(parts->host))
            return wrong(row("PUBLIC_URL"), "must be https unless its host is loopback");
        c.public_url = *origin;
    } else if (bound->loopback) {
        const auto local = "http://localhost:" + std::to_string(c.listen_port);
        c.public_url = oauth::canonical_origin(local).value_or(local);
    } else {
        return wrong(row("PUBLIC_URL"),
                     "is required when TWENTY_MCP_LISTEN is not a loopback address");
    }

    TRY(data_dir, given.text_or("TWENTY_MCP_DATA_DIR", {}));
    const auto state = get("STATE_DIRECTORY");
    c.data_dir = !data_dir.empty()          ? data_dir
                 : state && !state->empty() ? text::split(*state, ':').front()
                                            : "./data";

    TRY(proxies, given.text_or("TWENTY_MCP_TRUSTED_PROXIES", "127.0.0.0/8,::1"));
    for (const auto one : comma_items(proxies))
        c.trusted_proxies.emplace_back(one);
    if (const auto known = http::trusted_proxies::parse(c.trusted_proxies); !known)
        return wrong(row("TWENTY_MCP_TRUSTED_PROXIES"),
                     "must list the proxies alone, as addresses or ranges such as 10.0.0.0/8");

    TRY(origins, given.text_or("TWENTY_MCP_ALLOWED_ORIGINS", {}));
    for (const auto one : comma_items(origins)) {
        auto origin = oauth::canonical_origin(one);
        if (!origin)
            return wrong(row("TWENTY_MCP_ALLOWED_ORIGINS"),
                         "must list origins such as https://host");
        c.allowed_origins.push_back(*std::move(origin));
    }
    TRY(hosts, given.text_or("TWENTY_MCP_ALLOWED_HOSTS", {}));
    for (const auto host : comma_items(hosts)) {
        // Threat: DNS rebinding, once every name is answered. Defence: names are spelled out.
        if (host.find_first_of("/\\@?#* ") != std::string_view::npos)
            return wrong(row("TWENTY_MCP_ALLOWED_HOSTS"),
                         "must list HOST or HOST:PORT values, each in full");
        c.allowed_hosts.push_back(text::lower(host));
    }

    TRY(documents, given.text_or("TWENTY_MCP_CIMD", "any"));
    const auto policy = oauth::document_policy_named(documents);
    if (!policy) return wrong(row("TWENTY_MCP_CIMD"), "must be any, trusted or off");
    c.client_documents = *policy;

    TRY(clients, given.value("TWENTY_MCP_STATIC_CLIENTS"));
    if (clients) {
        auto read = oauth::read_configured_clients(clients->reveal());
        if (!read) return wrong(row("TWENTY_MCP_STATIC_CLIENTS"), read.failure().message);
        c.configured_clients = *std::move(read);
    }
    TRY(redirect_hosts, given.text_or("TWENTY_MCP_TRUSTED_REDIRECT_HOSTS", {}));
    for (const auto host : comma_items(redirect_hosts)) {
        if (host.find_first_of("/\\@?#: *") != std::string_view::npos)
            return wrong(row("TWENTY_MCP_TRUSTED_REDIRECT_HOSTS"), "must list host names");
        c.trusted_redirect_hosts.push_back(text::lower(host));
    }

    TRY(reuse, given.text_or("TWENTY_MCP_REFRESH_REUSE", "end"));
    const auto& policies = oauth::reuse_policy_names;
    const auto* const chosen = std::find(policies.begin(), policies.end(), reuse);
    if (chosen == policies.end())
        return wrong(row("TWENTY_MCP_REFRESH_REUSE"), "must be end or refuse");
    c.refresh_reuse = static_cast<oauth::reuse_policy>(chosen - policies.begin());

    TRY(people, given.value("TWENTY_MCP_TWENTY_PUBLIC_URL"));
    c.twenty_public_url = c.twenty_base_url;
    if (people) {
        const auto url = twenty_url(people->reveal());
        if (!url) return wrong(row("TWENTY_MCP_TWENTY_PUBLIC_URL"), "must be an http or https URL");
        // Threat: the start page tells strangers an address inside the operator's network.
        // Defence: only what was set for people is shown to anybody.
        c.twenty_public_url = c.twenty_shown_url = *url;
    }

    TRY(ca_file, given.text_or("TWENTY_MCP_CA_FILE", {}));
    if (!ca_file.empty()) {
        if (const auto content = read_file(ca_file); !content)
            return wrong(row("TWENTY_MCP_CA_FILE"), "cannot be read: " + content.failure().message);
        c.ca_file = ca_file;
    }

    TRY(pace, given.text_or("TWENTY_MCP_CALLS_PER_MINUTE", {}));
    if (!pace.empty()) {
        int calls = 0;
        const auto [end, ec] = std::from_chars(pace.data(), pace.data() + pace.size(), calls);
        if (ec != std::errc{} || end != pace.data() + pace.size() || calls < 1 || calls > 1'000'000)
            return wrong(row("TWENTY_MCP_CALLS_PER_MINUTE"),
                         "must be a whole number from 1 to 1000000");
        c.calls_per_minute = calls;
    }

    TRY(name, given.text_or("TWENTY_MCP_LOG_LEVEL", "info"));
    const auto level = logging::level_named(name);
    if (!level) return wrong(row("TWENTY_MCP_LOG_LEVEL"), "must be debug, info, warning or error");
    c.log_level = *level;
    return c;
}
