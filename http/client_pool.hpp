// The connections behind https_client and what one exchange goes through: a turn, a
// connection, the request, the answer. One thread; a watchdog timer for each exchange.
#pragma once

#include "http/any_stream.hpp"
#include "http/base_url.hpp"
#include "http/https_client.hpp"
#include "http/message_parser.hpp"
#include "http/shares.hpp"
#include "http/streams.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace http {

class client_pool : public std::enable_shared_from_this<client_pool> {
  public:
    using ticket = twenty::transport::ticket;
    using completion = twenty::transport::completion;
    using clock = std::chrono::steady_clock;

    client_pool(asio::io_context& io, client_options options, base_url url, tls_trust trust);

    ticket send(twenty::request r, secret api_key, std::chrono::milliseconds deadline,
                completion done);
    void cancel(ticket t);
    void close();                     // drops everything, calls nobody
    void trust_anew(tls_trust trust); // as of https_client
    [[nodiscard]] std::size_t open_connections() const noexcept { return busy_ + idle_.size(); }

  private:
    struct exchange;
    using exchange_ptr = std::shared_ptr<exchange>;
    struct lookup;
    using stream_ptr = std::unique_ptr<any_stream>;
    // What became of one try on one connection.
    struct attempt {
        std::optional<error> failed;
        bool may_repeat = false; // certainly not processed, or harmless twice
        bool keep = false;       // the connection can be used again
        twenty::response answer;
    };
    struct kept {
        stream_ptr stream;
        clock::time_point since;
    };

    static asio::awaitable<void> run(std::shared_ptr<client_pool> self, exchange_ptr e);
    asio::awaitable<bool> wait_for_turn(exchange_ptr e);
    asio::awaitable<result<twenty::response>> perform(exchange_ptr e);
    asio::awaitable<result<stream_ptr>> connect(exchange_ptr e);
    asio::awaitable<error_code> resolve(exchange_ptr e, bool again);
    asio::awaitable<result<tcp_socket>> connect_any(exchange_ptr e);
    asio::awaitable<attempt> talk(exchange_ptr e, any_stream* stream, bool reused);
    asio::awaitable<std::size_t> write(exchange_ptr e, any_stream* stream, error_code& failed);
    asio::awaitable<attempt> read(any_stream* stream, bool may_repeat);

    // The host that is connected to: the proxy, if there is one.
    [[nodiscard]] const std::string& next_host() const noexcept;
    [[nodiscard]] const std::string& next_port() const noexcept;
    // Twenty that cannot be reached; with a proxy on the way, `detail` names it, and so does the
    // log.
    error no_way(std::string_view why, std::string detail);
    error no_way_through(error of_proxy);
    void refuse_as_proxy(const exchange_ptr& e, attempt& tried);

    void next_turn();
    void watch(const exchange_ptr& e, clock::time_point until);
    void too_late(const exchange_ptr& e);
    void finish(const exchange_ptr& e, result<twenty::response> answer);
    std::optional<error> unsendable(const exchange& e) const;
    secret head_of(const exchange& e) const;
    void prefer(const asio::ip::tcp::endpoint& good);
    stream_ptr take_idle();
    void keep(stream_ptr stream);
    void arm_prune();

    asio::io_context& io_;
    client_options options_;
    base_url url_;
    tls_trust trust_;
    std::uint64_t trusts_ = 0; // how many came before it
    std::map<ticket, exchange_ptr> open_;
    std::deque<exchange_ptr> waiting_;
    std::vector<kept> idle_; // the latest used last
    std::vector<asio::ip::tcp::endpoint> endpoints_;
    clock::time_point resolved_at_;
    asio::steady_timer prune_;
    std::size_t busy_ = 0;
    clock::time_point told_proxy_; // the log, of a fault
    std::size_t received_ = 0;     // of answers that are not complete
    ticket last_ticket_ = 0;
    bool pruning_ = false;
    bool closed_ = false;
};

} // namespace http
