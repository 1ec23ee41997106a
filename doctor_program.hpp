// `twenty-mcp doctor`: what doctor/ finds out about this server, connected to the settings of the
// environment, the files of the package and the terminal.
#pragma once

#include <string>
#include <string_view>

namespace doctor_program {

struct options {
    std::string url; // empty: the server of the settings, from its own machine
    std::string key_file;
    std::string ca_file;
    int timeout_seconds = 10;
    bool json = false;
};

// Gives back the exit code: 0 healthy, 1 a check failed, 2 a wrong argument.
int run(std::string_view program, const options& chosen);

} // namespace doctor_program
