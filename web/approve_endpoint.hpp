// /approve/ID: a person sees what a model is about to change, and says yes or no. The proof of who
// they are is the browser that consented, or the API key of the connection.
// Threat: the model, or another person, opens the link. Defence: without a proof the page shows
// nothing of the question, not even that there is one; an answer needs a ticket that this page has
// made for that browser and that question.
// Threat: a prefetch, or a page of another site, answers. Defence: only a POST from here does.
#pragma once

#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"
#include "web/page_seal.hpp"

#include <string>

namespace web {

struct approve_needs {
    const oauth::server_identity& identity;
    const page_seal& seals; // tickets
    const key_verifier& keys;
    guards guard;
    http::actor_bridge& actors;
};

asio::awaitable<response> get_approve(const approve_needs& needs, request r);
asio::awaitable<response> post_approve(const approve_needs& needs, request r);

// What a connection remembers of the browser that consented to it; empty for no cookie.
std::string browser_proof(const key_verifier& keys, const std::string& cookie);

} // namespace web
