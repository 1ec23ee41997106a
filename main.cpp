// Builds every part of the program and connects them. The only file that knows all rooms.
#include "actors/system.hpp"
#include "base/crypto.hpp"
#include "base/locked_memory.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "config.hpp"
#include "crm/catalogue.hpp"
#include "demo/server.hpp"
#include "demo/workspace.hpp"
#include "http/asio_executor.hpp"
#include "http/base_url.hpp"
#include "http/front.hpp"
#include "http/front_backend.hpp"
#include "http/https_client.hpp"
#include "http/name_lookup.hpp"
#include "http/server.hpp"
#include "http/streams.hpp"
#include "process.hpp"
#include "web/document_fetch.hpp"
#include "web/router.hpp"
#include "web/services.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>

namespace {

constexpr int usage_error = 2; // bad configuration or command line
constexpr int run_error = 1;

int refuse(const error& why, int code = usage_error) {
    std::cerr << "twenty-mcp: " << why.message << '\n';
    return code;
}

// -- The service ---------------------------------------------------------------------------

// Everything between a configuration and an open port. Members are made in the order of need
// and destroyed in reverse.
class service {
  public:
    static result<std::unique_ptr<service>> create(boost::asio::io_context& io, const config& c,
                                                   const std::string& database) {
        TRY(identity, oauth::make_identity(c.public_url));
        auto files = store_options(c, database, identity.resource);
        TRY(opened, actors::store_file::open(std::move(files)));

        TRY(client, http::https_client::create(io, twenty_client_options(c)));

        // Strangers' documents: the system's authorities and no other.
        TRY(public_trust, http::tls_trust::load({}));

        return std::unique_ptr<service>(new service(io, c, std::move(identity), std::move(client),
                                                    std::move(public_trust), std::move(opened)));
    }

    result<std::uint16_t> start() { return server_.start(); }

    // Calls `ended` once no connection is left; run the context until then.
    void stop(std::function<void()> ended) { server_.stop(std::move(ended)); }
    // After the context has stopped: ends the actors, so that what was written is committed.
    void close() { actors_.stop(); }

    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

  private:
    service(boost::asio::io_context& io, const config& c, oauth::server_identity identity,
            std::unique_ptr<http::https_client> client, http::tls_trust public_trust,
            actors::store_file opened)
        : client_(std::move(client)), executor_(io), instance_secret_(opened.instance_secret()),
          actors_(executor_, *client_, std::move(opened), settings(c, io)), front_(io, actors_),
          backend_(front_), names_(io), documents_(io, std::move(public_trust), fetching(c)),
          services_(io, std::move(identity), backend_, instance_secret_, server_keys(c)),
          server_(io, server_options(c), web::make_handler(services_),
                  web::make_body_limit(services_)) {
        set_up(services_, c);
        services_.documents.source = &documents_;
        server_.check_heads_with(web::make_head_check(services_));
        server_.refuse_with(web::make_refuser(services_));
    }

    actors::settings settings(const config& c, boost::asio::io_context& io) {
        auto s = actor_settings(c);
        s.catalogue = &crm::catalogue();
        s.fatal = [this, &io](const std::string& reason) {
            failure_ = reason;
            io.stop();
        };
        return s;
    }

    web::document_fetch_options fetching(const config& c) {
        auto options = document_options(c);
        options.resolve = [this](std::string host, std::chrono::steady_clock::time_point until) {
            return names_.find(std::move(host), until);
        };
        return options;
    }

    std::string failure_;
    std::unique_ptr<http::https_client> client_;
    http::asio_executor executor_;
    secret instance_secret_;
    actors::system actors_;
    http::front front_;
    http::front_backend backend_;
    http::name_lookup names_;
    web::document_fetcher documents_;
    web::services services_;
    http::server server_;
};

// Runs until SIGTERM or SIGINT; `ready` is called once the port is open.
int run(boost::asio::io_context& io, service& it, const std::function<void()>& ready) {
    const auto port = it.start();
    if (!port) return refuse(port.failure(), run_error);

    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code failed, int) {
        if (failed) return;
        logging::event(logging::level::info, "stopping");
        process::notify_stopping();
        it.stop([&] { io.stop(); });
    });
    if (!locked_memory::start())
        logging::event(logging::level::warning, "memory_not_locked",
                       {{"hint", "keys may be swapped out; raise the limit of locked memory"}});
    process::notify_ready();
    logging::event(logging::level::info, "ready", {{"port", *port}});
    ready();
    io.run();
    it.close();
    if (it.failure().empty()) {
        logging::event(logging::level::info, "stopped");
        return 0;
    }
    std::cerr << "twenty-mcp: " << it.failure() << '\n';
    return run_error;
}

// -- The commands ----------------------------------------------------------------------------

result<config> environment() {
    auto c = read_config(process::variable, process::variable_names(), process::read_file);
    process::forget_secrets(); // the environment block outlives getenv()
    if (!c) return c;
    if (const auto trust = http::tls_trust::load(c->ca_file); !trust)
        return error{errc::bad_request, "TWENTY_MCP_CA_FILE: " + c->ca_file +
                                            " holds no certificate in PEM form (" +
                                            trust.failure().detail + ")"};
    return c;
}

int serve() {
    const auto c = environment();
    if (!c) return refuse(c.failure());
    logging::set_level(c->log_level);
    if (const auto made = process::make_private_folder(c->data_dir); !made)
        return refuse(made.failure());
    const auto alone = process::folder_lock::take(c->data_dir);
    if (!alone) return refuse(alone.failure(), run_error);

    boost::asio::io_context io(1);
    auto it = service::create(io, *c, c->data_dir + "/twenty-mcp.db");
    if (!it) return refuse(it.failure(), run_error);
    return run(io, **it, [] {});
}

