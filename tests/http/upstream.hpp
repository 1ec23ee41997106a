// A server on a thread of its own whose every connection follows a script, plain or with TLS, and
// throw-away certificates for it.
#pragma once

#include "tests/http/raw_socket.hpp"

#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <functional>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/un.h>

namespace testing {

// One accepted connection of a scripted upstream, plain or TLS, in blocking calls.
class upstream_connection {
  public:
    upstream_connection(int fd, SSL_CTX* tls) : fd_(fd) {
        if (!tls) return;
        ssl_ = SSL_new(tls);
        SSL_set_fd(ssl_, fd);
        good_ = SSL_accept(ssl_) == 1;
    }
    ~upstream_connection() {
        if (ssl_) SSL_free(ssl_);
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool good() const { return good_; }
    // The next request with its body; empty when the client is gone.
    std::string request() {
        for (;;) {
            const auto end = in_.find("\r\n\r\n");
            if (end != std::string::npos) {
                const auto at = in_.find("Content-Length: ");
                const auto total =
                    end + 4 + (at < end ? std::stoul(in_.substr(at + 16)) : std::size_t{0});
                if (in_.size() >= total) {
                    auto one = in_.substr(0, total);
                    in_.erase(0, total);
                    return one;
                }
            }
            char piece[4096];
            const auto n = ssl_ ? SSL_read(ssl_, piece, sizeof piece)
                                : static_cast<int>(::recv(fd_, piece, sizeof piece, 0));
            if (n <= 0) return {};
            in_.append(piece, static_cast<std::size_t>(n));
        }
    }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n =
                ssl_ ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                     : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    // From here on this connection's bytes are those of another one, to a port of this machine;
    // comes back when either side has ended. Plain connections only.
    void carry_to(std::uint16_t port) {
        const int other = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bool open = ::connect(other, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
        pollfd both[] = {{fd_, POLLIN, 0}, {other, POLLIN, 0}};
        while (open && ::poll(both, 2, -1) > 0) {
            for (auto& from : both) {
                if (from.revents == 0) continue;
                char piece[16384];
                const auto n = ::recv(from.fd, piece, sizeof piece, 0);
                const int to = from.fd == fd_ ? other : fd_;
                open = open && n > 0 &&
                       ::send(to, piece, static_cast<std::size_t>(n), MSG_NOSIGNAL) == n;
            }
        }
        ::close(other);
    }
    void reset() { // RST instead of FIN
        linger hard{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        ::close(std::exchange(fd_, -1));
    }

  private:
    int fd_;
    SSL* ssl_ = nullptr;
    bool good_ = true;
    std::string in_;
};

// Runs a script for each connection, each on its own thread.
class upstream {
  public:
    using script = std::function<void(upstream_connection&, int number)>;

    explicit upstream(script s, SSL_CTX* tls = nullptr) : script_(std::move(s)), tls_(tls) {
        listening_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at);
        socklen_t size = sizeof at;
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size);
        port = ntohs(at.sin_port);
        listen();
    }
    // At a Unix socket, which this makes.
    upstream(script s, const std::string& path) : script_(std::move(s)), tls_(nullptr) {
        listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        path.copy(at.sun_path, sizeof at.sun_path - 1);
        ::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at);
        listen();
    }
    ~upstream() {
        stopping_ = true;
        ::shutdown(listening_, SHUT_RDWR);
        threads_.front().join();
        for (std::size_t i = 1; i < threads_.size(); ++i)
            threads_[i].join();
        ::close(listening_);
    }

    std::uint16_t port = 0;
    std::atomic<int> accepted{0};
    std::atomic<int> served{0};

  private:
    void listen() {
        std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to a peer that has gone
        ::listen(listening_, 64);
        threads_.emplace_back([this] { accept_all(); });
    }
    void accept_all() {
        for (;;) {
            const int fd = ::accept(listening_, nullptr, nullptr);
            if (fd < 0 || stopping_) return;
            const int number = ++accepted;
            threads_.emplace_back([this, fd, number] {
                upstream_connection c(fd, tls_);
                if (c.good()) script_(c, number);
                ++served;
            });
        }
    }

    script script_;
    SSL_CTX* tls_;
    int listening_ = -1;
    std::atomic<bool> stopping_{false};
    std::deque<std::thread> threads_;
};

inline std::string plain_answer(std::string_view body, std::string_view more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" + std::string(body);
}

// A throw-away authority and a server certificate for one DNS name.
struct certificates {
    std::filesystem::path folder;
    SSL_CTX* server = nullptr;

    explicit certificates(const std::string& name) {
        char made[] = "/tmp/http-certificates-XXXXXX";
        folder = ::mkdtemp(made);
        EVP_PKEY* ca_key = EVP_EC_gen("P-256");
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* ca = make("Test CA", ca_key, nullptr, ca_key, "CA:TRUE", {});
        X509* leaf = make(name, key, ca, ca_key, "CA:FALSE", "DNS:" + name);
        std::FILE* file = std::fopen(ca_file().c_str(), "w");
        PEM_write_X509(file, ca);
        std::fclose(file);
        server = SSL_CTX_new(TLS_server_method());
        SSL_CTX_use_certificate(server, leaf);
        SSL_CTX_use_PrivateKey(server, key);
        X509_free(leaf);
        X509_free(ca);
        EVP_PKEY_free(key);
        EVP_PKEY_free(ca_key);
    }
    ~certificates() {
        SSL_CTX_free(server);
        std::filesystem::remove_all(folder);
    }
    [[nodiscard]] std::string ca_file() const { return folder / "ca.pem"; }

    static X509* make(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* signer,
                      const char* constraints, const std::string& alternative) {
        X509* c = X509_new();
        X509_set_version(c, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(c), issuer ? 2 : 1);
        X509_gmtime_adj(X509_getm_notBefore(c), -60);
        X509_gmtime_adj(X509_getm_notAfter(c), 3600);
        X509_set_pubkey(c, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(c, X509_get_subject_name(issuer ? issuer : c));
        extend(c, NID_basic_constraints, constraints);
        if (!alternative.empty()) extend(c, NID_subject_alt_name, alternative.c_str());
        X509_sign(c, signer, EVP_sha256());
        return c;
    }
    static void extend(X509* c, int what, const char* value) {
        X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
        X509_add_ext(c, e, -1);
        X509_EXTENSION_free(e);
    }
};

} // namespace testing
