// The ways an answer of /authorize leaves: to the client's redirect URI, or as a page of ours.
#pragma once

#include "oauth/authorize.hpp"
#include "web/http.hpp"

#include <string>

namespace web {

// A local page: nothing goes back to the client (RFC 6749 §4.1.2.1).
response local_page(int status, std::string title, std::string text);

// After approval. `url` carries the code.
response deliver_success(std::string url, oauth::delivery how);

// An error that belongs to the client, or a person's refusal.
response deliver_error(const oauth::client_error& e);

} // namespace web
