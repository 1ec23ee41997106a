// The yardstick for the server's own speed: Beast as its examples use it (tcp_stream with its
// timers, one coroutine a connection, one thread), answering every request with the same 12 KB
// of JSON. It parses nothing, checks nothing, logs nothing.
// Usage: bare_beast [PORT]
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

const std::string& fixed_body() {
    static const auto body = [] {
        std::string text = R"({"jsonrpc":"2.0","id":1,"result":{"tools":[)";
        while (text.size() < 12 * 1024)
            text += R"({"name":"find_records","description":"Finds records of an object."},)";
        text.back() = ']';
        return text += "}}";
    }();
    return body;
}

asio::awaitable<void> serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    try {
        for (bool keep = true; keep;) {
            stream.expires_after(std::chrono::seconds(30));
            beast::http::request<beast::http::string_body> request;
            co_await beast::http::async_read(stream, buffer, request, asio::use_awaitable);
            beast::http::response<beast::http::string_body> answer(beast::http::status::ok,
                                                                   request.version());
            answer.set(beast::http::field::server, "bare-beast");
            answer.set(beast::http::field::content_type, "application/json");
            answer.keep_alive(request.keep_alive());
            answer.body() = fixed_body();
            answer.prepare_payload();
            keep = request.keep_alive();
            co_await beast::http::async_write(stream, answer, asio::use_awaitable);
        }
    } catch (const std::exception&) {
        // The client has gone.
    }
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> listen(tcp::endpoint where) {
    auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, where);
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv) {
    const int port = argc > 1 ? std::atoi(argv[1]) : 8790;
    asio::io_context io(1);
    const tcp::endpoint where(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
    asio::co_spawn(io, listen(where), [](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
    });
    std::cout << "bare Beast on http://127.0.0.1:" << port << '\n';
    io.run();
}
