#include "http/request_rules.hpp"

#include "http/header_values.hpp"
#include "http/message_parser.hpp"
#include "http/respond.hpp"
#include "http/trusted_proxies.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace {

std::optional<http::refusal> judge(std::string target, http::request& r) {
    if (!r.has("host")) r.headers.emplace_back("host", "localhost:8787");
    if (r.method.empty()) r.method = "GET";
    const http::request_head head{target, 11};
    return http::apply_request_rules(r, head, 100);
}

} // namespace

TEST_CASE("only one spelling of a path gets through", "[request_rules]") {
    for (const auto* good :
         {"/", "/mcp", "/mcp/", "/.well-known/x", "/a%20b", "/a?b=../c//d%2f", "/a...b", "/%41"}) {
        INFO(good);
        http::request r;
        CHECK_FALSE(judge(good, r));
    }
    for (const auto* bad : {"",     "mcp",  "/a//b", "/./a", "/a/../b",  "/a/.", "/%2Fa",
                            "/%5c", "/%00", "/%2e",  "/%1f", "/%7f",     "/%",   "/%2",
                            "/%gg", "/a b", "/a#b",  "*",    "ftp://h/", "//h/"}) {
        INFO(bad);
        http::request r;
        CHECK(judge(bad, r).has_value());
    }
    http::request r;
    r.method = "OPTIONS";
    CHECK_FALSE(judge("*", r));
    CHECK(r.path == "*");
}

// RFC 9112 §3.2.2.
TEST_CASE("a target in absolute form is its path, at the host that it names", "[request_rules]") {
    struct row {
        const char* target;
        const char* host;
        const char* path;
        const char* query;
    };
    for (const auto& [target, host, path, query] :
         {row{"http://crm.example.com/mcp", "crm.example.com", "/mcp", ""},
          row{"HTTPS://crm.example.com:8443/a?b=c", "crm.example.com:8443", "/a", "b=c"},
          row{"http://[::1]:8787", "[::1]:8787", "/", ""},
          row{"http://h?x=/y", "h", "/", "x=/y"}}) {
        INFO(target);
        http::request r;
        CHECK_FALSE(judge(target, r));
        CHECK(r.header("host") == host); // and not what the Host header says
        CHECK(r.path == path);
        CHECK(r.query == query);
    }
    for (const auto* bad : {"http://", "http:///x", "http://u@h/", "http://h\\x/", "http://h//x",
                            "http://h/../x", "http:/h/", "https:h", "ws://h/"}) {
        INFO(bad);
        http::request r;
        CHECK(judge(bad, r).has_value());
    }
}

TEST_CASE("a token may stand behind one space or several", "[request_rules]") {
    const auto token = [](std::string value) {
        http::request r;
        r.headers.emplace_back("authorization", std::move(value));
        return std::string(http::bearer_of(r).token);
    };
    CHECK(token("Bearer abc") == "abc");
    CHECK(token("bearer   abc  ") == "abc");
    CHECK(token("Bearer a b").empty());
    CHECK(token("Bearer").empty());
    CHECK(token("Bearerabc").empty());
}

TEST_CASE("a Host header is a host and a port, and nothing that a link could hide in",
          "[request_rules]") {
    const auto refused = [](std::string host) {
        http::request r;
        r.headers.emplace_back("host", std::move(host));
        return judge("/", r).has_value();
    };
    for (const auto* good : {"crm.example.com", "localhost:8787", "127.0.0.1", "[::1]:8787"}) {
        INFO(good);
        CHECK_FALSE(refused(good));
    }
    for (const auto* bad :
         {"", "user@crm.example.com", "crm.example.com@evil.example", "a/b", "a\\b", "a?b", "a#b",
          "a\"b", "a<b", "a>b", "a b", "a\tb", "a\x1F", "a\x7F", "caf\xC3\xA9.example"}) {
        INFO(bad);
        CHECK(refused(bad));
    }
}

TEST_CASE("a parsed message is the same however its bytes are cut", "[request_rules]") {
    const std::string bytes =
        "POST /a HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nTransfer-Encoding: chunked"
        "\r\n\r\n4\r\nwxyz\r\n3\r\n123\r\n0\r\nX-Late: no\r\n\r\n";
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
        INFO(cut);
        http::request r;
        http::request_parser parser(4096);
        parser.begin(r);
        std::string unread;
        auto state = http::parse_state::need_more;
        for (std::size_t at = 0; at < bytes.size(); at += cut) {
            unread += bytes.substr(at, cut);
            do {
                const auto step = parser.put(unread);
                unread.erase(0, step.used);
                state = step.state;
            } while (state == http::parse_state::head && !unread.empty());
        }
        CHECK(state == http::parse_state::done);
        CHECK(r.body == "wxyz123");
        CHECK(r.header("x-two") == "1");
        CHECK_FALSE(r.has("x-late"));
    }
}

