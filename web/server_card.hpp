// The server card: who and where this server is, for clients that look for one before they connect
// (SEP-2127, a draft, as of its schema v1), and the AI catalogue of this host, which leads to it.
#pragma once

#include "mcp/catalogue.hpp"
#include "oauth/identity.hpp"
#include "web/http.hpp"

#include <optional>
#include <string>

namespace web {

struct card_document {
    std::string text;
    std::string etag;
};
struct card_documents {
    card_document card;
    card_document catalog;
};
// Nothing in them but what the OAuth documents and the start page tell everybody, and the web site
// that the administrator set. nullopt: the host makes no name that a card may have.
std::optional<card_documents> make_card(const oauth::server_identity& who,
                                        const mcp::implementation& server);

struct card_needs {
    const std::optional<card_documents>& card; // none: 404
};
asio::awaitable<response> get_server_card(const card_needs& needs, request r);
asio::awaitable<response> get_card_catalog(const card_needs& needs, request r);

} // namespace web
