// What the program asks of the operating system: its environment, its files, its manager. No
// other file calls getenv().
#pragma once

#include "base/result.hpp"
#include "config.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace process {

// Threat: keys in a core file or read by another process of the same user. Defence: no core
// files, no tracing, private files from the first one on.
void harden();

// How many files and sockets may be open at one time: as many as the system lets this process have.
std::size_t open_files();
// None more can be opened at this moment.
bool files_used_up();

// Once, before much is allocated: what is large and freed goes back to the system by itself.
void keep_memory_small();
// Gives back what is resident and not in use, if that is much.
void return_memory();
std::size_t resident_bytes();

std::optional<std::string> variable(std::string_view name);
std::vector<std::string> variable_names();
// Overwrites the values of those that are secret where the kernel shows them (/proc/PID/environ)
// and removes them from the environment.
void forget_secrets(const std::vector<setting>& among);

// A plain file of at most 1 MiB (files::read_plain). errc::not_found, or bad_request with the
// reason.
result<std::string> read_file(const std::string& path);
// What somebody names on the command line, which may be a pipe as well.
result<std::string> read_given_file(const std::string& path);
// Makes the folder (mode 0700) unless it is there; it must be writable, and ours alone.
// Threat: other users of the machine read or replace the database. Defence: a folder that is open
// to them is refused. It is not closed for the operator: what else is in it, and who needs that,
// only they know.
result<done> make_private_folder(const std::string& path);
// Whether make_private_folder() would succeed; makes nothing.
result<done> check_private_folder(const std::string& path);

// Threat: two processes on one database undo each other's rotation of tokens. Defence: whoever
// holds the folder is its only user. Held as long as this lives; the kernel gives it back however
// the process ends.
class folder_lock {
  public:
    static result<folder_lock> take(const std::string& folder);
    folder_lock(folder_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    folder_lock& operator=(folder_lock&&) = delete;
    ~folder_lock();

  private:
    explicit folder_lock(int file) noexcept : file_(file) {}
    int file_;
};

// Becomes another program of ours, with these arguments (the first is what it was
// called by) and the same
// environment: the file `name` beside the one that runs, else the first on the PATH. Returns only
// when that fails: errc::not_found, or bad_request with the system's reason.
error become(const std::string& name, char** arguments);

// Is standard error a stream to systemd's journal (systemd.exec(5), JOURNAL_STREAM)?
bool logs_to_journal();
// Writes records of logging::format::journal. What the journal does not take goes to standard error
// as a line.
std::string_view write_to_journal(std::string_view records);

// SIGHUP, whose default would end the process, waits from then on until somebody lets it come.
// Before any thread is made.
void hold_hang_ups();
void let_hang_ups_come();
// Sends it to a process, by its number. errc::bad_request: it is none, or there is none such.
result<done> hang_up(const std::string& process_number);

// What the system says of this process, for the metrics.
struct vitals {
    double cpu_seconds = 0;
    double resident_bytes = 0;
    double open_files = 0;
    double most_files = 0;
};
vitals read_vitals();

// A socket at which connections wait for this process, whether or not it runs: systemd's socket
// activation, or whoever else passes LISTEN_FDS (sd_listen_fds(3)).
struct listener {
    int file = -1;
    std::string address; // as TWENTY_MCP_LISTEN has it
};
// Asks once; nullopt: none was passed. errc::bad_request: several, or one of another kind.
result<std::optional<listener>> passed_listener();

// systemd's Type=notify; without systemd they do nothing.
void notify_ready();
void notify_stopping();
// That the process serves. A service manager that wants to hear so ends one that stays silent.
void notify_alive();
// Within which time it wants to hear so; nullopt: it does not.
std::optional<std::chrono::microseconds> watchdog();

} // namespace process
