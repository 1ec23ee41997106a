// Lines on their way to a writer that may block for as long as it likes: a pipe that
// nobody reads, a slow journal, a log driver of a container. Threat: whoever does not read the
// service's standard error stops the thread that serves. Defence: put() copies into a bounded queue
// and returns; a thread of its own writes. What the queue has no room for is counted, and the count
// stands among the lines as soon as they go on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

class line_writer {
  public:
    // Of ordinary lines, three quarters of it: those that must be seen find room behind a flood.
    static constexpr std::size_t max_waiting = 1024 * 1024; // bytes

    // Takes lines, each with its line break, and gives back those that it could not take. May
    // block.
    using writer = std::function<std::string_view(std::string_view batch)>;
    // The line that says how many found no room.
    using notice = std::function<std::string(std::size_t count)>;

    // Starts the thread, which calls both.
    line_writer(writer to, notice of_dropped, std::size_t most = max_waiting);
    // Waits for nothing: flush() before it. A thread that is stuck in a write is left to the end of
    // the process.
    ~line_writer();
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    // `line` without its line break. Never blocks; any thread.
    void put(std::string_view line, bool must_be_seen = false);
    // True: all that was put before has been written, or the writer has refused it. False: `most`
    // is over and the writer still does not take it.
    bool flush(std::chrono::milliseconds most);

    // Lines that found no room until now, or that the writer refused.
    [[nodiscard]] std::uint64_t dropped() const;

    // Gives back what the file did not take, because it is broken. A file that only makes wait
    // (EAGAIN) is waited for without end.
    static std::string_view write_all(int file, std::string_view bytes);

  private:
    struct state;
    static void write_on(const std::shared_ptr<state>& s);
    std::shared_ptr<state> state_; // the thread's too
};
