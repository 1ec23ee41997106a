#include "config.hpp"

#include "base/text.hpp"

#include <algorithm>
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

// An http(s) URL without user, query and fragment, and without a trailing slash.
struct web_url {
    std::string scheme;
    std::string host; // with brackets when IPv6
    std::string path;
    std::string text;
};

std::optional<web_url> parse_url(std::string_view given) {
    web_url url;
    for (const std::string_view scheme : {"https", "http"})
        if (text::starts_with_ci(given, std::string(scheme) + "://")) url.scheme = scheme;
    if (url.scheme.empty()) return std::nullopt;
    auto rest = given.substr(url.scheme.size() + 3);
    const bool odd = std::any_of(rest.begin(), rest.end(), [](char c) {
        return c <= ' ' || c >= 0x7F || c == '\\' || c == '@' || c == '?' || c == '#';
    });
    if (odd) return std::nullopt;
    while (!rest.empty() && rest.back() == '/')
        rest.remove_suffix(1);
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    url.path = rest.substr(slash);
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        const auto port = authority.substr(colon + 1);
        unsigned number = 0;
        const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (ec != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
            return std::nullopt;
        authority = authority.substr(0, colon);
    }
    url.host = text::lower(authority);
    if (url.host.empty()) return std::nullopt;
    url.text = url.scheme + "://" + text::lower(rest.substr(0, slash)) + url.path;
    return url;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

std::vector<std::string> comma_list(std::string_view given) {
    std::vector<std::string> out;
    for (const auto& part : text::split(given, ','))
        if (const auto item = text::trim(part); !item.empty()) out.emplace_back(item);
    return out;
}

result<secret> parse_key(const variable& v, std::string_view hex) {
    auto bytes = text::hex_decode(text::trim(hex));
    if (!bytes || bytes->size() != 32) return wrong(v, "must be 64 hexadecimal digits (32 bytes)");
    if (bytes->find_first_not_of(bytes->front()) == std::string::npos)
        return wrong(v, "must be random, not one repeated byte");
    return secret(std::move(*bytes));
}

struct endpoint {
    std::string address;
    std::uint16_t port = 0;
};
std::optional<endpoint> parse_listen(std::string_view given) {
    const auto colon = given.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    endpoint e;
    auto address = given.substr(0, colon);
    const auto port = given.substr(colon + 1);
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), e.port);
    if (ec != std::errc{} || port.empty() || end != port.data() + port.size()) return std::nullopt;
    if (address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    else if (address.find(':') != std::string_view::npos)
        return std::nullopt; // IPv6 needs brackets
    e.address = address == "localhost" ? "127.0.0.1" : std::string(address);
    if (e.address.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos)
        return std::nullopt;
    return e;
}

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
         .help = "Opens /admin/*; at least 24 characters. Without it admin answers 503.",
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
        {.name = "TWENTY_MCP_TWENTY_PUBLIC_URL",
         .fallback = "TWENTY_BASE_URL",
         .help = "Address of Twenty as people open it, for links to records.",
         .example = "https://crm.example.com"},
        {.name = "TWENTY_MCP_CA_FILE",
         .help = "PEM file with further certificate authorities for Twenty's certificate.",
         .example = "/etc/ssl/certs/internal-ca.pem"},
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

    // The variable's value; secrets also from the systemd credential of the same name.
    // Empty counts as absent. The environment wins.
    const auto value = [&](std::string_view name) -> result<std::optional<std::string>> {
        if (auto v = get(name); v && !text::trim(*v).empty())
            return std::optional(std::string(text::trim(*v)));
        const auto folder = get("CREDENTIALS_DIRECTORY");
        if (row(name).is_secret && folder && !folder->empty()) {
            auto content = read_file(*folder + "/" + std::string(name));
            if (content) {
                auto trimmed = std::string(text::trim(*content));
                if (!trimmed.empty()) return std::optional(std::move(trimmed));
            } else if (content.failure().code != errc::not_found) {
                return error{errc::bad_request, std::string(name) +
                                                    " could not be read from the systemd "
                                                    "credential: " +
                                                    content.failure().message};
            }
        }
        if (row(name).required)
            return wrong(row(name), row(name).is_secret
                                        ? "is not set (environment or systemd credential)"
                                        : "is not set");
        return std::optional<std::string>();
    };

    config c;
    TRY(base_url, value("TWENTY_BASE_URL"));
    const auto twenty = parse_url(base_url.value_or(""));
    if (!twenty)
        return wrong(row("TWENTY_BASE_URL"),
                     "must be an http or https URL without user, query and fragment");
    c.twenty_base_url = twenty->text;

    TRY(key, value("COOKIE_ENCRYPTION_KEY"));
    TRY(key_bytes, parse_key(row("COOKIE_ENCRYPTION_KEY"), *key));
    c.cookie_encryption_key = std::move(key_bytes);
    wipe(key->data(), key->size());

    TRY(older, value("COOKIE_ENCRYPTION_KEY_PREVIOUS"));
    for (const auto& one : comma_list(older.value_or(""))) {
        TRY(bytes, parse_key(row("COOKIE_ENCRYPTION_KEY_PREVIOUS"), one));
        c.previous_keys.push_back(std::move(bytes));
    }

    TRY(admin, value("ADMIN_TOKEN"));
    if (admin) {
        if (admin->size() < 24)
            return wrong(row("ADMIN_TOKEN"), "must have at least 24 characters");
        c.admin_token = secret(std::move(*admin));
    }

    TRY(listen, value("TWENTY_MCP_LISTEN"));
    const auto bound = parse_listen(listen.value_or("127.0.0.1:8787"));
    if (!bound) return wrong(row("TWENTY_MCP_LISTEN"), "must be ADDRESS:PORT");
    c.listen_address = bound->address;
    c.listen_port = bound->port;

    TRY(public_url, value("PUBLIC_URL"));
    if (public_url) {
        const auto url = parse_url(*public_url);
        if (!url || !url->path.empty())
            return wrong(row("PUBLIC_URL"), "must be an http or https URL without a path");
        // OAuth tokens and API keys pass through this address (OAuth 2.1 §1.5).
        if (url->scheme != "https" && !is_loopback(url->host))
            return wrong(row("PUBLIC_URL"), "must be https unless its host is loopback");
        c.public_url = url->text;
    } else if (is_loopback(c.listen_address)) {
        c.public_url = "http://localhost:" + std::to_string(c.listen_port);
    } else {
        return wrong(row("PUBLIC_URL"),
                     "is required when TWENTY_MCP_LISTEN is not a loopback address");
    }

    TRY(data_dir, value("TWENTY_MCP_DATA_DIR"));
    const auto state = get("STATE_DIRECTORY");
    c.data_dir = data_dir                   ? *data_dir
                 : state && !state->empty() ? text::split(*state, ':').front()
                                            : "./data";

    TRY(proxies, value("TWENTY_MCP_TRUSTED_PROXIES"));
    c.trusted_proxies = comma_list(proxies.value_or("127.0.0.0/8,::1"));

    TRY(origins, value("TWENTY_MCP_ALLOWED_ORIGINS"));
    for (const auto& origin : comma_list(origins.value_or(""))) {
        const auto url = parse_url(origin);
        if (!url || !url->path.empty())
            return wrong(row("TWENTY_MCP_ALLOWED_ORIGINS"),
                         "must list origins such as https://host");
        c.allowed_origins.push_back(url->text);
    }
    TRY(hosts, value("TWENTY_MCP_ALLOWED_HOSTS"));
    for (const auto& host : comma_list(hosts.value_or(""))) {
        if (host.find_first_of("/\\@?# ") != std::string::npos)
            return wrong(row("TWENTY_MCP_ALLOWED_HOSTS"), "must list HOST or HOST:PORT values");
        c.allowed_hosts.push_back(text::lower(host));
    }

    TRY(links, value("TWENTY_MCP_TWENTY_PUBLIC_URL"));
    const auto link_url = parse_url(links.value_or(c.twenty_base_url));
    if (!link_url)
        return wrong(row("TWENTY_MCP_TWENTY_PUBLIC_URL"), "must be an http or https URL");
    c.twenty_public_url = link_url->text;

    TRY(ca_file, value("TWENTY_MCP_CA_FILE"));
    if (ca_file) {
        if (const auto content = read_file(*ca_file); !content)
            return wrong(row("TWENTY_MCP_CA_FILE"), "cannot be read: " + content.failure().message);
        c.ca_file = *ca_file;
    }

    TRY(level, value("TWENTY_MCP_LOG_LEVEL"));
    c.log_level = level.value_or("info");
    static constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
    if (std::find(std::begin(levels), std::end(levels), c.log_level) == std::end(levels))
        return wrong(row("TWENTY_MCP_LOG_LEVEL"), "must be debug, info, warning or error");
    return c;
}
