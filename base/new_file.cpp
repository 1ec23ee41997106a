#include "base/new_file.hpp"

#include "base/fault_point.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace files {

namespace {

error failed(const std::string& path, const std::string& doing) {
    const int why = errno;
    return {why == EEXIST ? errc::conflict : errc::unavailable,
            path + " cannot be " + doing + ": " + reason(why)};
}

// With what SQLite keeps beside a file that it has open, and leaves when its process dies. That
// goes first: a log that outlived its file would be played into the next one.
void remove_with_log(const std::string& path) {
    for (const char* end : {"-wal", "-shm", "-journal", ""})
        ::unlink((path + end).c_str());
}

int make(const std::string& path) {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

error in_use(const std::string& path) {
    return {errc::conflict, path + " is being written by another process"};
}

// A lock tells what a living process writes from what a dead one has left.
result<done> remove_stale(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return done{};
    if (!S_ISREG(found.st_mode))
        return error{errc::unavailable, path + " is in the way and no file; remove it"};
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return failed(path, "opened");
    const bool free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
    if (free) remove_with_log(path);
    ::close(file);
    if (!free) return in_use(path);
    return done{};
}

} // namespace

std::string folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

std::string reason(int error_number) {
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "the disk is full; make room and try again";
    case EACCES:
    case EPERM:
        return "permission denied; run this as root or as the user of the service";
    default:
        return std::strerror(error_number);
    }
}

result<done> sync_folder_of(const std::string& path) {
    const auto folder = folder_of(path);
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return failed(folder, "opened");
    const bool synced = ::fsync(file) == 0;
    ::close(file);
    if (!synced) return failed(folder, "made durable");
    return done{};
}

// A file system that does not know RENAME_NOREPLACE leaves a moment between the look and the
// rename.
result<done> rename_to_new(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return done{};
    if (errno == EINVAL || errno == ENOSYS) {
        if (::access(to.c_str(), F_OK) == 0)
            errno = EEXIST;
        else if (::rename(from.c_str(), to.c_str()) == 0)
            return done{};
    }
    return failed(to, "made");
}

// The mode and the owner are right before the first byte. Threat: in a folder that others may write
// to, a link in the file's place leads the copy elsewhere. Defence: O_EXCL follows none, and
// nothing but a plain file is ever removed.
result<new_file> new_file::begin(const std::string& name, const std::string& owner_like) {
    new_file out(name, -1);
    const auto path = out.path();
    CHECK_OK(remove_stale(path));
    const int file = make(path);
    if (file < 0) return failed(path, "made");
    struct stat found {};
    // Between its making and its lock another process may take it for a dead one's.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0 || ::fstat(file, &found) != 0 ||
        found.st_nlink == 0) {
        ::close(file);
        return in_use(path);
    }
    out.file_ = file;
    if (owner_like.empty() || ::geteuid() != 0) return out;
    if (::stat(owner_like.c_str(), &found) != 0 ||
        (found.st_uid != 0 && ::fchown(file, found.st_uid, found.st_gid) != 0))
        return failed(path, "given to the owner of " + owner_like);
    return out;
}

new_file::~new_file() {
    if (file_ < 0) return;
    remove_with_log(path());
    ::close(file_);
}

result<done> new_file::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(file_, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) return failed(path(), "written");
        if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return done{};
}

result<done> new_file::append_from(int file) {
    std::vector<char> buffer(1 << 20);
    for (;;) {
        const auto got = ::read(file, buffer.data(), buffer.size());
        if (got == 0) return done{};
        if (got < 0) {
            if (errno == EINTR) continue;
            return failed("what goes into " + name_, "read");
        }
        CHECK_OK(append({buffer.data(), static_cast<std::size_t>(got)}));
        fault_point("file.filled");
    }
}

result<done> new_file::finish(bool replace) {
    if (::fsync(file_) != 0) return failed(path(), "made durable");
    fault_point("file.synced");
    if (replace) {
        if (::rename(path().c_str(), name_.c_str()) != 0) return failed(name_, "replaced");
    } else {
        CHECK_OK(rename_to_new(path(), name_));
    }
    ::close(std::exchange(file_, -1));
    fault_point("file.renamed");
    return sync_folder_of(name_);
}

} // namespace files
