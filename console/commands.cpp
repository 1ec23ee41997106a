#include "console/commands.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace console {

namespace {

constexpr std::size_t uuid_width = 36;
constexpr std::size_t time_width = 20;
constexpr std::size_t no_limit = 1000;

const std::vector<column>& version_columns(std::string_view taken_back) {
    static const std::vector<column> primer{{"VERSION", "version"}, {"CREATED", "created"},
                                            {"CURRENT", "current"}, {"BYTES", "bytes"},
                                            {"BUNDLED", "bundled"}, {"ETAG", "etag", no_limit}};
    static const std::vector<column> skill = [] {
        auto out = primer;
        out[4] = {"REMOVED", "removed"};
        return out;
    }();
    return taken_back == "bundled" ? primer : skill;
}

std::vector<column> pause_columns() {
    return {{"OF", "of"},
            {"CONNECTION", "connection", uuid_width},
            {"KEY", "key"},
            {"SINCE", "since", time_width},
            {"REASON", "reason", no_limit}};
}

} // namespace

const std::vector<command>& commands() {
    static const std::vector<command> table{
        {.words = "status", .operation = "read_status"},
        {.words = "connections",
         .operation = "list_connections",
         .as = view::table,
         .list = "connections",
         .columns = {{"ID", "id", uuid_width},
                     {"CLIENT", "client.name"},
                     {"HOST", "redirect_host"},
                     {"LABEL", "label"},
                     {"MODE", "mode"},
                     {"USED", "last_used", time_width},
                     {"KEY", "key"}}},
        {.words = "connection", .operation = "read_connection"},
        {.words = "end",
         .operation = "revoke_connection",
         .otherwise = "revoke_connections",
         .everybody = "This ends the connections of everybody."},
        {.words = "pause",
         .operation = "pause_writes",
         .as = view::table,
         .list = "pauses",
         .columns = pause_columns(),
         .everybody = "This pauses the writes of everybody."},
        {.words = "resume",
         .operation = "resume_writes",
         .as = view::table,
         .list = "pauses",
         .columns = pause_columns(),
         .everybody = "This ends the pause of everybody's writes; other pauses stay."},
        {.words = "pauses",
         .operation = "list_pauses",
         .as = view::table,
         .list = "pauses",
         .columns = pause_columns()},
        {.words = "calls",
         .operation = "read_calls",
         .as = view::table,
         .list = "calls",
         .columns = {{"ID", "id"},
                     {"TIME", "time", time_width},
                     {"TOOL", "tool"},
                     {"OBJECT", "object"},
                     {"ROWS", "rows"},
                     {"OUTCOME", "outcome"},
                     {"MS", "ms"},
                     {"CLIENT", "client"},
                     {"LABEL", "label"},
                     {"CONNECTION", "connection", uuid_width}}},
        {.words = "call-chain", .operation = "read_call_chain"},
        {.words = "audit",
         .operation = "read_audit",
         .as = view::table,
         .list = "events",
         .columns = {{"ID", "id"},
                     {"TIME", "time", time_width},
                     {"KIND", "kind"},
                     {"TIMES", "times"},
                     {"SOURCE", "source"},
                     {"CONNECTION", "connection", uuid_width},
                     {"DETAIL", "detail", no_limit}}},
        {.words = "primer get", .operation = "read_primer", .as = view::text},
        {.words = "primer put", .operation = "write_primer", .checked_by = "lint_primer"},
        {.words = "primer lint", .operation = "lint_primer", .as = view::findings},
        {.words = "primer diff",
         .operation = "read_primer",
         .otherwise = "read_primer_version",
         .as = view::text,
         .compares = true,
         .help = "Compare the primer that was uploaded, or an earlier version of it, with a file"},
        {.words = "primer history",
         .operation = "list_primers",
         .as = view::table,
         .list = "versions",
         .columns = version_columns("bundled")},
        {.words = "primer show",
         .operation = "read_primer_version",
         .as = view::text,
         .help = "Read one of the primer's last versions"},
        {.words = "primer rollback", .operation = "roll_back_primer"},
        {.words = "primer clear", .operation = "clear_primer"},
        {.words = "skills list",
         .operation = "list_skills",
         .as = view::table,
         .list = "skills",
         .columns = {{"NAME", "name", 64},
                     {"VERSION", "version"},
                     {"CREATED", "created"},
                     {"DESCRIPTION", "description", 80}}},
        {.words = "skills get", .operation = "read_skill", .as = view::files},
        {.words = "skills put", .operation = "write_skill"},
        {.words = "skills remove", .operation = "remove_skill"},
        {.words = "skills history",
         .operation = "list_skill_versions",
         .as = view::table,
         .list = "versions",
         .columns = version_columns("removed")},
        {.words = "skills rollback", .operation = "roll_back_skill"},
        {.words = "schemas refresh", .operation = "refresh_schema"},
        {.words = "keys", .operation = "list_keys"},
        {.words = "log-level", .operation = "read_log_level", .otherwise = "write_log_level"},
    };
    return table;
}

const std::vector<command_group>& command_groups() {
    static const std::vector<command_group> table{
        {"primer", "The text that every connection's model reads first"},
        {"skills", "Workflows of your own that models take up"},
        {"schemas", "Data models of workspaces, as they are kept"},
    };
    return table;
}

const std::vector<operation_without_command>& operations_without_command() {
    static const std::vector<operation_without_command> table{
        {"index", "--help lists the commands"},
        {"openapi", "it is for tools that speak HTTP"},
    };
    return table;
}

const web::admin_operation* find_operation(const operations& all, std::string_view id) {
    const auto found = std::ranges::find(all, id, &web::admin_operation::id);
    return found == all.end() ? nullptr : &*found;
}

const web::admin_parameter* find_parameter(const web::admin_operation& of, std::string_view name) {
    const auto found = std::ranges::find(of.parameters, name, &web::admin_parameter::name);
    return found == of.parameters.end() ? nullptr : &*found;
}

bool by_place(const web::admin_parameter& p) {
    return p.required || p.in == web::admin_parameter::location::path;
}

std::string written(const web::admin_parameter& p) {
    std::string out(p.name);
    if (by_place(p)) {
        std::ranges::transform(out, out.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        return out;
    }
    std::ranges::replace(out, '_', '-');
    return "--" + out;
}

std::string help_of(const command& of, const operations& all) {
    if (!of.help.empty()) return std::string(of.help);
    std::string out;
    for (const auto id : {of.operation, of.otherwise}) {
        const auto* op = find_operation(all, id);
        if (!op) continue;
        out.append(out.empty() ? "" : ". ")
            .append(op->summary.substr(0, op->summary.find("; If-")));
    }
    return out;
}

bool takes_file(const web::admin_operation& op) {
    return op.body == web::admin_body::markdown || op.body == web::admin_body::skill;
}

bool takes_condition(const web::admin_operation& op) {
    return std::ranges::any_of(op.answers, [](const auto& a) { return a.status == 412; });
}

bool can_follow(const web::admin_operation& op) { return find_parameter(op, "after") != nullptr; }

} // namespace console
