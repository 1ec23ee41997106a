#include "http/proxy_tunnel.hpp"

#include "http/into.hpp"
#include "http/message_parser.hpp"
#include "http/read_buffer.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>
#include <optional>

namespace http {

namespace {

constexpr std::size_t max_head_bytes = 16 * 1024;
constexpr std::string_view head_end = "\r\n\r\n";

error failure(const proxy_address& proxy, std::string_view what, std::string_view detail) {
    return {errc::upstream_down, "the proxy " + std::string(what),
            "proxy " + proxy.authority + ": " + std::string(detail)};
}

// status_of() reads the first head that is whole in `bytes` and sets `used` to its length. An
// interim answer (1xx) is one; a Content-Length or a chunked body of a success means nothing (RFC
// 9110 §9.3.6), so no body is read. 0: bytes are missing; nullopt: this is not HTTP.
std::optional<int> status_of(std::string_view bytes, std::size_t& used) {
    constexpr std::string_view version = "HTTP/1.";
    if (bytes.substr(0, version.size()) != version.substr(0, bytes.size())) return std::nullopt;
    const auto end = bytes.find(head_end);
    if (end == std::string_view::npos) return 0;
    used = end + head_end.size();
    upstream_head head;
    std::string body;
    response_parser parser(max_head_bytes, 0);
    parser.begin(head, body);
    const auto state = parser.put(bytes.substr(0, used)).state;
    // too_large is told of a body that was only announced.
    if (state == parse_state::broken || head.status < 100) return std::nullopt;
    return head.status;
}

secret request_for(const proxy_address& proxy, const std::string& target) {
    std::string head;
    head.reserve(256 + 2 * target.size() + proxy.authorization.size()); // as in client_request.cpp
    head.append("CONNECT ").append(target).append(" HTTP/1.1\r\nHost: ").append(target);
    head.append("\r\nUser-Agent: twenty-mcp/" TWENTY_MCP_VERSION);
    if (!proxy.authorization.empty())
        head.append("\r\nProxy-Authorization: ").append(proxy.authorization.reveal());
    head.append("\r\n\r\n");
    return secret(std::move(head));
}

} // namespace

error proxy_refusal(const proxy_address& proxy, int status) {
    const auto answered = "answers " + std::to_string(status) + ": ";
    if (status == 407 || status == 401) // 401: tinyproxy
        return failure(proxy, "refused the connection",
                       answered + (proxy.authorization.empty()
                                       ? "it wants a user and a password in the proxy's URL"
                                       : "the user or the password in the proxy's URL is wrong"));
    if (status >= 500)
        return failure(proxy, "cannot reach it",
                       answered + "the target does not answer it, or its name is unknown there");
    return failure(proxy, "refused the connection",
                   answered + "its rules do not let this server reach the target");
}

asio::awaitable<result<done>> open_tunnel(tcp_socket& socket, const proxy_address& proxy,
                                          std::string target) {
    error_code failed;
    const secret request = request_for(proxy, target);
    co_await asio::async_write(socket, asio::buffer(request.reveal()), into(failed));
    read_buffer in(4096, max_head_bytes);
    int status = 0;
    while (!failed) {
        std::size_t used = 0;
        const auto read = status_of(in.unread(), used);
        if (!read)
            co_return failure(proxy, "answers with something else than HTTP", "no HTTP/1.x answer");
        status = *read;
        in.use(used);
        if (status >= 200) break;
        if (status > 0) continue; // interim: the answer follows
        const auto room = in.room();
        if (room.size() == 0)
            co_return failure(proxy, "answers with something else than HTTP",
                              "a head of more than 16 KiB");
        const auto n = co_await socket.async_read_some(room, into(failed));
        if (!failed) in.filled(n);
    }
    if (failed) co_return failure(proxy, "closed the connection", failed.message());
    if (status >= 300) co_return proxy_refusal(proxy, status);
    if (!in.unread().empty())
        co_return failure(proxy, "answers with something else than HTTP",
                          "bytes behind its answer to CONNECT");
    co_return done();
}

} // namespace http
