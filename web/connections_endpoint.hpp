// /connections: a person sees what was connected with their API key, and ends it. The key is
// the proof; Twenty is not asked, so that also a key which it no longer takes can be cleared
// away. What a connection changed is shown by the tools, which do ask it. After the first look a
// ticket stands for the key, and holds it sealed.
// Threat: one person sees or ends another's connections. Defence: everything goes by the
// fingerprint of the very key, which the browser can only make us compute from the key itself.
#pragma once

#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"
#include "web/page_seal.hpp"

namespace web {

struct connections_needs {
    const oauth::server_identity& identity;
    const oauth::lifetimes& lifetimes;
    const page_seal& seals; // tickets
    key_verifier& keys;     // fingerprints
    guards guard;
    http::actor_bridge& actors;
};

asio::awaitable<response> get_connections(const connections_needs& needs, request r);
asio::awaitable<response> post_connections(const connections_needs& needs, request r);

} // namespace web
