#include "config.hpp"
#include "http/span_exporter.hpp"

#include <string>

namespace {

// when_absent() says what holds where a variable is not set; empty: nothing does.
std::string_view when_absent(const setting& s) {
    return s.otherwise.empty() ? s.fallback : s.otherwise;
}

} // namespace

std::string settings_help(const std::vector<setting>& shown) {
    std::string out = "Settings (environment):\n";
    for (const auto& s : shown) {
        out += "  " + std::string(s.name);
        if (s.required) out += "  (required)";
        if (!when_absent(s).empty()) out += "  (default: " + std::string(when_absent(s)) + ")";
        out += "\n      " + std::string(s.help) + "\n";
    }
    return out;
}

std::string settings_table(const std::vector<setting>& shown) {
    std::string out = "| variable | meaning | default |\n|---|---|---|\n";
    for (const auto& s : shown) {
        out += "| `" + std::string(s.name) + "` | " + std::string(s.help);
        if (s.is_secret) out += " May be a systemd credential.";
        out += " | ";
        out += s.required ? "required" : when_absent(s).empty() ? "-" : when_absent(s);
        out += " |\n";
    }
    return out;
}

std::string config_summary(const config& c) {
    std::string out = "The configuration is good.\n";
    out += "  connector URL  " + c.public_url + "/mcp\n";
    out += "  Twenty         " + c.twenty_base_url + "\n";
    if (const auto of_twenty = twenty_client_options(c).proxy)
        out += "    by way of    " + http::shown(*of_twenty) + "\n";
    if (const auto of_documents = http::proxy_for(c.proxies, true, {}, {}))
        out += "  documents by   " + http::shown(*of_documents) + "\n";
    out += "  listening on   " + c.listen_address + ":" + std::to_string(c.listen_port);
    out += ", or where twenty-mcp.socket listens if it is enabled\n";
    out += "  data           " + c.data_dir + "\n";
    if (!c.collector_url.empty()) {
        out += "  traces to      " + c.collector_url + "\n";
        if (const auto of_traces = export_options(c)->collector.proxy)
            out += "    by way of    " + http::shown(*of_traces) + "\n";
    }
    out += "  static clients " + std::to_string(c.configured_clients.size()) + "\n";
    out += "  admin          ";
    out += c.admin_token ? "on" : "off (ADMIN_TOKEN is not set)";
    if (c.admin_socket && !c.admin_socket->empty()) out += ", and at " + *c.admin_socket;
    return out + "\n";
}
