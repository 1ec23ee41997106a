#include "bash_completion.hpp"

#include <algorithm>
#include <iterator>

namespace bash_completion {

namespace {

using command_line::command;

// The rows of the script's three `case`s. A command is named by its path, with a blank before each
// word, so that the program itself is the empty one.
struct rows {
    std::string paths;  // of the commands that there are
    std::string values; // what follows an option
    std::string words;  // what else a command takes
};

std::string reply(const command_line::option& o) {
    if (!o.words.empty()) {
        std::string list;
        for (const auto& word : o.words)
            list += (list.empty() ? "" : " ") + word;
        return "mapfile -t COMPREPLY < <(compgen -W '" + list + "' -- \"$word\"); ";
    }
    if (o.is_file) return "mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); ";
    return "";
}

using options = std::vector<command_line::option>;

// `above`: the options of the command above that may stand here as well.
void add(const command& c, const std::string& path, const options& above, rows& out) {
    std::string words;
    bool takes_files = false;
    for (const auto& below : c.commands) {
        words += " " + below.name;
        out.paths += (out.paths.empty() ? "" : " | ") + ("'" + path + " " + below.name + "'");
    }
    auto all = c.options;
    std::ranges::copy_if(above, std::back_inserter(all), [](const auto& o) {
        return o.names.front().starts_with('-') && o.names.back() != "--help";
    });
    for (const auto& o : all) {
        std::string names;
        for (const auto& name : o.names) {
            if (!name.starts_with('-')) continue;
            words += " " + name;
            names += (names.empty() ? "" : " | ") + ("'" + path + " " + name + "'");
        }
        takes_files = takes_files || (names.empty() && o.is_file);
        if (names.empty())
            for (const auto& word : o.words)
                words += " " + word;
        else if (!o.value.empty())
            out.values += "    " + names + ") " + reply(o) + "return ;;\n";
    }
    out.words += "    '" + path + "') words='" +
                 words.substr(std::min<std::size_t>(1, words.size())) + "'" +
                 (takes_files ? " files=yes" : "") + " ;;\n";
    for (const auto& below : c.commands)
        add(below, path + " " + below.name, below.takes_above ? all : options(), out);
}

} // namespace

std::string script(const command& program) {
    rows found;
    add(program, "", {}, found);
    auto function = "_" + program.name;
    std::ranges::replace(function, '-', '_');

    std::string out = "# bash completion for " + program.name + "(1), written by the program.\n\n";
    out += function +
           "() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
           "    local path='' words='' files='' i\n"
           "    COMPREPLY=()\n";
    if (!found.paths.empty())
        out += "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "        case \"$path ${COMP_WORDS[i]}\" in\n"
               "        " +
               found.paths +
               ") path+=\" ${COMP_WORDS[i]}\" ;;\n"
               "        esac\n"
               "    done\n";
    if (!found.values.empty())
        out += "    case \"$path $before\" in\n" + found.values + "    esac\n";
    out += "    case $path in\n" + found.words +
           "    esac\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\" || :\n"
           "        [ -z \"$files\" ] || compgen -f -- \"$word\")\n"
           "}\n"
           "complete -F " +
           function + " " + program.name + "\n";
    return out;
}

} // namespace bash_completion
