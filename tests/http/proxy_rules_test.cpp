#include "http/proxy_rules.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

TEST_CASE("a proxy's URL gives its host, its port and the credentials as they are sent",
          "[proxy_rules]") {
    struct row {
        std::string url;
        std::string host;
        std::string authority;
        std::string authorization;
    };
    const std::vector<row> rows = {
        {"http://proxy.example.com:3128", "proxy.example.com", "proxy.example.com:3128", ""},
        {"http://Proxy.Example.com:3128/", "proxy.example.com", "proxy.example.com:3128", ""},
        {"HTTP://10.0.0.1:8080", "10.0.0.1", "10.0.0.1:8080", ""},
        {"proxy:3128", "proxy", "proxy:3128", ""},
        {"http://[fd00::1]:3128", "fd00::1", "[fd00::1]:3128", ""},
        // RFC 7617 §2
        {"http://Aladdin:open%20sesame@proxy:1", "proxy", "proxy:1",
         "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        {"http://user@proxy:1", "proxy", "proxy:1", "Basic dXNlcjo="},
        {"user:p%40ss%3A@proxy:1", "proxy", "proxy:1", "Basic dXNlcjpwQHNzOg=="},
    };
    for (const auto& r : rows) {
        INFO(r.url);
        const auto read = http::parse_proxy(r.url);
        REQUIRE(read);
        CHECK(read->host == r.host);
        CHECK(read->authority == r.authority);
        CHECK(read->authority.ends_with(":" + read->port));
        CHECK(read->authorization.reveal() == r.authorization);
        const auto text = http::shown(*read);
        CHECK(text == (r.authorization.empty() ? "http://" : "http://***@") + r.authority);
    }
}

TEST_CASE("what is no proxy's URL is refused, and nothing of it is repeated", "[proxy_rules]") {
    for (const auto* url :
         {"planted", "http://planted", "http://planted:0", "http://planted:70000",
          "http://planted:", "https://planted:3128", "socks5://planted:1080",
          "http://planted:3128/path", "http://planted:3128?x", "http://planted:3128#x",
          "http://user:planted@", "http://:planted@proxy:1", "http://us%3Aer:planted@proxy:1",
          "http://user:planted%0D%0AX@proxy:1", "http://user:planted%@proxy:1",
          "http://user:planted%zz@proxy:1", "http://pro xy:planted", "http://planted\xc3\xa4:1"}) {
        INFO(url);
        const auto read = http::parse_proxy(url);
        REQUIRE_FALSE(read);
        CHECK(read.failure().code == errc::bad_request);
        CHECK(read.failure().message.find("planted") == std::string::npos);
        CHECK(read.failure().detail.empty());
    }
}

TEST_CASE("NO_PROXY means what curl and Go make of it", "[proxy_rules]") {
    struct row {
        std::string list;
        std::string host;
        std::string port;
        bool direct;
    };
    const std::vector<row> rows = {
        {"", "example.com", "443", false},
        {"*", "example.com", "443", true},
        {"*", "10.0.0.1", "80", true},
        {"a.test, *", "example.com", "443", true},
        // names, and all below them
        {"example.com", "example.com", "443", true},
        {"example.com", "EXAMPLE.com", "443", true},
        {"Example.COM", "crm.example.com", "443", true},
        {"example.com", "example.com.", "443", true},
        {"example.com.", "example.com", "443", true},
        {".example.com", "example.com", "443", true},
        {".example.com", "crm.example.com", "443", true},
        {"*.example.com", "crm.example.com", "443", true},
        {"example.com", "notexample.com", "443", false},
        {".example.com", "notexample.com", "443", false},
        {"crm.example.com", "example.com", "443", false},
        {"com", "example.com", "443", true},
        {"a.test b.test\tc.test", "b.test", "443", true},
        {"a.test,,b.test,", "b.test", "443", true},
        // ports
        {"example.com:8443", "crm.example.com", "8443", true},
        {"example.com:8443", "example.com", "443", false},
        {"10.0.0.1:80", "10.0.0.1", "80", true},
        {"10.0.0.1:80", "10.0.0.1", "443", false},
        {"[fd00::1]:443", "fd00::1", "443", true},
        {"[fd00::1]:443", "fd00::1", "80", false},
        // addresses and ranges, for hosts that are addresses
        {"10.0.0.1", "10.0.0.1", "443", true},
        {"10.0.0.1", "10.0.0.10", "443", false},
        {"10.0.0.0/8", "10.9.8.7", "443", true},
        {"10.0.0.0/8", "11.0.0.1", "443", false},
        {"10.0.0.0/8", "::ffff:10.0.0.1", "443", true},
        {"fd00::/8", "fd12::1", "443", true},
        {"[fd00::1]", "fd00::1", "443", true},
        {"fd00::1", "fd00:0::1", "443", true},
        {"fd00::1", "fd00::2", "443", false},
        {"10.0.0.0/8", "ten.example.com", "443", false},
        {"0.0.0.1", "10.0.0.1", "443", false}, // an address is no suffix of another
        {"1", "10.0.0.1", "443", false},
    };
    for (const auto& r : rows) {
        INFO(r.list << " " << r.host << ":" << r.port);
        const auto list = http::proxy_exceptions::parse(r.list);
        REQUIRE(list);
        CHECK(list->contain(r.host, r.port) == r.direct);
    }
}

TEST_CASE("an entry of NO_PROXY that means nothing is refused by its text", "[proxy_rules]") {
    for (const std::string entry :
         {"http://example.com", "10.0.0.0/33", "example.com/24", "example.com:0", "example.com:x",
          "user@example.com", "a*b", "[fd00::1", "*.", ".", "10.0.0.0/8:80"}) {
        INFO(entry);
        const auto list = http::proxy_exceptions::parse("a.test," + entry);
        REQUIRE_FALSE(list);
        CHECK(list.failure().message.find("\"" + entry + "\"") != std::string::npos);
    }
}

TEST_CASE("each scheme has its proxy, ALL_PROXY is for what has none, and this machine needs none",
          "[proxy_rules]") {
    http::proxy_settings set;
    const auto chosen = [&](bool tls, std::string_view host, std::string_view port = "443") {
        const auto proxy = http::proxy_for(set, tls, host, port);
        return proxy ? proxy->host : std::string("direct");
    };
    CHECK(chosen(true, "crm.test") == "direct");
    set.all = *http::parse_proxy("http://all:1");
    CHECK(chosen(true, "crm.test") == "all");
    CHECK(chosen(false, "crm.test") == "all");
    set.https = *http::parse_proxy("http://tls:1");
    CHECK(chosen(true, "crm.test") == "tls");
    CHECK(chosen(false, "crm.test") == "all");
    set.http = *http::parse_proxy("http://plain:1");
    CHECK(chosen(false, "crm.test") == "plain");
    set.except = *http::proxy_exceptions::parse("crm.test:8443");
    CHECK(chosen(true, "crm.test") == "tls");
    CHECK(chosen(true, "crm.test", "8443") == "direct");
    for (const auto* host :
         {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
        INFO(host);
        CHECK(chosen(true, host) == "direct");
    }
    for (const auto* host : {"localhost.example.com", "127.0.0.1.example.com", "128.0.0.1"})
        CHECK(chosen(true, host) == "tls");
}

TEST_CASE("a target is written with its port, and IPv6 in brackets", "[proxy_rules]") {
    CHECK(http::authority_of("crm.test", "443") == "crm.test:443");
    CHECK(http::authority_of("2001:db8::1", "8443") == "[2001:db8::1]:8443");
}
