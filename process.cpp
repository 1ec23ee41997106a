#include "process.hpp"

#include "base/number.hpp"
#include "base/plain_file.hpp"
#include "base/secret.hpp"
#include "config.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <netdb.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

extern char** environ; // NOLINT(*-redundant-declaration): POSIX wants it declared here

namespace process {

namespace {

error unusable(const std::string& folder, const std::string& why) {
    return {errc::bad_request, "TWENTY_MCP_DATA_DIR: " + folder + " " + why};
}

// usable() judges a folder that is there.
result<done> usable(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode))
        return unusable(path, "is no folder");
    if (::access(path.c_str(), W_OK | X_OK) != 0)
        return unusable(path, "is not writable (" + std::string(std::strerror(errno)) +
                                  "); give it to the user of the service");
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return unusable(path, "is open to other users; close it with: chmod 700 " + path);
    return done{};
}

} // namespace

std::size_t resident_bytes() {
    std::size_t size = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// harden() makes the process not dumpable: no core, no ptrace by the same user, and /proc/PID
// belongs to root. The umask holds for files that nobody gave a mode, SQLite's among them.
void harden() {
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ // the leak checker has to trace us
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    umask(0077);
}

// A service begins with a soft limit far below the hard one, which it may raise by itself.
std::size_t open_files() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    rlimit raised{files.rlim_max, files.rlim_max};
    if (files.rlim_cur < files.rlim_max && setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
    return files.rlim_cur;
}

// Fixed thresholds: glibc would raise both with every large block that is freed, and what lies
// below them stays until return_memory(). Blocks of a message of the largest size come from what is
// free already: memory that is new each time costs more than all the rest that is done with the
// message.
void keep_memory_small() {
    mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
}

// Trees are many small blocks: freed, they lie between others that are in use, and glibc gives
// their pages back when it is told to alone.
void return_memory() {
    constexpr std::size_t worth_it = 8 * 1024 * 1024;
    const auto resident = resident_bytes();
    const auto use = mallinfo2();
    const auto used = use.uordblks + use.hblkhd;
    if (resident >= used + worth_it) malloc_trim(0);
}

std::optional<std::string> variable(std::string_view name) {
    const char* found = std::getenv(std::string(name).c_str());
    if (!found) return std::nullopt;
    return std::string(found);
}

std::vector<std::string> variable_names() {
    std::vector<std::string> names;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        names.emplace_back(text.substr(0, text.find('=')));
    }
    return names;
}

void forget_secrets(const std::vector<setting>& among) {
    for (const auto& s : among) {
        if (!s.is_secret) continue;
        for (const auto& name : {std::string(s.name), std::string(s.also)}) {
            if (name.empty()) continue;
            // unsetenv() only takes the pointer away; the bytes stay where the kernel reads
            // /proc/PID/environ, so they are overwritten in place first.
            if (char* text = std::getenv(name.c_str())) wipe(text, std::strlen(text));
            unsetenv(name.c_str());
        }
    }
}

result<std::string> read_file(const std::string& path) { return files::read_plain(path); }
result<std::string> read_given_file(const std::string& path) { return files::read_given(path); }

result<done> make_private_folder(const std::string& path) {
    std::error_code failed;
    if (std::filesystem::create_directories(path, failed) && !failed)
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
    if (failed) return unusable(path, "cannot be made: " + failed.message());
    return usable(path);
}

result<done> check_private_folder(const std::string& path) {
    std::error_code failed;
    if (std::filesystem::exists(path, failed)) return usable(path);
    auto above = std::filesystem::absolute(path, failed);
    while (!failed && !std::filesystem::exists(above, failed) && above.has_relative_path())
        above = above.parent_path();
    if (!std::filesystem::is_directory(above, failed) || ::access(above.c_str(), W_OK | X_OK) != 0)
        return unusable(path, "cannot be made in " + above.string());
    return done{};
}

