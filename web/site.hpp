// Everything that this server's endpoints work with, and what each of them gets of it. The only
// file that knows all endpoints and their needs; the program builds one, so does a test.
#pragma once

#include "web/admin_access.hpp"
#include "web/approve_endpoint.hpp"
#include "web/authorize_endpoint.hpp"
#include "web/connections_endpoint.hpp"
#include "web/health.hpp"
#include "web/mcp_endpoint.hpp"
#include "web/oauth_endpoints.hpp"
#include "web/server_card.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace web {

// What the program decides before there is a site.
struct site_settings {
    oauth::server_identity identity;
    secret instance_secret;          // the store's
    std::vector<secret> server_keys; // COOKIE_ENCRYPTION_KEY and then its predecessors
    std::optional<secret> admin_token;
    std::string twenty_url; // for people: where the workspace is. Empty: not to be told
    std::vector<std::string> host_names; // besides the identity's; lower-case, without a port
    std::vector<std::string> origins;    // besides the identity's and the known clients'
    std::vector<oauth::client> configured_clients;
    std::vector<std::string> trusted_redirect_hosts; // lower-case, besides the known ones
    oauth::document_policy document_policy = oauth::document_policy::any;
    document_source* documents = nullptr; // null: no client's document can be fetched
    std::optional<card_documents> card;   // none: it is not shown
    std::vector<std::string> tools;       // names of what is offered
    std::function<bool()> files_used_up = [] { return false; }; // the process's
    twenty::caution_rules caution;
};

struct site {
    // `io`, `actors` and the source of documents must outlive this.
    site(boost::asio::io_context& io, http::actor_bridge& actors, site_settings given);
    site(const site&) = delete;
    site& operator=(const site&) = delete;

    oauth::server_identity identity;
    secret client_key;                // signs client ids
    std::vector<secret> request_keys; // seal authorization requests; current first
    secret fingerprint_key;           // groups the grants of one API key
    std::optional<secret> admin_token;

    // What a browser may call us from, and as which host. Names are lower-case and without a
    // port: rebinding works by name. Origins are scheme://host[:port], lower-case.
    bool on_loopback; // the server itself is: then every loopback name is one of ours
    std::vector<std::string> host_names;
    std::vector<std::string> origins;

    std::string twenty_url;
    std::optional<card_documents> card;
    std::vector<std::string> tools;
    std::function<bool()> files_used_up;
    twenty::caution_rules caution;
    oauth::lifetimes lifetimes;
    time_source now;

    http::limiter limits;
    client_documents documents;
    std::vector<oauth::client> configured_clients; // may be others later: nobody keeps a reference
    std::vector<std::string> trusted_redirect_hosts;
    answered_forms answered{10'000};
    client_directory clients;
    page_seal seals;
    key_verifier keys;

    authorize_needs for_authorize;
    connections_needs for_connections;
    approve_needs for_approve;
    mcp_needs for_mcp;
    oauth_needs for_oauth;
    health_needs for_health;
    card_needs for_card;
    admin_needs for_admin;
};

// "Example.com:8443" -> "example.com", "[::1]:80" -> "[::1]".
std::string host_name(std::string_view authority);

} // namespace web
