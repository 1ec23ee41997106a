#include "doctor/check_tables.hpp"
#include "doctor/looks.hpp"

namespace doctor {

namespace {

constexpr check own_machine[] = {
    {"settings", "the settings are right", "Set what is named (twenty-mcp --help).", side::machine,
     "", look_settings},
    {"listener", "the server answers on its own machine",
     "Start it (systemctl start twenty-mcp), and read its log (journalctl -u twenty-mcp).",
     side::machine, "settings", look_listener},
    {"data-folder", "the data folder is private",
     "Close it to others: chmod 700, and give it to the user of the service.", side::machine,
     "settings", look_folder},
    {"disk", "the disk has room", "Make room on the disk of the data folder.", side::machine,
     "data-folder", look_disk},
    {"database", "the database is whole",
     "Stop the service and put the last backup back; without one, move the file away: "
     "everybody "
     "connects again.",
     side::machine, "settings", look_database},
    {"key-files", "the files with keys are private",
     "Close them to others: chmod 600 on the file. Who could read a key may know it: change "
     "it.",
     side::machine, "settings", look_key_files},
    {"trusted-proxies", "the proxy is believed about addresses",
     "If the proxy runs on another machine or in a container, name it in "
     "TWENTY_MCP_TRUSTED_PROXIES: otherwise all clients count as one.",
     side::machine, "settings", look_trusted_proxies},
    {"collector", "the collector of traces takes spans",
     "Start it, or check TWENTY_MCP_OTLP_ENDPOINT and TWENTY_MCP_OTLP_HEADERS: until then no trace "
     "arrives. Nothing else waits for it.",
     side::machine, "settings", look_collector},
    {"twenty", "Twenty is reached",
     "Check TWENTY_BASE_URL, and that Twenty runs and this machine may reach it.", side::machine,
     "settings", look_twenty},
    {"twenty-api", "Twenty's API answers",
     "TWENTY_BASE_URL leads to a login page or another server: name Twenty's own address, and "
     "let its proxy pass /graphql, /metadata and /rest on.",
     side::machine, "twenty", look_twenty_api},
    {"twenty-kind", "Twenty says what it is", "Nothing: it helps whoever reads a report.",
     side::machine, "twenty", look_twenty_kind},
};

constexpr check machine_and_key[] = {
    {"forwarded-for", "the proxy says from where a request comes",
     "Let the proxy set X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For "
     "$proxy_add_x_forwarded_for), and name it in TWENTY_MCP_TRUSTED_PROXIES.",
     side::machine, "settings authorization-header", look_forwarded},
    {"twenty-key", "Twenty takes the API key",
     "Make a new API key in the workspace that you mean, and see that no proxy before Twenty "
     "removes Authorization.",
     side::both, "twenty-api key", look_twenty_key},
    {"twenty-role", "the key's role reads companies, people and opportunities",
     "Give the key a role that reads what its owner works with (Settings, Roles).", side::both,
     "twenty-key", look_role},
    {"twenty-writes", "the key's role writes companies, people and opportunities",
     "Nothing, if the key is for reading. Else give it a role that may write (Settings, Roles).",
     side::both, "twenty-key", look_writes},
    {"twenty-rate", "Twenty's rate limit is not reached",
     "Something else uses the limit up; set TWENTY_MCP_CALLS_PER_MINUTE below Twenty's own, or "
     "raise that.",
     side::both, "twenty-role", look_rate},
};

} // namespace

std::span<const check> machine_checks() noexcept { return own_machine; }
std::span<const check> late_checks() noexcept { return machine_and_key; }

} // namespace doctor
