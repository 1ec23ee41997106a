#include "http/server.hpp"

#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/into.hpp"
#include "http/local_listener.hpp"
#include "http/respond.hpp"
#include "http/streams.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

namespace http {

namespace {

using tcp = asio::ip::tcp;
using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using clock = std::chrono::steady_clock;

// How far a deadline may be missed.
constexpr std::chrono::milliseconds sweep_every{250};
constexpr std::chrono::milliseconds drain_look{10};
// A request that a client has sent already may still lie unread in a socket when the server
// is told to stop. Who is silent so long has sent none.
constexpr std::chrono::milliseconds unread_grace{200};
// With a socket that outlives this process nobody is refused meanwhile, so more time is cheap: a
// client that keeps its connection in use has its next request answered, with the word that the
// connection closes, and none is closed in the moment of a request.
constexpr std::chrono::milliseconds unread_grace_with_socket{1000};
// A request of which a part is still missing was not sent yet; a short while may bring the rest.
constexpr std::chrono::milliseconds half_sent_grace{1000};
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds last_words_time{50};

constexpr std::string_view full =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    "Content-Length: 16\r\nRetry-After: 5\r\nConnection: close\r\n\r\n{\"error\":\"busy\"}";

std::string peer_of(const tcp_socket& socket) {
    error_code failed;
    const auto address = socket.remote_endpoint(failed).address();
    if (failed) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

} // namespace

struct server::state : std::enable_shared_from_this<state> {
    std::shared_ptr<server_context> shared;
    http::acceptor listening;
    local_acceptor listening_locally; // one of the two is open
    socket_file local_file;
    asio::steady_timer sweep;
    asio::steady_timer pause;
    bool sweeping = false;

    explicit state(std::shared_ptr<server_context> s)
        : shared(std::move(s)), listening(shared->io), listening_locally(shared->io),
          sweep(shared->io), pause(shared->io) {}

