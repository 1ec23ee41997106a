// `twenty-mcp stdio`: everything between a configuration and the lines of one client. No port is
// opened and nothing is written to disk.
#pragma once

#include "config.hpp"

#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stdio_program {

struct options {
    bool read_only = false;
    std::vector<std::string> objects; // any names of theirs; empty: all
};

// Serves standard input and output until the input ends, nobody reads the output, or SIGTERM or
// SIGINT comes. Gives back the exit code.
int run(std::string_view program, const options& chosen);

} // namespace stdio_program
