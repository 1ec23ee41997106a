// What a secret looks like in a text that was written to be read.
#pragma once

#include <string_view>

namespace primer {

// What the first secret of a line seems to be, as a noun with its article; empty: there is none.
// A guess by its form: a password that looks like a word is not seen.
std::string_view secret_in(std::string_view line);

} // namespace primer
