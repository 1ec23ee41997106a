#include "http/probe.hpp"

#include "tests/http/upstream.hpp"
#include "tests/support/catch.hpp"

#include <thread>

using namespace std::chrono_literals;
using http::certificate_fault;
using testing::plain_answer;
using testing::upstream;
using testing::upstream_connection;

namespace {

// Of 127.0.0.1, which is where an upstream listens.
struct client_of : http::probe {
    explicit client_of(const upstream& server, bool tls = false, const std::string& ca_file = {},
                       std::chrono::milliseconds deadline = 2s)
        : probe(*http::parse_base_url((tls ? "https://localhost:" : "http://localhost:") +
                                      std::to_string(server.port)),
                *http::tls_trust::load(ca_file), deadline) {
        use(boost::asio::ip::make_address("127.0.0.1"));
    }
};

http::probe_request with_token(std::string body = {}) {
    http::probe_request r;
    r.method = "POST";
    r.bearer = secret(std::string_view("a-token"));
    r.body = std::move(body);
    return r;
}

struct folder {
    std::string path = "/tmp/probe-XXXXXX";
    folder() { REQUIRE(::mkdtemp(path.data())); }
    ~folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("an answer is told with its status, fields, body and times", "[probe]") {
    std::string asked;
    upstream server([&](upstream_connection& c, int) {
        asked = c.request();
        c.send("HTTP/1.1 404 Not Found\r\nX-Other: a\r\nx-other: b\r\nContent-Length: 2\r\n\r\nno");
        c.request();
    });
    client_of client(server);
    http::probe_request r;
    r.target = "/mcp";
    r.headers = {{"Accept", "text/plain\r\nX-Smuggled: yes"}};
    const auto a = client.ask(r);
    REQUIRE(a);
    CHECK(a->status == 404);
    CHECK(a->header("X-OTHER") == "a");
    CHECK(a->header("none").empty());
    CHECK(a->body == "no");
    CHECK((a->complete && a->keep_alive));
    CHECK(a->body_after.has_value());
    CHECK(asked.find("GET /mcp HTTP/1.1\r\n") == 0);
    CHECK(asked.find("\r\nX-Smuggled") == std::string::npos);
    CHECK(client.own_address() == "127.0.0.1");
}

TEST_CASE("a redirect is an answer, and nobody follows it", "[probe]") {
    upstream server([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 301 Moved\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n");
    });
    client_of client(server);
    const auto a = client.ask({});
    REQUIRE(a);
    CHECK(a->status == 301);
    CHECK(server.accepted == 1);
}

TEST_CASE("a connection is used again while both ends keep it", "[probe]") {
    upstream server([](upstream_connection& c, int number) {
        while (!c.request().empty()) {
            c.send(plain_answer("{}", number == 2 ? "Connection: close\r\n" : ""));
            if (number == 2) return;
        }
    });
    client_of client(server);
    REQUIRE((client.ask({}) && client.ask({})));
    CHECK(client.connections() == 1);
    client.close();
    REQUIRE((client.ask({}) && client.ask({})));
    CHECK(client.connections() == 3);
}

TEST_CASE("an answer that comes before the body was sent is heard", "[probe]") {
    upstream server([](upstream_connection& c, int) {
        c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        std::this_thread::sleep_for(200ms); // and reads none of it
    });
    client_of client(server);
    const auto a = client.ask(with_token(std::string(8 * 1024 * 1024, 'x')));
    REQUIRE(a);
    CHECK(a->status == 413);
    CHECK(server.accepted == 1);
}

TEST_CASE("HEAD has no body, whatever its length says", "[probe]") {
    upstream server([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n");
        c.request();
    });
    client_of client(server);
    http::probe_request r;
    r.method = "HEAD";
    const auto a = client.ask(r);
    REQUIRE(a);
    CHECK((a->status == 401 && a->complete && a->body.empty()));
}

TEST_CASE("the first bytes of a stream are enough when nobody wants its end", "[probe]") {
    upstream server([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
        c.request(); // until the client goes
    });
    client_of client(server);
    const auto a = client.ask({}, http::probe::until::first_bytes);
    REQUIRE(a);
    CHECK(a->body == "data: 1\n\n");
    CHECK(*a->body_after < 1s);
    CHECK_FALSE(a->complete);
}

TEST_CASE("a stream that the other end closes is told from one that stays open", "[probe]") {
    upstream server([](upstream_connection& c, int number) {
        c.request();
        c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n");
        if (number == 1) c.request(); // until the client goes
    });
    client_of client(server, false, {}, 300ms);
    const auto open = client.ask({}, http::probe::until::more_bytes);
    REQUIRE(open);
    CHECK((!open->cut && !open->complete && open->ended_after >= 300ms));
    const auto cut = client.ask({}, http::probe::until::more_bytes);
    REQUIRE(cut);
    CHECK((cut->cut && !cut->complete && cut->ended_after < 300ms));
}

TEST_CASE("silence, a hang-up and noise are errors that say which", "[probe]") {
    upstream server([](upstream_connection& c, int number) {
        c.request();
        if (number == 1) c.request();
        if (number == 3) c.send("SSH-2.0-OpenSSH_9.2\r\n");
    });
    client_of client(server, false, {}, 200ms);
    CHECK(client.ask({}).failure().code == errc::upstream_timeout);
    CHECK(client.ask({}).failure().code == errc::upstream_down);
    CHECK(client.ask({}).failure().code == errc::upstream_down);
    client_of tls(server, true, {}, 200ms);
    CHECK_FALSE(tls.connect()); // it speaks no TLS
}

TEST_CASE("an answer that is too large is told apart from noise, announced or not", "[probe]") {
    upstream server([](upstream_connection& c, int number) {
        c.request();
        if (number == 1) c.send("HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n");
        if (number == 2) c.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(16 * 1024 * 1024 + 1, 'x'));
        if (number == 3) c.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(16 * 1024 * 1024, 'x'));
    });
    client_of client(server);
    CHECK(client.ask({}).failure().code == errc::too_large);
    CHECK(client.ask({}).failure().code == errc::too_large);
    CHECK(client.ask({})->complete);
}

