#include "stdio/line_output.hpp"

#include "base/signals.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stdio {

struct line_output::state {
    const int file;
    const std::size_t most;
    std::function<void()> broken; // null once it was called, or its owner has gone
    std::mutex mutex;
    std::condition_variable filled;
    std::condition_variable moved; // something was written, or never will be
    std::string waiting;
    bool writing = false;
    bool refused = false;
    bool over = false;
    std::uint64_t steps = 0; // writes
    std::string failure;

    state(int f, std::size_t m, std::function<void()> b) : file(f), most(m), broken(std::move(b)) {}
    // The three below want the lock.
    [[nodiscard]] bool all_written() const { return !writing && waiting.empty(); }
    void refuse(std::string why) {
        refused = true;
        failure = std::move(why);
        waiting.clear();
        moved.notify_all();
        if (const auto tell = std::exchange(broken, nullptr)) tell();
    }
    // False: it was refused.
    bool write_all(std::string_view bytes, std::unique_lock<std::mutex>& lock) {
        while (!bytes.empty()) {
            // A write to a pipe comes back when all of it is there: pieces tell of progress.
            constexpr std::size_t piece = 16UL * 1024;
            lock.unlock();
            const auto n = ::write(file, bytes.data(), std::min(bytes.size(), piece));
            const int why = errno;
            if (n < 0 && (why == EAGAIN || why == EWOULDBLOCK)) {
                pollfd writable{file, POLLOUT, 0};
                ::poll(&writable, 1, -1);
            }
            lock.lock();
            if (n >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(n));
                ++steps;
                moved.notify_all();
            } else if (why != EAGAIN && why != EWOULDBLOCK && why != EINTR) {
                refuse(why == EPIPE ? std::string() : std::strerror(why));
                return false;
            }
        }
        return true;
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
    {
        const std::lock_guard lock(s.mutex);
        if (s.refused) return;
        if (s.waiting.size() + line.size() + 1 > s.most)
            return s.refuse("too much waits for its reader");
        const auto from = s.waiting.size();
        s.waiting.append(line);
        std::replace(s.waiting.begin() + static_cast<std::ptrdiff_t>(from), s.waiting.end(), '\n',
                     ' ');
        s.waiting.push_back('\n');
    }
    s.filled.notify_one();
}

bool line_output::flush(std::chrono::milliseconds patience) {
    auto& s = *state_;
    std::unique_lock lock(s.mutex);
    while (!s.refused && !s.all_written()) {
        const auto before = s.steps;
        const bool goes_on = s.moved.wait_for(
            lock, patience, [&] { return s.refused || s.all_written() || s.steps != before; });
        if (!goes_on) return false;
    }
    return !s.refused;
}

std::string line_output::failure() const {
    const std::lock_guard lock(state_->mutex);
    return state_->failure;
}

// write_on() is a thread that no destructor joins: a write to a pipe that nobody reads would keep
// it. It ends with the process, or when the output is over.
void line_output::write_on(const std::shared_ptr<state>& s) {
    take_no_signals();
    std::unique_lock lock(s->mutex);
    for (;;) {
        s->filled.wait(lock, [&] { return s->over || !s->waiting.empty(); });
        if (s->waiting.empty()) return; // over
        const auto batch = std::exchange(s->waiting, {});
        s->writing = true;
        const bool done = s->write_all(batch, lock);
        s->writing = false;
        if (!done) return;
        s->moved.notify_all();
    }
}

} // namespace stdio
