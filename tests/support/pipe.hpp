// A pipe whose reader decides when it reads.
#pragma once

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace testing {

class pipe_ends {
  public:
    pipe_ends() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~pipe_ends() {
        close_reader();
        ::close(ends_[1]);
    }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    [[nodiscard]] int writer() const noexcept { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    // What is there, or comes next: at most what a pipe holds.
    std::string read_some() const {
        std::array<char, 65536> piece{};
        const auto n = ::read(ends_[0], piece.data(), piece.size());
        return {piece.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
    }
    // All that comes until nothing has come for `quiet` milliseconds.
    std::string read(int quiet = 100) const {
        std::string all;
        std::array<char, 65536> piece{};
        for (pollfd readable{ends_[0], POLLIN, 0}; ::poll(&readable, 1, quiet) > 0;) {
            const auto n = ::read(ends_[0], piece.data(), piece.size());
            if (n <= 0) break;
            all.append(piece.data(), static_cast<std::size_t>(n));
        }
        return all;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

} // namespace testing
