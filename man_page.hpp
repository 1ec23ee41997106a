// A program's manual page in roff, as `docs man` prints it: what --help says of every command, and
// a few sections that only a manual has. man(7) has the macros.
#pragma once

#include "command_line.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace man_page {

// Its text has the form of a footer of --help: a line without indentation is a paragraph; one with
// two blanks is a term, and lines that are indented further say what the term means.
struct section {
    std::string_view title;
    std::string_view text;
};

const std::vector<section>& service_sections();
const std::vector<section>& demo_sections();

// In section 1.
std::string page(const command_line::command& program, std::string_view version,
                 const std::vector<section>& more);

} // namespace man_page
