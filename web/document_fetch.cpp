#include "web/document_fetch.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/into.hpp"
#include "http/message_parser.hpp"
#include "http/proxy_tunnel.hpp"
#include "http/read_buffer.hpp"
#include "http/special_addresses.hpp"

#include <algorithm>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace web {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;
using tcp = asio::ip::tcp;

constexpr std::size_t max_header_bytes = 16 * 1024;

error unusable(std::string what, std::string detail = {}) {
    return {errc::bad_request, std::move(what), std::move(detail)};
}
error unreachable(std::string detail) {
    return {errc::upstream_down, "It cannot be reached.", std::move(detail)};
}
error too_slow(std::string detail) {
    return {errc::upstream_timeout, "It did not answer in time.", std::move(detail)};
}

// A datagram socket that is connected sends nothing, but tells from which address it would: for
// an address of this machine that is the same one.
bool is_own_address(const asio::ip::address& address) {
    asio::io_context io;
    asio::ip::udp::socket probe(io);
    http::error_code failed;
    probe.connect({address, 443}, failed);
    if (failed) return false;
    return probe.local_endpoint(failed).address() == address && !failed;
}

// RFC 9110 §15: what may be otherwise in a moment.
bool is_passing_status(int status) noexcept {
    return status >= 500 || status == 408 || status == 429;
}

// fault_of() asks for the passing faults first, because they decide whether an older copy is used
// on (client_documents). 200 alone is an answer: a redirect would lead to an address that nobody
// has checked.
std::optional<error> fault_of(const http::upstream_head& head, http::parse_state state) {
    const auto status = std::to_string(head.status);
    if (is_passing_status(head.status))
        return error(errc::busy, "It cannot be fetched now.", "status " + status);
    if (head.status != 0 && head.status != 200)
        return unusable("its address answers with status " + status);
    if (state == http::parse_state::too_large) return unusable("it is larger than 5 KiB");
    if (state != http::parse_state::done) return unusable("its address does not speak HTTP");
    const auto& coding = head.content_encoding;
    if (!coding.empty() && !text::iequals(coding, "identity"))
        return unusable("it is compressed, which was not asked for");
    return std::nullopt;
}

} // namespace

bool is_forbidden_address(const asio::ip::address& address) {
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        return http::is_special_address(bytes) || is_own_address(address);
    }
    const auto bytes = address.to_v6().to_bytes();
    return http::is_special_address(bytes) || is_own_address(address);
}

// A journey is what the watchdog ends when its time has come. The timer's handler owns it too, so
// it may outlive the fetch; `connecting` and `stream` are null then, and nothing is ended.
struct document_fetcher::journey : std::enable_shared_from_this<journey> {
    journey(asio::io_context& io, oauth::document_url where, clock::time_point until)
        : url(std::move(where)), due(until), watchdog(io) {}

    oauth::document_url url;
    clock::time_point due;
    asio::steady_timer watchdog;
    http::tcp_socket* connecting = nullptr;
    http::any_stream* stream = nullptr;

    [[nodiscard]] bool late() const { return clock::now() >= due; }
    void watch(clock::time_point until) {
        watchdog.expires_at(std::min(until, due));
        watchdog.async_wait([self = shared_from_this()](http::error_code moved) {
            // A wait that ended just before the timer was set anew is still told of as expired.
            if (!moved && self->watchdog.expiry() <= clock::now()) self->interrupt();
        });
    }
    void interrupt() {
        http::error_code ignored;
        if (connecting) connecting->close(ignored);
        if (stream) stream->close();
    }
};

// fetch() connects to one of the very addresses that it has judged, never to the name again: a
// second look-up may give another answer (DNS rebinding).
asio::awaitable<result<fetched_document>> document_fetcher::fetch(oauth::document_url url,
                                                                  fair_slots::slot slot) {
    const auto& ours = options_.forbidden_hosts;
    if (std::find(ours.begin(), ours.end(), url.host) != ours.end())
        co_return unusable("its address is this server's own", url.host);
    const auto start = clock::now();
    auto found = co_await options_.resolve(url.host, start + options_.resolve_deadline, slot);
    if (!found) co_return std::move(found).failure();
    // Threat: one public answer gets the name through the check, and another is connected to.
    // Defence: all are public, or none is used.
    for (const auto& address : *found)
        if (options_.forbidden(address))
            co_return unusable("its host has an address that is not public",
                               url.host + ": " + address.to_string());

    const auto trip = std::make_shared<journey>(io_, std::move(url), start + options_.deadline);
    auto targets = std::move(found).value();
    auto proxy = http::proxy_for(options_.proxies, true, trip->url.host, "443");
    auto way = proxy ? connect_through(trip, std::move(*proxy), std::move(targets), slot)
                     : connect(trip, std::move(targets), options_.port);
    auto socket = co_await std::move(way);
    if (!socket) co_return std::move(socket).failure();
    const auto stream = trust_.stream(std::move(socket).value(), trip->url.host);
    trip->stream = stream.get();
    trip->watch(trip->due);
    auto answer = co_await talk(trip, stream.get());
    trip->stream = nullptr;
    trip->watchdog.cancel();
    stream->close();
    co_return answer;
}

