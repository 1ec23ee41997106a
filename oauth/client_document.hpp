// Clients that bring their own metadata: the client id is an https URL, and the document behind
// it says who the client is and where answers may go (Client ID Metadata Documents,
// draft-ietf-oauth-client-id-metadata-document; MCP, authorization). Here are the rules for the
// URL and for the document; who fetches it is web/document_fetch.
#pragma once

#include "base/result.hpp"
#include "oauth/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oauth {

inline constexpr std::size_t max_document_url_bytes = 512;
inline constexpr std::size_t max_document_bytes = 5 * 1024; // the draft's recommendation

// Whose documents count.
enum class document_policy {
    any,     // of every public host
    trusted, // of the hosts in known_clients.hpp
    off,     // nobody's
};
std::optional<document_policy> document_policy_named(std::string_view name) noexcept;
// Whether the policy lets documents of a host (lower-case) count.
bool allows_document_of(document_policy policy, std::string_view host) noexcept;

struct document_url {
    std::string url;    // the client id, byte by byte
    std::string host;   // lower-case: a DNS name; for SNI and Host
    std::string target; // path and query
};
// Threat: two spellings of one URL are taken for two clients, or one of them for a host that it
// is not. Defence: the raw string is judged, before any parser has mended it: https, a DNS name
// with a dot, port 443 at most, a path without dot segments (also encoded), no fragment, no user
// information, no character outside of RFC 3986. errc::bad_request says what is wrong.
result<document_url> read_document_url(std::string_view client_id);

// The host of a client id, lower-case; empty when it is no such URL.
std::string document_host(std::string_view client_id);

// The client that the document behind `url` describes. errc::bad_request says what is wrong.
result<client> read_client_document(std::string_view url, std::string_view body);

// How long a document may be kept: max-age of the Cache-Control field's value, but at least
// 5 minutes (also without it) and at most a day.
std::chrono::seconds document_lifetime(std::string_view cache_control);

} // namespace oauth
