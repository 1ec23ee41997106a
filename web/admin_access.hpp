// Who may call /admin: whoever may open the service's Unix socket, and the holder of the one
// ADMIN_TOKEN, never a browser, and neither fast nor by guessing. Decided from the head alone,
// before a byte of the body is read.
#pragma once

#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "oauth/types.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"

#include <optional>
#include <string>
#include <vector>

namespace web {

// What everything below /admin needs.
struct admin_needs {
    const oauth::server_identity& identity;
    const std::optional<secret>& token; // none: the admin API is off
    guards guard;
    http::actor_bridge& actors;
    const std::vector<std::string>& tools; // by name, as clients see them
    oauth::time_point started;
};

// nullopt: the caller is the administrator, and not too fast. Counts, writes down wrong tokens.
// `r` must outlive the call.
asio::awaitable<std::optional<response>> refuse_admin(const admin_needs& needs, const request& r);

// Would the token and the kind of caller do? Counts nothing and writes nothing: for the decision
// whether a body is worth reading.
bool may_be_admin(const admin_needs& needs, const request& head);

// The network of the caller, as it is written down: the log names no more of a person either. Over
// the Unix socket: the user of the caller's process.
std::string audit_source(const request& r);

} // namespace web
