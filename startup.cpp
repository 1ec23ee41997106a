#include "startup.hpp"

#include "application.hpp"
#include "base/crypto.hpp"
#include "base/locked_memory.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "config_values.hpp"
#include "open_modes.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <optional>
#include <utility>

namespace startup {

namespace {

// other_files: the database, connections to Twenty, documents, the resolver.
constexpr std::size_t other_files = 128;

void set_up_log(const config& c) {
    logging::set_level(c.log_level);
    const auto format = c.log_format.value_or(process::logs_to_journal() ? logging::format::journal
                                                                         : logging::format::text);
    const bool journal = format == logging::format::journal;
    logging::write_as(format, journal ? process::write_to_journal : nullptr);
}

// fitted() takes no more connections than the system has files for. Otherwise accept() would fail
// when the last one is gone, and with it the database's next file.
config fitted(config c) {
    const auto files = process::open_files();
    const auto most = std::max<std::size_t>(files, 2 * other_files) - other_files;
    if (c.max_connections <= most) return c;
    logging::event(logging::level::warning, "connections_limited",
                   {{"most", most}, {"hint", "raise the limit of open files"}});
    c.max_connections = most;
    return c;
}

// Threat: the one thread that serves stands still, or the database never comes back from a call,
// and nobody notices. Defence: this thread tells the service manager that it turns, each time that
// the store has answered; silence ends the process, and the manager starts it anew. Three times in
// each period, so that one late answer is no silence.
boost::asio::awaitable<void> keep_telling(application& it, std::chrono::microseconds within) {
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
    for (;;) {
        co_await it.answered();
        process::notify_alive();
        pause.expires_after(within / 3);
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
}

// Threat: one burst of large calls, and the process stays as large as that for ever. Defence: what
// nobody uses any more goes back.
boost::asio::awaitable<void> keep_small() {
    constexpr std::chrono::seconds often{10};
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
    for (;;) {
        pause.expires_after(often);
        co_await pause.async_wait(boost::asio::use_awaitable);
        process::return_memory();
    }
}

// What a reload has done. The old level or the new one shows it, whichever shows more.
void tell_reload(const settings_reload::report& what) {
    using logging::level;
    for (const auto& fault : what.faults)
        logging::event(level::warning, "reload_failed", {{"name", fault.name}, {"why", fault.why}});
    for (const auto name : what.waiting)
        logging::event(level::warning, "restart_needed", {{"name", name}});
    if (!what.faults.empty() && what.changed.empty()) return;
    std::string names;
    for (const auto name : what.changed)
        names.append(names.empty() ? "" : ",").append(name);
    logging::event(level::info, "reloaded", {{"changed", names.empty() ? "nothing" : names}});
}

void reload(application& it, settings_reload::reloader& changes) {
    const auto now = settings_reload::present(changes.own());
    if (!now) {
        logging::event(logging::level::warning, "reload_failed", {{"why", now.failure().message}});
        return;
    }
    auto next = logging::least_level();
    settings_reload::receiver to;
    to.log_level = [&next](logging::level given) { return std::exchange(next, given) != given; };
    to.trust = [&it](const std::string& ca_file) { return it.trust_anew(ca_file); };
    to.clients = [&it](std::vector<oauth::client> by_hand) { it.set_clients(std::move(by_hand)); };
    const auto what = changes.reload(*now, to);
    logging::set_level(std::min(logging::least_level(), next));
    tell_reload(what);
    logging::set_level(next);
}

// Signals that come while one waits to be followed are one with it: else a storm of them would be
// worked off long after its end, and a stop would wait for that.
boost::asio::awaitable<void> keep_reloading(boost::asio::signal_set& hang_ups,
                                            boost::asio::steady_timer& settle, application& it,
                                            settings_reload::reloader& changes) {
    constexpr std::chrono::milliseconds shortly{50};
    bool waits = false;
    for (;;) {
        co_await hang_ups.async_wait(boost::asio::use_awaitable);
        if (std::exchange(waits, true)) continue;
        settle.expires_after(shortly);
        settle.async_wait([&](boost::system::error_code ended) {
            if (ended) return;
            waits = false;
            reload(it, changes);
        });
    }
}

// The life of a serving process. READY follows the open port, so that what depends on the unit
// finds it. A signal begins the end: no new connections, those that are there finish or are cut,
// and then the context stops. close() comes after that, on a thread that serves nobody any more:
// the store commits what was written, and only then does the process say that it has stopped.
int run(std::string_view program, boost::asio::io_context& io, application& it,
        settings_reload::reloader& changes, const std::function<void()>& ready) {
    const auto port = it.start();
    if (!port) return refuse(program, port.failure(), run_error);

    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code failed, int) {
        if (failed) return;
        logging::event(logging::level::info, "stopping");
        process::notify_stopping();
        it.stop([&] { io.stop(); });
    });
    boost::asio::signal_set hang_ups(io, SIGHUP);
    boost::asio::steady_timer settle(io);
    boost::asio::co_spawn(io, keep_reloading(hang_ups, settle, it, changes), boost::asio::detached);
    process::let_hang_ups_come();
    if (!locked_memory::start())
        logging::event(logging::level::warning, "memory_not_locked",
                       {{"hint", "keys may be swapped out; raise the limit of locked memory"}});
    process::notify_ready();
    boost::asio::co_spawn(io, keep_small(), boost::asio::detached);
    if (const auto within = process::watchdog())
        boost::asio::co_spawn(io, keep_telling(it, *within), boost::asio::detached);
    logging::event(logging::level::info, "ready", {{"port", *port}});
    boost::asio::co_spawn(io, it.greet_twenty(), boost::asio::detached);
    ready();
    io.run();
    settle.cancel(); // what runs from here on serves nobody
    hang_ups.cancel();
    it.close();
    if (!it.failure().empty()) return refuse(program, {errc::internal, it.failure()}, run_error);
    logging::event(logging::level::info, "stopped");
    return 0;
}

} // namespace

