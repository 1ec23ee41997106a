#include "http/streams.hpp"

#include "base/plain_file.hpp"
#include "http/into.hpp"
#include "http/socket_stream.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace http {

namespace {

using tls_socket = asio::ssl::stream<tcp_socket>;

bool is_address(const std::string& host) {
    error_code failed;
    asio::ip::make_address(host, failed);
    return !failed;
}

// OpenSSL's own name check, because it names the mismatch as such (RFC 6125, RFC 9110 §4.3.4).
bool expect_host(SSL* ssl, const std::string& host) {
    auto* wanted = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An address is compared with the certificate's addresses, and no SNI is sent: RFC 6066 §3 has
    // names only.
    if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 &&
           X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1;
}

class tls final : public any_stream {
  public:
    tls(tcp_socket socket, asio::ssl::context& context, const std::string& host,
        std::shared_ptr<certificate_facts> seen = nullptr)
        : stream_(std::move(socket), context), seen_(std::move(seen)) {
        host_set_ = expect_host(stream_.native_handle(), host);
        error_code ignored;
        if (seen_)
            stream_.set_verify_callback(
                [into = seen_](bool, asio::ssl::verify_context& checked) {
                    note_fault(*into, checked.native_handle());
                    return true;
                },
                ignored);
    }

    asio::awaitable<void> open(error_code& failed, std::string& why) override {
        if (!host_set_) {
            failed = asio::error::invalid_argument;
            co_return;
        }
        co_await stream_.async_handshake(tls_socket::client, into(failed));
        if (!failed && seen_) describe_certificate(*seen_, stream_.native_handle());
        if (!failed) co_return;
        const auto verdict = SSL_get_verify_result(stream_.native_handle());
        if (verdict != X509_V_OK)
            why = std::string("its TLS certificate is not accepted (") +
                  X509_verify_cert_error_string(verdict) + ")";
        else
            why = "the TLS handshake failed";
    }
    asio::awaitable<std::size_t> read_some(asio::mutable_buffer to, error_code& failed) override {
        const auto n = co_await stream_.async_read_some(to, into(failed));
        // RFC 9112 §9.8: an end without TLS's own goodbye may be an attacker's cut. As end of file
        // it would complete a body that has no length.
        if (failed == asio::ssl::error::stream_truncated) failed = asio::error::connection_reset;
        co_return n;
    }
    asio::awaitable<std::size_t> write_some(pieces from, error_code& failed) override {
        return stream_.async_write_some(from, into(failed));
    }
    void cancel() noexcept override {
        error_code ignored;
        stream_.next_layer().cancel(ignored);
    }
    void finish() noexcept override {
        error_code ignored;
        stream_.next_layer().shutdown(tcp_socket::shutdown_send, ignored);
    }
    void close() noexcept override {
        // SSL_set_shutdown() calls the session well ended: OpenSSL never resumes one that was not.
        SSL_set_shutdown(stream_.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        error_code ignored;
        stream_.next_layer().close(ignored);
    }
    bool quiet() noexcept override {
        auto& socket = stream_.next_layer();
        return SSL_pending(stream_.native_handle()) == 0 && socket.is_open() &&
               is_silent(socket.native_handle());
    }
    bool peer_closed() noexcept override {
        auto& socket = stream_.next_layer();
        return !socket.is_open() || has_ended(socket.native_handle());
    }

  private:
    tls_socket stream_;
    std::shared_ptr<certificate_facts> seen_;
    bool host_set_ = false;
};

} // namespace

bool is_silent(int socket) noexcept {
    char byte = 0;
    const auto n = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool has_ended(int socket) noexcept {
    char byte = 0;
    const auto n = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

std::unique_ptr<any_stream> plain_stream(tcp_socket socket) {
    return std::make_unique<socket_stream<tcp_socket>>(std::move(socket));
}

struct tls_trust::context {
    asio::ssl::context ssl{asio::ssl::context::tls_client};
};

result<tls_trust> tls_trust::load(const std::string& extra_ca_file) {
    tls_trust made;
    made.context_ = std::make_shared<context>();
    auto& ssl = made.context_->ssl;
    error_code failed;
    SSL_CTX_set_min_proto_version(ssl.native_handle(), TLS1_2_VERSION);
    // Kept connections are mostly idle, and hold no buffers then.
    SSL_CTX_set_mode(ssl.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    ssl.set_verify_mode(asio::ssl::verify_peer, failed);
    // A machine without authorities trusts nobody, so a failure here shows at the first handshake.
    ssl.set_default_verify_paths(failed);
    if (extra_ca_file.empty()) return made;
    const auto unreadable = [&](std::string why) {
        return error(errc::bad_request,
                     "The file with CA certificates cannot be read: " + extra_ca_file,
                     std::move(why));
    };
    // OpenSSL would wait for the writer of a FIFO.
    if (const auto plain = files::check_plain(extra_ca_file); !plain)
        return unreadable(plain.failure().message);
    if (ssl.load_verify_file(extra_ca_file, failed)) return unreadable(failed.message());
    return made;
}

std::unique_ptr<any_stream> tls_trust::stream(tcp_socket socket, const std::string& host) const {
    return std::make_unique<tls>(std::move(socket), context_->ssl, host);
}

std::unique_ptr<any_stream>
tls_trust::observed_stream(tcp_socket socket, const std::string& host,
                           std::shared_ptr<certificate_facts> seen) const {
    return std::make_unique<tls>(std::move(socket), context_->ssl, host, std::move(seen));
}

} // namespace http
