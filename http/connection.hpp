// One client connection: a coroutine that reads a request within limits, asks the handler,
// writes the answer and keeps alive. Everything of one server runs on one thread.
#pragma once

#include "http/any_stream.hpp"
#include "http/message_parser.hpp"
#include "http/read_buffer.hpp"
#include "http/request_rules.hpp"
#include "http/server_context.hpp"
#include "http/shares.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace http {

class connection : public std::enable_shared_from_this<connection> {
  public:
    using clock = std::chrono::steady_clock;

    connection(std::shared_ptr<server_context> s, std::unique_ptr<any_stream> stream,
               std::string peer);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void start();
    // Called every now and then by the server: one timer serves all connections, and moving
    // a deadline costs one assignment.
    void check_deadline(clock::time_point now);
    // Nothing of a request has arrived, not even unread: may be closed without anybody losing
    // anything.
    [[nodiscard]] bool idle() const noexcept {
        return phase_ == phase::waiting && stream_->quiet();
    }
    void abort(); // at once, and cancels what the handler waits for
    [[nodiscard]] bool leaving() const noexcept { return leaving_; }
    [[nodiscard]] bool holds_answer() const noexcept { return written_.held() > 0; }
    // Into what it does at present.
    [[nodiscard]] clock::time_point entered() const noexcept { return entered_; }
    [[nodiscard]] occupant as_occupant() const;
    // The server stops: a stream that would go on for ever ends.
    void wind_down();
    // The rest of a half-sent request is not waited for any longer: 408.
    void stop_reading();
    // A last answer instead of a bare close, when the handler did not come to its end in time.
    void give_up_waiting();

  private:
    enum class phase { waiting, head, body, handling, streaming, writing, lingering };
    // How the reading of a request ended.
    enum class outcome { complete, refused, closed };

    // What the access log says about the exchange.
    struct exchange {
        std::string id;
        std::string method = "-";
        std::string path = "-";
        std::string peer;
        clock::time_point begun;
        unsigned version = 11;
        bool head_only = false;
        std::size_t bytes = 0;             // of the answer's body
        std::optional<tally::slot> client; // behind a proxy: among the client's requests
    };

    struct source_in_use;

    static asio::awaitable<void> run(std::shared_ptr<connection> self);
    static asio::awaitable<void> answer_late(std::shared_ptr<connection> self);
    asio::awaitable<bool> serve_one();
    asio::awaitable<outcome> read_request(request& r);
    asio::awaitable<outcome> read_head(request& r);
    asio::awaitable<outcome> read_body(request& r);
    asio::awaitable<bool> fill();
    asio::awaitable<response> handle(request r);
    asio::awaitable<bool> answer(response a, bool keep);
    asio::awaitable<bool> stream_body(body_source& source, bool chunked);
    asio::awaitable<bool> write_all(std::string_view head, std::string_view body);
    asio::awaitable<void> linger();

    outcome refuse(const refusal& why);
    outcome accept_head(request& r);
    outcome admit(const request& r);
    outcome admit_body(const request& r);
    [[nodiscard]] bool body_is_large() const noexcept; // or of unknown size: head_check is asked
    void enter(phase next, clock::duration time);
    void log(const response& a) const;
    void measure(const response& a) const;
    void tell_gone();
    void hold_answer(std::size_t bytes);

    std::shared_ptr<server_context> context_;
    std::unique_ptr<any_stream> stream_;
    std::string socket_peer_;
    networks socket_networks_;
    held_networks networks_; // the client's, from its request's head to the next request
    bool behind_proxy_ = false;
    std::string log_peer_;                 // server_context::shown(socket_peer_)
    std::optional<tally::slot> peer_slot_; // not for proxies
    std::list<connection*>::iterator entry_;

    request_parser parser_;
    read_buffer in_;
    std::string head_; // of the answer; its memory is kept
    std::shared_ptr<peer_watch> watch_ = std::make_shared<peer_watch>();
    std::shared_ptr<body_source> source_; // while it is being written
    exchange now_;
    share body_;    // what this request's body takes of the budget
    share written_; // what its answer takes, while it is written
    std::optional<refusal> refused_;
    bool body_unread_ = false;      // of this request: nothing can follow on this connection
    std::optional<response> early_; // what the head alone has for an answer
    std::size_t requests_ = 0;
    asio::cancellation_signal cancelled_;

    phase phase_ = phase::waiting;
    clock::time_point entered_; // into this phase
    clock::time_point deadline_;
    bool expired_ = false;  // the deadline of reading passed
    bool given_up_ = false; // run() must neither write nor go on
    bool leaving_ = false;  // counts among the server's connections no longer
};

} // namespace http
