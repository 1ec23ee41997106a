// `twenty-mcp admin`: the commands of console/, connected to the settings of the environment, to
// files and to the terminal.
#pragma once

#include "config.hpp"
#include "console/run.hpp"
#include "console/target.hpp"

#include <string>
#include <string_view>

namespace admin_program {

struct options {
    std::string socket; // empty: as the settings say
    std::string url;    // empty: over the socket
    std::string token_file;
    std::string ca_file;
    int timeout_seconds = 10;
};

// Where the commands go to. The token comes from the file, or from ADMIN_TOKEN of the environment.
// errc::bad_request says what is wrong, missing or switched off.
result<console::target> target_of(const options& chosen, const lookup& get,
                                  const file_reader& read_file);

// What a command sends: a file, a folder as the files of a skill, or standard input for "-".
result<console::content> read_content(const std::string& path);

// Gives back the exit code (console::exit_code); 2 is a wrong argument or setting.
int run(std::string_view program, const options& chosen, const console::order& order);

} // namespace admin_program
