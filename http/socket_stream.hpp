// A stream over a socket that is connected, of any kind that Asio has, and what can be seen of such
// a socket without reading from it.
#pragma once

#include "http/into.hpp"

#include <utility>

namespace http {

// Threat: a half-dead connection is reused and the request lost. Defence: look first; bytes
// that nobody asked for are as bad as the end of the stream.
bool is_silent(int socket) noexcept;
// has_ended() differs from is_silent() in what it makes of bytes: a client may send its next
// request early, and has not gone by that.
bool has_ended(int socket) noexcept;

template <class Socket> class socket_stream final : public any_stream {
  public:
    explicit socket_stream(Socket socket) : socket_(std::move(socket)) {
        error_code ignored;
        socket_.non_blocking(true, ignored);
    }

    asio::awaitable<void> open(error_code& failed, std::string&) override {
        failed = {};
        co_return;
    }
    asio::awaitable<std::size_t> read_some(asio::mutable_buffer to, error_code& failed) override {
        return socket_.async_read_some(to, into(failed));
    }
    asio::awaitable<std::size_t> write_some(pieces from, error_code& failed) override {
        // Nearly always the kernel takes all of it at once; then no scheduler is involved.
        const auto n = socket_.write_some(from, failed);
        if (failed != asio::error::would_block) co_return n;
        co_return co_await socket_.async_write_some(from, into(failed));
    }
    void cancel() noexcept override {
        error_code ignored;
        socket_.cancel(ignored);
    }
    void finish() noexcept override {
        error_code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
    }
    void close() noexcept override {
        error_code ignored;
        socket_.close(ignored);
    }
    bool quiet() noexcept override {
        return socket_.is_open() && is_silent(socket_.native_handle());
    }
    bool peer_closed() noexcept override {
        return !socket_.is_open() || has_ended(socket_.native_handle());
    }

  private:
    Socket socket_;
};

} // namespace http