// flock() ends with the process however it ends, so that no stale lock keeps a restart out. The
// file is never removed: between a removal and the next creation two processes could hold a lock
// each, on two files. O_NOFOLLOW: a link in its place leads nowhere.
result<folder_lock> folder_lock::take(const std::string& folder) {
    const auto name = folder + "/twenty-mcp.lock";
    folder_lock lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock.file_ < 0)
        return unusable(folder, "is not writable: " + std::string(std::strerror(errno)));
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0)
        return unusable(folder, errno == EWOULDBLOCK
                                    ? "is in use by another twenty-mcp; stop that one first"
                                    : "cannot be locked: " + std::string(std::strerror(errno)));
    // Root restores a backup into the folder of the service's user, who takes the lock at the next
    // start.
    struct stat owner {};
    if (::geteuid() == 0 && ::stat(folder.c_str(), &owner) == 0 && owner.st_uid != 0)
        (void)!::fchown(lock.file_, owner.st_uid, owner.st_gid);
    return lock;
}

folder_lock::~folder_lock() {
    if (file_ >= 0) ::close(file_);
}

// The program beside this one comes first: that is the one of the same version. Both calls return
// only when they fail.
error become(const std::string& name, char** arguments) {
    std::error_code failed;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path() / name;
    if (!failed) ::execv(here.c_str(), arguments);
    if (failed || errno == ENOENT) ::execvp(name.c_str(), arguments);
    // EACCES too: a folder of the PATH that may not be searched hides whether it has the program.
    if (errno == ENOENT || (errno == EACCES && ::access(here.c_str(), F_OK) != 0))
        return {errc::not_found, name + " is not installed"};
    return {errc::bad_request, name + " cannot be started: " + std::strerror(errno)};
}

namespace {

void mask_hang_ups(int how) {
    sigset_t hang_ups;
    sigemptyset(&hang_ups);
    sigaddset(&hang_ups, SIGHUP);
    ::pthread_sigmask(how, &hang_ups, nullptr);
}

} // namespace

void hold_hang_ups() { mask_hang_ups(SIG_BLOCK); }
void let_hang_ups_come() { mask_hang_ups(SIG_UNBLOCK); }

// A number that is not positive would mean a group of processes, or all of them.
result<done> hang_up(const std::string& process_number) {
    const auto number = text::number<pid_t>(process_number);
    if (!number || *number <= 0)
        return error{errc::bad_request, process_number + " is no number of a process"};
    if (::kill(*number, SIGHUP) != 0)
        return error{errc::bad_request,
                     "the process " + process_number + " gets no SIGHUP: " + std::strerror(errno)};
    return done{};
}

// The address comes from the socket itself, so that what follows from it (whether PUBLIC_URL is
// required, for one) is judged by where connections really come in.
result<std::optional<listener>> passed_listener() {
    const int passed = sd_listen_fds(1);
    if (passed == 0) return std::optional<listener>();
    if (passed < 0)
        return error{errc::bad_request,
                     "LISTEN_FDS cannot be used: " + std::string(std::strerror(-passed))};
    if (passed > 1)
        return error{errc::bad_request,
                     "LISTEN_FDS passes " + std::to_string(passed) +
                         " sockets, and one is needed; in a drop-in of the socket unit an empty "
                         "ListenStream= takes the default away"};
    listener made{SD_LISTEN_FDS_START, {}};
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    const auto* const name = reinterpret_cast<const sockaddr*>(&at);
    if (sd_is_socket_inet(made.file, AF_UNSPEC, SOCK_STREAM, 1, 0) <= 0 ||
        ::getsockname(made.file, reinterpret_cast<sockaddr*>(&at), &size) != 0 ||
        ::getnameinfo(name, size, host, sizeof host, port, sizeof port,
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error{errc::bad_request, "LISTEN_FDS passes something else than a TCP socket that "
                                        "listens; in the socket unit: ListenStream=ADDRESS:PORT"};
    made.address = at.ss_family == AF_INET6 ? "[" + std::string(host) + "]" : std::string(host);
    made.address += ":" + std::string(port);
    return std::optional(std::move(made));
}

void notify_ready() { sd_notify(0, "READY=1"); }
void notify_stopping() { sd_notify(0, "STOPPING=1"); }
void notify_alive() { sd_notify(0, "WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog() {
    std::uint64_t within = 0;
    if (sd_watchdog_enabled(0, &within) <= 0) return std::nullopt;
    return std::chrono::microseconds(within);
}

} // namespace process
