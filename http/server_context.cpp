#include "http/server_context.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/header_values.hpp"
#include "http/respond.hpp"

#include <chrono>
#include <cstring>

namespace http {

namespace {

constexpr std::chrono::minutes tell_every{1};

} // namespace

// The connections that are not about to go, and each as the rules of eviction see it.
struct server_context::crowd {
    std::vector<connection*> all;
    std::vector<occupant> seen;
};

// look() asks every connection, which costs as much as there are; it is called when one may have to
// go.
server_context::crowd server_context::look() const {
    crowd now;
    now.all.reserve(connections.size());
    now.seen.reserve(connections.size());
    for (auto* c : connections) {
        if (c->leaving()) continue;
        now.all.push_back(c);
        now.seen.push_back(c->as_occupant());
    }
    return now;
}

// What an administrator sees of this server; several servers of one process add up.
std::vector<std::unique_ptr<metrics::sampled>> server_context::watched() {
    using metrics::id;
    std::vector<std::unique_ptr<metrics::sampled>> out;
    if (!options.watched) return out;
    const auto gauge = [&](id what, std::vector<std::string> labels, auto read) {
        out.push_back(std::make_unique<metrics::sampled>(
            what, std::move(labels), [read] { return static_cast<double>(read()); }));
    };
    gauge(id::http_connections, {}, [this] { return present(); });
    gauge(id::http_connections_limit, {}, [this] { return options.max_connections; });
    gauge(id::budget, {"request_bodies"}, [this] { return body_bytes; });
    gauge(id::budget_limit, {"request_bodies"}, [this] { return options.max_body_bytes; });
    gauge(id::budget, {"answers"}, [this] { return answer_bytes; });
    gauge(id::budget_limit, {"answers"}, [this] { return options.max_answer_bytes; });
    return out;
}

bool server_context::seldom::due() {
    const auto now = std::chrono::steady_clock::now();
    if (last_ && now - *last_ < tell_every) return false;
    last_ = now;
    return true;
}

bool server_context::admits(const std::string& peer) {
    if (proxies.contains(peer) ||
        per_peer.count(address_group(peer)) < options.max_connections_per_peer)
        return true;
    metrics::count(metrics::id::limited, {connections_per_client});
    if (told_crowded_.due())
        logging::event(logging::level::warning, "connection_refused",
                       {{"limit", connections_per_client},
                        {"most", options.max_connections_per_peer},
                        {"peer", shown(peer)}});
    return false;
}

// make_room() counts an aborted connection as gone, though its coroutine still has to end: the
// newcomer need not wait for that.
bool server_context::make_room() {
    if (present() < options.max_connections) return true;
    if (told_full_.due())
        logging::event(logging::level::warning, "connections_full",
                       {{"most", options.max_connections}});
    const auto held = look();
    const auto who = to_evict(held.seen, shares());
    if (!who) return false;
    held.all[*who]->abort();
    return true;
}

// Threat: whoever asks for much and reads nothing fills the memory with answers, each within its
// deadline. Defence: the answers have a budget, and the reader of longest standing loses.
bool server_context::drop_slowest_reader(const connection& reader) {
    connection* slowest = nullptr;
    for (auto* c : connections)
        if (c != &reader && !c->leaving() && c->holds_answer() &&
            (!slowest || c->entered() < slowest->entered()))
            slowest = c;
    if (!slowest) return false;
    slowest->abort();
    return true;
}

// spare_a_stream() asks the stream to end and does not abort it: its client is told, and comes back
// for what it missed.
void server_context::spare_a_stream() {
    if (present() <= shares().streams) return;
    const auto held = look();
    if (const auto who = stream_to_end(held.seen, shares())) held.all[*who]->wind_down();
}

// splitmix64 over a random start.
std::string server_context::next_id() {
    if (seed_ == 0) {
        const auto bytes = crypto::random_bytes(sizeof seed_);
        std::memcpy(&seed_, bytes.data(), sizeof seed_);
    }
    auto x = seed_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    x ^= x >> 31;
    static constexpr char digits[] = "0123456789abcdef";
    std::string id(12, '0');
    for (auto& c : id) {
        c = digits[x & 15];
        x >>= 4;
    }
    return id;
}

const std::string& server_context::date() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    if (now != date_second_) {
        date_second_ = now;
        date_ = http_date(now);
    }
    return date_;
}

} // namespace http
