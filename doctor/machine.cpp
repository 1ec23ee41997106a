#include "doctor/machine.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace doctor {

file_facts look_at(const std::string& path) {
    struct stat found {};
    file_facts out;
    if (::stat(path.c_str(), &found) != 0) {
        if (errno != ENOENT) out.failed = std::strerror(errno);
        return out;
    }
    out.there = true;
    out.folder = S_ISDIR(found.st_mode);
    out.stream = !out.folder && !S_ISREG(found.st_mode);
    out.mode = found.st_mode & 0777U;
    out.owner = found.st_uid;
    return out;
}

result<std::uint64_t> free_bytes(const std::string& folder) {
    struct statvfs found {};
    if (::statvfs(folder.c_str(), &found) != 0)
        return error{errc::unavailable, folder + ": " + std::strerror(errno)};
    return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

unsigned own_user() { return ::geteuid(); }

} // namespace doctor
