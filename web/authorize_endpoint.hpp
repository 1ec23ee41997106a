// /authorize: the checked request becomes a consent page, the form becomes a grant and an
// authorization code (RFC 6749 §4.1.1, §4.1.2). Nothing is kept before a person approved with
// a key that Twenty accepts.
#pragma once

#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "web/answered_forms.hpp"
#include "web/client_directory.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"
#include "web/page_seal.hpp"

#include <string>
#include <vector>

namespace web {

// All that it refers to outlives every request.
struct authorize_needs {
    const oauth::server_identity& identity;
    const std::vector<std::string>& trusted_redirect_hosts; // lower-case, besides the known ones
    const std::string& twenty_url;                          // shown to the person; may be empty
    const oauth::lifetimes& lifetimes;
    const std::vector<secret>& request_keys; // seal authorization requests; current first
    const page_seal& seals;                  // the pasted key, on its way through the page
    const client_directory& clients;
    key_verifier& keys;
    answered_forms& answered;
    guards guard;
    http::actor_bridge& actors; // store the grant
    const twenty::caution_rules& caution;
};

asio::awaitable<response> get_authorize(const authorize_needs& needs, request r);
asio::awaitable<response> post_authorize(const authorize_needs& needs, request r);

} // namespace web
