// What the actors need from whoever runs them: a queue of work and a clock. The program gives
// them Asio's io_context (http/asio_executor), tests a queue with a clock that they turn by
// hand; so actors/ knows no Asio.
#pragma once

#include <chrono>
#include <functional>

namespace actors {

class executor {
  public:
    using time_point = std::chrono::steady_clock::time_point;
    using work = std::function<void()>;

    virtual ~executor() = default;
    // Runs the work later, in order, on the one thread that runs everything. Any thread may ask.
    virtual void post(work what) = 0;
    virtual void post_at(time_point when, work what) = 0;
    [[nodiscard]] virtual time_point now() const noexcept = 0;
    // Runs what is due on the calling thread; waits up to `patience` for the first piece. For
    // shutdown, when nobody else runs the executor any more.
    virtual void run_ready(std::chrono::milliseconds patience) = 0;
};

} // namespace actors