    error_code listen(const tcp::endpoint& where);
    error_code take_over(const tcp::endpoint& where);
    [[nodiscard]] bool socket_outlives() const noexcept { return shared->options.socket >= 0; }
    template <auto Acceptor> static asio::awaitable<void> accept_loop(std::shared_ptr<state> self);
    static asio::awaitable<void> drain(std::shared_ptr<state> self, std::function<void()> stopped);
    void welcome(tcp_socket socket);
    void welcome(local_socket socket);
    template <class Socket> bool let_in(Socket& socket, const std::string& peer);
    void serve(std::unique_ptr<any_stream> stream, std::string peer);
    void stop_listening();
    void arm_sweep();
    void close_door();
    std::vector<std::shared_ptr<connection>> all() const;
    void close();
};

error_code server::state::listen(const tcp::endpoint& where) {
    error_code failed;
    if (listening.open(where.protocol(), failed)) return failed;
    // A restart must not wait until the kernel has forgotten the connections of the process before.
    if (listening.set_option(acceptor::reuse_address(true), failed)) return failed;
    if (where.protocol() == tcp::v6())
        listening.set_option(asio::ip::v6_only(false), failed); // :: means every address
    if (listening.bind(where, failed)) return failed;
    listening.listen(acceptor::max_listen_connections, failed);
    return failed;
}

error_code server::state::take_over(const tcp::endpoint& where) {
    error_code failed;
    listening.assign(where.protocol(), shared->options.socket, failed);
    return failed;
}

// all() holds the connections while something is done to them that may end one or another.
std::vector<std::shared_ptr<connection>> server::state::all() const {
    std::vector<std::shared_ptr<connection>> held;
    held.reserve(shared->connections.size());
    for (auto* c : shared->connections)
        held.push_back(c->shared_from_this());
    return held;
}

// One timer for all deadlines, and none while nobody is connected.
void server::state::arm_sweep() {
    if (sweeping || shared->connections.empty()) return;
    sweeping = true;
    sweep.expires_after(sweep_every);
    sweep.async_wait([weak = weak_from_this()](error_code cancelled) {
        const auto self = weak.lock();
        if (!self || cancelled) return;
        self->sweeping = false;
        const auto now = clock::now();
        for (const auto& c : self->all())
            c->check_deadline(now);
        self->arm_sweep();
    });
}

// Threat: one peer takes all connections, or many do together. Defence: a cap for each peer; at
// the total cap whoever has most makes room (http/eviction). A peer that is too much gets one
// attempt at an answer, without a coroutine, and no further attention.
template <class Socket> bool server::state::let_in(Socket& socket, const std::string& peer) {
    if (peer.empty()) return false; // gone already
    if (shared->admits(peer) && shared->make_room()) return true;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(full), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
    return false;
}

void server::state::serve(std::unique_ptr<any_stream> stream, std::string peer) {
    std::make_shared<connection>(shared, std::move(stream), std::move(peer))->start();
    arm_sweep();
}

void server::state::welcome(tcp_socket socket) {
    auto peer = peer_of(socket);
    if (!let_in(socket, peer)) return;
    error_code ignored;
    // Answers are written whole; held back would be events, which are small and awaited.
    socket.set_option(tcp::no_delay(true), ignored);
    serve(plain_stream(std::move(socket)), std::move(peer));
}

void server::state::welcome(local_socket socket) {
    auto peer = peer_user(socket);
    if (!let_in(socket, peer)) return;
    serve(local_stream(std::move(socket)), std::move(peer));
}

// accept_loop() holds the state by its shared_ptr: the server may be destroyed while the loop
// waits, and close() then ends the wait.
template <auto Acceptor>
asio::awaitable<void> server::state::accept_loop(std::shared_ptr<state> self) {
    auto& door = (*self).*Acceptor;
    while (door.is_open()) {
        error_code failed;
        auto socket = co_await door.async_accept(into(failed));
        if (!failed) {
            self->welcome(std::move(socket));
        } else if (door.is_open()) {
            // Out of file descriptors, for one: they come back, the loop must not spin.
            logging::event(logging::level::warning, "accept_failed", {{"why", failed.message()}});
            self->pause.expires_after(accept_pause);
            co_await self->pause.async_wait(into(failed));
        }
    }
}

// drain() ends connections in the order of what they lose: streams are asked to end, idle
// connections close after `grace`, half-sent requests are refused after `half_sent_grace`,
// and what the handlers still work on gets the rest of the time, then a last answer. It looks again
// and again instead of being told, for in between connections change their phase by themselves.
asio::awaitable<void> server::state::drain(std::shared_ptr<state> self,
                                           std::function<void()> stopped) {
    const auto started = clock::now();
    const auto until = started + self->shared->options.drain;
    const auto grace = self->socket_outlives() ? unread_grace_with_socket : unread_grace;
    for (const auto& c : self->all())
        c->wind_down();
    while (!self->shared->connections.empty() && clock::now() < until) {
        error_code ignored;
        if (clock::now() >= started + grace)
            for (const auto& c : self->all())
                if (c->idle()) c->abort();
        if (clock::now() >= started + half_sent_grace)
            for (const auto& c : self->all())
                c->stop_reading();
        self->pause.expires_after(drain_look);
        co_await self->pause.async_wait(into(ignored));
    }
    // give_up_waiting() tells those who still wait: a bare close looks like a crash.
    for (const auto& c : self->all())
        c->give_up_waiting();
    if (!self->shared->connections.empty()) {
        error_code ignored;
        self->pause.expires_after(last_words_time);
        co_await self->pause.async_wait(into(ignored));
    }
    self->close();
    if (stopped) stopped();
}

// close_door() takes in what waits in the kernel's queue, for that was promised a connection:
// closing the socket would reset it. At a socket that outlives this process the next one does.
void server::state::close_door() {
    error_code failed;
    listening.non_blocking(true, failed);
    if (socket_outlives() || !listening.is_open()) failed = asio::error::would_block;
    for (int waiting = 0; !failed && waiting < acceptor::max_listen_connections; ++waiting) {
        tcp_socket socket(shared->io);
        listening.accept(socket, failed);
        if (!failed) welcome(std::move(socket));
    }
    stop_listening();
}

void server::state::stop_listening() {
    error_code ignored;
    listening.close(ignored);
    if (!listening_locally.is_open()) return;
    local_file.remove();
    listening_locally.close(ignored);
}

void server::state::close() {
    shared->draining = true;
    stop_listening();
    sweep.cancel();
    for (const auto& c : all())
        c->abort();
}

server::server(asio::io_context& io, server_options options, handler handle, body_limit limit)
    : state_(std::make_shared<state>(std::make_shared<server_context>(
          io, std::move(options), std::move(handle), std::move(limit)))) {}

server::~server() { state_->close(); }

result<std::uint16_t> server::start() {
    auto& s = *state_->shared;
    TRY(proxies, trusted_proxies::parse(s.options.trusted_proxies));
    s.proxies = std::move(proxies);
    if (s.is_local()) {
        TRY(file, listen_locally(state_->listening_locally, s.options.local_path));
        state_->local_file = std::move(file);
        asio::co_spawn(s.io, state::accept_loop<&state::listening_locally>(state_), asio::detached);
        return std::uint16_t{0};
    }
    error_code failed;
    const auto address = asio::ip::make_address(s.options.address, failed);
    const auto where = s.options.address + ":" + std::to_string(s.options.port);
    const tcp::endpoint endpoint(address, s.options.port);
    if (!failed)
        failed = s.options.socket < 0 ? state_->listen(endpoint) : state_->take_over(endpoint);
    if (failed) {
        error_code ignored;
        state_->listening.close(ignored);
        return error(errc::unavailable, "Cannot listen on " + where + ": " + failed.message());
    }
    asio::co_spawn(s.io, state::accept_loop<&state::listening>(state_), asio::detached);
    return state_->listening.local_endpoint().port();
}

void server::stop(std::function<void()> stopped) {
    auto& s = *state_->shared;
    // First, so that every answer from here on closes its connection; then the door, then the rest.
    s.draining = true;
    state_->close_door();
    asio::co_spawn(s.io, state::drain(state_, std::move(stopped)), asio::detached);
}

std::size_t server::connections() const noexcept { return state_->shared->connections.size(); }

response plain_refusal(const request&, const refusal& why) {
    auto answer = json_error(why.status, why.code, why.text);
    if (why.status == 429) note_limit(answer, requests_per_client);
    if (why.retry_after.count() > 0) set_retry_after(answer, why.retry_after);
    return answer;
}

void server::check_heads_with(head_check check) { state_->shared->check = std::move(check); }

void server::check_tokens_with(token_check check) {
    state_->shared->judge_token = std::move(check);
}

void server::refuse_with(refuser how) { state_->shared->refuse = std::move(how); }

} // namespace http
