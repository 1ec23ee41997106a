#include "base/line_writer.hpp"

#include "base/signals.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

// The queue is one string under a mutex. put() appends to it; the thread takes all of it at once,
// writes without the mutex, and comes back. While it writes, `writing` is set, so that flush()
// knows that an empty queue is not yet a written one. The thread holds `state` on its own account:
// a line_writer may go while the thread is stuck in a write.

namespace {

// Lines that come within this time are written at once: a wake-up costs more than a line.
constexpr std::chrono::milliseconds gather{5};

} // namespace

struct line_writer::state {
    const writer write;
    const notice of_dropped;
    const std::size_t most;
    std::mutex mutex;
    std::condition_variable filled;
    std::condition_variable hurry;
    std::condition_variable written;
    std::string waiting;
    std::size_t dropped = 0; // lines, since it was last said
    std::uint64_t dropped_in_all = 0;
    int flushing = 0; // so many wait in flush()
    bool writing = false;
    bool over = false;

    state(writer w, notice n, std::size_t m)
        : write(std::move(w)), of_dropped(std::move(n)), most(m) {}
};

line_writer::line_writer(writer to, notice of_dropped, std::size_t most)
    : state_(std::make_shared<state>(std::move(to), std::move(of_dropped), most)) {
    std::thread([s = state_] { write_on(s); }).detach();
}

line_writer::~line_writer() {
    const std::lock_guard lock(state_->mutex);
    state_->over = true;
    state_->filled.notify_one();
    state_->hurry.notify_one();
}

void line_writer::put(std::string_view line, bool must_be_seen) {
    auto& s = *state_;
    {
        const std::lock_guard lock(s.mutex);
        // A quarter is kept for warnings: a flood of ordinary lines leaves them room.
        const auto room = must_be_seen ? s.most : s.most / 4 * 3;
        if (s.waiting.size() + line.size() + 1 > room) {
            ++s.dropped;
            ++s.dropped_in_all;
            return;
        }
        s.waiting.append(line).push_back('\n');
    }
    s.filled.notify_one();
}

std::uint64_t line_writer::dropped() const {
    const std::lock_guard lock(state_->mutex);
    return state_->dropped_in_all;
}

bool line_writer::flush(std::chrono::milliseconds most) {
    auto& s = *state_;
    std::unique_lock lock(s.mutex);
    ++s.flushing;
    s.hurry.notify_one();
    const bool all =
        s.written.wait_for(lock, most, [&] { return !s.writing && s.waiting.empty(); });
    --s.flushing;
    return all;
}

void line_writer::write_on(const std::shared_ptr<state>& s) {
    take_no_signals();
    std::unique_lock lock(s->mutex);
    for (;;) {
        s->filled.wait(lock, [&] { return s->over || !s->waiting.empty(); });
        s->hurry.wait_for(lock, gather, [&] { return s->over || s->flushing > 0; });
        if (s->waiting.empty()) return; // over
        auto batch = std::exchange(s->waiting, {});
        if (const auto dropped = std::exchange(s->dropped, 0); dropped > 0)
            batch.append(s->of_dropped(dropped)).push_back('\n');
        s->writing = true;
        lock.unlock();
        const auto refused = s->write(batch);
        lock.lock();
        s->writing = false;
        const auto lines = std::count(refused.begin(), refused.end(), '\n');
        s->dropped += static_cast<std::size_t>(lines);
        s->dropped_in_all += static_cast<std::uint64_t>(lines);
        if (s->waiting.empty()) s->written.notify_all();
    }
}

// This thread is there to wait for a file that makes it wait.
std::string_view line_writer::write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(file, bytes.data(), bytes.size());
        if (n >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd writable{file, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            break;
        }
    }
    return bytes;
}
