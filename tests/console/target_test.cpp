#include "console/target.hpp"

#include "tests/http/upstream.hpp"
#include "tests/support/catch.hpp"

using console::read_address;
using testing::upstream;
using testing::upstream_connection;

namespace {

std::unique_ptr<console::server> server_at(const std::string& url, std::string ca_file = {}) {
    console::target to;
    to.url = *read_address(url);
    to.token = secret(std::string_view("a-token"));
    to.ca_file = std::move(ca_file);
    to.timeout = std::chrono::seconds(5);
    return *console::server::create(std::move(to));
}

} // namespace

TEST_CASE("a token goes to another machine over TLS alone", "[target]") {
    CHECK(read_address("https://mcp.example.com"));
    CHECK(read_address("https://mcp.example.com/mcp")->path.empty());
    for (const auto* here : {"http://localhost:8787", "http://127.0.0.1:1/", "http://[::1]:8787"})
        CHECK(read_address(here));
    for (const auto* bad : {"http://mcp.example.com", "http://127.0.0.1.example.com", "mcp", "",
                            "https://mcp.example.com/admin", "https://me@mcp.example.com"})
        CHECK(read_address(bad).failure().code == errc::bad_request);
}

TEST_CASE("nothing but a token stands where a token is sent", "[target]") {
    CHECK(console::read_token(secret(std::string_view(" abc-._~+/=\n")))->reveal() == "abc-._~+/=");
    for (const std::string_view bad : {"", " \n", "a b", "a\r\nX-Other: b", "ä"})
        CHECK(console::read_token(secret(bad)).failure().code == errc::bad_request);
}

TEST_CASE("a server is asked with the token, and one of this machine's socket without",
          "[target]") {
    std::string heard;
    const auto script = [&](upstream_connection& c, int) {
        for (auto one = c.request(); !one.empty(); one = c.request()) {
            heard = one;
            c.send(testing::plain_answer("{}"));
        }
    };
    {
        upstream network(script);
        const auto to = server_at("http://127.0.0.1:" + std::to_string(network.port));
        REQUIRE(to->ask({}));
        CHECK(heard.find("\r\nAuthorization: Bearer a-token\r\n") != std::string::npos);
        CHECK(heard.find("\r\nUser-Agent: twenty-mcp-admin/") != std::string::npos);
    }
    std::string folder = "/tmp/console-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()));
    {
        upstream local(script, folder + "/socket");
        console::target to;
        to.socket = folder + "/socket";
        REQUIRE((*console::server::create(std::move(to)))->ask({}));
        CHECK(heard.find("Authorization") == std::string::npos);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("an answer that is cut off is none", "[target]") {
    upstream server([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"calls\":[]}");
    });
    const auto to = server_at("http://127.0.0.1:" + std::to_string(server.port));
    const auto why = to->ask({}).failure();
    CHECK(why.code == errc::upstream_down);
    CHECK(why.message.find("was cut off") != std::string::npos);
}

TEST_CASE("an answer that is too large is told as such", "[target]") {
    upstream server([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n");
    });
    const auto to = server_at("http://127.0.0.1:" + std::to_string(server.port));
    const auto why = to->ask({}).failure();
    CHECK(why.code == errc::too_large);
    CHECK(why.message.find("ask for less") != std::string::npos);
}

TEST_CASE("no token goes to a server with another's certificate", "[target]") {
    const testing::certificates other("other.example");
    std::string heard;
    upstream server([&](upstream_connection& c, int) { heard += c.request(); }, other.server);
    const auto to = server_at("https://localhost:" + std::to_string(server.port), other.ca_file());
    const auto why = to->ask({}).failure();
    CHECK(why.code == errc::not_allowed);
    CHECK(why.message.find("it is made for other.example") != std::string::npos);
    CHECK(heard.empty());
}
