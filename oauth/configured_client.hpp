// Clients that the administrator sets up in the configuration: for applications whose settings
// ask for a client id (and perhaps a secret), and with registration out of the picture.
#pragma once

#include "base/result.hpp"
#include "oauth/types.hpp"

#include <string_view>
#include <vector>

namespace oauth {

inline constexpr std::size_t max_configured_id_bytes = 255;
inline constexpr std::size_t min_configured_secret_bytes = 32;
inline constexpr std::size_t max_configured_secret_bytes = 255;

// A JSON array of objects with client_id, client_name, redirect_uris and optionally
// client_secret. errc::bad_request names the entry and what is wrong with it, never a secret.
result<std::vector<client>> read_configured_clients(std::string_view document);

} // namespace oauth
