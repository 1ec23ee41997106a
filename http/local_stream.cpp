#include "http/local_stream.hpp"

#include "http/socket_stream.hpp"

#include <sys/un.h>

namespace http {

std::unique_ptr<any_stream> local_stream(local_socket socket) {
    return std::make_unique<socket_stream<local_socket>>(std::move(socket));
}

bool is_local_path(std::string_view path) noexcept {
    // The last byte is the terminator's. A path that begins with it would be no file.
    return !path.empty() && path.size() < sizeof(sockaddr_un{}.sun_path) &&
           path.find('\0') == std::string_view::npos;
}

} // namespace http
