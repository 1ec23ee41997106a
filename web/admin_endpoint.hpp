// Everything at and below /admin: lets the administrator in, finds the row, checks the arguments,
// writes the call down, answers.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>

namespace web {

boost::asio::awaitable<response> answer_admin(services& s, request r);

// The largest body of a call; nullopt: it will be refused, so none is read.
std::optional<std::size_t> admin_body_limit(const services& s, const request& head);

} // namespace web
