#include "http/name_lookup.hpp"

#include "http/into.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <memory>
#include <netdb.h>

namespace http {

namespace asio = boost::asio;

looked_up ask_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    looked_up out;
    if (const int why = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); why != 0) {
        out.failed = ::gai_strerror(why);
        return out;
    }
    for (const auto* one = list; one; one = one->ai_next) {
        if (one->ai_family == AF_INET) {
            sockaddr_in at{};
            std::memcpy(&at, one->ai_addr, sizeof at);
            out.all.emplace_back(asio::ip::address_v4(ntohl(at.sin_addr.s_addr)));
        } else if (one->ai_family == AF_INET6) {
            sockaddr_in6 at{};
            std::memcpy(&at, one->ai_addr, sizeof at);
            asio::ip::address_v6::bytes_type bytes{};
            std::memcpy(bytes.data(), &at.sin6_addr, bytes.size());
            out.all.emplace_back(asio::ip::address_v6(bytes));
        }
    }
    ::freeaddrinfo(list);
    return out;
}

// A question may outlive the coroutine that asked it: the thread that waits for a name server
// cannot be interrupted. Its answer is posted back, so all of it is touched on the context's thread
// only.
struct name_lookup::question {
    question(asio::io_context& io, std::chrono::steady_clock::time_point until) : bell(io, until) {}
    asio::steady_timer bell;
    bool over = false;
    looked_up answer;
};

name_lookup::~name_lookup() {
    if (!threads_) return;
    threads_->stop();
    threads_->join();
}

asio::awaitable<result<addresses>> name_lookup::find(std::string host,
                                                     std::chrono::steady_clock::time_point until,
                                                     std::shared_ptr<const void> slot) {
    if (!threads_) threads_.emplace(thread_count_);
    auto asked = std::make_shared<question>(io_, until);
    asio::post(*threads_, [this, asked, host, until, slot = std::move(slot)]() mutable {
        looked_up answer;
        // Here and not when it was asked: in a flood of silent names most questions are old when
        // their turn comes, and take no time then.
        if (std::chrono::steady_clock::now() < until) answer = ask_(host);
        // The slot goes back with the answer: its owner counts on this thread only.
        asio::post(io_, [asked = std::move(asked), answer = std::move(answer),
                         slot = std::move(slot)]() mutable {
            asked->over = true;
            asked->answer = std::move(answer);
            asked->bell.cancel();
        });
    });
    error_code rung;
    co_await asked->bell.async_wait(into(rung));
    if (!asked->over)
        co_return error(errc::upstream_timeout, "Its name server does not answer.", host);
    if (asked->answer.all.empty())
        co_return error(errc::upstream_down, "Its host name cannot be resolved.",
                        host + ": " + asked->answer.failed);
    co_return std::move(asked->answer.all);
}

} // namespace http
