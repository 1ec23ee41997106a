#include "actors/twenty_pool.hpp"
#include "tests/actors/support.hpp"
#include "tests/support/heard.hpp"

using namespace actors_test;

namespace {

template <class To, class Message>
concept can_tell = requires(const To& to, Message m) {
    actors::tell(to, std::move(m));
};
template <class To, class Message>
concept can_ask = requires(actors::self_ptr self, const To& to, Message m) {
    actors::ask(self, to, std::move(m), [](const auto&) {});
};

// What is told has no answer, and goes home; what is asked has one, and goes home.
static_assert(can_tell<actors::pool_handle, actors::cancel_call>);
static_assert(!can_tell<actors::store_handle, actors::cancel_call>);
static_assert(!can_tell<actors::pool_handle, actors::twenty_call>);
static_assert(can_ask<actors::pool_handle, actors::twenty_call>);
static_assert(!can_ask<actors::sessions_handle, actors::twenty_call>);
static_assert(!can_ask<actors::pool_handle, actors::cancel_call>);
// The supervisor passes on questions and news, and nothing that two actors have between them.
static_assert(can_ask<actors::supervisor_handle, actors::list_keys>);
static_assert(can_tell<actors::supervisor_handle, actors::grants_ended>);
static_assert(!can_ask<actors::supervisor_handle, actors::open_token>);
static_assert(!can_tell<actors::supervisor_handle, actors::pool_tick>);
// What is in no list goes nowhere.
struct stray {
    [[maybe_unused]] static constexpr auto home = actors::actor::pool;
};
static_assert(!can_tell<actors::pool_handle, stray>);

} // namespace

TEST_CASE("a message that no handler takes is logged by its type and counted, and a question with "
          "it refused",
          "[messages]") {
    stage s;
    const auto pool = s.add<actors::pool_logic>(std::make_shared<const actors::settings>(),
                                                static_cast<twenty::transport*>(&s.net));
    const caf::actor& anybody = pool.untyped();
    testing::heard log;
    caf::anon_send(anybody, actors::open_token(secret(std::string_view("planted"))));
    const auto refused = s.ask(anybody, actors::load_session("planted"));
    s.executor.run();
    const auto text = log.text();

    INFO(text);
    CHECK(text.find("open_token") != std::string::npos);
    CHECK(text.find("load_session") != std::string::npos);
    CHECK(text.find("count=1") != std::string::npos);
    CHECK(text.find("count=2") != std::string::npos);
    CHECK(text.find("planted") == std::string::npos);
    REQUIRE(refused->has_value());
    REQUIRE_FALSE((*refused)->ok());
    CHECK((*refused)->failure().code == errc::internal);
}
