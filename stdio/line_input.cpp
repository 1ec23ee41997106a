#include "stdio/line_input.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stdio {

struct line_input::state {
    using work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

    boost::asio::io_context& io;  // not once it is over
    std::optional<work> has_work; // until then
    const int file;
    const int wake; // readable: the reader shall end
    const taker take;
    const std::function<void()> ended;
    std::mutex mutex;
    std::condition_variable changed;
    bool taken = false; // the line that was handed over last
    bool over = false;

    state(boost::asio::io_context& i, int f, taker t, std::function<void()> e)
        : io(i), has_work(boost::asio::make_work_guard(i)), file(f),
          wake(::eventfd(0, EFD_CLOEXEC)), take(std::move(t)), ended(std::move(e)) {}
    ~state() { ::close(wake); }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    bool is_over() {
        const std::lock_guard lock(mutex);
        return over;
    }
    // The context is there while the lock is held and it is not over.
    template <class What> void post(What what) {
        const std::lock_guard lock(mutex);
        if (!over) boost::asio::post(io, std::move(what));
    }
    // False: the reader shall end.
    bool may_read() const {
        std::array<pollfd, 2> wanted{pollfd{file, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
        while (::poll(wanted.data(), wanted.size(), -1) < 0)
            if (errno != EINTR) return true; // read() says what is wrong
        return wanted[1].revents == 0;
    }
};

namespace {

// line_cutter takes complete lines out of what was read, and keeps nothing of one that is too long.
class line_cutter {
  public:
    // Calls `give` for each line that `bytes` completes, until it says no.
    template <class Give> bool add(std::string_view bytes, Give give) {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            keep(bytes.substr(0, end));
            if (end == std::string_view::npos) return true;
            bytes.remove_prefix(end + 1);
            if (!finish(give)) return false;
        }
        return true;
    }
    // The last line may lack its break.
    template <class Give> void end(Give give) { finish(give); }

  private:
    void keep(std::string_view part) {
        too_long_ = too_long_ || kept_.size() + part.size() > line_input::longest;
        if (too_long_)
            kept_.clear();
        else
            kept_ += part;
    }
    template <class Give> bool finish(Give& give) {
        input_line line{std::exchange(kept_, {}), std::exchange(too_long_, false)};
        if (!line.too_long && text::trim(line.text).empty()) return true;
        return give(std::move(line));
    }

    std::string kept_;
    bool too_long_ = false;
};

} // namespace

line_input::line_input(boost::asio::io_context& io, int file, taker take,
                       std::function<void()> ended)
    : state_(std::make_shared<state>(io, file, std::move(take), std::move(ended))) {
    std::thread([s = state_] { read_on(s); }).detach();
}

line_input::~line_input() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->over = true;
        state_->has_work.reset();
    }
    state_->changed.notify_one();
    const std::uint64_t one = 1;
    (void)!::write(state_->wake, &one, sizeof one);
}

// read_on() hands one line over and waits until it was taken. What is posted and not run yet when
// the input ends does nothing.
void line_input::read_on(const std::shared_ptr<state>& s) {
    take_no_signals();
    const auto give = [&](input_line line) {
        s->post([s, line = std::move(line)]() mutable {
            if (s->is_over()) return;
            s->take(std::move(line), [s] {
                const std::lock_guard lock(s->mutex);
                s->taken = true;
                s->changed.notify_one();
            });
        });
        std::unique_lock lock(s->mutex);
        s->changed.wait(lock, [&] { return s->taken || s->over; });
        s->taken = false;
        return !s->over;
    };
    line_cutter lines;
    std::array<char, 65536> piece{};
    while (s->may_read()) {
        const auto n = ::read(s->file, piece.data(), piece.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) break;
        if (!lines.add({piece.data(), static_cast<std::size_t>(n)}, give)) return;
    }
    if (s->is_over()) return;
    lines.end(give);
    s->post([s] {
        if (!s->is_over()) s->ended();
    });
}

} // namespace stdio
