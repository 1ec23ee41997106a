// What a person, a proxy or systemd asks first: what is this, is it alive, can it work.
#pragma once

#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "web/http.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace web {

struct health_needs {
    const oauth::server_identity& identity;
    const std::string& twenty_url; // empty: not to be told
    const std::function<bool()>& files_used_up;
    http::actor_bridge& actors;
};

// For people: "reachable".
std::string_view state_of(std::optional<bool> twenty_answers);

asio::awaitable<response> get_start_page(const health_needs& needs, request r);
// 200 while the process answers.
asio::awaitable<response> get_health();
// 200 while the store can write. Whether Twenty answers is told and decides nothing: restarting us
// does not mend it.
asio::awaitable<response> get_readiness(const health_needs& needs, request r);

} // namespace web
