// The way to Twenty: a keep-alive pool of connections to one base URL. Implements the
// transport that twenty/ and the actors talk through.
#pragma once

#include "base/result.hpp"
#include "http/proxy_rules.hpp"
#include "http/streams.hpp"
#include "twenty/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace http {

class client_pool;

struct client_options {
    std::string base_url; // http or https, host, optional port and path; nothing else
    std::string ca_file;  // PEM, trusted besides the system's authorities; may be empty
    std::optional<proxy_address> proxy; // on the way to `base_url`
    secret fields;                      // of every head, each "\r\nname: value"; may be empty
    std::size_t max_connections = 32;   // further requests wait for a free one
    std::size_t max_body = 8 * 1024 * 1024;
    std::size_t max_bodies = 32 * 1024 * 1024; // of all answers that are on their way
    std::size_t max_header = 32 * 1024;
    std::chrono::milliseconds connect_deadline{5000}; // name, TCP and TLS together
    std::chrono::milliseconds idle{50'000};           // Twenty closes after 65 s
    std::chrono::milliseconds resolve_again{300'000};
};

// Redirects are answers like any other: following one could carry the key to another host.
class https_client final : public twenty::transport {
  public:
    // errc::bad_request: the URL or the CA file cannot be used. Opens no connection yet.
    static result<std::unique_ptr<https_client>> create(boost::asio::io_context& io,
                                                        client_options options);
    // Open exchanges are dropped; their completions are not called.
    ~https_client() override;

    ticket send(twenty::request r, secret api_key, std::chrono::milliseconds deadline,
                completion done) override;
    void cancel(ticket t) override;

    // From then on connections are opened with this trust, and none is used again that was opened
    // before. What is in flight ends in peace.
    void trust_anew(tls_trust trust);

    [[nodiscard]] std::size_t open_connections() const noexcept;

  private:
    explicit https_client(std::shared_ptr<client_pool> p) : pool_(std::move(p)) {}
    std::shared_ptr<client_pool> pool_;
};

} // namespace http
