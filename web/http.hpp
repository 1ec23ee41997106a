// The words of HTTP that every endpoint speaks: a request, a response, and the common answers.
#pragma once

#include "http/message.hpp"
#include "http/respond.hpp"

namespace web {

namespace asio = boost::asio;

using http::bearer;
using http::bearer_of;
using http::count;
using http::has_media_type;
using http::headers;
using http::json_error;
using http::json_response;
using http::method_not_allowed;
using http::note_error;
using http::note_limit;
using http::plain_error;
using http::request;
using http::response;
using http::set_retry_after;

} // namespace web
