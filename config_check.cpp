#include "config_check.hpp"

#include "http/https_client.hpp"
#include "open_modes.hpp"
#include "process.hpp"
#include "service_settings.hpp"
#include "startup.hpp"
#include "twenty/probe.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <iostream>
#include <optional>

namespace config_check {

namespace {

result<config> settings_of(const options& chosen) {
    if (!chosen.service) return startup::read_environment(process::variable);
    auto unit = service_settings::of_unit();
    if (!unit)
        return error{errc::bad_request,
                     "the settings of the service cannot be read: " + unit.failure().message};
    return startup::read_settings(unit->get, unit->names);
}

// How long Twenty took to say that it is there.
result<std::chrono::milliseconds> probe(const config& c) {
    constexpr std::chrono::seconds patience{10};
    boost::asio::io_context io(1);
    TRY(client, http::https_client::create(io, twenty_client_options(c)));
    std::optional<result<done>> found;
    const auto begun = std::chrono::steady_clock::now();
    client->send(twenty::probe_request(), {}, patience, [&](result<twenty::response> answer) {
        found = answer ? twenty::read_probe(*answer) : answer.failure();
        io.stop();
    });
    io.run();
    if (!found) return error{errc::internal, "Twenty was not asked."};
    if (!*found) return std::move(*found).failure();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun);
}

} // namespace

// No folder is made, no database opened and no lock taken: so a running service can be checked.
int run(std::string_view program, const options& chosen) {
    const auto c = settings_of(chosen);
    if (!c) return startup::refuse(program, c.failure());
    if (const auto folder = process::check_private_folder(c->data_dir); !folder)
        return startup::refuse(program, folder.failure());
    open_modes::warn(open_modes::in_data_folder(c->data_dir));
    open_modes::warn(open_modes::in_settings_folder(open_modes::settings_folder));
    std::cout << config_summary(*c) << std::flush;
    if (!chosen.probe) return 0;
    const auto took = probe(*c);
    if (!took) {
        auto why = took.failure();
        if (!why.detail.empty()) why.message += " (" + why.detail + ")";
        return startup::refuse(program, why, startup::run_error);
    }
    std::cout << "Twenty answers at " << c->twenty_base_url << " in " << took->count() << " ms.\n";
    return 0;
}

} // namespace config_check
