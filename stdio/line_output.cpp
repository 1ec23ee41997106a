#include "stdio/line_output.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stdio {

namespace {

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(file, bytes.data(), bytes.size());
        if (n >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd writable{file, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

} // namespace

struct line_output::state {
    const int file;
    const std::size_t most;
    std::function<void()> broken; // null once it was called
    std::mutex mutex;
    std::condition_variable filled;
    std::condition_variable written;
    std::string waiting;
    bool writing = false;
    bool refused = false;
    bool over = false;

    state(int f, std::size_t m, std::function<void()> b) : file(f), most(m), broken(std::move(b)) {}
    // What to call without the lock.
    std::function<void()> refuse() {
        refused = true;
        waiting.clear();
        written.notify_all();
        return std::exchange(broken, nullptr);
    }
};

line_output::line_output(int file, std::function<void()> broken, std::size_t most)
    : state_(std::make_shared<state>(file, most, std::move(broken))) {
    std::thread([s = state_] { write_on(s); }).detach();
}

line_output::~line_output() {
    const std::lock_guard lock(state_->mutex);
    state_->over = true;
    state_->broken = nullptr;
    state_->filled.notify_one();
}

void line_output::write(std::string_view line) {
    auto& s = *state_;
    std::function<void()> tell;
    {
        const std::lock_guard lock(s.mutex);
        if (s.refused) return;
        if (s.waiting.size() + line.size() + 1 > s.most) {
            tell = s.refuse();
        } else {
            const auto from = s.waiting.size();
            s.waiting.append(line);
            std::replace(s.waiting.begin() + static_cast<std::ptrdiff_t>(from), s.waiting.end(),
                         '\n', ' ');
            s.waiting.push_back('\n');
        }
    }
    s.filled.notify_one();
    if (tell) tell();
}

bool line_output::flush(std::chrono::milliseconds most) {
    auto& s = *state_;
    std::unique_lock lock(s.mutex);
    s.written.wait_for(lock, most, [&] { return s.refused || (!s.writing && s.waiting.empty()); });
    return !s.refused && !s.writing && s.waiting.empty();
}

// write_on() is a thread that no destructor joins: a write to a pipe that nobody reads would keep
// it. It ends with the process, or when the output is over.
void line_output::write_on(const std::shared_ptr<state>& s) {
    // Signals are the serving thread's; SIGPIPE is of use to none, because write() reports the
    // same.
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);

    std::unique_lock lock(s->mutex);
    for (;;) {
        s->filled.wait(lock, [&] { return s->over || !s->waiting.empty(); });
        if (s->waiting.empty()) return; // over
        const auto batch = std::exchange(s->waiting, {});
        s->writing = true;
        lock.unlock();
        const bool done = write_all(s->file, batch);
        lock.lock();
        s->writing = false;
        if (!done) {
            const auto tell = s->refuse();
            lock.unlock();
            if (tell) tell();
            return;
        }
        if (s->waiting.empty()) s->written.notify_all();
    }
}

} // namespace stdio
