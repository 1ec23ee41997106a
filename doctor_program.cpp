#include "doctor_program.hpp"

#include "actors/store_examine.hpp"
#include "base/text.hpp"
#include "config.hpp"
#include "config_values.hpp"
#include "doctor/report.hpp"
#include "http/span_exporter.hpp"
#include "process.hpp"
#include "service_settings.hpp"
#include "startup.hpp"
#include "tracing/otlp.hpp"
#include "twenty/connection.hpp"

#include <csignal>
#include <iostream>
#include <optional>

namespace doctor_program {

namespace {

using service_settings::package_folder;

volatile std::sig_atomic_t broken_off = 0;

// As the service sends its spans: by the same proxy, with the same fields and authorities.
result<twenty::response> ask_collector(const http::client_options& of,
                                       std::chrono::milliseconds within) {
    boost::asio::io_context io;
    TRY(client, http::https_client::create(io, of));
    twenty::request r;
    r.target = tracing::otlp::traces_path;
    r.body = R"({"resourceSpans":[]})";
    result<twenty::response> came = error{errc::internal, "no answer"};
    client->send(std::move(r), {}, within, [&](result<twenty::response> answer) {
        came = std::move(answer);
        io.stop();
    });
    io.run();
    return came;
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
    if (auto options = export_options(c))
        out.ask_collector = [of = std::move(options->collector)](std::chrono::milliseconds within) {
            return ask_collector(of, within);
        };
    return out;
}

result<secret> read_key(const std::string& file) {
    auto content = process::read_given_file(file);
    if (!content) return content.failure();
    return twenty::trimmed_key(secret(*std::move(content)));
}

// The server of the settings. Where they are wrong nothing is known of an address, and the report
// says what to mend.
result<doctor::settings> from_settings() {
    const auto source = service_settings::find();
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
    out.key_path = chosen.key_file;
    return out;
}

// The connection that an examination makes is ended before the process ends.
void catch_signals() {
    std::signal(SIGINT, [](int) { broken_off = 1; });
    std::signal(SIGTERM, [](int) { broken_off = 1; });
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace

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
