// The file of a Unix socket at which a server listens: who may open it, and that none is left
// behind.
#pragma once

#include "base/result.hpp"
#include "http/local_stream.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <cstdint>
#include <string>

namespace http {

using local_acceptor =
    asio::basic_socket_acceptor<asio::local::stream_protocol, asio::io_context::executor_type>;

// The file of a socket, whatever its name leads to later.
struct socket_file {
    std::string path;
    std::uintmax_t device = 0;
    std::uintmax_t number = 0;

    // Takes the file away if it is still there under its name.
    void remove() const noexcept;
};

// Binds `to` at `path` (mode 0660, the group is the process's) and listens. A socket there that
// nobody listens at is taken away; anything else is left, and is an error (errc::unavailable).
result<socket_file> listen_locally(local_acceptor& to, const std::string& path);

// "uid 0": the user of the process at the other end, as the kernel has it.
std::string peer_user(local_socket& socket);

} // namespace http
