#include "health.hpp"

#include "base/text.hpp"

#include <array>
#include <boost/asio/ip/tcp.hpp>

namespace health {

namespace {

namespace ip = boost::asio::ip;

error unwell(const std::string& why) {
    return {errc::unavailable, "the service is not ready: " + why};
}

} // namespace

result<done> check(const std::string& address, std::uint16_t port,
                   std::chrono::milliseconds within) {
    boost::system::error_code ec;
    const auto numeric = ip::make_address(address, ec);
    if (ec) return error{errc::bad_request, address + " is no address"};

    ip::tcp::iostream connection;
    connection.expires_after(within);
    connection.connect(ip::tcp::endpoint(numeric, port));
    connection << "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
               << std::flush;
    // "HTTP/1.1 200 OK". Whoever answers there may be anybody: no more than this is read.
    std::array<char, 12> begin{};
    connection.read(begin.data(), begin.size());
    if (!connection) {
        const auto why = connection.error();
        return unwell(why ? why.message() : "the answer ended early");
    }
    const std::string_view line(begin.data(), begin.size());
    if (!line.starts_with("HTTP/1.")) return unwell("no HTTP server answers there");
    const auto status = line.substr(line.find(' ') + 1);
    if (status != "200") return unwell("it answers " + text::visible_start(status, 3));
    return done{};
}

} // namespace health
