// The one request that a stranger can make this server send: for a client's own metadata
// document (oauth/client_document.hpp).
// Threat: the URL leads into our network, to Twenty or to this server itself; the answer is
// endless, slow or a way onward (SSRF). Defence: the name is resolved once, every answer must be
// a public address, one of those same addresses is connected to, the certificate must be the
// name's, no redirect is followed, nothing is unpacked, and size and time are small.
// Threat: behind a proxy that is given the name, the proxy's look-up decides where the request
// goes. Defence: the name is resolved and judged here all the same, and the proxy is asked for the
// address (docs/decisions/0011-documents-through-a-proxy.md). The proxy's own address is the
// operator's choice.
#pragma once

#include "base/result.hpp"
#include "http/name_lookup.hpp"
#include "http/proxy_rules.hpp"
#include "http/streams.hpp"
#include "oauth/client_document.hpp"
#include "web/fair_slots.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace web {

struct fetched_document {
    std::string body;
    std::chrono::seconds lifetime{0};
};

class document_source {
  public:
    virtual ~document_source() = default;
    // errc::bad_request: the address must not be asked, or what it answers is no document;
    // upstream_down, upstream_timeout: its host cannot be reached; busy: it answers with a fault of
    // the moment.
    // `slot` is held for as long as anything of this machine is still at work for the fetch.
    virtual boost::asio::awaitable<result<fetched_document>> fetch(oauth::document_url url,
                                                                   fair_slots::slot slot) = 0;
};

// Never asked: private networks and the like, and the addresses of this machine itself.
bool is_forbidden_address(const boost::asio::ip::address& address);

// What tests replace, so that they reach a server of their own.
struct document_fetch_options {
    std::function<boost::asio::awaitable<result<http::addresses>>(
        std::string host, std::chrono::steady_clock::time_point until, fair_slots::slot slot)>
        resolve;
    std::function<bool(const boost::asio::ip::address&)> forbidden = is_forbidden_address;
    std::vector<std::string> forbidden_hosts; // lower-case: our own names and Twenty's
    std::uint16_t port = 443;
    http::proxy_settings proxies;
    std::chrono::milliseconds resolve_deadline{3000};
    std::chrono::milliseconds deadline{5000}; // for everything together
};

class document_fetcher final : public document_source {
  public:
    document_fetcher(boost::asio::io_context& io, http::tls_trust trust,
                     document_fetch_options options)
        : io_(io), trust_(std::move(trust)), options_(std::move(options)) {}

    boost::asio::awaitable<result<fetched_document>> fetch(oauth::document_url url,
                                                           fair_slots::slot slot) override;

  private:
    struct journey;
    using journey_ptr = std::shared_ptr<journey>;
    boost::asio::awaitable<result<http::tcp_socket>>
    connect(journey_ptr trip, http::addresses targets, std::uint16_t port);
    boost::asio::awaitable<result<http::tcp_socket>> connect_through(journey_ptr trip,
                                                                     http::proxy_address proxy,
                                                                     http::addresses targets,
                                                                     fair_slots::slot slot);
    boost::asio::awaitable<result<fetched_document>> talk(journey_ptr trip,
                                                          http::any_stream* stream);

    boost::asio::io_context& io_;
    http::tls_trust trust_;
    document_fetch_options options_;
};

} // namespace web
