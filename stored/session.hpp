// An MCP session as it survives a restart of the server.
#pragma once

#include <string>
#include <vector>

namespace stored {

// The id authenticates itself (http side: MAC over random part and grant); this row restores
// what was negotiated.
struct session_record {
    std::string id;
    std::string grant_id;
    std::string protocol_version;
    std::string client_info;                // JSON object as the client sent it, capped
    std::string client_capabilities;        // JSON object
    std::vector<std::string> subscriptions; // URIs of resources
};

} // namespace stored
