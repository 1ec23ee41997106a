#include "actors/approvals.hpp"

#include "tests/support/catch.hpp"

#include <set>

using actors::approval_state;
using actors::approvals;
using actors::bearer;
using actors::bearer_ptr;
using actors::person_proof;
using mcp::approval;

namespace {

const auto noon = oauth::clock::from_time_t(1'800'000'000);

bearer_ptr somebody(std::string grant, std::string key = "key", std::string browser = "browser") {
    auto who = std::make_shared<bearer>();
    who->grant_id = std::move(grant);
    who->connection.api_key = secret(std::move(key));
    who->connection.browser = std::move(browser);
    return who;
}

mcp::approval_question about(std::string digest) {
    mcp::approval_question out;
    out.digest = std::move(digest);
    out.title = "Delete 1 company";
    out.lines = {"“Acme”"};
    return out;
}

person_proof by_browser(std::string browser = "browser") { return {std::move(browser), secret()}; }
person_proof by_key(std::string key = "key") { return {{}, secret(std::move(key))}; }

approval put_question(approvals& all, const bearer_ptr& who, std::string digest,
                      oauth::time_point now = noon) {
    auto answer = all.ask(who, about(std::move(digest)), now);
    REQUIRE(answer.ok());
    return *answer;
}

} // namespace

TEST_CASE("a yes is used once, and the next question of the same is a new one", "[approvals]") {
    approvals all;
    const auto ada = somebody("ada");
    const auto first = put_question(all, ada, "d");
    CHECK(first.now == approval::state::open);
    CHECK(first.link.size() == 22);
    CHECK(put_question(all, ada, "d").link == first.link);
    REQUIRE(all.answer(first.link, by_browser(), true, noon));
    CHECK(put_question(all, ada, "d").now == approval::state::approved);
    const auto again = put_question(all, ada, "d");
    CHECK(again.now == approval::state::open);
    CHECK(again.link != first.link);
    CHECK_FALSE(all.find(first.link, by_browser(), noon));
}

TEST_CASE("a no stays one for its ten minutes, and the first answer counts", "[approvals]") {
    approvals all;
    const auto ada = somebody("ada");
    const auto id = put_question(all, ada, "d").link;
    REQUIRE(all.answer(id, by_key(), false, noon));
    CHECK(all.answer(id, by_key(), true, noon)->now == approval_state::declined);
    CHECK(put_question(all, ada, "d").now == approval::state::declined);
    CHECK(put_question(all, ada, "d", noon + approvals::lasts).now == approval::state::open);
}

TEST_CASE("a question is of one connection and one digest, and of nobody without its proof",
          "[approvals]") {
    approvals all;
    const auto ada = somebody("ada", "key of Ada", "browser of Ada");
    const auto bob = somebody("bob", "key of Bob", "browser of Bob");
    const auto id = put_question(all, ada, "d").link;
    CHECK(put_question(all, bob, "d").link != id);
    CHECK(put_question(all, ada, "e").link != id);
    for (const auto& wrong :
         {by_browser("browser of Bob"), by_key("key of Bob"), by_browser(""), by_key(""),
          by_browser("key of Ada"), by_key("browser of Ada"), person_proof{}}) {
        CHECK_FALSE(all.find(id, wrong, noon));
        CHECK_FALSE(all.answer(id, wrong, true, noon));
    }
    CHECK_FALSE(all.answer("", by_key("key of Ada"), true, noon));
    CHECK_FALSE(all.answer(id + "A", by_key("key of Ada"), true, noon));
    CHECK(put_question(all, ada, "d").now == approval::state::open);
    CHECK(all.find(id, by_browser("browser of Ada"), noon));
    CHECK(all.find(id, by_key("key of Ada"), noon));
    // A connection that knows no browser and a browser without a cookie do not match.
    const auto old = somebody("old", "key", "");
    CHECK_FALSE(all.find(put_question(all, old, "d").link, by_browser(""), noon));
}

TEST_CASE("a question is over after ten minutes, with a yes that was not used", "[approvals]") {
    approvals all;
    const auto ada = somebody("ada");
    const auto id = put_question(all, ada, "d").link;
    REQUIRE(all.answer(id, by_key(), true, noon));
    const auto later = noon + approvals::lasts;
    CHECK_FALSE(all.find(id, by_key(), later));
    CHECK(put_question(all, ada, "d", later).now == approval::state::open);
    CHECK(all.find(id, by_key(), later - std::chrono::seconds(1)) == nullptr);
}

TEST_CASE("the questions of a connection are bounded, and end with it", "[approvals]") {
    approvals all;
    const auto ada = somebody("ada");
    for (std::size_t i = 0; i < approvals::most_of_connection; ++i)
        put_question(all, ada, std::to_string(i));
    CHECK(all.of("ada", noon).size() == approvals::most_of_connection);
    const auto more = all.ask(ada, about("more"), noon);
    REQUIRE_FALSE(more.ok());
    CHECK(more.failure().code == errc::busy);
    CHECK(put_question(all, ada, "0").now == approval::state::open); // one that is known
    CHECK(put_question(all, somebody("bob"), "d").now == approval::state::open);
    all.forget_connection("ada");
    CHECK(all.of("ada", noon).empty());
    CHECK(all.of("bob", noon).size() == 1);
    CHECK(put_question(all, ada, "more").now == approval::state::open);
}

TEST_CASE("all questions together are bounded by their number and their bytes", "[approvals]") {
    approvals all;
    std::size_t taken = 0;
    auto large = about("d");
    large.lines = {std::string(60'000, 'x')};
    for (std::size_t i = 0; i < approvals::most; ++i)
        if (all.ask(somebody("g" + std::to_string(i)), large, noon).ok()) ++taken;
    CHECK(taken < 300);
    CHECK(taken > 250);
    // What is over makes room.
    CHECK(all.ask(somebody("later"), large, noon + approvals::lasts).ok());
}

TEST_CASE("an agreement that a client brings is used once", "[approvals]") {
    approvals all;
    const auto ada = somebody("ada");
    auto brought = about("d");
    brought.is_answered = true;
    CHECK(all.ask(ada, brought, noon)->now == approval::state::approved);
    CHECK(all.ask(ada, brought, noon)->now == approval::state::declined);
    CHECK(all.ask(somebody("bob"), brought, noon)->now == approval::state::approved);
    CHECK(all.ask(ada, brought, noon + approvals::remembered)->now == approval::state::approved);
}
