#include "web/server_card.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/header_values.hpp"
#include "mcp/server.hpp"

#include <algorithm>

namespace web {

namespace {

constexpr std::string_view card_type = "application/mcp-server-card+json";

// Who publishes the card: the host. An address is no name, nor is this computer.
std::string publisher_of(const oauth::server_identity& who) {
    auto host = text::lower(uri::split(who.issuer)->host); // an identity has one
    if (host.ends_with('.')) host.pop_back();
    const bool address =
        host.find_first_not_of("0123456789.") == std::string::npos || host.starts_with('[');
    return address || uri::is_loopback_host(host) ? "localhost" : host;
}

// Reverse DNS: the labels from the last to the first.
std::string reversed(const std::string& host) {
    auto labels = text::split(host, '.');
    std::reverse(labels.begin(), labels.end());
    return text::join(labels, ".");
}

// It lists all versions that the address speaks. server/discover has the stateless ones alone, and
// serverInfo the name without a publisher: each says what its own document means by it.
std::string write_card(const oauth::server_identity& who, const mcp::implementation& server,
                       const std::string& name) {
    json::writer out;
    out.begin_object();
    out.member("$schema",
               "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json");
    out.member("name", name);
    out.member("version", server.version).member("title", server.title);
    out.member("description", server.description);
    if (!server.website_url.empty()) out.member("websiteUrl", server.website_url);
    mcp::write_icons(out, server.icons);
    out.key("remotes").begin_array().begin_object();
    out.member("type", "streamable-http").member("url", who.resource);
    out.key("supportedProtocolVersions").begin_array();
    for (const auto version : mcp::supported_versions())
        out.string(version);
    out.end_array().end_object().end_array();
    out.key("_meta").begin_object().member("twenty-mcp/follows", "a draft of SEP-2127");
    out.end_object().end_object();
    return out.take();
}

std::string write_catalog(const oauth::server_identity& who, const mcp::implementation& server,
                          const std::string& publisher) {
    json::writer out;
    out.begin_object().member("specVersion", "1.0").key("entries").begin_array().begin_object();
    out.member("identifier", "urn:air:" + publisher + ":mcp:" + std::string(server.name));
    out.member("type", card_type).member("url", who.resource + "/server-card");
    out.end_object().end_array().end_object();
    return out.take();
}

response cached(const card_document& document, std::string_view type, const request& r) {
    response out;
    out.status = 304; // RFC 9110 §13.1.2
    if (!http::names_etag(r.header("if-none-match"), document.etag))
        out = response(200, std::string(type), document.text);
    out.set("ETag", document.etag).set("Cache-Control", "public, max-age=3600");
    return out;
}

} // namespace

std::optional<card_documents> make_card(const oauth::server_identity& who,
                                        const mcp::implementation& server) {
    constexpr std::size_t longest = 200; // as the schema has it, and its characters
    const auto publisher = publisher_of(who);
    const auto name = reversed(publisher) + "/" + std::string(server.name);
    if (name.size() > longest || publisher.find('_') != std::string::npos) return std::nullopt;
    auto card = write_card(who, server, name);
    auto catalog = write_catalog(who, server, publisher);
    auto card_etag = crypto::etag(card);
    auto catalog_etag = crypto::etag(catalog);
    return card_documents{{std::move(card), std::move(card_etag)},
                          {std::move(catalog), std::move(catalog_etag)}};
}

asio::awaitable<response> get_server_card(const card_needs& needs, request r) {
    if (!needs.card) co_return json_error(404, "not_found");
    co_return cached(needs.card->card, card_type, r);
}

asio::awaitable<response> get_card_catalog(const card_needs& needs, request r) {
    if (!needs.card) co_return json_error(404, "not_found");
    co_return cached(needs.card->catalog, "application/ai-catalog+json", r);
}

} // namespace web
