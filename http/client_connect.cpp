// How the client pool comes to a connection: a kept one, or name, address, TCP and TLS.
#include "http/client_exchange.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {

namespace {

using tcp = asio::ip::tcp;

auto into(error_code& failed) { return asio::redirect_error(asio::use_awaitable, failed); }

} // namespace

client_pool::stream_ptr client_pool::take_idle() {
    const auto oldest = clock::now() - options_.idle;
    while (!idle_.empty()) {
        auto last = std::move(idle_.back());
        idle_.pop_back();
        if (last.since > oldest && last.stream->quiet()) return std::move(last.stream);
        last.stream->close();
    }
    return nullptr;
}

void client_pool::keep(stream_ptr stream) {
    if (closed_) return;
    idle_.push_back(kept{std::move(stream), clock::now()});
    arm_prune();
}

void client_pool::arm_prune() {
    if (pruning_ || idle_.empty()) return;
    pruning_ = true;
    prune_.expires_at(idle_.front().since + options_.idle);
    prune_.async_wait([weak = weak_from_this()](error_code stopped) {
        const auto self = weak.lock();
        if (!self || stopped) return;
        self->pruning_ = false;
        const auto oldest = clock::now() - self->options_.idle;
        std::erase_if(self->idle_, [&](const kept& k) {
            if (k.since <= oldest) k.stream->close();
            return k.since <= oldest;
        });
        self->arm_prune();
    });
}

asio::awaitable<result<client_pool::stream_ptr>> client_pool::connect(exchange_ptr e) {
    e->connect_due = std::min(e->due, clock::now() + options_.connect_deadline);
    watch(e, e->connect_due);
    auto socket = co_await connect_any(e);
    if (!socket) co_return std::move(socket).failure();
    error_code failed;
    std::string why;
    socket->set_option(tcp::no_delay(true), failed);
    auto stream = url_.tls ? trust_.stream(std::move(socket).value(), url_.host)
                           : plain_stream(std::move(socket).value());
    e->stream = stream.get();
    watch(e, e->connect_due);
    co_await stream->open(failed, why);
    e->stream = nullptr;
    e->connect_due = {};
    if (failed) {
        stream->close();
        co_return unreachable(why.empty() ? "the connection failed" : why,
                              url_.authority + ": " + failed.message());
    }
    watch(e, e->due);
    co_return std::move(stream);
}

// Asio asks the system's blocking resolver on a thread of its own; so only now and then.
asio::awaitable<error_code> client_pool::resolve(bool again) {
    const bool fresh = clock::now() - resolved_at_ < options_.resolve_again;
    if (!endpoints_.empty() && fresh && !again) co_return error_code();
    error_code failed;
    asio::ip::basic_resolver<tcp, asio::io_context::executor_type> resolver(io_);
    const auto found = co_await resolver.async_resolve(url_.host, url_.port, into(failed));
    if (failed) co_return endpoints_.empty() ? failed : error_code(); // the old ones may do
    endpoints_.clear();
    for (const auto& entry : found)
        endpoints_.push_back(entry.endpoint());
    resolved_at_ = clock::now();
    co_return error_code();
}

// Each address gets an equal share of the time, and when a remembered list fails altogether,
// the name is resolved anew.
asio::awaitable<result<tcp_socket>> client_pool::connect_any(exchange_ptr e) {
    const auto known_since = resolved_at_;
    error_code failed;
    for (const bool again : {false, true}) {
        failed = co_await resolve(again);
        if (failed)
            co_return unreachable("its host name cannot be resolved",
                                  url_.host + ": " + failed.message());
        const auto targets = endpoints_; // another exchange may resolve meanwhile
        for (std::size_t i = 0; i < targets.size() && !e->over; ++i) {
            const auto now = clock::now();
            const auto share = (e->connect_due - now) / static_cast<int>(targets.size() - i);
            watch(e, now + std::max(share, clock::duration::zero()));
            tcp_socket socket(io_);
            e->connecting = &socket;
            co_await socket.async_connect(targets[i], into(failed));
            e->connecting = nullptr;
            if (!failed && socket.is_open()) co_return std::move(socket);
        }
        if (e->over || known_since != resolved_at_) break;
    }
    co_return unreachable(failed.message(), url_.authority);
}

} // namespace http
