#include "twenty/connection.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/twenty/support.hpp"

using twenty_test::contains;
using twenty_test::now;

namespace {

const std::string workspace = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

secret key_with(const std::string& claims) {
    return secret(text::base64url_encode(R"({"alg":"ES256","typ":"JWT"})") + "." +
                  text::base64url_encode(claims) + "." + text::base64url_encode("signature"));
}
std::string key_refusal(const secret& key) {
    const auto read = twenty::read_key(key, now);
    return read ? "" : read.failure().message;
}

} // namespace

TEST_CASE("an API key says its workspace, its id and when it ends", "[connection]") {
    const auto key = key_with(R"({"sub":"x","type":"API_KEY","workspaceId":")" + workspace +
                              R"(","jti":"key-1","exp":1900000000})");
    const auto read = twenty::read_key(key, now);
    REQUIRE(read);
    CHECK(read->workspace_id == workspace);
    CHECK(read->key_id == "key-1");
    CHECK(read->expires_at == 1900000000);
    CHECK(read->type == "API_KEY");
}

TEST_CASE("a key of an old server names its workspace in sub alone", "[connection]") {
    const auto read =
        twenty::read_key(key_with(R"({"sub":")" + workspace + R"(","jti":"key-2"})"), now);
    REQUIRE(read);
    CHECK(read->workspace_id == workspace);
    CHECK(read->type.empty());
    CHECK_FALSE(read->expires_at);
}

TEST_CASE("an API key has one spelling", "[connection]") {
    const auto good = std::string(key_with(R"({"sub":")" + workspace + R"("})").reveal());
    REQUIRE(twenty::read_key(secret(good), now));
    const auto head = good.substr(0, good.rfind('.') + 1);
    // Two bytes: the last digit has two bits that say nothing.
    CHECK(twenty::read_key(secret(head + "c2k"), now));
    for (const std::string other : {"c2l", "c2m", "c2n", "c2k=", "c2k+", "c2"}) {
        INFO(other);
        CHECK_FALSE(twenty::read_key(secret(head + other), now));
    }
}

TEST_CASE("what is no usable API key is refused with the reason", "[connection][plan-42]") {
    struct attempt {
        const char* what;
        secret key;
        const char* reason;
    };
    const auto good = std::string(key_with(R"({"sub":")" + workspace + R"("})").reveal());
    const attempt all[] = {
        {"nothing", secret(std::string()), "Paste"},
        {"too short", secret(std::string("abc.def.ghi")), "length"},
        {"too long", secret(std::string(5000, 'a')), "length"},
        {"a password", secret(std::string(60, 'x')), "isn't a Twenty API key"},
        {"a line break inside", secret(good + "\nX-Evil: 1"), "line breaks"},
        {"a blank inside", secret(good.substr(0, 30) + " " + good.substr(30)), "blanks"},
        {"four parts", secret(good + ".more"), "isn't a Twenty API key"},
        {"payload no JSON", secret(std::string("aaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbb.cc")),
         "isn't a Twenty API key"},
        {"a session token",
         key_with(R"({"sub":"u","type":"ACCESS","workspaceId":")" + workspace + R"("})"),
         "session"},
        {"a refresh token",
         key_with(R"({"sub":"u","type":"REFRESH","workspaceId":")" + workspace + R"("})"),
         "session"},
        {"expired", key_with(R"({"sub":")" + workspace + R"(","type":"API_KEY","exp":1767225600})"),
         "2026-01-01"},
        {"no workspace", key_with(R"({"type":"API_KEY","sub":"someone","aud":"another"})"),
         "no Twenty workspace"},
        {"claims given twice",
         key_with(R"({"sub":"u","sub":")" + workspace + R"(","type":"API_KEY"})"),
         "isn't a Twenty API key"},
    };
    for (const auto& a : all) {
        INFO(a.what);
        const auto why = key_refusal(a.key);
        INFO(why);
        CHECK(contains(why, a.reason));
        CHECK_FALSE(contains(why, good.substr(10, 20)));
    }
}

TEST_CASE("blanks around a pasted key are no part of it", "[connection]") {
    const auto key = key_with(R"({"sub":")" + workspace + R"("})");
    const secret pasted("\n  " + std::string(key.reveal()) + " \r\n");
    CHECK(twenty::trimmed_key(pasted).reveal() == key.reveal());
    CHECK(twenty::read_key(twenty::trimmed_key(pasted), now));
}