int check_config() {
    const auto c = environment();
    if (!c) return refuse(c.failure());
    if (const auto folder = process::check_private_folder(c->data_dir); !folder)
        return refuse(folder.failure());
    std::cout << config_summary(*c);
    return 0;
}

struct demo_options {
    std::uint16_t port = 8787;
    std::uint16_t workspace_port = 0;
    bool workspace_only = false;
    std::string twenty_version = "2.19";
};

void greet(const demo::workspace& workspace, const std::string& url,
           const std::string& workspace_url) {
    std::cout << "\nThe demo is running. Its CRM is made up and lives in memory only.\n\n"
              << "  Connector URL          " << url << "/mcp\n"
              << "  API key, full access   " << workspace.keys().of(demo::role::full).token << '\n'
              << "  API key, read only     " << workspace.keys().of(demo::role::read_only).token
              << '\n'
              << "  Demo workspace         " << workspace_url << "\n\n"
              << "Connect Claude Code:     claude mcp add --transport http twenty " << url
              << "/mcp\n"
              << "                         then /mcp in Claude Code, and paste a key on the page\n"
              << "Connect MCP Inspector:   npx @modelcontextprotocol/inspector\n"
              << "                         transport Streamable HTTP, URL as above\n\n"
              << "Stop with Ctrl-C.\n"
              << std::endl;
}

int run_demo(const demo_options& options) {
    // The demo takes no settings: its keys are made now and gone when it ends.
    process::forget_secrets();
    boost::asio::io_context io(1);
    demo::options chosen;
    chosen.newer = options.twenty_version == "newer";
    demo::workspace workspace{chosen};
    demo::server twenty(io, workspace, options.workspace_port);
    const auto workspace_port = twenty.start();
    if (!workspace_port) return refuse(workspace_port.failure(), run_error);
    const auto workspace_url = "http://127.0.0.1:" + std::to_string(*workspace_port);

    if (options.workspace_only) {
        boost::asio::signal_set signals(io, SIGTERM, SIGINT);
        signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
        std::cout << "Demo workspace         " << workspace_url << '\n'
                  << "API key, full access   " << workspace.keys().of(demo::role::full).token
                  << '\n'
                  << "API key, read only     " << workspace.keys().of(demo::role::read_only).token
                  << '\n'
                  << std::endl;
        io.run();
        return 0;
    }

    config c;
    c.twenty_base_url = workspace_url;
    c.twenty_public_url = c.twenty_shown_url = workspace_url;
    c.cookie_encryption_key = secret(crypto::random_bytes(crypto::key_bytes));
    c.listen_address = "127.0.0.1";
    c.listen_port = options.port;
    c.public_url = "http://localhost:" + std::to_string(options.port);
    auto it = service::create(io, c, ":memory:");
    if (!it) return refuse(it.failure(), run_error);
    return run(io, **it, [&] { greet(workspace, c.public_url, workspace_url); });
}

// -- What the documents show --------------------------------------------------------------------

std::string tools_table() {
    std::string out = "| tool | grant | what it does |\n|---|---|---|\n";
    for (const auto& tool : crm::catalogue().tools())
        out += "| `" + std::string(tool.name) + "` | " +
               (mcp::is_write(tool.what) ? "read and write" : "read") + " | " +
               std::string(tool.description) + " |\n";
    return out;
}

} // namespace

int main(int argc, char** argv) {
    process::harden();
    if (!crypto::start()) return refuse({errc::internal, "libsodium cannot start"}, run_error);

    CLI::App app("MCP server for Twenty CRM: OAuth on the outside, each person's own API key, "
                 "encrypted, on the inside.");
    app.name("twenty-mcp");
    app.set_version_flag("--version", "twenty-mcp " TWENTY_MCP_VERSION);
    app.require_subcommand(1);
    app.footer(settings_help);

    auto* serve_command = app.add_subcommand("serve", "Run the service, set up by the environment");
    auto* check_command = app.add_subcommand("check-config", "Check the settings and show them");
    auto* demo_command = app.add_subcommand(
        "demo", "Run with an embedded sample workspace on http://localhost:8787");
    demo_options demo_settings;
    demo_command->add_option("--port", demo_settings.port, "Port of the MCP server")
        ->check(CLI::Range(1, 65535))
        ->capture_default_str();
    demo_command->add_option("--workspace-port", demo_settings.workspace_port,
                             "Port of the sample workspace (default: any free one)");
    demo_command->add_flag("--workspace-only", demo_settings.workspace_only,
                           "Run only the sample workspace, for use as TWENTY_BASE_URL");
    demo_command
        ->add_option("--twenty-version", demo_settings.twenty_version,
                     "What the sample workspace behaves like: 2.19, or newer (2.44 to 2.47: "
                     "validation rules, records shared with some, hidden mails, new objects)")
        ->check(CLI::IsMember({"2.19", "newer"}))
        ->capture_default_str();
    auto* docs_command = app.add_subcommand("docs", "Print a table of the documents")->group("");
    std::string part;
    docs_command->add_option("part", part)->required()->check(CLI::IsMember({"settings", "tools"}));

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : usage_error;
    }
    try {
        if (*serve_command) return serve();
        if (*check_command) return check_config();
        if (*demo_command) return run_demo(demo_settings);
        std::cout << (part == "settings" ? settings_table() : tools_table());
        return 0;
    } catch (const std::exception& e) {
        return refuse({errc::internal, std::string("stopped by an unexpected fault: ") + e.what()},
                      run_error);
    }
}
