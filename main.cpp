// The service's command line: serve, check-config, doctor, backup and its kin
// (maintenance_commands.cpp), admin (admin_commands.cpp), stdio for one person's own machine, and
// the way to the demo, which is a program of its own (demo_main.cpp).
#include "admin_commands.hpp"
#include "base/text.hpp"
#include "bash_completion.hpp"
#include "command_line.hpp"
#include "config_check.hpp"
#include "crm/catalogue.hpp"
#include "doctor/report.hpp"
#include "doctor_program.hpp"
#include "health.hpp"
#include "maintenance_commands.hpp"
#include "man_page.hpp"
#include "metrics/metrics.hpp"
#include "process.hpp"
#include "settings_reload.hpp"
#include "startup.hpp"
#include "stdio_program.hpp"
#include "stdio_settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace {

constexpr std::string_view program = "twenty-mcp";

int serve() {
    process::hold_hang_ups();
    settings_reload::reloader changes({process::variable, process::read_file});
    const auto c = startup::read_service_environment();
    if (!c) return startup::refuse(program, c.failure());
    boost::asio::io_context io(1);
    return startup::serve(program, io, *c, startup::database::in_folder, changes, [] {});
}

// check_health() reads no other setting, so that a check gives away nothing and fails for nothing
// else.
int check_health() {
    const auto& row = *std::ranges::find(settings(), "TWENTY_MCP_LISTEN", &setting::name);
    const auto given = value_of(row, process::variable, process::read_file);
    if (!given) return startup::refuse(program, given.failure());
    config c;
    const std::string listen(*given ? (*given)->reveal() : row.fallback);
    if (const auto read = row.read(listen, c); !read)
        return startup::refuse(
            program, {read.failure().code, std::string(row.name) + " " + read.failure().message});
    using namespace std::chrono_literals;
    if (const auto well = health::check(c.listen_address, c.listen_port, 3s); !well)
        return startup::refuse(program, well.failure(), startup::run_error);
    return 0;
}

