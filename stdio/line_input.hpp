// Lines that come from a file descriptor, whatever it is: a pipe, a terminal or a file. A thread of
// its own reads, because such a descriptor may block, and must not be made non-blocking: the shell
// or the program on its other end may share it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace stdio {

struct input_line {
    std::string text;      // without its line break
    bool too_long = false; // and `text` is empty
};

class line_input {
  public:
    // What one line may have: as much as the body of an HTTP request (web/router).
    static constexpr std::size_t longest = 1024 * 1024;

    // `take` gets each line on the thread of `io`, and the next one only after it has called
    // `next`, so that nothing piles up here. `ended` comes once, behind the last line. Lines of
    // blanks are none. `file` stays the caller's, and open.
    using taker = std::function<void(input_line line, std::function<void()> next)>;
    line_input(boost::asio::io_context& io, int file, taker take, std::function<void()> ended);
    // Waits for nothing, and nothing is called any more. A thread that is stuck in a read, because
    // another process has taken what was there, is left to the end of the process.
    ~line_input();
    line_input(const line_input&) = delete;
    line_input& operator=(const line_input&) = delete;

  private:
    struct state;
    static void read_on(const std::shared_ptr<state>& s);

    std::shared_ptr<state> state_; // the thread's too
};

} // namespace stdio
