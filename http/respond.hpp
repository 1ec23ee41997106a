// Answers that more than one endpoint gives, and the one mapping from our errors to HTTP.
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

namespace http {

// The status for an error of a plain endpoint. Protocols have mappings of their own.
int status_of(errc code) noexcept;

// application/json, Cache-Control: no-store.
response json_response(int status, std::string body);
// {"error":code,"message":text}; without text only the code.
response json_error(int status, std::string_view code, std::string_view text = {});
// The public half of an error, its status, and Retry-After where waiting helps.
response plain_error(const error& e);
// 405 with Allow (RFC 9110 §15.5.6). `allow` is a comma list.
response method_not_allowed(std::string_view allow);

// The code and the private half, for the access log; a limit that refused by its name, which is
// counted, too.
void note_error(response& r, const error& e);
void note_limit(response& r, std::string_view name);
// The names of the server's own (server_options::max_requests_per_client,
// max_connections_per_peer).
inline constexpr std::string_view requests_per_client = "requests_per_client";
inline constexpr std::string_view connections_per_client = "connections_per_client";
// The private half of an error that such a limit made.
std::string limit_detail(std::string_view name);

// Retry-After, in whole seconds, at least 1 (RFC 9110 §10.2.3).
void set_retry_after(response& r, const error& e);
void set_retry_after(response& r, std::chrono::seconds wait);

// Whether the media type of Content-Type, without its parameters, is exactly `type`.
bool has_media_type(const request& r, std::string_view type);

// The token of the one `Authorization: Bearer` (scheme in any case, RFC 6750 §2.1).
// absent: no such header or another scheme; malformed: not a token68. The router lets no
// request with two such headers through.
struct bearer {
    enum class kind { absent, malformed, present };
    kind what = kind::absent;
    std::string_view token; // points into the request
};
bearer bearer_of(const request& r);

} // namespace http
