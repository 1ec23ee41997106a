// Fetching a client's document: against a TLS server of the test's own, with a scripted name
// look-up. Numbers are rows of the negative-test plan.
#include "web/document_fetch.hpp"

#include "tests/http/upstream.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace testing;

namespace {

namespace asio = boost::asio;

const std::string host = "client.example.com";
const std::string document_url = "https://client.example.com/oauth/client.json?v=2";

template <class T>
asio::awaitable<void> keep(asio::awaitable<result<T>> answer, std::optional<result<T>>& into) {
    auto got = co_await std::move(answer);
    into.emplace(std::move(got));
}

// Answers a name with what the test put in; counts.
struct names {
    http::addresses answer{asio::ip::make_address("127.0.0.1")};
    std::optional<error> failure;
    int asked = 0;
    web::fair_slots::slot slot;

    auto resolver() {
        return [this](std::string, std::chrono::steady_clock::time_point,
                      web::fair_slots::slot of) -> asio::awaitable<result<http::addresses>> {
            ++asked;
            slot = std::move(of);
            if (failure) co_return *failure;
            co_return answer;
        };
    }
};

const certificates& identity() {
    static const certificates made(host);
    return made;
}

struct fetching {
    explicit fetching(std::uint16_t port) {
        options.resolve = known.resolver();
        // The test's own server lives on loopback; everything else stays as it is.
        options.forbidden = [](const asio::ip::address& address) {
            return address != asio::ip::make_address("127.0.0.1") &&
                   web::is_forbidden_address(address);
        };
        options.port = port;
    }
    result<web::fetched_document> operator()(const std::string& at = document_url) {
        asio::io_context io;
        auto trust = http::tls_trust::load(trusted ? identity().ca_file() : std::string());
        REQUIRE(trust);
        web::document_fetcher fetcher(io, std::move(*trust), options);
        auto parsed = oauth::read_document_url(at);
        REQUIRE(parsed);
        std::optional<result<web::fetched_document>> got;
        asio::co_spawn(io, keep(fetcher.fetch(std::move(*parsed), slot), got), asio::detached);
        io.run();
        REQUIRE(got);
        return std::move(*got);
    }

    names known;
    web::document_fetch_options options;
    bool trusted = true;
    web::fair_slots::slot slot;
};

upstream::script answering(std::string answer, std::string* seen = nullptr) {
    return [answer = std::move(answer), seen](upstream_connection& c, int) {
        const auto asked = c.request();
        if (seen) *seen = asked;
        c.send(answer);
        c.request(); // until the client has gone
    };
}

errc failure_of(const result<web::fetched_document>& got) {
    REQUIRE_FALSE(got.ok());
    INFO(got.failure().message << " / " << got.failure().detail);
    return got.failure().code;
}

} // namespace

TEST_CASE("a document is asked for by its name, without credentials and uncompressed",
          "[document_fetch]") {
    std::string seen;
    upstream server(answering(plain_answer("{\"a\":1}", "Cache-Control: max-age=600\r\n"), &seen),
                    identity().server);
    fetching fetch(server.port);
    const auto got = fetch();
    if (!got) FAIL(got.failure().message + got.failure().detail);
    CHECK(got->body == "{\"a\":1}");
    CHECK(got->lifetime == 600s);
    CHECK(fetch.known.asked == 1);
    CHECK(seen.starts_with("GET /oauth/client.json?v=2 HTTP/1.1\r\nHost: client.example.com\r\n"));
    CHECK(has(seen, "\r\nAccept: application/json\r\n"));
    CHECK(has(seen, "\r\nAccept-Encoding: identity\r\n"));
    for (const auto* name : {"Cookie", "Authorization", "Referer", "Origin"})
        CHECK_FALSE(has(seen, name));
}

TEST_CASE("every framing of a document is understood, and 5 KiB are not too much",
          "[document_fetch]") {
    const std::string full(5120, 'x');
    for (const auto& answer :
         {plain_answer(full), plain_answer(full, "Content-Encoding: identity\r\n"),
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1400\r\n" + full + "\r\n0\r\n\r\n",
          "HTTP/1.1 103 Early Hints\r\n\r\n" + plain_answer(full)}) {
        upstream server(answering(answer), identity().server);
        fetching fetch(server.port);
        const auto got = fetch();
        REQUIRE(got);
        CHECK(got->body == full);
        CHECK(got->lifetime == 300s);
    }
}