TEST_CASE("what comes with a pasted key is no part of it", "[connection]") {
    const auto key = key_with(R"({"sub":")" + workspace + R"("})");
    const std::string text(key.reveal());
    for (const auto& pasted : {
             "\"" + text + "\"",
             "'" + text + "',",
             "`" + text + "`",
             "\u201c" + text + "\u201d",
             "Bearer " + text,
             "Authorization: Bearer " + text + "\r\n",
             "TWENTY_API_KEY=" + text,
             "\u00a0" + text + "\u00a0",
             "\u200b" + text + "\ufeff",
             text.substr(0, 50) + "\u200b" + text.substr(50),
             text.substr(0, 60) + "\r\n" + text.substr(60),
         }) {
        INFO(pasted);
        CHECK(twenty::trimmed_key(secret(pasted)).reveal() == text);
    }
    // What is none is not made one.
    for (const std::string none :
         {"Bearer x", "not a key at all, and long enough to be taken for one", "", "\"\""})
        CHECK(twenty::trimmed_key(secret(none)).reveal() == none);
    CHECK(twenty::trimmed_key(secret(text.substr(0, 100) + "%%%" + text.substr(100))).reveal() !=
          text);
}

TEST_CASE("a connection comes back from its props as it was", "[connection]") {
    twenty::connection c;
    c.api_key = secret(std::string("the key \"with\" quotes"));
    c.workspace = {workspace, "Sample Works"};
    c.mode = twenty::mode::write;
    c.objects = std::set<std::string>{"person", "company"};
    c.label = "Ann's laptop";
    c.key_id = "key-1";
    c.key_expires_at = 1900000000;
    const auto back = twenty::from_props(twenty::to_props(c));
    REQUIRE(back);
    CHECK(back->api_key.reveal() == c.api_key.reveal());
    CHECK(back->workspace.id == workspace);
    CHECK(back->workspace.name == "Sample Works");
    CHECK(back->mode == twenty::mode::write);
    CHECK(back->objects == c.objects);
    CHECK(back->label == c.label);
    CHECK(back->key_id == c.key_id);
    CHECK(back->key_expires_at == c.key_expires_at);
}

TEST_CASE("an unlimited connection and one limited to nothing stay apart", "[connection]") {
    twenty::connection c;
    c.api_key = secret(std::string("k"));
    CHECK_FALSE(twenty::from_props(twenty::to_props(c))->objects);
    c.objects.emplace();
    const auto back = twenty::from_props(twenty::to_props(c));
    REQUIRE(back->objects);
    CHECK(back->objects->empty());
}

TEST_CASE("damaged props are an error, never a wider connection", "[connection]") {
    const char* broken[] = {
        "",
        "{}",
        "[]",
        R"({"v":2,"api_key":"k","mode":"read"})",
        R"({"v":1,"mode":"read"})",
        R"({"v":1,"api_key":"k"})",
        R"({"v":1,"api_key":"k","mode":"admin"})",
        R"({"v":1,"api_key":"k","mode":"read","objects":null})",
        R"({"v":1,"api_key":"k","mode":"read","objects":"person"})",
        R"({"v":1,"api_key":"k","mode":"read","objects":[1]})",
    };
    for (const auto* text : broken) {
        INFO(text);
        const auto read = twenty::from_props(secret(std::string(text)));
        REQUIRE_FALSE(read);
        CHECK(read.failure().code == errc::internal);
    }
}

TEST_CASE("a key has forty to 4096 characters, and ends in the second that it names",
          "[connection]") {
    const auto said = [](std::size_t bytes) {
        return key_refusal(secret(std::string(bytes, 'x')));
    };
    for (const std::size_t wrong : {39U, 4097U})
        CHECK(contains(said(wrong), "its length is wrong"));
    for (const std::size_t right : {40U, 4096U})
        CHECK_FALSE(contains(said(right), "its length is wrong"));
    const auto until = [](std::int64_t end) {
        return key_refusal(
            key_with(R"({"sub":")" + workspace + R"(","exp":)" + std::to_string(end) + "}"));
    };
    CHECK(until(now + 1).empty());
    CHECK(contains(until(now), "expired"));
}
