// What came from the server, fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace console {

// Threat: a client calls itself by an escape sequence and writes to the administrator's terminal,
// or by characters that nobody sees, which make it look like another one. Defence: each of them is
// shown as its number, \u001b, in the form that JSON has as well. `keep_lines`: but the tab and the
// ends of lines.
std::string shown(std::string_view from_server, bool keep_lines = false);

} // namespace console
