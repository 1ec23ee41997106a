#include "stdio/local_grant.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/web/silent_bridge.hpp"
#include "twenty/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <vector>

namespace {

// Twenty and the store as far as a grant asks them.
struct answering final : endpoint_test::silent_bridge {
    std::optional<error> key_fails;
    std::optional<error> refresh_fails;
    bool token_has_ended = false;
    std::vector<std::string> asked;
    std::optional<oauth::new_grant> made;
    std::string verifier;

    http::eventually<actors::checked_key> ask(actors::check_key) override {
        asked.emplace_back("key");
        if (key_fails) co_return *key_fails;
        actors::checked_key key;
        key.workspace = {"w", "Acme"};
        key.facts.key_id = "k";
        co_return key;
    }
    http::eventually<secret> ask(actors::create_grant m) override {
        asked.emplace_back("grant");
        made = std::move(m.grant);
        co_return secret(std::string_view("code"));
    }
    http::eventually<oauth::token_pair> ask(actors::redeem_code m) override {
        asked.emplace_back("code");
        verifier = m.exchange.code_verifier;
        co_return pair();
    }
    http::eventually<done> ask(actors::check_token) override {
        asked.emplace_back("check");
        if (token_has_ended) co_return error(errc::unauthenticated, "It has ended.");
        co_return done{};
    }
    http::eventually<oauth::token_pair> ask(actors::refresh_token) override {
        asked.emplace_back("refresh");
        if (refresh_fails) co_return *refresh_fails;
        co_return pair();
    }
    using silent_bridge::ask;

  private:
    oauth::token_pair pair() const {
        oauth::token_pair out;
        out.access_token = secret("access " + std::to_string(asked.size()));
        out.refresh_token = secret("refresh " + std::to_string(asked.size()));
        return out;
    }
};

stdio::choices chosen(bool write, std::vector<std::string> objects = {}) {
    stdio::choices out;
    out.api_key = secret(std::string_view("a key"));
    out.write = write;
    out.objects = std::move(objects);
    return out;
}

// The token, or the error's message.
std::string token(stdio::local_grant& of) {
    boost::asio::io_context io;
    std::string out;
    const auto ask = [](stdio::local_grant& grant,
                        std::string& into) -> boost::asio::awaitable<void> {
        auto got = co_await grant.token();
        into = got ? std::string(got->reveal()) : got.failure().message;
    };
    boost::asio::co_spawn(io, ask(of, out), boost::asio::detached);
    io.run();
    return out;
}

} // namespace

TEST_CASE("a key becomes a grant of what was chosen, once", "[local_grant]") {
    for (const bool write : {false, true}) {
        answering actors;
        stdio::local_grant grant(actors, chosen(write));
        CHECK(grant.generation() == 0);
        CHECK(token(grant) == "access 3");
        CHECK(token(grant) == "access 3");
        CHECK(actors.asked == std::vector<std::string>{"key", "grant", "code", "check"});
        CHECK(grant.generation() == 1);
        REQUIRE(actors.made);
        CHECK(actors.made->granted == oauth::scope_set{true, write, true});
        const auto props = twenty::from_props(actors.made->props);
        REQUIRE(props);
        CHECK(props->api_key.reveal() == "a key");
        CHECK((props->mode == twenty::mode::write) == write);
        CHECK_FALSE(props->objects);
        CHECK(actors.made->request.code_challenge ==
              text::base64url_encode(crypto::sha256(actors.verifier)));
    }
}

TEST_CASE("while Twenty does not take the key each call hears why, and few ask again",
          "[local_grant]") {
    answering actors;
    stdio::local_grant::time_point now;
    actors.key_fails = error(errc::upstream_down, "Twenty is away.");
    stdio::local_grant grant(actors, chosen(true), [&] { return now; });
    CHECK(token(grant) == "Twenty is away.");
    actors.key_fails.reset();
    now += stdio::local_grant::failure_lasts - std::chrono::milliseconds(1);
    CHECK(token(grant) == "Twenty is away.");
    CHECK(actors.asked.size() == 1);
    now += std::chrono::milliseconds(1);
    CHECK(token(grant) == "access 4");
    CHECK(token(grant) == "access 4");
}

TEST_CASE("objects that cannot be looked up limit nothing to nothing: the call fails",
          "[local_grant]") {
    answering actors; // its keys come without a data model
    stdio::local_grant grant(actors, chosen(true, {"company"}));
    CHECK(token(grant) == "Twenty's objects could not be read just now.");
    CHECK_FALSE(actors.made);
}

TEST_CASE("a token that has ended is renewed, and a grant that has ended is made anew",
          "[local_grant]") {
    answering actors;
    stdio::local_grant grant(actors, chosen(true));
    CHECK(token(grant) == "access 3");
    actors.token_has_ended = true; // its hour is over, as after a night's sleep of the computer
    CHECK(token(grant) == "access 5");
    CHECK(actors.asked.back() == "refresh");
    CHECK(grant.generation() == 1);
    actors.refresh_fails = error(errc::invalid_grant, "It has ended."); // its key was refused
    CHECK(token(grant) == "access 10");
    CHECK(actors.asked.back() == "code");
    CHECK(grant.generation() == 2);
}
