// Each question runs the context until nothing is left to do in it: its coroutines, and a timer
// that closes the connection under them when the time is over.
#include "http/probe.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/into.hpp"
#include "http/message_parser.hpp"
#include "http/name_lookup.hpp"
#include "http/read_buffer.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

namespace http {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t most_of_a_head = 64 * 1024;
constexpr std::size_t most_of_a_body = 16 * 1024 * 1024; // a page of a thousand calls has 8

bool no_way(const error_code& why) {
    return why == asio::error::network_unreachable || why == asio::error::host_unreachable ||
           why == asio::error::address_family_not_supported ||
           why == boost::system::errc::address_not_available;
}

error lost(const error_code& why, bool late, std::string_view otherwise = {}) {
    if (late) return {errc::upstream_timeout, "no answer in time"};
    if (no_way(why)) return {errc::unavailable, why.message()};
    return {errc::upstream_down, otherwise.empty() ? why.message() : std::string(otherwise)};
}

// Threat: a line break in a value writes further header fields. Defence: controls are left out.
void add_field(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ");
    std::copy_if(value.begin(), value.end(), std::back_inserter(head),
                 [](char c) { return c >= 0x20 && c != 0x7F; });
    head.append("\r\n");
}

secret head_of_request(const base_url& url, const probe_request& r) {
    std::string head;
    std::size_t longest = 1024 + url.path.size() + url.authority.size() + r.target.size();
    for (const auto& [name, value] : r.headers)
        longest += name.size() + value.size() + 4;
    head.reserve(longest + r.bearer.size()); // never grows: no copy of a token is left behind
    head.append(r.method).append(" ").append(url.path).append(r.target).append(" HTTP/1.1\r\n");
    const auto given = [&](std::string_view name) {
        return std::any_of(r.headers.begin(), r.headers.end(),
                           [&](const auto& h) { return text::iequals(h.first, name); });
    };
    if (!given("Host")) add_field(head, "Host", url.authority);
    if (!given("User-Agent"))
        add_field(head, "User-Agent", "twenty-mcp-doctor/" TWENTY_MCP_VERSION);
    for (const auto& [name, value] : r.headers)
        add_field(head, name, value);
    if (!r.bearer.empty()) {
        head.append("Authorization: Bearer ");
        head.append(r.bearer.reveal()).append("\r\n");
    }
    if (!r.form.empty()) add_field(head, "Content-Type", "application/x-www-form-urlencoded");
    const auto size = r.form.empty() ? r.body.size() : r.form.size();
    if (size != 0 || (r.method != "GET" && r.method != "HEAD"))
        add_field(head, "Content-Length", std::to_string(size));
    head.append("\r\n");
    return secret(std::move(head));
}

bool suffices(const probe_answer& so_far, probe::until enough, std::chrono::milliseconds now) {
    if (enough == probe::until::complete || !so_far.body_after) return false;
    return enough == probe::until::first_bytes ||
           now - *so_far.body_after >= std::chrono::seconds(1);
}

} // namespace

std::string_view probe_answer::header(std::string_view name) const noexcept {
    for (const auto& [field, value] : headers)
        if (text::iequals(field, name)) return value;
    return {};
}

struct probe::exchange {
    secret head;
    const probe_request* request = nullptr;
    steady::time_point begun = steady::now();
    probe_answer answer;
    std::optional<error> failed;
    bool written = false;
    bool answered = false;
};

probe::probe(base_url to, tls_trust trust, std::chrono::milliseconds deadline)
    : url_(std::move(to)), trust_(std::move(trust)), deadline_(deadline) {}

// RFC 9112 §3.2: Host is there in any case, also where no host was asked for.
probe::probe(std::string socket_path, std::chrono::milliseconds deadline)
    : url_{false, "localhost", "80", "localhost", ""}, socket_path_(std::move(socket_path)),
      deadline_(deadline) {}

probe::~probe() { close(); }

void probe::close() noexcept {
    if (stream_) stream_->close();
    stream_.reset();
}

void probe::run_within(std::chrono::milliseconds time) {
    late_ = false;
    io_.restart();
    const auto end = steady::now() + time;
    while (io_.run_one_until(end) != 0) {
    }
    if (io_.stopped()) return;
    late_ = true;
    error_code ignored;
    if (socket_) socket_->close(ignored);
    if (local_) local_->close(ignored);
    if (stream_) stream_->close();
    io_.run(); // what waited comes back with an error
}

result<done> probe::reach(const address& at) {
    error_code failed;
    socket_ = std::make_unique<tcp_socket>(io_);
    const auto port = uri::port_number(url_.port).value_or(0);
    socket_->async_connect({at, port}, [&failed](const error_code& why) { failed = why; });
    run_within(deadline_);
    socket_.reset();
    if (failed || late_) return lost(failed, late_);
    return done{};
}

asio::awaitable<void> probe::open(result<done>& out) {
    error_code failed;
    asio::ip::tcp::endpoint to(*at_, uri::port_number(url_.port).value_or(0));
    co_await socket_->async_connect(to, into(failed));
    if (failed) {
        out = lost(failed, late_);
        co_return;
    }
    own_address_ = socket_->local_endpoint(failed).address().to_string();
    socket_->set_option(asio::ip::tcp::no_delay(true), failed);
    auto connected = std::move(*socket_);
    if (url_.tls)
        stream_ = trust_.observed_stream(std::move(connected), url_.host, certificate_);
    else
        stream_ = plain_stream(std::move(connected));
    std::string why;
    co_await stream_->open(failed, why);
    if (failed) out = lost(failed, late_, why.empty() ? failed.message() : why);
}

