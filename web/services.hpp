// Everything that an endpoint may use, in one place. main() builds it once; endpoints get a
// reference and nothing else, so a test builds one with a fake backend and a fixed clock.
#pragma once

#include "base/secret.hpp"
#include "http/backend.hpp"
#include "oauth/identity.hpp"
#include "oauth/types.hpp"
#include "web/answered_forms.hpp"
#include "web/checked_keys.hpp"
#include "web/client_documents.hpp"
#include "web/limits.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace web {

struct services {
    // `actors` must outlive this. `instance_secret` is the store's; `server_keys` are
    // COOKIE_ENCRYPTION_KEY and then its predecessors. Host names and origins start with
    // those of `who`.
    services(boost::asio::io_context& where, oauth::server_identity who, http::backend& actors,
             const secret& instance_secret, const std::vector<secret>& server_keys);

    boost::asio::io_context& io;
    oauth::server_identity identity;
    http::backend& actors;

    secret client_key;                // signs client ids
    std::vector<secret> request_keys; // seal authorization requests; current first
    secret fingerprint_key;           // groups the grants of one API key
    std::optional<secret> admin_token;

    // What a browser may call us from, and as which host. Names are lower-case and without a
    // port: rebinding works by name. Origins are scheme://host[:port], lower-case.
    bool on_loopback; // the service itself is: then every loopback name is one of ours
    std::vector<std::string> host_names;
    std::vector<std::string> origins;

    // For people: where the workspace is, shown to anybody. Empty: not to be told.
    std::string twenty_url;
    oauth::lifetimes lifetimes;
    std::function<oauth::time_point()> now;

    http::limiter limits;
    client_documents documents;
    std::vector<oauth::client> configured_clients;
    std::vector<std::string> trusted_redirect_hosts; // lower-case, besides the known ones
    answered_forms answered{10'000};
    checked_keys checked{64};
    int key_checks = 0; // questions to Twenty about a key, under way
};

// "Example.com:8443" -> "example.com", "[::1]:80" -> "[::1]".
std::string host_name(std::string_view authority);

} // namespace web
