#include "doctor_program.hpp"

#include "actors/store_examine.hpp"
#include "base/text.hpp"
#include "config.hpp"
#include "config_values.hpp"
#include "doctor/report.hpp"
#include "process.hpp"
#include "startup.hpp"
#include "twenty/connection.hpp"

#include <csignal>
#include <iostream>
#include <optional>

namespace doctor_program {

namespace {

constexpr std::string_view package_folder = "/etc/twenty-mcp";
constexpr std::string_view package_data = "/var/lib/twenty-mcp";

volatile std::sig_atomic_t broken_off = 0;

// The settings as the service has them. Whoever runs the package's service has them in files and
// not in the environment of the terminal; then the files are read, as systemd would.
struct settings_source {
    lookup get = process::variable;
    std::vector<std::string> names; // of the file
};

settings_source find_settings() {
    settings_source out;
    if (process::variable("TWENTY_BASE_URL")) return out;
    const auto content = process::read_file(std::string(package_folder) + "/twenty-mcp.env");
    if (!content) return out;
    auto lines = read_environment_file(*content);
    for (const auto& [name, value] : lines)
        out.names.push_back(name);
    out.get = [lines = std::move(lines)](std::string_view name) -> std::optional<std::string> {
        if (auto given = process::variable(name)) return given;
        if (const auto at = lines.find(name); at != lines.end()) return at->second;
        if (name == "CREDENTIALS_DIRECTORY") return std::string(package_folder);
        if (name == "STATE_DIRECTORY") return std::string(package_data);
        return std::nullopt;
    };
    return out;
}

doctor::machine machine_of(const config& c, const std::optional<std::string>& credentials) {
    doctor::machine out;
    out.listen_address = c.listen_address;
    out.listen_port = c.listen_port;
    out.data_dir = c.data_dir;
    for (const auto& s : settings()) {
        if (!s.is_secret) continue;
        out.key_files.push_back(std::string(package_folder) + "/" + std::string(s.name));
        if (credentials && *credentials != package_folder)
            out.key_files.push_back(*credentials + "/" + std::string(s.name));
    }
    out.only_loopback_trusted = true;
    for (const auto& range : c.trusted_proxies)
        out.only_loopback_trusted &= range.starts_with("127.") || range == "::1";
    out.admin_token = c.admin_token;
    out.twenty_url = c.twenty_base_url;
    out.twenty_ca_file = c.ca_file;
    out.calls_per_minute = c.calls_per_minute;
    out.examine_database = [path = c.data_dir + "/twenty-mcp.db"] {
        return actors::examine_store(path);
    };
    return out;
}

result<secret> read_key(const std::string& file) {
    auto content = process::read_file(file);
    if (!content) return content.failure();
    return twenty::trimmed_key(secret(*std::move(content)));
}

// The server of the settings. Where they are wrong nothing is known of an address, and the report
// says what to mend.
result<doctor::settings> from_settings() {
    const auto source = find_settings();
    const auto credentials = source.get("CREDENTIALS_DIRECTORY");
    const auto c = startup::read_environment(source.get, source.names);
    doctor::settings out;
    if (!c) {
        out.here = result<doctor::machine>(c.failure());
        return out;
    }
    TRY(where, doctor::read_target(c->public_url));
    out.where = std::move(where);
    out.here = result<doctor::machine>(machine_of(*c, credentials));
    return out;
}

result<doctor::settings> gather(const options& chosen) {
    doctor::settings out;
    if (chosen.url.empty()) {
        TRY(read, from_settings());
        out = std::move(read);
    } else {
        TRY(where, doctor::read_target(chosen.url));
        out.where = std::move(where);
    }
    out.ca_file = chosen.ca_file;
    out.timeout = std::chrono::seconds(chosen.timeout_seconds);
    if (!chosen.key_file.empty()) out.key = read_key(chosen.key_file);
    return out;
}

// The connection that an examination makes is ended before the process ends.
void catch_signals() {
    std::signal(SIGINT, [](int) { broken_off = 1; });
    std::signal(SIGTERM, [](int) { broken_off = 1; });
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace

std::map<std::string, std::string, std::less<>> read_environment_file(std::string_view file) {
    std::map<std::string, std::string, std::less<>> out;
    for (const auto& given : text::split(file, '\n')) {
        const auto line = text::trim(given);
        const auto equals = line.find('=');
        if (line.empty() || line[0] == '#' || line[0] == ';' || equals == line.npos) continue;
        auto value = text::trim(line.substr(equals + 1));
        if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
            value = value.substr(1, value.size() - 2);
        out[std::string(text::trim(line.substr(0, equals)))] = std::string(value);
    }
    return out;
}

int run(std::string_view program, const options& chosen) {
    auto given = gather(chosen);
    if (!given) return startup::refuse(program, given.failure());
    catch_signals();
    auto e = doctor::examination::create(std::move(given).value());
    if (!e) return startup::refuse(program, e.failure());
    if (!chosen.json && !(*e)->given.where.origin.empty())
        std::cout << (*e)->given.where.resource << "\n\n";
    const auto done = doctor::examine(
        **e, [] { return broken_off != 0; },
        [&](const doctor::row& one) {
            if (!chosen.json && one.held_back.empty())
                std::cout << doctor::as_text(one) << std::flush;
        });
    std::cout << (chosen.json ? doctor::as_json(done) + "\n" : "\n" + doctor::summary(done));
    return done.healthy() ? 0 : startup::run_error;
}

} // namespace doctor_program