// Found by the fuzzer fuzz_http_request.
TEST_CASE("the last chunk of a body may arrive byte by byte", "[request_rules]") {
    const std::string bytes = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "0\r\n\r\n";
    for (std::size_t cut = 1; cut < 6; ++cut) {
        http::request r;
        http::request_parser parser(4096);
        parser.begin(r);
        std::string unread;
        auto state = http::parse_state::need_more;
        for (std::size_t at = 0; at < bytes.size(); at += cut) {
            unread += bytes.substr(at, cut);
            const auto step = parser.put(unread);
            unread.erase(0, step.used);
            state = step.state;
        }
        INFO(cut);
        CHECK(state == http::parse_state::done);
        CHECK(unread.empty());
    }
    http::upstream_head head;
    std::string body;
    http::response_parser parser(4096, 4096);
    parser.begin(head, body);
    std::string unread;
    auto state = http::parse_state::need_more;
    for (const char c :
         std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
        unread += c;
        const auto step = parser.put(unread);
        unread.erase(0, step.used);
        state = step.state;
    }
    CHECK(state == http::parse_state::done);
}

TEST_CASE("no control character passes into an outgoing header", "[request_rules]") {
    CHECK(http::safe_header_value("plain, \"quoted\"; caf\xC3\xA9\t"));
    for (const char* bad : {"a\r\nb", "a\nb", "a\rb", "\x01", "\x7F"})
        CHECK_FALSE(http::safe_header_value(bad));
    CHECK_FALSE(http::safe_header_value(std::string_view("a\0b", 3)));
    CHECK(http::safe_header_name("X-Request-Id"));
    for (const char* bad : {"", "a b", "a:", "a\r\n", "\xC3\xA9"})
        CHECK_FALSE(http::safe_header_name(bad));
    CHECK(http::safe_target("/rest/people?filter=a%20b"));
    for (const char* bad : {"", "x", "/a b", "/a\r\n", "/\xC3\xA9"})
        CHECK_FALSE(http::safe_target(bad));
}

TEST_CASE("dates are written and Retry-After is read in both of its forms", "[request_rules]") {
    CHECK(http::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http::parse_retry_after(" 3 ", 0) == 3s);
    CHECK(http::parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111770) == 7s);
    CHECK(http::parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111999) == 0s);
    CHECK(http::parse_retry_after("99999999999999999999", 0) == 24h);
    for (const char* bad : {"", "-1", "1.5", "soon", "Sun, 06 Nov 1994"})
        CHECK_FALSE(http::parse_retry_after(bad, 0).has_value());
}

TEST_CASE("the client is the right-most address that no trusted proxy has", "[request_rules]") {
    const auto parsed =
        http::trusted_proxies::parse({"127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "::1"});
    REQUIRE(parsed);
    const auto& p = *parsed;
    CHECK(p.client("203.0.113.9", "1.2.3.4") == "203.0.113.9");
    CHECK(p.client("127.0.0.1", "") == "127.0.0.1");
    CHECK(p.client("127.0.0.1", "6.6.6.6, 1.2.3.4") == "1.2.3.4");
    CHECK(p.client("10.9.9.9", "6.6.6.6, 1.2.3.4, 10.0.0.2") == "1.2.3.4");
    CHECK(p.client("10.9.9.9", "1.2.3.4:5678") == "1.2.3.4");
    CHECK(p.client("2001:db8::5", "[2001:4860::1]:443") == "2001:4860::1");
    CHECK(p.client("::ffff:10.1.1.1", "1.2.3.4") == "1.2.3.4");
    CHECK(p.client("127.0.0.1", "1.2.3.4, unknown, 10.0.0.2") == "10.0.0.2");
    CHECK(p.client("127.0.0.1", "1.2.3.4, <script>") == "127.0.0.1");
    CHECK(p.client("127.0.0.1", "10.0.0.3, 10.0.0.2") == "10.0.0.3");
    for (const char* bad :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "host", "1.2.3"})
        CHECK_FALSE(http::trusted_proxies::parse({bad}));
    CHECK_FALSE(http::trusted_proxies().contains("127.0.0.1"));
}

TEST_CASE("a logged peer is a network, not a person", "[request_rules]") {
    CHECK(http::address_prefix("203.0.113.77") == "203.0.113.0/24");
    CHECK(http::address_prefix("::ffff:203.0.113.77") == "203.0.113.0/24");
    CHECK(http::address_prefix("2001:db8:1:2::3") == "2001:db8:1::/48");
    CHECK(http::address_prefix("") == "-");
}
