// The way to Twenty through a proxy: against a proxy whose answers the test scripts, in front of a
// Twenty whose name only the proxy knows.
#include "http/client_pool.hpp"
#include "tests/http/caller.hpp"

#include <mutex>

using namespace testing;

namespace {

const std::string name = "crm.invalid"; // RFC 2606 §2: no resolver finds it

const certificates& identity() {
    static const certificates made(name);
    return made;
}

void echo_request(upstream_connection& c, int) {
    for (auto r = c.request(); !r.empty(); r = c.request())
        c.send(plain_answer(r));
}

// Answers CONNECT with `answer`, and is then what connects to `to`.
upstream::script tunnel(std::uint16_t to, std::string* asked = nullptr,
                        std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n") {
    return [=](upstream_connection& c, int) {
        const auto head = c.request();
        if (asked) *asked = head;
        if (c.send(answer)) c.carry_to(to);
    };
}

http::client_options through(std::uint16_t proxy, const std::string& base_url,
                             const std::string& user = {}) {
    http::client_options o;
    o.base_url = base_url;
    o.ca_file = identity().ca_file();
    auto parsed = http::parse_proxy("http://" + user + "127.0.0.1:" + std::to_string(proxy));
    REQUIRE(parsed);
    o.proxy = std::move(*parsed);
    return o;
}

std::string https(std::uint16_t port) { return "https://" + name + ":" + std::to_string(port); }

// An error that says that it was the proxy, and that Twenty has heard nothing.
void check_of_proxy(const result<twenty::response>& answer, std::uint16_t proxy) {
    REQUIRE_FALSE(answer);
    INFO(answer.failure().message << " / " << answer.failure().detail);
    CHECK(answer.failure().code == errc::upstream_down);
    CHECK(answer.failure().message.starts_with("Twenty cannot be reached: the proxy "));
    CHECK(answer.failure().detail.starts_with(twenty::not_sent));
    CHECK(has(answer.failure().detail, "proxy 127.0.0.1:" + std::to_string(proxy) + ": "));
    for (const auto& text : {answer.failure().message, answer.failure().detail}) {
        CHECK_FALSE(has(text, "s3kr3t"));
        CHECK_FALSE(has(text, "dXNlcjpzM2tyM3Q="));
    }
}

} // namespace

TEST_CASE(
    "an https Twenty behind a proxy is reached through a tunnel to its name, and TLS is its own",
    "[proxy_client]") {
    upstream twenty(echo_request, identity().server);
    std::string asked;
    upstream proxy(tunnel(twenty.port, &asked));
    caller c(through(proxy.port, https(twenty.port) + "/crm", "user:s3kr3t@"));
    const auto first = c.call(read_of("/rest"));
    if (!first) FAIL(first.failure().message + first.failure().detail);
    const auto where = name + ":" + std::to_string(twenty.port);
    CHECK(asked.starts_with("CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n"));
    CHECK(has(asked, "\r\nProxy-Authorization: Basic dXNlcjpzM2tyM3Q=\r\n"));
    CHECK_FALSE(has(asked, "k3y"));
    CHECK(has(first->body, "GET /crm/rest HTTP/1.1\r\nHost: " + where + "\r\n"));
    CHECK(has(first->body, "\r\nAuthorization: Bearer k3y\r\n"));
    CHECK_FALSE(has(first->body, "Proxy-"));
    CHECK(c.call(write_of("{}", false)));
    CHECK(proxy.accepted == 1); // kept
}

TEST_CASE("a proxy that leads to another host than Twenty gets no request", "[proxy_client]") {
    const certificates other("other.invalid");
    std::atomic<int> heard{0};
    upstream elsewhere(
        [&](upstream_connection& c, int) {
            if (!c.request().empty()) ++heard;
        },
        other.server);
    upstream proxy(tunnel(elsewhere.port));
    caller c(through(proxy.port, https(elsewhere.port)));
    const auto answer = c.call(read_of("/x"));
    REQUIRE_FALSE(answer);
    CHECK(answer.failure().code == errc::upstream_down);
    CHECK(has(answer.failure().message, "TLS certificate is not accepted"));
    CHECK(heard == 0);
}

TEST_CASE("a tunnel opens after interim answers, and whatever length its success announces",
          "[proxy_client]") {
    upstream twenty(echo_request, identity().server);
    for (const auto* answer :
         {"HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
          "HTTP/1.1 200 OK\r\n\r\n"}) {
        INFO(answer);
        upstream proxy(tunnel(twenty.port, nullptr, answer));
        caller c(through(proxy.port, https(twenty.port)));
        CHECK(c.call(read_of("/x")));
    }
}

