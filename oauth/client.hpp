// Clients: registration, and the signed ids that carry a registration inside.
// Threat: registration is open to anybody, so a table of clients fills the disk.
// Defence: no table. A client id is its own metadata with a MAC; the secret, where one is
// wanted, is derived from the id.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/error.hpp"
#include "oauth/types.hpp"

#include <span>
#include <string>
#include <string_view>

namespace oauth {

inline constexpr std::size_t max_registration_bytes = 16384;
inline constexpr std::size_t max_client_id_bytes = 2048;
inline constexpr std::size_t max_client_name_code_points = 128;

// The key behind client ids and client secrets, from the store's instance secret.
secret client_key(const secret& instance_secret);

// POST /register (RFC 7591 §3). 201 with the registration, or 400 with invalid_request,
// invalid_client_metadata or invalid_redirect_uri.
answer register_client(std::string_view content_type, std::string_view body, const secret& key,
                       time_point now);

// The client behind a signed id. errc::invalid_client for everything that this server did not
// sign.
result<client> find_client(std::string_view client_id, const secret& key);

// What a client id says about itself: an https URL, a signed id, or a name from the
// configuration. Nothing is checked.
client_kind kind_of(std::string_view client_id) noexcept;

// RFC 6749 §2.3.1.
secret client_secret(std::string_view client_id, const secret& key);

// "twc1.<payload>.<MAC>". `random` makes two registrations of the same metadata differ.
std::string sign_client_id(const client& metadata, time_point issued_at, std::string_view random,
                           const secret& key);

// A name as people will see it: no invisible characters, spaces trimmed, cut with an ellipsis.
std::string clean_client_name(std::string_view name);

// How a client may authenticate: every method with the name that RFC 7591 gives it, and the
// letter that stands for it in a signed client id. In the order of the metadata documents.
struct auth_method_row {
    auth_method method;
    std::string_view name;
    char letter;
};
std::span<const auth_method_row> auth_methods() noexcept;
std::string_view to_string(auth_method method) noexcept;

} // namespace oauth
