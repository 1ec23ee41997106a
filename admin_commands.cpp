#include "admin_commands.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace {

using console::arguments;
using web::admin_body;
using web::admin_operation;
using web::admin_parameter;

constexpr std::string_view footer =
    "Without --url the commands go to the service of this machine, over its Unix socket: who may\n"
    "open that needs no token. The path is TWENTY_MCP_ADMIN_SOCKET's.\n"
    "With --url they go to any server, with its admin token from --token-file or ADMIN_TOKEN.\n";

// As the other options are told; a name of the API stays as it is.
std::string sentence(std::string_view meaning) {
    std::string out(meaning);
    const auto word = meaning.substr(0, meaning.find(' '));
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    if (!word.empty() && std::ranges::all_of(word, small))
        out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

std::string value_name(admin_parameter::type is) {
    using type = admin_parameter::type;
    switch (is) {
    case type::uuid:
        return "UUID";
    case type::whole:
        return "NUMBER";
    case type::time:
        return "TIME";
    case type::text:
    case type::word:
    case type::yes:
        return "TEXT";
    }
    return "TEXT";
}

void add_parameter(CLI::App& command, const admin_parameter& p, bool required, arguments& into) {
    const auto name = console::written(p);
    const std::string key(p.name);
    if (p.is == admin_parameter::type::yes) {
        command.add_flag_callback(
            name, [key, &into] { into[key] = "true"; }, sentence(p.meaning));
        return;
    }
    auto* option = command.add_option_function<std::string>(
        name, [key, &into](const std::string& value) { into[key] = value; }, sentence(p.meaning));
    option->type_name(value_name(p.is));
    if (!p.words.empty())
        option->check(CLI::IsMember(std::vector<std::string>(p.words.begin(), p.words.end())));
    option->required(required && console::by_place(p));
}

void add_file(CLI::App& command, const admin_operation& op, std::string& into) {
    const auto* help = op.body == admin_body::skill
                           ? "A SKILL.md, a folder with one, or a JSON file of all files; - is "
                             "standard input"
                           : "The text; - is standard input";
    command.add_option("FILE", into, help)->type_name("FILE")->required();
}

void add_conditions(CLI::App& command, const admin_operation& op, console::order& into) {
    if (!console::takes_condition(op)) return;
    auto* match = command.add_option("--if-match", into.if_match, "Only if this is still its ETag");
    match->type_name("ETAG");
    if (op.method == "PUT")
        command.add_flag("--only-new", into.only_new, "Only if there is none yet")->excludes(match);
}

} // namespace

admin_commands::admin_commands(CLI::App& app, const console::operations& all)
    : admin_(app.add_subcommand("admin", "Look after a running server: its connections, texts and "
                                         "trail")) {
    add_own_options();
    for (const auto& row : console::commands())
        add(row, all);
    // After the commands were made, which would all take it over.
    admin_->footer(std::string(footer));
}

void admin_commands::add_own_options() {
    admin_->require_subcommand(1);
    auto* socket = admin_->add_option("--socket", options_.socket, "The service's Unix socket");
    socket->type_name("PATH");
    auto* url =
        admin_->add_option("--url", options_.url, "The server's address, instead of a socket");
    url->type_name("URL")->excludes(socket);
    admin_->add_option("--token-file", options_.token_file, "A file with its admin token")
        ->type_name("FILE")
        ->needs(url);
    admin_
        ->add_option("--ca-file", options_.ca_file, "PEM file with further certificate authorities")
        ->type_name("FILE")
        ->needs(url);
    admin_->add_option("--timeout", options_.timeout_seconds, "Seconds for each answer")
        ->check(CLI::Range(1, 120))
        ->capture_default_str();
    admin_->add_flag("--json", json_, "Print what the server answers");
}

CLI::App* admin_commands::group_of(std::string_view words) {
    const auto blank = words.find(' ');
    if (blank == words.npos) return admin_;
    const auto word = words.substr(0, blank);
    const auto known = groups_.find(word);
    if (known != groups_.end()) return known->second;
    const auto& rows = console::command_groups();
    const auto row = std::ranges::find(rows, word, &console::command_group::word);
    auto* made = admin_->add_subcommand(std::string(word), std::string(row->help));
    made->require_subcommand(1);
    made->fallthrough();
    return groups_.emplace(word, made).first->second;
}

// add() puts what the first operation takes, and a file, before what the other one takes: by that
// order they are known where they have no names.
void admin_commands::add(const console::command& row, const console::operations& all) {
    const auto& op = *console::find_operation(all, row.operation);
    const auto* other = console::find_operation(all, row.otherwise);
    auto* command = group_of(row.words)->add_subcommand(
        std::string(row.words.substr(row.words.find(' ') + 1)), console::help_of(row, all));
    command->fallthrough(); // what all of them share may stand behind any of them
    auto& order = bound_.emplace_back(bound{command, {}}).order;
    order.row = &row;
    for (const auto& p : op.parameters)
        add_parameter(*command, p, !other, order.given);
    if (row.compares || console::takes_file(op)) add_file(*command, op, order.file);
    if (other)
        for (const auto& p : other->parameters)
            add_parameter(*command, p, false, order.given);
    add_conditions(*command, op, order);
    if (console::can_follow(op))
        command->add_flag("--follow", order.follow, "Go on, and print what comes");
    if (console::find_operation(all, row.checked_by))
        command->add_flag("--strict", order.strict, "Upload nothing that there is a warning about");
    if (!row.everybody.empty()) command->add_flag("--yes", order.sure, "Do not ask before --all");
}

const console::order* admin_commands::chosen() const {
    for (const auto& one : bound_)
        if (*one.app) return &one.order;
    return nullptr;
}

std::optional<int> admin_commands::run(std::string_view program) const {
    const auto* order = chosen();
    if (!order) return std::nullopt;
    auto whole = *order;
    whole.json = json_;
    return admin_program::run(program, options_, whole);
}