// Each address gets an equal share of the time that is left.
asio::awaitable<result<http::tcp_socket>>
document_fetcher::connect(journey_ptr trip, http::addresses targets, std::uint16_t port) {
    http::error_code failed = asio::error::host_not_found;
    for (std::size_t i = 0; i < targets.size() && !trip->late(); ++i) {
        const auto share = (trip->due - clock::now()) / static_cast<int>(targets.size() - i);
        trip->watch(clock::now() + share);
        http::tcp_socket socket(io_);
        trip->connecting = &socket;
        const tcp::endpoint target(targets[i], port);
        co_await socket.async_connect(target, http::into(failed));
        trip->connecting = nullptr;
        if (!failed && socket.is_open()) co_return std::move(socket);
    }
    trip->watchdog.cancel();
    if (trip->late()) co_return too_slow(trip->url.host + ": while connecting");
    co_return unreachable(trip->url.host + ": " + failed.message());
}

// connect_through() asks the proxy for the vetted addresses one after the other; after another
// refusal than "not reached" (5xx) the next one is refused as well.
asio::awaitable<result<http::tcp_socket>>
document_fetcher::connect_through(journey_ptr trip, http::proxy_address proxy,
                                  http::addresses targets, fair_slots::slot slot) {
    const auto until = std::min(trip->due, clock::now() + options_.resolve_deadline);
    auto at = co_await options_.resolve(proxy.host, until, std::move(slot));
    if (!at) co_return unreachable("proxy " + proxy.authority + ": " + at.failure().message);
    const auto port = *uri::port_number(proxy.port);
    auto failed = unreachable("proxy " + proxy.authority + ": no address is left to try");
    for (const auto& target : targets) {
        auto socket = co_await connect(trip, *at, port);
        if (!socket && trip->late()) co_return too_slow("proxy " + proxy.authority);
        if (!socket)
            co_return unreachable("proxy " + proxy.authority + ": " + socket.failure().detail);
        trip->connecting = &*socket;
        trip->watch(trip->due);
        auto where = http::authority_of(target.to_string(), std::to_string(options_.port));
        auto opened = co_await http::open_tunnel(*socket, proxy, std::move(where));
        trip->connecting = nullptr;
        trip->watchdog.cancel();
        if (opened) co_return std::move(socket);
        if (trip->late()) co_return too_slow(opened.failure().detail);
        failed = unreachable(trip->url.host + ": " + opened.failure().detail);
    }
    co_return failed;
}

asio::awaitable<result<fetched_document>> document_fetcher::talk(journey_ptr trip,
                                                                 http::any_stream* stream) {
    http::error_code failed;
    std::string why;
    co_await stream->open(failed, why);
    if (failed && trip->late()) co_return too_slow(trip->url.host + ": TLS handshake");
    if (failed) co_return unreachable(trip->url.host + ": " + (why.empty() ? "TLS" : why));

    // Neither cookie nor Authorization: the host learns that this server asks, and nothing more.
    // Host and target are as read_document_url() has checked them.
    const auto head_text = "GET " + trip->url.target + " HTTP/1.1\r\nHost: " + trip->url.host +
                           "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"
                           "User-Agent: twenty-mcp/" TWENTY_MCP_VERSION
                           "\r\nConnection: close\r\n\r\n";
    asio::const_buffer rest = asio::buffer(head_text);
    while (rest.size() > 0 && !failed) {
        const http::any_stream::pieces piece = {rest, asio::const_buffer()};
        rest += co_await stream->write_some(piece, failed);
    }

    http::upstream_head head;
    fetched_document out;
    http::response_parser parser(max_header_bytes, oauth::max_document_bytes);
    parser.begin(head, out.body);
    http::read_buffer in(8 * 1024, max_header_bytes);
    auto state = http::parse_state::need_more;
    while (state == http::parse_state::need_more && !failed) {
        const auto room = in.room();
        if (room.size() == 0) break; // a header or chunk line without end
        const auto n = co_await stream->read_some(room, failed);
        if (failed == asio::error::eof && parser.end_of_stream()) {
            state = http::parse_state::done;
            failed = {};
        } else if (!failed) {
            in.filled(n);
            const auto step = parser.put(in.unread());
            in.use(step.used);
            state = step.state;
        }
    }
    if (failed && trip->late()) co_return too_slow(trip->url.host + ": while reading");
    if (failed) co_return unreachable(trip->url.host + ": " + failed.message());
    if (auto fault = fault_of(head, state)) co_return std::move(*fault);
    out.lifetime = oauth::document_lifetime(head.cache_control);
    co_return out;
}

} // namespace web
