// The demo: a sample workspace in memory, alone or with the service in front of it.
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "bash_completion.hpp"
#include "command_line.hpp"
#include "demo/server.hpp"
#include "demo/workspace.hpp"
#include "demo_settings.hpp"
#include "man_page.hpp"
#include "startup.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

namespace {

constexpr std::string_view program = "twenty-mcp-demo";

struct options {
    std::optional<std::uint16_t> port;
    std::uint16_t workspace_port = 0;
    bool workspace_only = false;
    std::string twenty_version = "2.19";
};

void greet(const demo::workspace& workspace, const config& c, bool keeps) {
    std::cout << "\nThe demo is running. Its CRM is made up and lives in memory only.\n\n"
              << "  Connector URL          " << c.public_url << "/mcp\n"
              << "  API key, full access   " << workspace.keys().of(demo::role::full).token << '\n'
              << "  API key, read only     " << workspace.keys().of(demo::role::read_only).token
              << '\n'
              << "  Demo workspace         " << c.twenty_base_url << '\n';
    if (keeps) std::cout << "  Connections            " << c.data_dir << '\n';
    std::cout << "\nConnect Claude Code:     claude mcp add --transport http twenty "
              << c.public_url << "/mcp\n"
              << "                         then /mcp in Claude Code, and paste a key on the page\n"
              << "Connect MCP Inspector:   npx -y -p node@22 -p @modelcontextprotocol/inspector "
              << "mcp-inspector\n"
              << "                         transport Streamable HTTP, URL as above\n\n"
              << "Stop with Ctrl-C.\n"
              << std::endl;
}

// The workspace behind its socket. `io` must outlive it.
struct sample {
    demo::workspace workspace;
    demo::server server;

    sample(boost::asio::io_context& io, const options& chosen)
        : workspace(made(chosen)), server(io, workspace, chosen.workspace_port) {}

    static demo::options made(const options& chosen) {
        demo::options out;
        out.newer = chosen.twenty_version == "newer";
        return out;
    }
    // Its address, or why it cannot listen.
    result<std::string> start() {
        TRY(port, server.start());
        return "http://127.0.0.1:" + std::to_string(port);
    }
};

int serve_workspace(const options& chosen) {
    process::hold_hang_ups();            // for good
    process::forget_secrets(settings()); // nothing here takes a setting
    boost::asio::io_context io(1);
    sample twenty(io, chosen);
    const auto url = twenty.start();
    if (!url) return startup::refuse(program, url.failure(), startup::run_error);
    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
    const auto& keys = twenty.workspace.keys();
    std::cout << "Demo workspace         " << *url << '\n'
              << "API key, full access   " << keys.of(demo::role::full).token << '\n'
              << "API key, read only     " << keys.of(demo::role::read_only).token << '\n'
              << std::endl;
    io.run();
    return 0;
}

int serve_both(const options& chosen) {
    process::hold_hang_ups();
    const bool keeps = demo_settings::keeps_connections(process::variable);
    const auto unused = demo_settings::unused(process::variable);
    const auto environment = demo_settings::over(process::variable, chosen.port,
                                                 secret(crypto::random_bytes(crypto::key_bytes)));
    settings_reload::reloader changes({environment, process::read_file});
    auto c = startup::read_environment(environment);
    if (!c) return startup::refuse(program, c.failure());

    boost::asio::io_context io(1);
    sample twenty(io, chosen);
    const auto url = twenty.start();
    if (!url) return startup::refuse(program, url.failure(), startup::run_error);
    demo_settings::connect(*c, *url);
    const auto ready = [&] {
        for (const auto name : unused)
            logging::event(logging::level::warning, "setting_not_used",
                           {{"name", name}, {"hint", "the demo brings a Twenty of its own"}});
        greet(twenty.workspace, *c, keeps);
    };
    return startup::serve(program, io, *c,
                          keeps ? startup::database::in_folder : startup::database::in_memory,
                          changes, ready);
}

int print_documents(const command_line::command& offered, std::string_view part) {
    if (part == "man")
        std::cout << man_page::page(offered, TWENTY_MCP_VERSION, man_page::demo_sections());
    else
        std::cout << bash_completion::script(offered);
    return 0;
}

int run(int argc, char** argv) {
    CLI::App app("A sample Twenty workspace in memory, with twenty-mcp in front of it. For trying "
                 "out and for tests.");
    app.name(std::string(program));
    app.set_version_flag("--version", std::string(program) + " " TWENTY_MCP_VERSION);
    app.footer([] { return settings_help(demo_settings::shown()); });

    options chosen;
    app.add_option("--port", chosen.port,
                   "Port of the MCP server: short for TWENTY_MCP_LISTEN=127.0.0.1:PORT")
        ->check(CLI::Range(1, 65535));
    app.add_option("--workspace-port", chosen.workspace_port,
                   "Port of the sample workspace (default: any free one)");
    app.add_flag("--workspace-only", chosen.workspace_only,
                 "Run only the sample workspace, for use as TWENTY_BASE_URL; takes no settings");
    app.add_option("--twenty-version", chosen.twenty_version,
                   "What the sample workspace behaves like: 2.19, or newer (2.44 to 2.47: "
                   "validation rules, records shared with some, hidden mails, new objects)")
        ->check(CLI::IsMember({"2.19", "newer"}))
        ->capture_default_str();
    std::string part;
    app.add_option("--docs", part, "Print a part of the documents")
        ->group("")
        ->check(CLI::IsMember({"man", "bash-completion"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : startup::usage_error;
    }
    if (!part.empty()) return print_documents(command_line::described(app), part);
    return chosen.workspace_only ? serve_workspace(chosen) : serve_both(chosen);
}

} // namespace

int main(int argc, char** argv) {
    return startup::guarded(program, [&] { return run(argc, argv); });
}
