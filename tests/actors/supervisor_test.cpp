#include "actors/supervisor.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

using diary = std::shared_ptr<std::vector<std::string>>;

// A child that writes down its start and its end, and fails when it is told to check the store.
class child_logic {
  public:
    static constexpr auto home = actors::actor::store;

    child_logic(actors::self_ptr, diary d, std::string who) : diary_(std::move(d)), who_(who) {
        diary_->push_back("+" + who_);
    }
    ~child_logic() { diary_->push_back("-" + who_); }
    caf::behavior behavior() {
        return {
            [](const actors::check_store&) -> caf::result<done> {
                throw std::runtime_error("asked to fail");
            },
            [](const actors::clear_upload&) { return true; },
        };
    }

  private:
    diary diary_;
    std::string who_;
};

// Takes over the answer and loses it.
class forgetful_logic {
  public:
    static constexpr auto home = actors::actor::store;
    explicit forgetful_logic(actors::self_ptr self) : self_(self) {}
    caf::behavior behavior() {
        return {[this](const actors::clear_upload&) { const actors::owed dropped(self_); }};
    }

  private:
    actors::self_ptr self_;
};

struct supervised : stage {
    diary log = std::make_shared<std::vector<std::string>>();
    std::shared_ptr<std::vector<caf::actor>> latest = std::make_shared<std::vector<caf::actor>>(5);
    std::vector<std::string> gave_up;
    actors::supervisor_handle supervisor;

    supervised() {
        std::vector<actors::supervisor_logic::starter> starters;
        for (std::size_t i = 0; i < 5; ++i)
            starters.push_back([d = log, all = latest, i](actors::self_ptr self, const auto&) {
                (*all)[i] = actors::start<child_logic, caf::monitored>(*self, d, std::to_string(i))
                                .untyped();
                return (*all)[i];
            });
        const std::function<void(std::string)> note = [this](std::string why) {
            gave_up.push_back(std::move(why));
        };
        supervisor = add<actors::supervisor_logic>(std::make_shared<const actors::settings>(),
                                                   starters, note);
        executor.run();
    }
    ~supervised() {
        caf::anon_send_exit(supervisor.untyped(), caf::exit_reason::user_shutdown);
        executor.run();
        latest->clear();
    }
    void fail(std::size_t which) {
        log->clear();
        caf::anon_send((*latest)[which], actors::check_store{});
        executor.run();
    }
    std::string story() const {
        std::string out;
        for (const auto& line : *log)
            out += line;
        return out;
    }
};

} // namespace

TEST_CASE("the actors start in the order of their dependence and stop in reverse", "[supervisor]") {
    supervised s;
    CHECK(s.story() == "+0+1+2+3+4");
    s.log->clear();
    caf::anon_send_exit(s.supervisor.untyped(), caf::exit_reason::user_shutdown);
    s.executor.run();
    CHECK(s.story() == "-4-3-2-1-0");
    CHECK(s.gave_up.empty());
}

TEST_CASE("a failed actor and those that build on it start anew, the others stay", "[supervisor]") {
    supervised s;
    s.fail(2);
    CHECK(s.story() == "-2-4-3+2+3+4");
    s.fail(4);
    CHECK(s.story() == "-4+4");
    s.fail(0);
    CHECK(s.story() == "-0-4-3-2-1+0+1+2+3+4");
}

TEST_CASE("questions reach the actor that was started anew", "[supervisor]") {
    supervised s;
    s.fail(0);
    const auto answer = s.ask(s.supervisor, actors::clear_upload(stored::the_primer));
    s.executor.run();
    REQUIRE(answer->has_value());
    CHECK((*answer)->ok());
}

TEST_CASE("five failures within a minute end everything, slower ones do not", "[supervisor]") {
    supervised s;
    for (int i = 0; i < 10; ++i) {
        s.fail(1);
        s.executor.advance(16s);
    }
    CHECK(s.gave_up.empty());
    s.executor.advance(2min);
    for (int i = 0; i < 4; ++i)
        s.fail(1);
    CHECK(s.gave_up.empty());
    s.fail(3);
    REQUIRE(s.gave_up.size() == 1);
    CHECK(s.gave_up.front().find("key_checks") != std::string::npos);
    CHECK(s.story() == "-3-4-2-1-0");
}

TEST_CASE("a question that an actor drops or fails on is answered all the same", "[supervisor]") {
    supervised s;
    const auto failed = s.ask((*s.latest)[4], actors::check_store{});
    const auto queued = s.ask((*s.latest)[4], actors::clear_upload(stored::the_primer));
    s.executor.run();
    REQUIRE(failed->has_value());
    CHECK((*failed)->failure().code == errc::internal);
    REQUIRE(queued->has_value());
    const auto dropped = s.ask(s.add<forgetful_logic>(), actors::clear_upload(stored::the_primer));
    s.executor.run();
    REQUIRE(dropped->has_value());
    CHECK((*dropped)->failure().code == errc::unavailable);
}

TEST_CASE("a store that fails is opened anew and its sessions come back", "[supervisor]") {
    world w;
    const auto token = w.login().access_token;
    w.initialize(token);
    w.clock_fails = true;
    const auto failed = w.get(actors::clear_upload(stored::the_primer));
    w.clock_fails = false;
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.failure().code == errc::internal);
    const auto status = w.get(actors::get_status());
    CHECK(status->ready);
    CHECK(status->sessions == 0);
    CHECK(w.fatal.empty());
    // The new store is another one in memory: it knows no token of the old.
    CHECK(w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status == 401);
    CHECK(w.reply(w.login().access_token, tool_call(1, "plain")).status == 200);
}

TEST_CASE("a store that cannot be opened again ends the program once, with the reason",
          "[supervisor]") {
    world w({}, "/dev/null/store.db");
    w.clock_fails = true;
    CHECK_FALSE(w.get(actors::clear_upload(stored::the_primer)).ok());
    REQUIRE(w.fatal.size() == 1);
    CHECK(w.fatal.front().find("store") != std::string::npos);
    const auto late = w.get(actors::get_status());
    REQUIRE_FALSE(late.ok());
    CHECK(late.failure().code == errc::unavailable);
}
