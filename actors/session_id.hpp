// Session ids that prove themselves: base64url(16 random bytes | 16 bytes MAC over them and the
// grant). A made-up id, or one of another grant, is told apart without a table, so a session
// survives a restart and an id says nothing to whoever steals it without the token.
#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace actors {

// Visible ASCII (MCP 2025-11-25, session management).
std::string new_session_id(const secret& key, std::string_view grant_id);
bool is_session_id_of(std::string_view id, const secret& key, std::string_view grant_id);

} // namespace actors
