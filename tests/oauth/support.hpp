// The server, its key and its time, as several tests of the room have them.
#pragma once

#include "oauth/client.hpp"
#include "oauth/identity.hpp"

#include <chrono>
#include <string>

namespace oauth_test {

inline const oauth::time_point now{std::chrono::seconds(1'800'000'000)};

inline oauth::server_identity here() { return *oauth::make_identity("https://crm.example.com"); }

inline secret key() { return oauth::client_key(secret(std::string(32, 'i'))); }

} // namespace oauth_test
