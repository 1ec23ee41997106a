#include "web/limits.hpp"

#include "oauth/types.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <set>
#include <string>
#include <string_view>

namespace {

constexpr std::int64_t first_second = 1'795'000'000; // November 2026

} // namespace

TEST_CASE("a limit refills with time, blocks where it should, and is counted by IPv6 network",
          "[limits][router]") {
    using namespace std::chrono_literals;
    http::limiter limits;
    const auto start = oauth::clock::from_time_t(first_second);
    const auto take = [&](const http::limit_rule& what, const char* peer, auto now) {
        return limits.take(what, peer, now);
    };
    for (int i = 0; i < 60; ++i)
        CHECK_FALSE(take(web::limit::authorize, "192.0.2.1", start));
    CHECK(take(web::limit::authorize, "192.0.2.1", start) == 1s);
    CHECK_FALSE(take(web::limit::authorize, "192.0.2.2", start));
    CHECK_FALSE(take(web::limit::authorize, "192.0.2.1", start + 1s));

    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(take(web::limit::failed_key, "192.0.2.1", start));
    CHECK(take(web::limit::failed_key, "192.0.2.1", start) == 900s);
    CHECK(take(web::limit::failed_key, "192.0.2.1", start + 899s) == 1s);
    CHECK_FALSE(take(web::limit::failed_key, "192.0.2.1", start + 900s));

    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(take(web::limit::failed_admin, "2001:db8:1:2::1", start));
    CHECK(take(web::limit::failed_admin, "2001:db8:1:2:ffff::9", start));
    CHECK_FALSE(take(web::limit::failed_admin, "2001:db8:1:3::1", start));
}

TEST_CASE("the limiter's memory is bounded, and a clock that goes back refills nothing",
          "[limits][router]") {
    using namespace std::chrono_literals;
    http::limiter limits(false, 100);
    const auto start = oauth::clock::from_time_t(first_second);
    for (int i = 0; i < 1000; ++i)
        (void)limits.take(web::limit::token, "192.0.2.1", std::to_string(i), start);
    CHECK(limits.buckets() == 100);

    for (int i = 0; i < 60; ++i)
        (void)limits.take(web::limit::authorize, "192.0.2.9", start);
    CHECK(limits.take(web::limit::authorize, "192.0.2.9", start - 3600s));
    CHECK_FALSE(limits.take(web::limit::authorize, "192.0.2.9", start - 3599s)); // but goes on
    CHECK(limits.take(web::limit::authorize, "192.0.2.9", start - 3599s));

    for (int i = 0; i < 5; ++i)
        (void)limits.take(web::limit::failed_key, "192.0.2.9", start);
    CHECK(limits.take(web::limit::failed_key, "192.0.2.9", start - 3600s) == 900s);
    CHECK_FALSE(limits.take(web::limit::failed_key, "192.0.2.9", start - 2700s));
}

TEST_CASE("loopback callers are exempt only where the service itself is published on loopback",
          "[limits][router]") {
    const auto start = oauth::clock::from_time_t(first_second);
    http::limiter exempting(true);
    http::limiter strict(false);
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(exempting.take(web::limit::consent, "127.0.0.1", start));
        (void)strict.take(web::limit::consent, "127.0.0.1", start);
    }
    CHECK(strict.take(web::limit::consent, "127.0.0.1", start));
    for (int i = 0; i < 20; ++i)
        (void)exempting.take(web::limit::consent, "192.0.2.1", start);
    CHECK(exempting.take(web::limit::consent, "192.0.2.1", start));
}

TEST_CASE("shared egress is told from other addresses", "[limits][router]") {
    CHECK(web::is_shared_egress("160.79.104.17"));
    CHECK(web::is_shared_egress("::ffff:160.79.111.1"));
    CHECK(web::is_shared_egress("2607:6bc0::1"));
    CHECK_FALSE(web::is_shared_egress("160.79.112.1"));
    CHECK_FALSE(web::is_shared_egress("2607:6bc1::1"));
    CHECK_FALSE(web::is_shared_egress("no address"));
}

TEST_CASE("the list of limits has each of them, under a name of its own", "[limits]") {
    std::ifstream file(TWENTY_MCP_SOURCE_DIR "/web/limits.hpp");
    std::set<std::string_view> names;
    for (const auto* rule : web::limit::all)
        CHECK(names.insert(rule->name).second);
    std::size_t declared = 0;
    for (std::string line; std::getline(file, line);)
        declared += line.starts_with("inline constexpr limit_rule ") ? 1U : 0U;
    CHECK(declared == names.size());
}