result<done> probe::connect_local() {
    if (!is_local_path(socket_path_))
        return error{errc::bad_request, "no socket can have that path"};
    ++connections_;
    error_code failed;
    local_ = std::make_unique<local_socket>(io_);
    local_->async_connect(asio::local::stream_protocol::endpoint(socket_path_),
                          [&failed](const error_code& why) { failed = why; });
    run_within(deadline_);
    auto connected = std::exchange(local_, nullptr);
    if (failed == boost::system::errc::no_such_file_or_directory ||
        failed == boost::system::errc::not_a_directory)
        return error{errc::not_found, failed.message()};
    if (failed == boost::system::errc::permission_denied)
        return error{errc::not_allowed, failed.message()};
    if (failed || late_) return lost(failed, late_);
    stream_ = local_stream(std::move(*connected));
    return done{};
}

result<done> probe::connect() {
    close();
    if (!socket_path_.empty()) return connect_local();
    if (!at_) {
        const auto found = ask_system(url_.host);
        if (found.all.empty()) return error{errc::upstream_down, "its name has no address"};
        for (const auto& one : found.all)
            if (!at_ && reach(one)) at_ = one;
        if (!at_) return error{errc::upstream_down, "none of its addresses takes a connection"};
    }
    ++connections_;
    certificate_ = std::make_shared<certificate_facts>();
    socket_ = std::make_unique<tcp_socket>(io_);
    result<done> out = done{};
    asio::co_spawn(io_, open(out), asio::detached);
    run_within(deadline_);
    socket_.reset();
    if (!out) close();
    return out;
}

// write() may fail after the server has answered, which is no failure of the exchange.
asio::awaitable<void> probe::write(std::shared_ptr<exchange> e) {
    error_code failed;
    const auto& r = *e->request;
    any_stream::pieces rest = {asio::buffer(e->head.reveal()), asio::buffer(r.body)};
    if (!r.form.empty()) rest[1] = asio::buffer(r.form.reveal());
    while (rest[0].size() + rest[1].size() > 0 && !e->answered) {
        auto n = co_await stream_->write_some(rest, failed);
        if (failed) co_return;
        for (auto& piece : rest) {
            const auto part = std::min(n, piece.size());
            piece += part;
            n -= part;
        }
    }
    e->written = rest[0].size() + rest[1].size() == 0;
}

asio::awaitable<void> probe::read(std::shared_ptr<exchange> e, until enough) {
    upstream_head head;
    auto& out = e->answer;
    const bool no_body = e->request->method == "HEAD";
    response_parser parser(most_of_a_head, most_of_a_body, true);
    parser.begin(head, out.body);
    read_buffer in(32 * 1024, most_of_a_head);
    auto state = parse_state::need_more;
    const auto since = [&] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - e->begun);
    };
    while (state == parse_state::need_more) {
        const auto room = in.room();
        if (room.size() == 0) break;
        error_code failed;
        const auto n = co_await stream_->read_some(room, failed);
        if (failed) {
            out.cut = !late_;
            if (failed == asio::error::eof && parser.end_of_stream()) {
                state = parse_state::done;
                head.keep_alive = false;
            } else if (head.status == 0) {
                e->failed = lost(failed, late_, "the connection was closed without an answer");
            }
            break;
        }
        in.filled(n);
        const bool blank = in.unread().find("\r\n\r\n") != std::string_view::npos;
        const auto step = parser.put(in.unread());
        in.use(step.used);
        state = step.state;
        if (head.status != 0 && out.head_after.count() == 0) out.head_after = since();
        if (!out.body.empty() && !out.body_after) out.body_after = since();
        // RFC 9110 §9.3.2: a Content-Length of HEAD announces what does not come.
        if (no_body && blank && state == parse_state::need_more) state = parse_state::done;
        if (suffices(out, enough, since())) break;
    }
    out.ended_after = since();
    if (state == parse_state::too_large)
        e->failed = error(errc::too_large, "the answer is too large");
    if (state == parse_state::broken)
        e->failed = error(errc::upstream_down, "the answer is no HTTP");
    out.status = head.status;
    out.headers = std::move(head.fields);
    out.complete = state == parse_state::done;
    out.cut = out.cut && !out.complete;
    out.keep_alive = out.complete && head.keep_alive && in.unread().empty() && !no_body;
    e->answered = true;
    // A writer that waits for a server which has said all that it has to say.
    if (!e->written) stream_->cancel();
}

result<probe_answer> probe::ask(const probe_request& r, until enough) {
    if (stream_ && !stream_->quiet()) close();
    if (!stream_) CHECK_OK(connect());
    // Threat: the connection that was examined was good, and the next one is somebody else's.
    // Defence: a token or a form goes over no connection whose certificate is not.
    if ((!r.bearer.empty() || !r.form.empty()) && !certificate_->faults.empty()) {
        close();
        return error{errc::not_allowed, "its certificate is not accepted"};
    }
    const auto e = std::make_shared<exchange>();
    e->head = head_of_request(url_, r);
    e->request = &r;
    asio::co_spawn(io_, write(e), asio::detached);
    asio::co_spawn(io_, read(e, enough), asio::detached);
    run_within(deadline_);
    if (!e->written || !e->answer.keep_alive || late_) close();
    if (e->failed) return std::move(*e->failed);
    if (e->answer.status == 0) return lost({}, late_, "the connection was closed");
    return std::move(e->answer);
}

} // namespace http
