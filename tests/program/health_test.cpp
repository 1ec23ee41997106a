#include "health.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

// Listens on a port of its own and gives one visitor this answer; an empty one never comes.
class one_answer {
  public:
    explicit one_answer(std::string answer)
        : acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          thread_([this, answer = std::move(answer)] {
              auto visitor = acceptor_.accept();
              boost::asio::read_until(visitor, boost::asio::dynamic_buffer(asked_), "\r\n\r\n");
              if (!answer.empty()) boost::asio::write(visitor, boost::asio::buffer(answer));
              boost::system::error_code ec;
              std::string rest;
              boost::asio::read(visitor, boost::asio::dynamic_buffer(rest), ec); // until it leaves
          }) {}
    ~one_answer() { thread_.join(); }
    one_answer(const one_answer&) = delete;
    one_answer& operator=(const one_answer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    boost::asio::io_context io_;
    tcp::acceptor acceptor_;
    std::string asked_;
    std::thread thread_;
};

std::string verdict(const std::string& answer, std::chrono::milliseconds within = 5s) {
    const one_answer server(answer);
    const auto well = health::check("127.0.0.1", server.port(), within);
    return well ? "well" : well.failure().message;
}

} // namespace

TEST_CASE("a service is healthy when it answers 200, and nothing else will do", "[health]") {
    CHECK(verdict("HTTP/1.1 200 OK\r\n\r\n") == "well");
    CHECK(verdict("HTTP/1.1 503 Service Unavailable\r\n\r\n") ==
          "the service is not ready: it answers 503");
    CHECK(verdict("SSH-2.0-OpenSSH 200\r\n") ==
          "the service is not ready: no HTTP server answers there");
}

TEST_CASE("a service that does not answer, in time or at all, is not healthy", "[health]") {
    CHECK(verdict("", 100ms) == "the service is not ready: Connection timed out");
    std::uint16_t unused = 0;
    {
        boost::asio::io_context io;
        unused = tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0))
                     .local_endpoint()
                     .port();
    }
    const auto refused = health::check("0.0.0.0", unused, 5s);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().message == "the service is not ready: Connection refused");
    CHECK_FALSE(health::check("nowhere", 1, 5s).ok());
}
