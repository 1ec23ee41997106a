#include "http/local_listener.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace http {

namespace {

using endpoint = asio::local::stream_protocol::endpoint;

error cannot(const std::string& path, std::string_view why) {
    return {errc::unavailable, "Cannot listen on " + path + ": " + std::string(why)};
}

// A process that was killed leaves its file, and nothing can bind there until that has gone.
result<done> clear(local_acceptor& near, const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return done{};
    if (!S_ISSOCK(found.st_mode)) return cannot(path, "there is a file that is no socket");
    error_code failed;
    local_socket probe(near.get_executor());
    probe.open({}, failed);
    // Whoever listens there and stands still must not hold up this start.
    if (!failed) probe.non_blocking(true, failed);
    if (!failed) probe.connect(endpoint(path), failed);
    if (failed != asio::error::connection_refused)
        return cannot(path, "another process listens there");
    if (::unlink(path.c_str()) != 0) return cannot(path, std::strerror(errno));
    return done{};
}

} // namespace

// Threat: between bind() and chmod() somebody else opens the file. Defence: until chmod() it is the
// owner's alone, whatever the process's mask says.
result<socket_file> listen_locally(local_acceptor& to, const std::string& path) {
    if (!is_local_path(path)) return cannot(path, "the path is empty or too long for a socket");
    CHECK_OK(clear(to, path));
    error_code failed;
    to.open({}, failed);
    const auto mask = ::umask(0177);
    if (!failed) to.bind(endpoint(path), failed);
    ::umask(mask);
    if (!failed && ::chmod(path.c_str(), 0660) != 0)
        failed = error_code(errno, boost::system::system_category());
    if (!failed) to.listen(local_acceptor::max_listen_connections, failed);
    struct stat made {};
    if (!failed && ::lstat(path.c_str(), &made) != 0)
        failed = error_code(errno, boost::system::system_category());
    if (!failed) return socket_file{path, made.st_dev, made.st_ino};
    error_code ignored;
    to.close(ignored);
    return cannot(path, failed.message());
}

// Threat: this process takes away the socket of another that has come in its place. Defence: only
// the very file that it made.
void socket_file::remove() const noexcept {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    if (found.st_dev == device && found.st_ino == number) ::unlink(path.c_str());
}

std::string peer_user(local_socket& socket) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return {};
    return "uid " + std::to_string(who.uid);
}

} // namespace http
