// Scope strings and the four rules about them: what is known, how it is written, how a token
// may be narrowed, and what a person's choice makes of a request.
#pragma once

#include "base/result.hpp"
#include "oauth/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace oauth {

// In the order of the metadata documents. The first two are permissions of the resource;
// offline_access is known to the authorization server only.
const std::vector<std::string_view>& resource_scopes();             // twenty:read twenty:write
const std::vector<std::string_view>& authorization_server_scopes(); // and offline_access

// RFC 6749 §3.3. Unknown tokens are dropped; extra spaces are tolerated because real clients
// send them. errc::invalid_scope for characters outside the grammar.
result<scope_set> parse_scope(std::string_view text);

std::string to_string(const scope_set& scope);

// What a request means: both permissions when it named neither, and write implies read.
scope_set requested_scope(scope_set parsed);

// The consent decision. errc::not_allowed when write was chosen but not asked for.
result<scope_set> granted_scope(const scope_set& requested, bool write);

// At the token endpoint a scope may only narrow: what goes beyond `granted` is ignored, and a
// request that names no permission keeps the granted ones.
scope_set narrowed_scope(const scope_set& granted, const std::optional<scope_set>& asked);

} // namespace oauth
