// A tool that a person calls themselves, at a page that was shown their API key: what the model did
// is read and taken back by the same code that the model's own calls go through.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "oauth/types.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>

namespace web {

// In the name of the connection `of`, which must be one of the key's. The tool's result; its
// failure, or the server's, as an error with words for people.
boost::asio::awaitable<result<json::value>> call_as_person(http::actor_bridge& actors,
                                                           const oauth::grant_summary& of,
                                                           const secret& api_key, std::string tool,
                                                           json::value arguments);

} // namespace web
