// What bash needs to complete a program's commands, options and values, as `docs bash-completion`
// prints it.
#pragma once

#include "command_line.hpp"

#include <string>

namespace bash_completion {

// A script for one program; it calls nothing but bash itself.
std::string script(const command_line::command& program);

} // namespace bash_completion