TEST_CASE("a port that nobody listens at is told from a network that nobody reaches", "[probe]") {
    auto unused = [] {
        const upstream gone([](upstream_connection&, int) {});
        return http::parse_base_url("http://localhost:" + std::to_string(gone.port));
    }();
    auto trust = http::tls_trust::load({});
    http::probe client(*unused, *trust, 500ms);
    const auto closed = client.reach(boost::asio::ip::make_address("127.0.0.1"));
    CHECK(closed.failure().code == errc::upstream_down);
    const auto nowhere = client.reach(boost::asio::ip::make_address("240.0.0.1"));
    CHECK_FALSE(nowhere);
}

TEST_CASE("a certificate is described, good or bad", "[probe]") {
    const testing::certificates ours("localhost");
    const testing::certificates other("other.example");
    const auto answer = [](upstream_connection& c, int) {
        while (!c.request().empty())
            c.send(plain_answer("{}"));
    };
    upstream good(answer, ours.server);
    client_of client(good, true, ours.ca_file());
    REQUIRE(client.connect());
    const auto& seen = client.certificate();
    CHECK(seen.faults.empty());
    CHECK(seen.names == "localhost");
    CHECK(seen.issuer == "/CN=Test CA");
    CHECK(seen.version == "TLSv1.3");
    CHECK(seen.sent == 1);
    CHECK(seen.expires_at > 1'700'000'000);
    CHECK(client.ask(with_token()));

    upstream strange(answer, other.server);
    client_of named(strange, true, other.ca_file());
    REQUIRE(named.connect());
    CHECK(named.certificate().faults == std::vector{certificate_fault::other_name});
    CHECK(named.certificate().names == "other.example");

    client_of unknown(good, true);
    REQUIRE(unknown.connect());
    CHECK(unknown.certificate().has(certificate_fault::unknown_authority));
    CHECK_FALSE(unknown.certificate().has(certificate_fault::other_name));
}

TEST_CASE("a token and a form go over no connection with a bad certificate", "[probe]") {
    const testing::certificates other("other.example");
    std::string heard;
    upstream server([&](upstream_connection& c, int) { heard += c.request(); }, other.server);
    client_of client(server, true, other.ca_file());
    CHECK(client.ask(with_token()).failure().code == errc::not_allowed);
    http::probe_request r;
    r.method = "POST";
    r.form = secret(std::string_view("api_key=x"));
    CHECK(client.ask(r).failure().code == errc::not_allowed);
    CHECK(heard.empty());
}

TEST_CASE("a Unix socket is asked as a server of the network is, and kept", "[probe]") {
    const folder made;
    const auto path = made.path + "/socket";
    std::string asked;
    upstream server(
        [&](upstream_connection& c, int) {
            for (auto one = c.request(); !one.empty(); one = c.request()) {
                asked = one;
                c.send(plain_answer("{}"));
            }
        },
        path);
    http::probe client(path, 2s);
    REQUIRE((client.ask({}) && client.ask(with_token("12345"))));
    CHECK(client.connections() == 1);
    CHECK(asked.find("\r\nHost: localhost\r\n") != std::string::npos);
    CHECK(asked.ends_with("\r\n\r\n12345"));
}

TEST_CASE("a Unix socket that is not there, is nobody's, or cannot be is told apart", "[probe]") {
    const folder made;
    const auto path = made.path + "/socket";
    {
        const upstream gone([](upstream_connection&, int) {}, path);
    }
    const auto failure = [](const std::string& at) {
        return http::probe(at, 500ms).connect().failure().code;
    };
    CHECK(failure(path) == errc::upstream_down); // its server has gone
    CHECK(failure(path + "2") == errc::not_found);
    CHECK(failure(path + "/below-a-file") == errc::not_found);
    CHECK(failure("/tmp/" + std::string(200, 'x')) == errc::bad_request);
    CHECK(failure(std::string("\0abstract", 9)) == errc::bad_request);
    if (::geteuid() == 0) return; // whom no mode keeps out
    std::filesystem::permissions(path, std::filesystem::perms::none);
    CHECK(failure(path) == errc::not_allowed);
}
