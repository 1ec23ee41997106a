// One open exchange of the client pool. For the pool's own two source files.
#pragma once

#include "http/client_pool.hpp"

namespace http {

inline error unreachable(std::string_view why, std::string detail) {
    return {errc::upstream_down, "Twenty cannot be reached: " + std::string(why) + ".",
            std::move(detail)};
}

struct client_pool::exchange {
    ticket id = 0;
    twenty::request request;
    secret key;
    completion done;
    clock::time_point due;         // for the whole exchange
    clock::time_point connect_due; // while connecting
    asio::steady_timer watchdog;
    asio::steady_timer turn;          // for a connection slot, then for the name
    tcp_socket* connecting = nullptr; // what to close when it takes too long
    any_stream* stream = nullptr;
    bool has_turn = false;
    bool sent = false; // bytes of the request may have left
    bool over = false; // answered or cancelled: whatever still runs has no one to tell

    explicit exchange(asio::io_context& io) : watchdog(io), turn(io) {}

    void interrupt() {
        error_code ignored;
        if (connecting) connecting->close(ignored);
        if (stream) stream->close();
        turn.cancel();
    }
};

} // namespace http
