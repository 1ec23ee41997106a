// What a refresh token says of itself.
#include "store/lineage.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "tests/support/catch.hpp"

namespace {

const std::string grant = "20202020-1c25-4d02-bf25-6aeccf7ea419";
const std::string random_part(32, 'r');

secret key_of(char c) { return store::lineage_key(secret(std::string(32, c))); }

} // namespace

TEST_CASE("a refresh token says its grant and its generation to who has the key", "[lineage]") {
    for (const std::int64_t generation : {0LL, 1LL, 255LL, 256LL, 100'000LL, 0xFFFFFFFFLL}) {
        const auto token = store::refresh_token(random_part, {grant, generation}, key_of('i'));
        const auto said = store::lineage_of(token, key_of('i'));
        REQUIRE(said);
        CHECK(said->grant_id == grant);
        CHECK(said->generation == generation);
        CHECK_FALSE(store::lineage_of(token, key_of('o')));
    }
}

TEST_CASE("a refresh token is 256 random bits and fits a form and a header", "[lineage]") {
    const auto one = store::refresh_token(random_part, {grant, 1}, key_of('i'));
    const auto same = store::refresh_token(random_part, {grant, 1}, key_of('i'));
    const auto other = store::refresh_token(std::string(32, 's'), {grant, 1}, key_of('i'));
    CHECK(one.reveal() == same.reveal());
    CHECK(one.reveal() != other.reveal());
    CHECK(one.reveal().starts_with("twr_"));
    CHECK(one.size() == 122);
    CHECK(one.reveal().find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_") == std::string_view::npos);
    CHECK_FALSE(text::base64url_decode(one.reveal().substr(4))->find(random_part) ==
                std::string::npos);
}

TEST_CASE("a refresh token that was changed anywhere, cut, or made without the key says nothing",
          "[lineage]") {
    const auto good = store::refresh_token(random_part, {grant, 7}, key_of('i'));
    auto bytes = *text::base64url_decode(good.reveal().substr(4));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        CAPTURE(i);
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(
            store::lineage_of(secret("twr_" + text::base64url_encode(changed)), key_of('i')));
    }
    const std::string whole(good.reveal());
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(store::lineage_of(secret(whole.substr(0, size)), key_of('i')));
    for (const auto& text :
         {std::string(), std::string("twr_"), "twa_" + whole.substr(4), whole + "A", whole + "==",
          "twr_" + text::base64url_encode(std::string(32, 'x')), std::string("twr_garbage %")})
        CHECK_FALSE(store::lineage_of(secret(text), key_of('i')));
}
