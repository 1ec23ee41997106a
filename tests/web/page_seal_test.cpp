#include "web/page_seal.hpp"

#include "base/crypto.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace std::chrono_literals;

struct sealed_page {
    std::vector<secret> keys{secret(std::string(32, 'k'))};
    oauth::time_point time = oauth::clock::from_time_t(1'795'000'000);
    web::time_source now = [this] { return time; };
    web::page_seal seal{keys, now};

    sealed_page() { REQUIRE(crypto::start()); }
    std::string made() {
        return seal.seal(secret(std::string("content")), {"p", "a", "c"}, time + 60s);
    }
};

} // namespace

TEST_CASE("what a page carries opens for the same browser, purpose and matter only",
          "[page_seal]") {
    sealed_page page;
    const auto sealed = page.made();
    const auto opened = page.seal.open(sealed, {"p", "a", "c"});
    REQUIRE(opened);
    CHECK(opened->reveal() == "content");
    for (const auto& other : {web::carried_for{"q", "a", "c"}, web::carried_for{"p", "b", "c"},
                              web::carried_for{"p", "a", "d"}, web::carried_for{"pa", "", "c"}})
        CHECK(page.seal.open(sealed, other).failure().code == errc::bad_request);
    CHECK_FALSE(page.seal.open("", {"p", "a", "c"}));
    CHECK_FALSE(page.seal.open("not base64 !", {"p", "a", "c"}));
}

TEST_CASE("what a page carries ends at its time, to the second", "[page_seal]") {
    sealed_page page;
    const auto sealed = page.made();
    page.time += 59s;
    CHECK(page.seal.open(sealed, {"p", "a", "c"}));
    page.time += 1s;
    CHECK_FALSE(page.seal.open(sealed, {"p", "a", "c"}));
}

TEST_CASE("a page that an earlier key sealed opens, and the newest seals", "[page_seal]") {
    sealed_page page;
    const auto sealed = page.made();
    page.keys.insert(page.keys.begin(), secret(std::string(32, 'n')));
    CHECK(page.seal.open(sealed, {"p", "a", "c"}));
    const auto anew = page.made();
    page.keys.pop_back();
    CHECK(page.seal.open(anew, {"p", "a", "c"}));
    CHECK_FALSE(page.seal.open(sealed, {"p", "a", "c"}));
}

TEST_CASE("the length of what a page carries tells nothing of a key's length", "[page_seal]") {
    sealed_page page;
    const auto sealed = [&](std::size_t n) {
        return page.seal.seal(secret(std::string(n, 'x')), {"p", "a", "c"}, page.time + 60s).size();
    };
    CHECK(sealed(1) == sealed(400));
}

TEST_CASE("a ticket for the connections gives the key back to its browser only", "[page_seal]") {
    sealed_page page;
    const auto ticket =
        page.seal.connections_ticket(secret(std::string("f1")), "cookie", page.time + 60s);
    const auto opened = page.seal.open_connections_ticket(ticket, "cookie");
    REQUIRE(opened);
    CHECK(opened->reveal() == "f1");
    CHECK_FALSE(page.seal.open_connections_ticket(ticket, "another"));
}
