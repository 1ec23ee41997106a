// Lines on their way to a file descriptor that may block for as long as it likes: a pipe that
// nobody reads, a slow journal, a log driver of a container. Threat: whoever does not read the
// service's standard error stops the thread that serves. Defence: put() copies into a bounded queue
// and returns; a thread of its own writes. What the queue has no room for is counted, and the count
// stands among the lines as soon as they go on.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

class line_writer {
  public:
    // Of ordinary lines, three quarters of it: those that must be seen find room behind a flood.
    static constexpr std::size_t max_waiting = 1024 * 1024; // bytes

    // Starts the thread. `file` stays the caller's, and open.
    explicit line_writer(int file, std::size_t most = max_waiting);
    // Waits for nothing: flush() before it. A thread that is stuck in a write is left to the end of
    // the process.
    ~line_writer();
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    // `line` without its line break. Never blocks; any thread.
    void put(std::string_view line, bool must_be_seen = false);
    // True: all that was put before has been written, or the file has refused it. False: `most` is
    // over and the file still does not take it.
    bool flush(std::chrono::milliseconds most);

  private:
    struct state;
    static void write_on(const std::shared_ptr<state>& s);
    std::shared_ptr<state> state_; // the thread's too
};
