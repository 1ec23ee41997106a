// JSON from elsewhere may hold half a surrogate pair: somebody cut a text in the middle of an
// emoji, and Twenty passes it on. That must cost the half character and not the whole page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace json {

// A JSON document with U+FFFD for each escape that is half of a pair (RFC 8259 §8.2); nothing when
// there is none.
std::optional<std::string> mend_surrogates(std::string_view document);

} // namespace json
