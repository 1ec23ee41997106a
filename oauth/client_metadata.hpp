// Client metadata (RFC 7591 §2) as far as a registration and a client's own document are read
// alike: where answers may go, and whether the client refreshes.
#pragma once

#include "base/json.hpp"
#include "oauth/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth {

inline constexpr std::string_view bad_metadata = "invalid_client_metadata";
inline constexpr std::string_view bad_redirect = "invalid_redirect_uri";
inline constexpr json::limits client_metadata_limits{8, true};

// RFC 7591 §3.2.2.
struct metadata_fault {
    std::string_view code;
    std::string description; // no full stop
};
// nullopt: fine.
using metadata_verdict = std::optional<metadata_fault>;

// The strings of an array member; an absent or null member is an empty list.
struct string_list {
    bool present = false;
    bool valid = true;
    std::vector<std::string> items;

    [[nodiscard]] bool contains(std::string_view word) const;
};
string_list read_strings(const json::value& document, std::string_view name);

// 1 to 10 of them, each as check_redirect_uri() wants it; one bad one fails all.
metadata_verdict read_redirect_uris(const json::value& document, client& out);
// grant_types and response_types. What this server does not offer is passed over.
metadata_verdict read_grant_types(const json::value& document, client& out);

} // namespace oauth
