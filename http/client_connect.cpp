// How the client pool comes to a connection: a kept one, or name, address, TCP and TLS, with a
// proxy in between where one is set.
#include "base/log.hpp"
#include "http/client_exchange.hpp"
#include "http/into.hpp"
#include "http/proxy_tunnel.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

namespace http {

namespace {

using tcp = asio::ip::tcp;

constexpr std::chrono::minutes tell_proxy_every{1};

} // namespace

// One question to the resolver. It may outlive the exchange that asked.
struct client_pool::lookup : std::enable_shared_from_this<lookup> {
    explicit lookup(asio::io_context& io) : resolver(io) {}

    void ask(const std::string& host, const std::string& port, const exchange_ptr& e) {
        resolver.async_resolve(host, port,
                               [self = shared_from_this(), whose = std::weak_ptr(e)](
                                   error_code why, const tcp::resolver::results_type& entries) {
                                   self->over = true;
                                   self->failed = why;
                                   for (const auto& entry : entries)
                                       self->found.push_back(entry.endpoint());
                                   if (const auto waits = whose.lock()) waits->turn.cancel();
                               });
    }

    tcp::resolver resolver;
    bool over = false;
    error_code failed;
    std::vector<tcp::endpoint> found;
};

// take_idle() takes the connection that was used last: it is the likeliest to live still, and the
// others grow old together until arm_prune() closes them.
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

// arm_prune() has one timer for all kept connections, set to the oldest one's end.
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

const std::string& client_pool::next_host() const noexcept {
    return options_.proxy ? options_.proxy->host : url_.host;
}
const std::string& client_pool::next_port() const noexcept {
    return options_.proxy ? options_.proxy->port : url_.port;
}

error client_pool::no_way(std::string_view why, std::string detail) {
    if (!options_.proxy) return unreachable(why, std::move(detail));
    return no_way_through({errc::upstream_down, "the proxy in between: " + std::string(why),
                           "proxy " + options_.proxy->authority + ": " + std::string(why)});
}

// no_way_through() logs once a minute: with the proxy down every call of everybody ends here.
error client_pool::no_way_through(error of_proxy) {
    const auto now = clock::now();
    if (told_proxy_ == clock::time_point() || now - told_proxy_ >= tell_proxy_every) {
        told_proxy_ = now;
        logging::event(logging::level::warning, "proxy_failed",
                       {{"to", url_.authority}, {"why", of_proxy.detail}});
    }
    return unreachable(of_proxy.message, std::move(of_proxy.detail));
}

// refuse_as_proxy() knows the one answer to a request in absolute form that is no other's: 407. The
// proxy has passed nothing on then. Any other status may be Twenty's own.
void client_pool::refuse_as_proxy(const exchange_ptr& e, attempt& tried) {
    if (!options_.proxy || url_.tls || tried.failed || tried.answer.status != 407) return;
    tried.failed = no_way_through(proxy_refusal(*options_.proxy, tried.answer.status));
    tried.may_repeat = false;
    e->sent = false;
}

// connect() has one deadline for name, TCP, tunnel and TLS together. The socket or stream that it
// works on is named in `e` while it waits for it, so that too_late() and cancel() can close it; the
// wait then ends with an error, and with it this coroutine.
asio::awaitable<result<client_pool::stream_ptr>> client_pool::connect(exchange_ptr e) {
    e->connect_due = std::min(e->due, clock::now() + options_.connect_deadline);
    watch(e, e->connect_due);
    auto socket = co_await connect_any(e);
    if (!socket) co_return std::move(socket).failure();
    error_code failed;
    std::string why;
    socket->set_option(tcp::no_delay(true), failed);
    if (options_.proxy && url_.tls) {
        watch(e, e->connect_due);
        e->connecting = &*socket;
        auto target = authority_of(url_.host, url_.port);
        auto opened = co_await open_tunnel(*socket, *options_.proxy, std::move(target));
        e->connecting = nullptr;
        if (e->over) co_return error(errc::cancelled, std::string());
        if (!opened) co_return no_way_through(std::move(opened).failure());
    }
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

// Asio asks the system's blocking resolver on a thread of its own; so only now and then. That
// call can't be interrupted, therefore the exchange waits beside it and may walk away: a name
// server that is silent must not keep the connection slots.
asio::awaitable<error_code> client_pool::resolve(exchange_ptr e, bool again) {
    const bool fresh = clock::now() - resolved_at_ < options_.resolve_again;
    if (!endpoints_.empty() && fresh && !again) co_return error_code();
    const auto asked = std::make_shared<lookup>(io_);
    asked->ask(next_host(), next_port(), e);
    error_code ignored;
    e->turn.expires_at(clock::time_point::max());
    co_await e->turn.async_wait(into(ignored));
    if (!asked->over) {
        asked->resolver.cancel(); // if its turn has not come yet
        co_return asio::error::operation_aborted;
    }
    if (!asked->failed) {
        endpoints_ = std::move(asked->found);
        resolved_at_ = clock::now();
    } else if (endpoints_.empty()) {
        co_return asked->failed;
    }
    co_return error_code(); // after a failure the old ones may do
}

// The next connection tries first what worked last.
void client_pool::prefer(const tcp::endpoint& good) {
    const auto at = std::find(endpoints_.begin(), endpoints_.end(), good);
    if (at != endpoints_.end()) std::rotate(endpoints_.begin(), at, at + 1);
}

// Each address gets an equal share of the time, and when a remembered list fails altogether,
// the name is resolved anew.
asio::awaitable<result<tcp_socket>> client_pool::connect_any(exchange_ptr e) {
    const auto known_since = resolved_at_;
    error_code failed;
    for (const bool again : {false, true}) {
        failed = co_await resolve(e, again);
        if (failed)
            co_return no_way("its host name cannot be resolved",
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
            // Without an error but closed: interrupt() came in the moment that the connection
            // stood.
            if (!failed && socket.is_open()) {
                prefer(targets[i]);
                co_return std::move(socket);
            }
        }
        if (e->over || known_since != resolved_at_) break;
    }
    if (e->over) co_return unreachable(failed.message(), url_.authority); // nobody is told
    co_return no_way(failed.message(), url_.authority);
}

} // namespace http
