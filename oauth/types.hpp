// The nouns of OAuth 2.1 as this server uses them. oauth/ decides over these values, store/
// keeps them, http/ carries them. A grant's `props` are opaque here: oauth/ and store/ know
// nothing of Twenty.
#pragma once

#include "base/secret.hpp"
#include "base/text.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth {

using clock = std::chrono::system_clock;
using time_point = clock::time_point;

// "2026-11-28T09:30:00Z"
inline std::string iso_time(time_point t) { return text::iso_time(clock::to_time_t(t)); }

// twenty:write implies twenty:read when permission is checked (MCP 2026-07-28,
// authorization, scope hierarchy). offline_access is accepted, echoed and otherwise without
// effect: refresh tokens are issued anyway.
struct scope_set {
    bool read = false;
    bool write = false;
    bool offline = false;

    [[nodiscard]] bool none() const noexcept { return !read && !write && !offline; }
    friend bool operator==(const scope_set&, const scope_set&) = default;
};

enum class client_kind {
    registered,        // RFC 7591; the signed client id carries its metadata
    metadata_document, // client id is an https URL (CIMD)
    configured,        // from the configuration
};
// Their names for lists, in the same order.
inline constexpr std::array<std::string_view, 3> client_kind_names{
    {"registered", "metadata_document", "configured"}};

// RFC 7591 §2; the list of them is auth_methods() in client.hpp.
enum class auth_method { none, client_secret_basic, client_secret_post };

struct client {
    std::string id;
    client_kind kind = client_kind::registered;
    std::string name; // cleaned for display, may be empty
    std::vector<std::string> redirect_uris;
    auth_method authentication = auth_method::none;
    bool may_refresh = true;
    secret own_secret; // of a configured client, with Basic or in the body; empty: it has none
};

// A checked authorization request. It travels sealed in the consent form, never in a table:
// anonymous traffic writes nothing.
struct authorization_request {
    std::string client_id;
    client_kind kind = client_kind::registered;
    std::string client_name;
    std::string redirect_uri; // the one to use
    scope_set scope;          // what the client asked for; everything when it named nothing known
    std::optional<std::string> state;
    std::string code_challenge; // S256
    std::string resource;       // canonical
};

// What the person decided, with the facts that the server learned about the key. The store
// seals `props`; the rest is shown in lists and is never trusted for decisions.
struct new_grant {
    authorization_request request;
    scope_set granted;
    secret props;            // JSON that twenty/connection writes and reads
    std::string fingerprint; // keyed hash of the API key: groups the grants of one key
    std::string label;
    std::string workspace_name;
    std::string objects;                       // comma list; empty: all
    std::optional<std::chrono::seconds> lives; // ends after that; nullopt: as late as any
};

// What is told of a grant to the person whose API key it holds, and to the administrator.
struct grant_summary {
    std::string id;
    std::string client_id;
    std::optional<client_kind> kind; // nullopt: not known
    std::string client_name;
    std::string redirect_uri;
    scope_set scope;
    std::string label;
    std::string workspace_name;
    std::optional<std::string> objects; // comma list; empty: all; nullopt: not known
    time_point created_at;
    time_point last_used_at; // last exchange at /token
    time_point expires_at;
    std::string key_id; // tells grants of one API key, says nothing of the key
};

struct code_exchange {
    std::string client_id;
    bool may_refresh = true;
    secret code;
    std::string code_verifier;
    std::optional<std::string> redirect_uri;
    std::optional<std::string> resource; // canonical
    std::optional<scope_set> scope;      // may only narrow
};

struct refresh_exchange {
    std::string client_id;
    secret refresh_token;
    std::optional<std::string> resource; // canonical
    std::optional<scope_set> scope;      // may only narrow
    std::string network;                 // that asks, for the audit; empty: not known
    // The client has used up its share: it still gets once more what it was given already, and
    // errc::rate_limited for anything new.
    bool only_repeat = false;
};

struct token_pair {
    secret access_token;
    std::optional<secret> refresh_token;
    std::chrono::seconds expires_in{0};
    scope_set scope;
    std::string resource;
    bool repeated = false; // given before: nothing was made for this answer
};

// What an access token opens.
struct opened_grant {
    std::string grant_id;
    std::string key_id; // of the API key, as grant_summary has it
    std::string client_id;
    std::string client_name;
    scope_set scope;
    std::string resource;
    time_point expires_at; // of the access token
    secret props;
};

struct token_revocation {
    std::string client_id;
    secret token;
};

// What follows when a spent refresh token comes back while its successor is in use: somebody else
// may have it (OAuth 2.1 §4.3.1), or a process of the client has kept it for hours.
enum class reuse_policy {
    end,    // the grant ends, for both
    refuse, // the answer is invalid_grant, and the grant goes on
};
// Their names in settings, in the same order.
inline constexpr std::array<std::string_view, 2> reuse_policy_names{{"end", "refuse"}};

// Lifetimes. No value below a minute; the reasons stand in docs/architecture.md.
struct lifetimes {
    std::chrono::seconds access{3600};
    std::chrono::seconds code{300};
    std::chrono::hours refresh_idle{24 * 30};
    std::chrono::hours refresh_absolute{24 * 180};
    std::chrono::seconds rotation_grace{60}; // for a retry whose first answer may be lost
    std::chrono::seconds rotation_race{10};  // the same once the successor is in use
    std::chrono::seconds authorization{900}; // the sealed request
};

} // namespace oauth
