#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include "tests/support/catch.hpp"

#include <stdexcept>

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

// RFC 8032, §7.1, test 1
TEST_CASE("a signature is good for its key and its text alone", "[crypto]") {
    const secret seed(
        *text::hex_decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    const crypto::signing_key key(seed);
    const auto& open = key.public_half();
    CHECK(text::hex_encode(open) ==
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const auto signature = key.sign("");
    CHECK(text::hex_encode(signature) ==
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
          "701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    CHECK(crypto::is_signed(open, "", signature));
    CHECK_FALSE(crypto::is_signed(open, "x", signature));
    CHECK_FALSE(crypto::is_signed(std::string(32, 'k'), "", signature));
    CHECK_FALSE(crypto::is_signed(open.substr(1), "", signature));
    CHECK_FALSE(crypto::is_signed(open, "", signature.substr(1)));
    CHECK_THROWS_AS(crypto::signing_key(secret(std::string(31, 'x'))), std::invalid_argument);
}
