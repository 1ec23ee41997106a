#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a sealed value opens only with its key, its binding and every bit intact", "[crypto]") {
    REQUIRE(crypto::start());
    const secret key(crypto::random_bytes(crypto::key_bytes));
    const auto sealed = crypto::seal(key, "plain", "grant|1");
    const auto opened = crypto::unseal(key, sealed, "grant|1");
    REQUIRE(opened.ok());
    CHECK(opened->reveal() == "plain");
    CHECK_FALSE(crypto::unseal(key, sealed, "grant|2").ok());
    CHECK_FALSE(crypto::unseal(secret(crypto::random_bytes(32)), sealed, "grant|1").ok());
    CHECK_FALSE(crypto::unseal(secret(std::string_view("short")), sealed, "grant|1").ok());
    CHECK_FALSE(crypto::unseal(key, "", "grant|1").ok());
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto altered = sealed;
        altered[i] = static_cast<char>(altered[i] ^ 1);
        CHECK_FALSE(crypto::unseal(key, altered, "grant|1").ok());
    }
}

TEST_CASE("keys for two purposes differ, and a purpose always gives the same key", "[crypto]") {
    const secret key(std::string(32, 'k'));
    CHECK(crypto::derive(key, "a").reveal() != crypto::derive(key, "b").reveal());
    CHECK(crypto::derive(key, "a").reveal() == crypto::derive(key, "a").reveal());
}

TEST_CASE("two texts are equal only when their lengths are", "[crypto]") {
    CHECK(crypto::equal("abc", "abc"));
    CHECK(crypto::equal("", ""));
    for (const auto* other : {"", "ab", "abcd", "abd"}) {
        CHECK_FALSE(crypto::equal("abc", other));
        CHECK_FALSE(crypto::equal(other, "abc"));
    }
}

TEST_CASE("random ids are version 4 UUIDs", "[crypto]") {
    const auto id = crypto::random_uuid();
    CHECK(text::is_uuid(id));
    CHECK(id[14] == '4');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}

TEST_CASE("anything that looks like a secret is masked before it is logged", "[crypto]") {
    CHECK(logging::redact("token twa_AAAAAAAAAAAAAAAAAAAAAAAA end") == "token *** end");
    CHECK(logging::redact("Authorization: Bearer abc.def") == "Authorization: ***");
    CHECK(logging::redact("key=eyJhbGciOiJFUzI1NiJ9.e30.sig") == "key=***");
    CHECK(logging::redact("twa_x is short") == "twa_x is short");
}
