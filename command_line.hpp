// What a program's command line offers, as data: the manual page and the completion of bash are
// written from the same CLI11 object that parses, so that no command and no option is listed twice.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace command_line {

struct option {
    std::vector<std::string> names; // "-h", "--help"; without a dash: it is known by its place
    std::string value;              // what follows the name, as "NAME"; empty: nothing does
    std::vector<std::string> words; // the values that are taken, where these are few
    bool is_file = false;           // the value is a path
    bool required = false;
    bool repeats = false; // several values may follow
    std::string fallback; // holds where the option is not given; empty: nothing does
    std::string help;
};

struct command {
    std::string name;
    std::string help;
    std::string footer; // what --help says below the options
    std::vector<option> options;
    std::vector<command> commands;
    bool takes_above = false; // options of the command above may stand behind this one, too
};

// Without what is hidden: an empty group, in CLI11's terms.
command described(const CLI::App& app);

} // namespace command_line
