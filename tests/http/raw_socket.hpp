// A client that writes exactly the bytes a test wants, and a server on a thread of its own.
#pragma once

#include "http/server.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace testing {

using namespace std::chrono_literals;

class raw_socket {
  public:
    explicit raw_socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~raw_socket() { ::close(fd_); }
    raw_socket(const raw_socket&) = delete;
    raw_socket& operator=(const raw_socket&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void finish() { ::shutdown(fd_, SHUT_WR); }

    // One more piece; false at the end of the stream, on a reset or when the time is up.
    bool receive(std::chrono::milliseconds patience = 5s) {
        pollfd wait{fd_, POLLIN, 0};
        timed_out_ = ::poll(&wait, 1, static_cast<int>(patience.count())) == 0;
        if (timed_out_) return false;
        char piece[16384];
        const auto n = ::recv(fd_, piece, sizeof piece, 0);
        if (n <= 0) return false;
        received_.append(piece, static_cast<std::size_t>(n));
        return true;
    }
    // Up to these bytes and with them; what follows stays for the next call.
    std::string until(std::string_view end) {
        std::size_t at;
        while ((at = received_.find(end)) == std::string::npos)
            if (!receive()) return std::exchange(received_, {});
        auto one = received_.substr(0, at + end.size());
        received_.erase(0, one.size());
        return one;
    }
    // Everything up to the end of the stream.
    std::string rest(std::chrono::milliseconds patience = 5s) {
        while (receive(patience)) {
        }
        return std::exchange(received_, {});
    }
    // One answer with Content-Length; what follows stays for the next call.
    std::string response(bool with_body = true) {
        for (;;) {
            const auto end = received_.find("\r\n\r\n");
            if (end != std::string::npos) {
                std::size_t length = 0;
                const auto at = received_.find("Content-Length: ");
                if (with_body && at != std::string::npos && at < end)
                    length = std::stoul(received_.substr(at + 16));
                const auto total = end + 4 + length;
                if (received_.size() >= total) {
                    auto one = received_.substr(0, total);
                    received_.erase(0, total);
                    return one;
                }
            }
            if (!receive()) return std::exchange(received_, {});
        }
    }
    // The other side closed, without sending more.
    bool closed(std::chrono::milliseconds patience = 5s) {
        return !receive(patience) && !timed_out_ && received_.empty();
    }
    [[nodiscard]] bool timed_out() const { return timed_out_; }

  private:
    int fd_;
    bool connected_ = false;
    bool timed_out_ = false;
    std::string received_;
};

// An io_context with its thread, which ends with this object.
class background {
  public:
    background() : work_(io.get_executor()), thread_([this] { io.run(); }) {}
    ~background() {
        work_.reset();
        io.stop();
        thread_.join();
    }
    // Runs a function on the thread and answers its result.
    template <class Function> auto on_thread(Function f) {
        std::packaged_task<decltype(f())()> task(std::move(f));
        auto answer = task.get_future();
        boost::asio::post(io, [&task] { task(); });
        return answer.get();
    }

    boost::asio::io_context io{1};

  private:
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline std::string status_of(const std::string& answer) {
    return answer.size() > 12 ? answer.substr(9, 3) : "none";
}

} // namespace testing