int refuse(std::string_view program, const error& why, int code) {
    for (const auto& line : text::split(why.message, '\n'))
        logging::say(std::string(program) + ": " + line);
    return code;
}

// harden() comes before everything else, because whatever is read from here on may be a secret.
int guarded(std::string_view program, const std::function<int()>& body) {
    process::harden();
    process::keep_memory_small();
    if (!crypto::start())
        return refuse(program, {errc::internal, "libsodium cannot start"}, run_error);
    try {
        return body();
    } catch (const std::exception& e) {
        return refuse(program,
                      {errc::internal, std::string("stopped by an unexpected fault: ") + e.what()},
                      run_error);
    }
}

result<config> read_environment(const lookup& get, const std::vector<std::string>& further) {
    auto names = process::variable_names();
    names.insert(names.end(), further.begin(), further.end());
    auto c = read_settings(get, names);
    process::forget_secrets(settings()); // the environment block outlives getenv()
    return c;
}

result<config> read_settings(const lookup& get, const std::vector<std::string>& names) {
    auto c = read_config(get, names, process::read_file);
    if (!c) return c;
    // The certificates are read here as well, so that check-config tells of a file that holds none.
    if (const auto trust = http::tls_trust::load(c->ca_file); !trust)
        return error{errc::bad_request, "TWENTY_MCP_CA_FILE: " + c->ca_file +
                                            " holds no certificate in PEM form (" +
                                            trust.failure().detail + ")"};
    return c;
}

result<config> read_service_environment() {
    TRY(passed, process::passed_listener());
    if (!passed) return read_environment(process::variable);
    constexpr std::string_view ours = "TWENTY_MCP_LISTEN";
    if (const auto set = process::variable(ours);
        set && !set->empty() && !config_values::same_endpoint(*set, passed->address))
        logging::event(
            logging::level::warning, "setting_not_used",
            {{"name", ours},
             {"listens_on", passed->address},
             {"hint", "the service manager's socket holds: systemctl edit twenty-mcp.socket"}});
    TRY(c, read_environment([&](std::string_view name) {
            return name == ours ? std::optional(passed->address) : process::variable(name);
        }));
    c.listen_socket = passed->file;
    return c;
}

int serve(std::string_view program, boost::asio::io_context& io, const config& c, database where,
          settings_reload::reloader& changes, const std::function<void()>& ready) {
    set_up_log(c);
    // `alone` outlives the application: the lock goes only when the database is closed.
    std::optional<process::folder_lock> alone;
    if (where == database::in_folder) {
        if (const auto made = process::make_private_folder(c.data_dir); !made)
            return refuse(program, made.failure());
        auto taken = process::folder_lock::take(c.data_dir);
        if (!taken) return refuse(program, taken.failure(), run_error);
        alone.emplace(*std::move(taken));
        open_modes::warn(open_modes::in_data_folder(c.data_dir));
    }
    auto it = application::create(
        io, fitted(c), where == database::in_folder ? c.data_dir + "/twenty-mcp.db" : ":memory:");
    if (!it) return refuse(program, it.failure(), run_error);
    return run(program, io, **it, changes, ready);
}

} // namespace startup
