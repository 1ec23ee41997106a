// `twenty-mcp backup` and `twenty-mcp restore`. They are processes beside the service, so they talk
// to the database itself and not to the actor that owns it there.
#pragma once

#include "base/result.hpp"

#include <string>

namespace maintenance_program {

struct backup_options {
    std::string file;
    bool replace = false;
};
// What was done, for whoever runs it. Needs no other setting than the data folder.
result<std::string> back_up(const backup_options& chosen);

struct restore_options {
    std::string file;
    bool end_connections = false;
};
result<std::string> restore(const restore_options& chosen);

struct verify_options {
    std::string public_key; // hexadecimal, as /admin/calls/chain told it; empty: the server's own
    std::string head_file;  // an answer of /admin/calls/chain, kept from before; empty: none was
};
// Whether the trail of calls is as it was written, while the service runs or from a backup. Says
// what was looked at; errc::conflict: something is not as it was.
result<std::string> verify_calls(const verify_options& chosen);

struct begin_options {
    bool sure = false; // a copy of the altered database is kept
};
// Begins a trail of calls anew that was altered. The service must be stopped. Says what was done;
// errc::conflict: the trail is whole.
result<std::string> begin_calls(const begin_options& chosen);

} // namespace maintenance_program
