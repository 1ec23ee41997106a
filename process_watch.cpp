// What the process tells of itself: its log to systemd's journal, its numbers to the metrics.
#include "base/line_writer.hpp"
#include "process.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION // the place that calls the journal says nothing
#include <systemd/sd-journal.h>
#include <unistd.h>
#include <vector>

namespace process {

bool logs_to_journal() {
    const auto stream = variable("JOURNAL_STREAM");
    struct stat found {};
    if (!stream || ::fstat(STDERR_FILENO, &found) != 0) return false;
    return *stream == std::to_string(found.st_dev) + ':' + std::to_string(found.st_ino);
}

// An empty line ends a record (logging::journal_record).
std::string_view write_to_journal(std::string_view records) {
    constexpr std::string_view message = "MESSAGE=";
    // sd_journal_sendv() reports success where there is no journal.
    const bool there = ::access("/run/systemd/journal/socket", W_OK) == 0;
    static constexpr std::string_view who = "SYSLOG_IDENTIFIER=twenty-mcp";
    std::vector<iovec> fields;
    const auto add = [&](std::string_view field) {
        // sd_journal_sendv() takes what it does not change as what it may.
        fields.push_back({const_cast<char*>(field.data()), field.size()});
    };
    while (!records.empty()) {
        const auto end = records.find("\n\n");
        auto record = records.substr(0, end);
        records.remove_prefix(end == std::string_view::npos ? records.size() : end + 2);
        const auto first = record.substr(0, record.find('\n'));
        fields.clear();
        add(who);
        while (!record.empty()) {
            const auto field = record.substr(0, record.find('\n'));
            if (!field.empty()) add(field);
            record.remove_prefix(std::min(record.size(), field.size() + 1));
        }
        if (there && sd_journal_sendv(fields.data(), static_cast<int>(fields.size())) >= 0)
            continue;
        const auto line = std::string(first.substr(std::min(first.size(), message.size()))) + '\n';
        line_writer::write_all(STDERR_FILENO, line);
    }
    return {};
}

bool files_used_up() {
    const int file = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (file < 0) return errno == EMFILE || errno == ENFILE;
    ::close(file);
    return false;
}

vitals read_vitals() {
    vitals out;
    rusage used{};
    if (getrusage(RUSAGE_SELF, &used) == 0) {
        const auto seconds = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
        };
        out.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    out.resident_bytes = static_cast<double>(resident_bytes());
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) out.most_files = static_cast<double>(files.rlim_cur);
    std::error_code failed;
    const std::filesystem::directory_iterator open("/proc/self/fd", failed);
    if (!failed) {
        out.open_files = static_cast<double>(std::distance(begin(open), end(open)));
        return out;
    }
    // The folder takes a file itself, and the last one may be gone.
    for (int file = 0; file < static_cast<int>(out.most_files); ++file)
        if (::fcntl(file, F_GETFD) != -1) ++out.open_files;
    return out;
}

} // namespace process
