// The client behind an id of whatever kind: set up by the administrator, registered (a signed
// id), or with a metadata document of its own. All endpoints ask here.
#pragma once

#include "oauth/types.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

namespace web {

// For /authorize, where name and redirect URIs matter: may wait for a client's document. Errors
// as of client_documents::find(); invalid_client: nobody knows it.
boost::asio::awaitable<result<oauth::client>> find_client(services& s, std::string client_id,
                                                          std::string peer);

// For /token and /revoke: at once. A grant is bound to its exact client id, so a document that
// cannot be had right now changes nothing there. errc::invalid_client.
result<oauth::client> client_at_hand(services& s, std::string_view client_id);

} // namespace web
