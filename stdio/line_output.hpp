// Lines on their way to a file descriptor whose other end reads when it likes. write() never blocks
// the thread that serves, and no line is lost: base/line_writer, made for logs, drops what it has
// no room for.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace stdio {

class line_output {
  public:
    // More than what all calls of one API key may hold (actors/settings). Threat: a client that has
    // stopped reading makes the server keep everything for it. Defence: beyond this it has gone.
    static constexpr std::size_t most_waiting = 64 * 1024 * 1024; // bytes

    // `broken` is called once, on any thread, when nothing can be written any more: nobody reads
    // (EPIPE), the disk is full, or too much waits. It must not call back. `file` stays the
    // caller's, and open.
    line_output(int file, std::function<void()> broken, std::size_t most = most_waiting);
    // Waits for nothing: flush() before it.
    ~line_output();
    line_output(const line_output&) = delete;
    line_output& operator=(const line_output&) = delete;

    // `line` is JSON, whose line breaks mean nothing outside of texts and do not stand in them (RFC
    // 8259 §7): none goes out. Does nothing once it is broken.
    void write(std::string_view line);
    // Waits for as long as something is written within `patience`. True: all has been. False: it is
    // broken, or stands still.
    bool flush(std::chrono::milliseconds patience);
    // Why it is broken, for the operator; empty while it is not, and where its reader has left.
    [[nodiscard]] std::string failure() const;

  private:
    struct state;
    static void write_on(const std::shared_ptr<state>& s);
    std::shared_ptr<state> state_; // the thread's too
};

} // namespace stdio
