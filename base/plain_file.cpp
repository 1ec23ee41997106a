#include "base/plain_file.hpp"

#include "base/descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace files {

namespace {

error unreadable(const std::string& path) {
    return {errno == ENOENT ? errc::not_found : errc::bad_request,
            path + ": " + std::strerror(errno)};
}

std::string_view kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "a folder";
    case S_IFIFO:
        return "a FIFO";
    case S_IFSOCK:
        return "a socket";
    default:
        return "a device";
    }
}

result<done> check_kind(const std::string& path, const struct stat& found, bool pipes) {
    if (S_ISREG(found.st_mode) || (pipes && S_ISFIFO(found.st_mode))) return done{};
    return error{errc::bad_request,
                 path + " is " + std::string(kind_of(found.st_mode)) + " and no plain file"};
}

result<done> look_at(const std::string& path, bool pipes) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return unreadable(path);
    return check_kind(path, found, pipes);
}

// Threat: a FIFO in the place of a file holds the process up until somebody writes to it, a device
// for ever. Defence: the look before the opening spares a device what its opening does; the one
// behind it holds for whatever has been put there in between, which O_NONBLOCK does not wait for.
// read(2) alone, for a buffer would keep a copy of a credential.
result<std::string> read_whole(const std::string& path, bool pipes) {
    CHECK_OK(look_at(path, pipes));
    struct stat found {};
    const descriptor file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (pipes ? 0 : O_NONBLOCK)));
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return unreadable(path);
    CHECK_OK(check_kind(path, found, pipes));
    std::string content(largest_plain_file + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const auto got = ::read(file.get(), content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > largest_plain_file) return error{errc::bad_request, path + " is larger than 1 MiB"};
    content.resize(size);
    return content;
}

} // namespace

result<done> check_plain(const std::string& path) { return look_at(path, false); }
result<std::string> read_plain(const std::string& path) { return read_whole(path, false); }
result<std::string> read_given(const std::string& path) { return read_whole(path, true); }

} // namespace files
