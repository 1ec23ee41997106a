// The changes of one connection at /connections: shown to the person whose API key it has, and
// taken back for them. Both are the tools list_changes and undo_changes, called by the person.
// Threat: a page tells or takes back changes of another's connection. Defence: the connection is
// one of the key's, and the values of the journal open with that key alone.
#pragma once

#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "web/changes_page.hpp"
#include "web/http.hpp"

#include <string>

namespace web {

// What a button of the page said.
struct changes_form {
    std::string of;     // a connection's id; empty: no changes are wanted
    std::string older;  // those behind this cursor
    std::string record; // "company ID": of this record alone
    std::string undo;   // a change's id
    std::string since;  // a day: all changes since are to be taken back
    // A field of the form; others than these are left.
    void take(const std::string& name, std::string value);
};

// `view` has the ticket and the connection.
asio::awaitable<response> changes_response(http::actor_bridge& actors, const secret& api_key,
                                           changes_form form, changes_view view);

} // namespace web
