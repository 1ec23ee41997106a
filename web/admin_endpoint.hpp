// Everything at and below /admin: lets the administrator in, finds the row, checks the arguments,
// writes the call down, answers.
#pragma once

#include "web/admin_access.hpp"
#include "web/http.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>

namespace web {

boost::asio::awaitable<response> answer_admin(const admin_needs& needs, request r);

// The largest body of a call; nullopt: it will be refused, so none is read.
std::optional<std::size_t> admin_body_limit(const admin_needs& needs, const request& head);

} // namespace web
