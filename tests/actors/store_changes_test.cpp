// The journal of changes in the store's actor: when what it was told is on the disk.
#include "actors/store.hpp"
#include "metrics/metrics.hpp"
#include "tests/actors/support.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/resource.h>

using namespace actors_test;

namespace {

stored::new_change a_change(std::string id) {
    stored::new_change out;
    out.id = std::move(id);
    out.body = "before";
    return out;
}

// A store alone, with a grant.
struct journal_stage : stage {
    actors::store_handle actor;
    stored::change_owner who;

    explicit journal_stage(const std::string& path = ":memory:", std::size_t throughput = 0)
        : stage(throughput) {
        stored::options options;
        options.path = path;
        options.key = secret(std::string(32, 'k'));
        options.resource = "https://crm.example.com/mcp";
        const actors::store_opener open = [options] { return store::store::open(options); };
        actor = add<actors::store_logic>(std::make_shared<const actors::settings>(), open,
                                         actors::address<actors::actor::supervisor>());
        executor.run();
        oauth::new_grant grant;
        grant.request.client_id = "client";
        grant.request.resource = options.resource;
        grant.fingerprint = "fingerprint";
        grant.props = secret(std::string("{}"));
        const auto code = ask(actor, actors::create_grant(grant));
        executor.run();
        REQUIRE((*code)->ok());
        const auto all = ask(actor, actors::list_grants("fingerprint"));
        executor.run();
        who = {(*all)->value().at(0).id, secret(std::string("key"))};
    }
    void tell_end(const std::string& change) {
        actors::tell(actor, actors::end_change({change, stored::change_state::done, "after"}, who));
    }
    std::vector<stored::change_record> listed() {
        const auto all = ask(actor, actors::read_changes({}, who));
        executor.run();
        REQUIRE(all->has_value());
        REQUIRE((*all)->ok());
        return (*all)->value();
    }
};

// A database's file, with a folder that goes with it.
class disk {
  public:
    disk() : folder_((std::filesystem::temp_directory_path() / "journal-XXXXXX").string()) {
        REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    }
    ~disk() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    disk(const disk&) = delete;
    disk& operator=(const disk&) = delete;
    [[nodiscard]] std::string path() const { return folder_ + "/store.db"; }

  private:
    std::string folder_;
};

// Nothing of any file grows while one of these is there.
class full_disk {
  public:
    full_disk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(getrlimit(RLIMIT_FSIZE, &old_) == 0);
        rlimit none = old_;
        none.rlim_cur = 1;
        REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
    }
    ~full_disk() {
        (void)setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, handler_);
    }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

  private:
    rlimit old_{};
    void (*handler_)(int);
};

} // namespace

TEST_CASE("nothing is sent before the change is on the disk", "[store_changes]") {
    journal_stage s(":memory:", 1);
    const auto begun = s.ask(s.actor, actors::begin_change(a_change("aaa"), s.who));
    s.executor.run_one(); // the asker
    s.executor.run_one(); // the row
    CHECK_FALSE(begun->has_value());
    s.executor.run(); // its COMMIT
    REQUIRE(begun->has_value());
    CHECK((*begun)->value());
}

TEST_CASE("the end of a change is written down soon where no call ends", "[store_changes]") {
    journal_stage s;
    const auto begun = s.ask(s.actor, actors::begin_change(a_change("aaa"), s.who));
    s.executor.run();
    s.tell_end("aaa");
    s.executor.run();
    const auto before = metrics::value(metrics::id::store_commit, {"ok"});
    s.executor.advance(1s);
    CHECK(metrics::value(metrics::id::store_commit, {"ok"}) == before + 1);
    CHECK(s.listed().at(0).state == stored::change_state::done);
}

TEST_CASE("what the disk refused of a change's end is written down when it takes it",
          "[store_changes]") {
    const disk here;
    journal_stage s(here.path());
    auto begun = s.ask(s.actor, actors::begin_change(a_change("aaa"), s.who));
    s.executor.run();
    REQUIRE((*begun)->ok());
    {
        const full_disk full;
        s.tell_end("aaa");
        s.executor.advance(2s);
        begun = s.ask(s.actor, actors::begin_change(a_change("bbb"), s.who));
        s.executor.run();
        REQUIRE(begun->has_value());
        REQUIRE_FALSE((*begun)->ok());
        CHECK((*begun)->failure().code == errc::unavailable);
    }
    s.executor.advance(10s);
    const auto rows = s.listed();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].state == stored::change_state::done);
    CHECK(rows[0].ended == "after");
}

TEST_CASE("ends that were told are kept when the store is told to end in between",
          "[store_changes]") {
    const disk here;
    stored::change_owner who;
    {
        journal_stage s(here.path());
        who = s.who;
        const auto begun = s.ask(s.actor, actors::begin_change(a_change("aaa"), who));
        s.executor.run();
        s.tell_end("aaa");
        s.executor.run();
    }
    stored::options options;
    options.path = here.path();
    options.key = secret(std::string(32, 'k'));
    options.resource = "https://crm.example.com/mcp";
    auto db = store::store::open(options);
    REQUIRE(db.ok());
    CHECK(db->changes({}, who)->at(0).state == stored::change_state::done);
}
