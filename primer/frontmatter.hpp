// The YAML in front of a SKILL.md.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string_view>

namespace primer {

// What stands between the two lines of "---" that a SKILL.md begins with (Agent Skills
// specification, SKILL.md format), as a JSON object. All values are texts, lists or maps.
// Hosts read the YAML again, each with a reader of its own, and refuse a skill where they find
// another value (SEP-2640, frontmatter verification). So what readers of YAML 1.1 and 1.2 take for
// different things is refused: errc::bad_request, with what to write instead. Lines end with LF
// alone, as text::without_invisible() leaves them.
result<json::value> read_frontmatter(std::string_view markdown);

} // namespace primer
