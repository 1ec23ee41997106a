#include "demo/server.hpp"

#include "http/pause.hpp"

namespace demo {

namespace {

constexpr std::size_t body_bytes = 10 * 1024 * 1024; // as Twenty's body parser

http::server_options options_for(std::uint16_t port) {
    http::server_options o;
    o.port = port;
    o.header_bytes = 16 * 1024; // as Node's: longer URLs get a 431
    o.max_connections_per_peer = o.max_connections;
    o.idle = std::chrono::seconds(65);             // as Twenty's keep-alive
    o.handler_deadline = std::chrono::minutes(10); // what hangs, hangs
    o.drain = std::chrono::seconds(0);
    o.access_log = false;
    return o;
}

request as_demo(http::request r) {
    request made;
    made.method = std::move(r.method);
    made.target = std::move(r.path);
    if (!r.query.empty()) made.target.append("?").append(r.query);
    made.authorization = r.header("authorization");
    made.accept = r.header("accept");
    made.content_type = r.header("content-type");
    made.body = std::move(r.body);
    return made;
}

// answer() keeps the faults that a workspace was told to show: silence and delay end with the
// connection, because a pause is cancelled with it.
http::asio::awaitable<http::response> answer(workspace& served, http::request r) {
    auto said = served.handle(as_demo(std::move(r)), now());
    if (said.hangs) co_await http::pause_forever();
    if (said.delay.count() > 0) co_await http::pause(said.delay);
    http::response made;
    if (said.empty_reply) {
        made.status = http::no_answer;
        co_return made;
    }
    made.status = said.status;
    if (!said.content_type.empty()) made.set("Content-Type", std::move(said.content_type));
    if (said.retry_after) made.set("Retry-After", std::to_string(said.retry_after->count()));
    made.body = std::move(said.body);
    co_return made;
}

} // namespace

server::server(http::asio::io_context& io, workspace& served, std::uint16_t port)
    : server_(
          io, options_for(port),
          [&served](http::request r) { return answer(served, std::move(r)); },
          [](const http::request&) { return body_bytes; }) {}

} // namespace demo