// row 119
TEST_CASE("row 119: one address that is not public among several refuses them all",
          "[document_fetch][plan-119]") {
    upstream server(answering(plain_answer("{}")), identity().server);
    for (const auto* bad : {"10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1",
                            "64:ff9b::a00:1", "0.0.0.0"}) {
        for (const bool first : {true, false}) {
            INFO(bad << first);
            fetching fetch(server.port);
            auto& all = fetch.known.answer;
            all.insert(first ? all.begin() : all.end(), asio::ip::make_address(bad));
            CHECK(failure_of(fetch()) == errc::bad_request);
        }
    }
    CHECK(server.accepted == 0);
}

// row 119
TEST_CASE("row 119: a name is resolved once, and only a vetted address is connected to",
          "[document_fetch][plan-119]") {
    upstream server(answering(plain_answer("{}")), identity().server);
    fetching fetch(server.port);
    // The second answer would be another one, as a rebinding name server gives it.
    fetch.options.resolve = [&](std::string, std::chrono::steady_clock::time_point,
                                web::fair_slots::slot) -> asio::awaitable<result<http::addresses>> {
        const auto* now = ++fetch.known.asked == 1 ? "127.0.0.1" : "10.0.0.1";
        co_return http::addresses(1, asio::ip::make_address(now));
    };
    CHECK(fetch().ok());
    CHECK(fetch.known.asked == 1);
    CHECK(server.accepted == 1);
}

TEST_CASE("an address of this machine, its own names and Twenty's are never asked",
          "[document_fetch]") {
    upstream server(answering(plain_answer("{}")), identity().server);
    fetching fetch(server.port);
    fetch.options.forbidden = web::is_forbidden_address;
    CHECK(failure_of(fetch()) == errc::bad_request);
    CHECK(web::is_forbidden_address(asio::ip::make_address("::1")));
    CHECK_FALSE(web::is_forbidden_address(asio::ip::make_address("160.79.104.10")));

    fetching by_name(server.port);
    by_name.options.forbidden_hosts = {"crm.example.com", host};
    CHECK(failure_of(by_name()) == errc::bad_request);
    CHECK(by_name.known.asked == 0);
    CHECK(server.accepted == 0);
}

TEST_CASE("the next address is tried when one does not answer", "[document_fetch]") {
    upstream server(answering(plain_answer("{}")), identity().server);
    fetching fetch(server.port);
    fetch.options.forbidden = [](const auto&) { return false; };
    fetch.known.answer = {asio::ip::make_address("127.0.0.77"),
                          asio::ip::make_address("127.0.0.1")};
    CHECK(fetch().ok());
}

TEST_CASE("a certificate of another name or of nobody known ends the fetch before it asks",
          "[document_fetch]") {
    std::string seen;
    upstream server(answering(plain_answer("{}"), &seen), identity().server);
    fetching other(server.port);
    CHECK(failure_of(other("https://evil.example.com/c")) == errc::upstream_down);
    fetching nobody(server.port);
    nobody.trusted = false;
    CHECK(failure_of(nobody()) == errc::upstream_down);
    upstream plain([](upstream_connection& c, int) { c.send(plain_answer("{}")); });
    fetching unencrypted(plain.port);
    CHECK(failure_of(unencrypted()) == errc::upstream_down);
    CHECK(seen.empty());
}

