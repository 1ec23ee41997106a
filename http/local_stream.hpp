// The stream between two processes of one machine: a Unix socket, where the file's owner, group and
// mode say who may connect.
#pragma once

#include "http/any_stream.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace http {

using local_socket =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;

std::unique_ptr<any_stream> local_stream(local_socket socket);

// Whether a socket can have this path: the kernel's address has room for few bytes.
bool is_local_path(std::string_view path) noexcept;

} // namespace http
