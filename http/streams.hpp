// The two kinds of stream that leave the process: plain TCP and TLS over it.
#pragma once

#include "base/result.hpp"
#include "http/any_stream.hpp"
#include "http/certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace http {

// The concrete executor spares a type erasure on every operation.
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

std::unique_ptr<any_stream> plain_stream(tcp_socket socket);

// Trust for outgoing TLS: 1.2 or newer, the system's authorities, and optionally those of one
// more file (PEM).
class tls_trust {
  public:
    // errc::bad_request when the file cannot be read.
    static result<tls_trust> load(const std::string& extra_ca_file);

    // open() then does the handshake, with `host` for SNI, and checks the certificate's chain
    // and name.
    [[nodiscard]] std::unique_ptr<any_stream> stream(tcp_socket socket,
                                                     const std::string& host) const;
    // The same for whoever examines a server: open() does not fail for a certificate's sake, and
    // writes into `seen` what is wrong with it. Nothing secret may be sent while there is a fault.
    [[nodiscard]] std::unique_ptr<any_stream>
    observed_stream(tcp_socket socket, const std::string& host,
                    std::shared_ptr<certificate_facts> seen) const;

  private:
    struct context;
    std::shared_ptr<context> context_;
};

} // namespace http