TEST_CASE(
    "whatever a proxy answers in place of a tunnel is told as the proxy's, and nothing is sent",
    "[proxy_client]") {
    struct row {
        std::string answer;
        std::string message;
        std::string detail;
    };
    const auto status = [](std::string_view line) {
        return "HTTP/1.1 " + std::string(line) + "\r\nContent-Length: 2\r\n\r\nno";
    };
    for (const auto& [answer, message, detail] : std::vector<row>{
             {status("407 Proxy Authentication Required"), "refused", "the password in the proxy"},
             {status("401 Unauthorized"), "refused", "the password in the proxy"},
             {status("403 Forbidden"), "refused", "403"},
             {status("302 Found"), "refused", "302"},
             {status("502 Bad Gateway"), "cannot reach it", "502"},
             {status("504 Gateway Timeout"), "cannot reach it", "504"},
             {"SSH-2.0-OpenSSH_9.2\r\n", "something else than HTTP", "no HTTP/1.x"},
             {"HTTP/2 200\r\n\r\n", "something else than HTTP", "no HTTP/1.x"},
             {"HTTP/1.1 abc\r\n\r\n", "something else than HTTP", "no HTTP/1.x"},
             {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), "something else", "16 KiB"},
             {"HTTP/1.1 200 OK\r\n\r\nextra", "something else than HTTP", "bytes behind"},
             {"HTTP/1.1 200 OK\r\nX: y", "closed the connection", "End of file"},
             {"", "closed the connection", "End of file"},
         }) {
        INFO(answer.substr(0, 100));
        upstream proxy([&said = answer](upstream_connection& c, int) {
            c.request();
            c.send(said);
            if (said.size() > 10'000) c.request(); // until the client has gone
        });
        caller c(through(proxy.port, "https://" + name, "user:s3kr3t@"));
        const auto got = c.call(write_of("{}", false));
        check_of_proxy(got, proxy.port);
        CHECK(has(got.failure().message, message));
        CHECK(has(got.failure().detail, detail));
    }
}

TEST_CASE("a proxy without a password in its URL that wants one says so", "[proxy_client]") {
    upstream proxy([](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    });
    caller c(through(proxy.port, "https://" + name));
    const auto got = c.call(read_of("/x"));
    check_of_proxy(got, proxy.port);
    CHECK(has(got.failure().detail, "it wants a user and a password"));
}

TEST_CASE("a proxy that is silent, drips or resets costs no more than the time to connect",
          "[proxy_client]") {
    upstream silent([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    upstream drips([](upstream_connection& c, int) {
        c.request();
        while (c.send("HTTP/1.1 100 Continue\r\n\r\n"))
            std::this_thread::sleep_for(20ms);
    });
    for (auto* proxy : {&silent, &drips}) {
        auto options = through(proxy->port, "https://" + name);
        options.connect_deadline = 300ms;
        caller c(options);
        const auto began = std::chrono::steady_clock::now();
        const auto got = c.call(read_of("/x"));
        CHECK(std::chrono::steady_clock::now() - began < 2s);
        check_of_proxy(got, proxy->port);
        CHECK(has(got.failure().message, "took too long"));
        CHECK(c.connections_become(0));
    }
    upstream resets([](upstream_connection& c, int) {
        c.request();
        c.reset();
    });
    caller c(through(resets.port, "https://" + name));
    check_of_proxy(c.call(read_of("/x")), resets.port);
}

TEST_CASE("a proxy that is down is told by its name, and used again when it is back",
          "[proxy_client]") {
    upstream twenty(echo_request, identity().server);
    std::atomic<bool> up{false};
    upstream proxy([&](upstream_connection& c, int number) {
        if (!up) return c.reset();
        tunnel(twenty.port)(c, number);
    });
    caller c(through(proxy.port, https(twenty.port)));
    check_of_proxy(c.call(write_of("{}", false)), proxy.port);
    up = true;
    CHECK(c.call(write_of("{}", false)));

    std::uint16_t nobody = 0;
    {
        const upstream gone(echo_request);
        nobody = gone.port;
    }
    caller d(through(nobody, https(twenty.port)));
    check_of_proxy(d.call(read_of("/x")), nobody);

    auto unknown = through(proxy.port, https(twenty.port));
    unknown.proxy = *http::parse_proxy("http://proxy.invalid:3128");
    caller e(unknown);
    const auto got = e.call(read_of("/x"));
    REQUIRE_FALSE(got);
    CHECK(has(got.failure().detail, "proxy proxy.invalid:3128: its host name cannot be resolved"));
}

TEST_CASE("an http Twenty behind a proxy is asked in absolute form", "[proxy_client]") {
    upstream proxy(echo_request);
    caller c(through(proxy.port, "http://" + name + ":8080/crm", "user:s3kr3t@"));
    const auto got = c.call(write_of("{}", false));
    REQUIRE(got);
    CHECK(got->body.starts_with("POST http://crm.invalid:8080/crm/graphql HTTP/1.1\r\n"
                                "Host: crm.invalid:8080\r\n"));
    CHECK(has(got->body, "\r\nProxy-Authorization: Basic dXNlcjpzM2tyM3Q=\r\n"));
    CHECK(has(got->body, "\r\nAuthorization: Bearer k3y\r\n"));
}

TEST_CASE("of a proxy's answers to a request only 407 is taken for the proxy's own",
          "[proxy_client]") {
    std::string status;
    upstream proxy([&](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
    });
    caller c(through(proxy.port, "http://" + name, "user:s3kr3t@"));
    status = "407";
    const auto refused = c.call(write_of("{}", false));
    check_of_proxy(refused, proxy.port);
    CHECK(has(refused.failure().detail, "407"));
    for (const auto* other : {"403", "502", "504"}) {
        status = other;
        const auto got = c.call(read_of("/x"));
        REQUIRE(got);
        CHECK(std::to_string(got->status) == other);
    }
}