// start_demo() becomes the demo, in this very process, so that signals and the exit code are the
// demo's. `arguments` begin with the word demo. It comes back only if there is no demo to become.
int start_demo(char** arguments) {
    const auto failed = process::become("twenty-mcp-demo", arguments);
    if (failed.code == errc::not_found)
        return startup::refuse(program,
                               {errc::not_found,
                                "the demo is not installed: there is no twenty-mcp-demo beside "
                                "this program, and none on the PATH"},
                               startup::run_error);
    return startup::refuse(program, failed, startup::run_error);
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

std::string metrics_table() {
    std::string out = "| metric | labels | what it says |\n|---|---|---|\n";
    for (const auto& row : metrics::table()) {
        std::string labels;
        for (const auto label : row.labels)
            labels.append(labels.empty() ? "`" : ", `").append(label).append("`");
        out.append("| `").append(row.name).append("` | ").append(labels).append(" | ");
        out.append(row.help).append(" |\n");
    }
    return out;
}

// Threat: a list that names nothing ("," for one) limits nothing. Defence: it is no list.
CLI::Validator named_object() {
    return {[](std::string& name) {
                name = text::trim(name);
                return name.empty() ? std::string("an object's name is empty") : std::string();
            },
            "NAME", "named_object"};
}

struct document_part {
    const char* name;
    std::string (*text)(const CLI::App& offered);
};
const document_part document_parts[] = {
    {"doctor", [](const CLI::App&) { return doctor::checks_table(); }},
    {"settings", [](const CLI::App&) { return settings_table(settings()); }},
    {"tools", [](const CLI::App&) { return tools_table(); }},
    {"local", [](const CLI::App&) { return settings_table(stdio_settings::shown()); }},
    {"metrics", [](const CLI::App&) { return metrics_table(); }},
    {"man",
     [](const CLI::App& offered) {
         return man_page::page(command_line::described(offered), TWENTY_MCP_VERSION,
                               man_page::service_sections());
     }},
    {"bash-completion",
     [](const CLI::App& offered) {
         return bash_completion::script(command_line::described(offered));
     }},
};

void add_docs(CLI::App& app, std::string& part) {
    std::vector<std::string> names;
    for (const auto& row : document_parts)
        names.emplace_back(row.name);
    app.add_subcommand("docs", "Print a part of the documents")
        ->group("")
        ->add_option("part", part)
        ->required()
        ->check(CLI::IsMember(names));
}

CLI::App* add_check(CLI::App& app, config_check::options& into) {
    auto* command = app.add_subcommand("check-config", "Check the settings and show them");
    command->add_flag("--service", into.service,
                      "Those that the installed service gets, not those of this environment");
    command->add_flag("--probe", into.probe, "Ask Twenty whether it is there, too");
    return command;
}

CLI::App* add_stdio(CLI::App& app, stdio_program::options& into) {
    auto* command = app.add_subcommand(
        "stdio", "Serve one client on standard input and output, with an API key of your own");
    command->add_flag("--read-only", into.read_only, "Offer no tool that changes anything");
    command
        ->add_option("--objects", into.objects,
                     "Limit everything to these objects: names, comma separated")
        ->delimiter(',')
        ->transform(named_object());
    command->footer([] { return settings_help(stdio_settings::shown()); });
    return command;
}

CLI::App* add_doctor(CLI::App& app, doctor_program::options& into) {
    auto* command = app.add_subcommand(
        "doctor", "Examine a server as its clients reach it, and say what to do where it fails");
    command->add_option("URL", into.url,
                        "Its address; without one, the server of the settings and its "
                        "machine");
    command->add_option("--key-file", into.key_file,
                        "A file with an API key of Twenty: go on through login and tools");
    command->add_option("--ca-file", into.ca_file, "PEM file with further certificate authorities");
    command->add_option("--timeout", into.timeout_seconds, "Seconds for each answer")
        ->check(CLI::Range(1, 120))
        ->capture_default_str();
    command->add_flag("--json", into.json, "Print JSON");
    return command;
}

int run(int argc, char** argv) {
    CLI::App app("MCP server for Twenty CRM: OAuth on the outside, each person's own API key, "
                 "encrypted, on the inside.");
    app.name(std::string(program));
    app.set_version_flag("--version", std::string(program) + " " TWENTY_MCP_VERSION);
    app.require_subcommand(1);
    app.footer([] { return settings_help(settings()); });

    auto* serve_command = app.add_subcommand("serve", "Run the service, set up by the environment");
    config_check::options checked;
    auto* check_command = add_check(app, checked);
    auto* health_command = app.add_subcommand(
        "health", "Ask the service on TWENTY_MCP_LISTEN whether it can serve; 0 if so");
    const admin_commands administration(app);
    const maintenance_commands maintenance(app);
    stdio_program::options local;
    auto* stdio_command = add_stdio(app, local);
    doctor_program::options examined;
    auto* doctor_command = add_doctor(app, examined);
    app.add_subcommand("demo", "Start twenty-mcp-demo, which brings a sample workspace, on "
                               "http://localhost:8787");
    std::string part;
    add_docs(app, part);

    // The demo comes before the command line is parsed: what follows are its own options.
    if (argc > 1 && std::string_view(argv[1]) == "demo") return start_demo(argv + 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : startup::usage_error;
    }
    if (*serve_command) return serve();
    if (*check_command) return config_check::run(program, checked);
    if (const auto code = administration.run(program)) return *code;
    if (const auto code = maintenance.run(program)) return *code;
    if (*health_command) return check_health();
    if (*stdio_command) return stdio_program::run(program, local);
    if (*doctor_command) return doctor_program::run(program, examined);
    for (const auto& row : document_parts)
        if (part == row.name) std::cout << row.text(app);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    return startup::guarded(program, [&] { return run(argc, argv); });
}
