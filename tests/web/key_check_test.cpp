#include "web/key_check.hpp"

#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

boost::asio::awaitable<void> ask_in(endpoints& e, std::string key, std::string peer,
                                    std::optional<result<actors::checked_key>>& found) {
    found = co_await e.s.keys.check(std::move(peer), secret(std::move(key)));
}

result<actors::checked_key> ask(endpoints& e, const std::string& key, const std::string& peer) {
    std::optional<result<actors::checked_key>> found;
    e.io.restart();
    boost::asio::co_spawn(e.io, ask_in(e, key, peer, found), boost::asio::detached);
    e.io.run();
    REQUIRE(found);
    return *std::move(found);
}

} // namespace

TEST_CASE("a fingerprint is the same for one key, another for each, and not the key",
          "[key_check]") {
    endpoints e;
    const secret key(api_key());
    CHECK(e.s.keys.fingerprint(key) == e.s.keys.fingerprint(key));
    CHECK(e.s.keys.fingerprint(key) != e.s.keys.fingerprint(secret(std::string("another"))));
    CHECK(e.s.keys.fingerprint(key).size() == 32);
    endpoints other;
    other.s.fingerprint_key = secret(std::string(32, 'o'));
    CHECK(other.s.keys.fingerprint(key) != e.s.keys.fingerprint(key));
}

TEST_CASE("a key that Twenty took is known for ten minutes, one that it refused at once no more",
          "[key_check]") {
    endpoints e;
    CHECK_FALSE(e.s.keys.recall(secret(std::string("k"))));
    REQUIRE(ask(e, "k", "192.0.2.1"));
    CHECK(e.s.keys.recall(secret(std::string("k"))));
    e.time += 599;
    CHECK(e.s.keys.recall(secret(std::string("k"))));
    e.time += 1;
    CHECK_FALSE(e.s.keys.recall(secret(std::string("k"))));

    REQUIRE(ask(e, "k", "192.0.2.1"));
    e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "Twenty refused the key."};
    };
    CHECK_FALSE(ask(e, "k", "192.0.2.1"));
    CHECK_FALSE(e.s.keys.recall(secret(std::string("k"))));
}

TEST_CASE("a refusal counts against the address, a fault of the moment against nobody",
          "[key_check]") {
    endpoints e;
    e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_down, "Twenty can't be reached."};
    };
    for (int i = 0; i < 6; ++i)
        CHECK_FALSE(ask(e, "k", "192.0.2.1"));
    CHECK_FALSE(e.s.limits.peek(web::limit::failed_key, "192.0.2.1", e.s.now()));
    e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "Twenty refused the key."};
    };
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(ask(e, "k", "192.0.2.1"));
    CHECK(e.s.limits.peek(web::limit::failed_key, "192.0.2.1", e.s.now()));
    CHECK_FALSE(e.s.limits.peek(web::limit::failed_key, "192.0.2.2", e.s.now()));
}
