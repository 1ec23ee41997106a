// Puts a workspace behind a socket on this machine, misbehaviour included.
#pragma once

#include "demo/workspace.hpp"
#include "http/server.hpp"

namespace demo {

class server {
  public:
    // On 127.0.0.1; port 0: any free one. `served` must outlive the server and is only touched
    // on the thread that runs `io`.
    server(http::asio::io_context& io, workspace& served, std::uint16_t port);

    // The port, or why it cannot listen.
    result<std::uint16_t> start() { return server_.start(); }
    // What hangs does not delay it.
    void stop(std::function<void()> stopped) { server_.stop(std::move(stopped)); }

  private:
    http::server server_;
};

} // namespace demo
