// MCP over standard input and output (MCP 2025-11-25 and 2026-07-28, transports, stdio): one
// message a line, no headers, one client. Sessions, tools and their limits are those of the remote
// server: a line becomes the question that a POST becomes there.
#pragma once

#include "http/actor_bridge.hpp"
#include "mcp/server.hpp"
#include "stdio/line_input.hpp"
#include "stdio/line_output.hpp"
#include "stdio/local_grant.hpp"
#include "stdio/outlet.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace stdio {

class server {
  public:
    // All outlive this. `finished` is called once, when the input has ended and what came was
    // answered.
    server(boost::asio::io_context& io, http::actor_bridge& actors, local_grant& grant,
           line_output& out, const mcp::catalogue& offered, std::function<void()> finished);

    // As line_input wants it: `next` is called when the line's call has begun and another one may;
    // for initialize when it was answered, because what follows belongs to its session.
    void take(input_line line, std::function<void()> next);
    // What runs is answered, for at most as long as a tool may take; questions that nobody can
    // answer any more do not keep the process.
    void input_ended();

  private:
    using messages = mcp::classified;

    boost::asio::awaitable<void> begin(std::string line, std::function<void()> next);
    boost::asio::awaitable<void> run(messages all, secret token, std::function<void()> next);
    boost::asio::awaitable<void> begin_anew(secret token);
    boost::asio::awaitable<void> listen(secret token);
    void go_on(std::function<void()> next);
    void take_back(const messages& all);
    void begin_session(const actors::mcp_reply& reply, const secret& token);
    void answer_failure(const messages& outline, const error& why);
    void left();
    void finish();

    boost::asio::io_context& io_;
    http::actor_bridge& actors_;
    local_grant& grant_;
    line_output& out_;
    const mcp::catalogue& offered_;
    std::function<void()> finished_;
    boost::asio::steady_timer patience_;
    std::string session_id_;
    std::string negotiated_;                            // protocol version of the session
    std::string opening_;                               // the line of its initialize
    std::uint64_t generation_ = 0;                      // of the grant that the session is of
    std::map<std::string, std::weak_ptr<outlet>> open_; // stateless requests, by id
    std::shared_ptr<outlet> standalone_;                // what belongs to no call
    std::function<void()> next_;                        // waits until fewer calls run
    std::size_t running_ = 0;
    bool input_over_ = false;
};

} // namespace stdio