// row 120
TEST_CASE("row 120: an answer that is no plain document of at most 5 KiB is refused",
          "[document_fetch][plan-120]") {
    struct row {
        std::string answer;
        errc why;
    };
    const std::string redirect =
        "HTTP/1.1 301 Moved\r\nLocation: https://other.example/c\r\nContent-Length: 0\r\n\r\n";
    const auto status = [](std::string_view line) {
        return "HTTP/1.1 " + std::string(line) + "\r\nContent-Length: 2\r\n\r\n{}";
    };
    for (const auto& [answer, why] : std::vector<row>{
             {redirect, errc::bad_request},
             {status("302 Found"), errc::bad_request},
             {"HTTP/1.1 204 No Content\r\n\r\n", errc::bad_request},
             {status("201 Created"), errc::bad_request},
             {status("206 Partial Content"), errc::bad_request},
             {status("401 Unauthorized"), errc::bad_request},
             {status("404 Not Found"), errc::bad_request},
             {status("429 Too Many Requests"), errc::busy},
             {status("500 Internal Server Error"), errc::busy},
             {status("503 Service Unavailable"), errc::busy},
             {plain_answer(std::string(5121, ' ')), errc::bad_request},
             {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", errc::bad_request},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1401\r\n" +
                  std::string(5121, ' ') + "\r\n0\r\n\r\n",
              errc::bad_request},
             {"HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x') + "\r\n\r\n{}", errc::bad_request},
             {plain_answer("{}", "Content-Encoding: gzip\r\n"), errc::bad_request},
             {plain_answer("{}", "Content-Encoding: br\r\n"), errc::bad_request},
             {"SSH-2.0-OpenSSH_9.2\r\n", errc::bad_request},
         }) {
        INFO(answer.substr(0, 200));
        upstream server(answering(answer), identity().server);
        fetching fetch(server.port);
        CHECK(failure_of(fetch()) == why);
        CHECK(fetch.known.asked == 1);
        CHECK(server.accepted == 1);
    }
}

// row 120
TEST_CASE("row 120: a host that drips, stalls or hangs up is given up in time",
          "[document_fetch][plan-120]") {
    const auto slow = [](std::string_view answer) {
        return [answer = std::string(answer)](upstream_connection& c, int) {
            c.request();
            for (const char byte : answer) {
                std::this_thread::sleep_for(50ms);
                if (!c.send(std::string(1, byte))) return;
            }
        };
    };
    upstream drips(slow(plain_answer("{}")), identity().server);
    upstream stalls(
        [](upstream_connection& c, int) {
            c.request();
            c.request();
        },
        identity().server);
    upstream silent([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    for (const auto* server : {&drips, &stalls, &silent}) {
        fetching fetch(server->port);
        fetch.options.deadline = 400ms;
        const auto began = std::chrono::steady_clock::now();
        CHECK(failure_of(fetch()) == errc::upstream_timeout);
        CHECK(std::chrono::steady_clock::now() - began < 3s);
    }
    CHECK(web::document_fetch_options().deadline == 5s);

    upstream hangs_up(
        [](upstream_connection& c, int) {
            c.request();
            c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
            c.reset();
        },
        identity().server);
    fetching fetch(hangs_up.port);
    CHECK(failure_of(fetch()) == errc::upstream_down);
}

namespace {

// A proxy that answers CONNECT with what comes next of `answers`, and leads to `to`.
struct document_proxy {
    explicit document_proxy(std::uint16_t leads_to, std::vector<std::string> given = {})
        : to(leads_to), answers(std::move(given)) {}

    std::uint16_t to;
    std::vector<std::string> answers;
    std::vector<std::string> asked;
    upstream server{[this](upstream_connection& c, int number) {
        asked.push_back(c.request());
        const auto at = static_cast<std::size_t>(number) - 1;
        if (at < answers.size()) {
            c.send(answers[at]);
            return;
        }
        c.send("HTTP/1.1 200 OK\r\n\r\n");
        c.carry_to(to);
    }};

    void between(fetching& fetch) const {
        fetch.options.proxies.https =
            *http::parse_proxy("http://user:s3kr3t@127.0.0.1:" + std::to_string(server.port));
        // As in the service: the proxy's own address is loopback, and judged by nobody.
        fetch.options.forbidden = web::is_forbidden_address;
        fetch.options.resolve =
            [&fetch](std::string name, std::chrono::steady_clock::time_point,
                     web::fair_slots::slot) -> asio::awaitable<result<http::addresses>> {
            ++fetch.known.asked;
            if (name == "127.0.0.1") co_return http::addresses(1, asio::ip::make_address(name));
            if (fetch.known.failure) co_return *fetch.known.failure;
            co_return fetch.known.answer;
        };
        fetch.options.port = 443;
    }
};

const std::string no_way = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

} // namespace

TEST_CASE("a proxy is asked for the vetted address of a document's host, and TLS is the name's",
          "[document_fetch]") {
    std::string seen;
    upstream server(answering(plain_answer("{}"), &seen), identity().server);
    document_proxy proxy(server.port);
    fetching fetch(1);
    proxy.between(fetch);
    fetch.known.answer = {asio::ip::make_address("160.79.104.10")};
    const auto got = fetch();
    if (!got) FAIL(got.failure().message + got.failure().detail);
    REQUIRE(proxy.asked.size() == 1);
    CHECK(proxy.asked[0].starts_with("CONNECT 160.79.104.10:443 HTTP/1.1\r\n"));
    CHECK(has(proxy.asked[0], "\r\nProxy-Authorization: Basic dXNlcjpzM2tyM3Q=\r\n"));
    CHECK(seen.starts_with("GET /oauth/client.json?v=2 HTTP/1.1\r\nHost: client.example.com\r\n"));
    CHECK_FALSE(has(seen, "Proxy-"));
    // The same way leads to a host whose name the certificate does not have.
    CHECK(failure_of(fetch("https://evil.example.com/c")) == errc::upstream_down);
}

// row 119
TEST_CASE("row 119: behind a proxy an address that is not public is refused all the same",
          "[document_fetch][plan-119]") {
    document_proxy proxy(1);
    for (const auto* bad : {"10.0.0.1", "127.0.0.1"}) {
        fetching fetch(1);
        proxy.between(fetch);
        fetch.known.answer = {asio::ip::make_address("160.79.104.10"), asio::ip::make_address(bad)};
        CHECK(failure_of(fetch()) == errc::bad_request);
    }
    fetching unknown(1);
    proxy.between(unknown);
    unknown.known.failure = error(errc::upstream_down, "Its host name cannot be resolved.");
    CHECK(failure_of(unknown()) == errc::upstream_down);
    CHECK(unknown.known.asked == 1);
    CHECK(proxy.asked.empty());
}

TEST_CASE("a proxy is asked for the next vetted address when it does not reach one, and is named",
          "[document_fetch]") {
    upstream server(answering(plain_answer("{}")), identity().server);
    const auto first = asio::ip::make_address("160.79.104.10");
    const auto next = asio::ip::make_address("2607:6bc0::10");
    {
        document_proxy proxy(server.port, {no_way});
        fetching fetch(1);
        proxy.between(fetch);
        fetch.known.answer = {first, next};
        CHECK(fetch().ok());
        REQUIRE(proxy.asked.size() == 2);
        CHECK(proxy.asked[1].starts_with("CONNECT [2607:6bc0::10]:443 HTTP/1.1\r\n"));
    }
    document_proxy closed(server.port, {no_way, no_way});
    fetching fetch(1);
    closed.between(fetch);
    fetch.known.answer = {first, next};
    const auto got = fetch();
    CHECK(failure_of(got) == errc::upstream_down);
    CHECK(has(got.failure().detail, "proxy 127.0.0.1:" + std::to_string(closed.server.port)));
    CHECK_FALSE(has(got.failure().detail, "s3kr3t"));
}

TEST_CASE("a silent proxy costs a document no more than its time, and an exception none of it",
          "[document_fetch]") {
    upstream silent([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    document_proxy proxy(1);
    fetching fetch(1);
    proxy.between(fetch);
    fetch.known.answer = {asio::ip::make_address("160.79.104.10")};
    fetch.options.proxies.https =
        *http::parse_proxy("http://127.0.0.1:" + std::to_string(silent.port));
    fetch.options.deadline = 300ms;
    CHECK(failure_of(fetch()) == errc::upstream_timeout);

    upstream server(answering(plain_answer("{}")), identity().server);
    fetching direct(server.port);
    direct.options.proxies = fetch.options.proxies;
    direct.options.proxies.except = *http::proxy_exceptions::parse("example.com");
    CHECK(direct().ok());
    CHECK(silent.accepted == 1);
}

TEST_CASE("a name without an address is told apart from a bad document", "[document_fetch]") {
    fetching fetch(1);
    fetch.known.failure = error(errc::upstream_down, "no such name");
    CHECK(failure_of(fetch()) == errc::upstream_down);
    fetching none(1);
    none.known.answer = {};
    CHECK(failure_of(none()) == errc::upstream_down);
}

TEST_CASE("the system's look-up finds a name and misses one that is not there",
          "[document_fetch]") {
    asio::io_context io;
    http::name_lookup lookup(io);
    const auto find = [&](std::string name, std::chrono::milliseconds patience) {
        std::optional<result<http::addresses>> got;
        const auto until = std::chrono::steady_clock::now() + patience;
        asio::co_spawn(io, keep(lookup.find(std::move(name), until), got), asio::detached);
        io.restart();
        io.run_for(10s);
        REQUIRE(got);
        return std::move(*got);
    };
    const auto here = find("localhost", 5s);
    REQUIRE(here);
    REQUIRE_FALSE(here->empty());
    CHECK(here->front().is_loopback());
    const auto missing = find("no-such-host.invalid", 9s);
    REQUIRE_FALSE(missing.ok());
}

// A look-up whose resolver is silent until it is let go, with so many of its four threads at work.
struct silent_names {
    asio::io_context io;
    std::promise<void> let_go;
    std::shared_future<void> gone = let_go.get_future().share();
    std::atomic<int> asked = 0;
    std::array<std::optional<result<http::addresses>>, 9> got;
    std::optional<http::name_lookup> lookup;

    explicit silent_names(int busy = 4) {
        lookup.emplace(io, [this](const std::string&) {
            ++asked;
            gone.wait();
            return http::looked_up{{}, "silence"};
        });
        for (int i = 0; i < busy; ++i)
            find(static_cast<std::size_t>(i), 60s);
        io.poll();
        while (asked < busy)
            std::this_thread::sleep_for(1ms);
    }
    void find(std::size_t which, std::chrono::milliseconds patience,
              web::fair_slots::slot slot = nullptr) {
        const auto until = std::chrono::steady_clock::now() + patience;
        asio::co_spawn(
            io, keep(lookup->find("slow.example.com", until, std::move(slot)), got.at(which)),
            asio::detached);
    }
    void run_until_answered(std::size_t which) {
        while (!got.at(which))
            REQUIRE(io.run_one_for(10s) == 1);
    }
};

TEST_CASE("a name that nobody waits for any more is not looked up", "[document_fetch]") {
    silent_names names;
    for (std::size_t i = 4; i < 8; ++i)
        names.find(i, 50ms);
    for (std::size_t i = 4; i < 8; ++i) {
        names.run_until_answered(i);
        REQUIRE_FALSE(names.got.at(i)->ok());
        CHECK(names.got.at(i)->failure().code == errc::upstream_timeout);
    }
    names.find(8, 60s);
    names.io.poll();
    names.let_go.set_value();
    names.run_until_answered(8);
    CHECK(names.asked == 5);
}

TEST_CASE("the look-up of a document's host has the slot of the fetch", "[document_fetch]") {
    web::fair_slots slots(1);
    fetching fetch(1);
    fetch.slot = slots.take("192.0.2.1");
    fetch.known.failure = error(errc::upstream_timeout, "silence");
    CHECK(failure_of(fetch()) == errc::upstream_timeout);
    fetch.slot.reset();
    CHECK(slots.taken() == 1);
    fetch.known.slot.reset();
    CHECK(slots.taken() == 0);
}

TEST_CASE("whoever gave a silent name up holds their slot until no thread waits for it any more",
          "[document_fetch]") {
    web::fair_slots slots(4);
    silent_names names(1);
    names.find(1, 50ms, slots.take("192.0.2.1"));
    names.run_until_answered(1);
    CHECK_FALSE(names.got.at(1)->ok());
    CHECK(slots.taken() == 1);
    names.let_go.set_value();
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (slots.taken() > 0 && std::chrono::steady_clock::now() < until) {
        names.io.restart(); // the thread's answer may come when there is nothing else to run
        names.io.run_one_for(10ms);
    }
    CHECK(slots.taken() == 0);
}

TEST_CASE("a slot may be held for longer than what it was taken from", "[document_fetch]") {
    auto slots = std::make_unique<web::fair_slots>(4);
    silent_names names(4);
    names.find(4, 50ms, slots->take("192.0.2.1"));
    names.run_until_answered(4);
    slots.reset();
    names.let_go.set_value();
}

TEST_CASE("the end of the program waits for no name that is not being looked up yet",
          "[document_fetch]") {
    silent_names names;
    names.find(4, 60s);
    names.io.poll();
    std::jthread later([&] {
        std::this_thread::sleep_for(100ms);
        names.let_go.set_value();
    });
    names.lookup.reset();
    CHECK(names.asked == 4);
}
