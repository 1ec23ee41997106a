// A connected byte stream whose kind (plain TCP, TLS, a test's memory) its user does not know.
// One virtual call a read or write; the code above compiles once for all kinds.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace http {

namespace asio = boost::asio;
using boost::system::error_code;

class any_stream {
  public:
    using pieces = std::array<asio::const_buffer, 2>; // head and body, gathered

    virtual ~any_stream() = default;

    // What must happen before the first byte: nothing, or a TLS handshake. On failure `why`
    // is a sentence for the operator when the error code alone says too little.
    virtual asio::awaitable<void> open(error_code& failed, std::string& why) = 0;
    // At least one byte, or an error; asio::error::eof when the peer has closed its side.
    virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into,
                                                   error_code& failed) = 0;
    // At least one byte of what is not empty, or an error.
    virtual asio::awaitable<std::size_t> write_some(pieces from, error_code& failed) = 0;

    // A read or write that waits now ends with operation_aborted; the stream stays usable.
    virtual void cancel() noexcept = 0;
    // Tells the peer that nothing more comes. Reading goes on.
    virtual void finish() noexcept = 0;
    virtual void close() noexcept = 0;
    // Open, and nothing arrived that nobody asked for: a kept connection may be used again.
    [[nodiscard]] virtual bool quiet() noexcept = 0;
    // The peer has closed or reset its side. Bytes that wait unread hide it.
    [[nodiscard]] virtual bool peer_closed() noexcept = 0;
};

} // namespace http
