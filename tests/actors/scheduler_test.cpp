#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

using clear = actors::clear_upload;

} // namespace

TEST_CASE("a delayed message comes at its time, not before, and in order", "[scheduler]") {
    stage s;
    auto log = std::make_shared<std::string>();
    auto actor = s.system->spawn([log](caf::event_based_actor* self) -> caf::behavior {
        self->delayed_send(self, 20s, 2);
        self->delayed_send(self, 10s, 1);
        return {[log](int n) { *log += std::to_string(n); }};
    });
    s.cast.push_back(actor);
    s.executor.advance(9s);
    CHECK(log->empty());
    s.executor.advance(2s);
    CHECK(*log == "1");
    s.executor.advance(20s);
    CHECK(*log == "12");
}

TEST_CASE("nothing of the actors runs outside the executor", "[scheduler]") {
    stage s;
    auto runs = std::make_shared<int>(0);
    auto actor = s.system->spawn(
        [runs](caf::event_based_actor*) -> caf::behavior { return {[runs](int) { ++*runs; }}; });
    s.cast.push_back(actor);
    caf::anon_send(actor, 1);
    CHECK(*runs == 0);
    s.executor.run();
    CHECK(*runs == 1);
}

TEST_CASE("an answer from an actor on its own thread comes back through the executor",
          "[scheduler]") {
    stage s;
    auto detached = s.system->spawn<caf::detached>(
        [](caf::event_based_actor*) -> caf::behavior { return {[](clear&) { return true; }}; });
    s.cast.push_back(detached);
    const auto answer = s.ask(detached, clear(stored::the_primer));
    for (int i = 0; i < 1000 && !answer->has_value(); ++i)
        s.executor.run_ready(5ms);
    REQUIRE(answer->has_value());
    CHECK((*answer)->ok());
}

TEST_CASE("our errors travel through the actors unchanged, the first of the list too",
          "[scheduler]") {
    stage s;
    for (const auto code : {errc::bad_request, errc::conflict, errc::internal}) {
        auto refusing = s.system->spawn([code](caf::event_based_actor*) -> caf::behavior {
            return {[code](clear&) -> caf::result<done> {
                error why(code, "public", "private");
                why.retry_after = 5s;
                return actors::to_caf(std::move(why));
            }};
        });
        s.cast.push_back(refusing);
        const auto answer = s.ask(refusing, clear(stored::the_primer));
        s.executor.run();
        REQUIRE(answer->has_value());
        REQUIRE_FALSE((*answer)->ok());
        const auto& why = (*answer)->failure();
        CHECK(why.code == code);
        CHECK(why.message == "public");
        CHECK(why.detail == "private");
        CHECK(why.retry_after == 5s);
    }
}

TEST_CASE("an error of CAF's own, even an empty one, becomes one of ours", "[scheduler]") {
    CHECK(actors::from_caf(caf::error()).code == errc::unavailable);
    CHECK(actors::from_caf(caf::sec::request_receiver_down).code == errc::unavailable);
    CHECK(actors::from_caf(caf::sec::runtime_error).code == errc::internal);
}
