// What one person consented to: a workspace, an API key, a mode, perhaps a list of objects.
// Written into a grant's sealed props at consent and read back by the session; nothing else
// of the server decides what a grant may do.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "twenty/caution.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace twenty {

enum class mode { read, write };

// What the key says of itself. Read from the JWT's payload without verifying it (Twenty does
// that): never used to allow anything.
struct key_facts {
    std::string workspace_id;               // workspaceId, else sub
    std::string key_id;                     // jti, may be empty
    std::optional<std::int64_t> expires_at; // unix seconds
    std::string type;                       // "API_KEY", or empty on keys of old servers
};
// errc::bad_request with a message for the person: not a key, a session token instead of an
// API key, expired already (`now`, unix seconds).
result<key_facts> read_key(const secret& api_key, std::int64_t now);

// A pasted key without what came with it: blanks of every kind, line breaks, quotes, `Bearer `.
secret trimmed_key(const secret& pasted);

struct workspace {
    std::string id;
    std::string name;
};

struct connection {
    secret api_key;
    twenty::workspace workspace;
    twenty::mode mode = twenty::mode::read;
    std::optional<std::set<std::string>> objects; // nameSingular; nullopt: all
    std::string label;
    std::string key_id;
    std::optional<std::int64_t> key_expires_at;
    asking ask = asking::nothing; // of a connection from before there was a choice
    change_quota quota;           // 0: nothing was chosen
    // Of the browser that consented, as web/browser_cookie's hash; empty: not known.
    std::string browser;
    // The person themselves acts, at a page of this server and with the API key. Never in props.
    bool by_person = false;
};

secret to_props(const connection& c);               // JSON
result<connection> from_props(const secret& props); // errc::internal when malformed

} // namespace twenty
