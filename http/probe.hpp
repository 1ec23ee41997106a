// A client that looks at how a server answers: one connection at a time, to an address that its
// caller chose; a redirect is an answer, a bad certificate is described, and what arrives carries
// its time. It blocks, because whoever examines a server does nothing else meanwhile.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/base_url.hpp"
#include "http/certificate.hpp"
#include "http/local_stream.hpp"
#include "http/streams.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

struct probe_request {
    std::string method = "GET";
    std::string target = "/"; // origin-form
    std::vector<std::pair<std::string, std::string>> headers;
    secret bearer; // empty: no Authorization
    std::string body;
    secret form; // instead of `body`: application/x-www-form-urlencoded
};

struct probe_answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool complete = false;
    bool keep_alive = false;
    std::chrono::milliseconds head_after{0};
    std::optional<std::chrono::milliseconds> body_after; // its first byte
    std::chrono::milliseconds ended_after{0};            // the last that was read of it
    bool cut = false; // the other end closed before all of it had come

    // The first value; empty: there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

class probe {
  public:
    using address = boost::asio::ip::address;
    // What ask() waits for; more_bytes: for what comes a second or more behind the first ones.
    enum class until { complete, first_bytes, more_bytes };

    // `deadline` is for one connection and for one answer each.
    probe(base_url to, tls_trust trust, std::chrono::milliseconds deadline);
    // To the Unix socket at this path, on this machine: nothing is looked up, and there is no TLS.
    probe(std::string socket_path, std::chrono::milliseconds deadline);
    ~probe();
    probe(const probe&) = delete;
    probe& operator=(const probe&) = delete;

    // Whether a TCP connection can be made. errc::unavailable: this machine has no way there;
    // upstream_down or upstream_timeout: the other end does not take it.
    result<done> reach(const address& at);
    // From then on connections go there.
    void use(const address& at) { at_ = at; }
    // Name, TCP and TLS. The name is looked up unless use() has said where. Of a Unix socket:
    // errc::not_found: there is none at that path; not_allowed: it is not for this user;
    // bad_request: no socket can have that path.
    result<done> connect();
    // Of the last connection; nothing while the address is plain http.
    [[nodiscard]] const certificate_facts& certificate() const noexcept { return *certificate_; }
    // This end of it.
    [[nodiscard]] const std::string& own_address() const noexcept { return own_address_; }
    // On the open connection, or on a new one. errc::not_allowed: what is secret goes over no
    // connection with a bad certificate; too_large: the answer has more than is read. An answer
    // may come before the request was sent whole; its connection is not used again.
    result<probe_answer> ask(const probe_request& r, until enough = until::complete);
    void close() noexcept;
    // How many connections connect() and ask() have made.
    [[nodiscard]] int connections() const noexcept { return connections_; }

  private:
    struct exchange;
    void run_within(std::chrono::milliseconds time);
    result<done> connect_local();
    asio::awaitable<void> open(result<done>& out);
    asio::awaitable<void> write(std::shared_ptr<exchange> e);
    asio::awaitable<void> read(std::shared_ptr<exchange> e, until enough);

    asio::io_context io_{1};
    base_url url_;
    std::string socket_path_; // empty: `url_` says where
    tls_trust trust_;
    std::chrono::milliseconds deadline_;
    std::optional<address> at_;
    std::unique_ptr<tcp_socket> socket_; // while it connects
    std::unique_ptr<local_socket> local_;
    std::unique_ptr<any_stream> stream_;
    std::shared_ptr<certificate_facts> certificate_ = std::make_shared<certificate_facts>();
    std::string own_address_;
    bool late_ = false;
    int connections_ = 0;
};

} // namespace http
