// The commands of `twenty-mcp admin` as one table. A command is the words for an operation of the
// admin API; a row says how its answer is shown, and nothing that the operation's own row
// (web/admin_api) says already: what it takes, what that means, and what it is for.
#pragma once

#include "console/layout.hpp"
#include "web/admin_api.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace console {

using operations = std::vector<web::admin_operation>;
// By the names of the parameters.
using arguments = std::map<std::string, std::string, std::less<>>;

enum class view {
    facts,    // an object, name by name
    table,    // `list` in the answer, by `columns`
    text,     // as it came
    files,    // of a skill, each below its name
    findings, // what is wrong with a text; the command fails where there is something
};

struct command {
    std::string_view words; // "primer put"
    std::string_view operation;
    std::string_view otherwise = {}; // the operation for arguments that the first one does not know
    view as = view::facts;
    std::string_view list = {};
    std::vector<column> columns = {};
    std::string_view checked_by = {}; // the operation that looks at the file before
    bool compares = false;            // the answer, which is a text, with a file
    std::string_view help = {};       // where the operation's summary does not say it
    std::string_view everybody = {};  // what a person agrees to before `all`
};
const std::vector<command>& commands();

// What the words before the last one stand for: "primer".
struct command_group {
    std::string_view word;
    std::string_view help;
};
const std::vector<command_group>& command_groups();

// Operations that have no command, and why.
struct operation_without_command {
    std::string_view operation;
    std::string_view why;
};
const std::vector<operation_without_command>& operations_without_command();

// -- What follows from an operation's row ------------------------------------------------------

// nullptr: there is none of that id.
const web::admin_operation* find_operation(const operations& all, std::string_view id);
const web::admin_parameter* find_parameter(const web::admin_operation& of, std::string_view name);
// Known by its place, and not by an option's name: what must be there.
bool by_place(const web::admin_parameter& p);
// As the command line has it: ID, --unused-since.
std::string written(const web::admin_parameter& p);
// What the command is for: the operation's summary, without the headers that are options here.
std::string help_of(const command& of, const operations& all);
// A file goes along, in the place of the body.
bool takes_file(const web::admin_operation& op);
// If-Match is honoured.
bool takes_condition(const web::admin_operation& op);
// What happens can be followed.
bool can_follow(const web::admin_operation& op);

} // namespace console
