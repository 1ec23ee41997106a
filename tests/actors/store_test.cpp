#include "actors/store.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/database.hpp"
#include "tests/actors/support.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/resource.h>

using namespace actors_test;

namespace {

struct folder {
    std::filesystem::path path;
    folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "actors-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

struct store_stage : stage {
    stored::options options;
    actors::store_handle actor;

    // One message a step, so that a test can look between two of them.
    explicit store_stage(const std::string& path = ":memory:") : stage(1) {
        options.path = path;
        options.key = secret(std::string(32, 'k'));
        options.resource = "https://crm.example.com/mcp";
        const auto opts = options;
        const actors::store_opener open = [opts] { return store::store::open(opts); };
        actor = add<actors::store_logic>(std::make_shared<const actors::settings>(), open,
                                         actors::address<actors::actor::supervisor>());
        executor.run();
    }
};

std::string primer_in(const std::string& path) {
    stored::options options;
    options.path = path;
    options.key = secret(std::string(32, 'k'));
    options.resource = "https://crm.example.com/mcp";
    auto db = store::store::open(options);
    REQUIRE(db.ok());
    auto primer = db->upload(stored::the_primer);
    REQUIRE(primer.ok());
    return *primer ? (*primer)->text : "";
}

// As they lie in the file; none can be opened.
void fill_with_grants(const std::string& path, int count) {
    auto db = store::database::open(path);
    REQUIRE(db.ok());
    const auto filled =
        db->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "
                "INSERT INTO grants (id, client_id, client_name, redirect_uri, resource, scope, "
                "fingerprint, label, workspace_name, created_at, last_used_at, expires_at, props) "
                "SELECT printf('grant-%08d', i), 'client', 'Client', 'http://localhost/cb', 'r', "
                "'twenty:read', printf('%032d', i), 'label', 'Acme', i, i, 4000000000, "
                "zeroblob(200) FROM n",
                static_cast<std::int64_t>(count));
    REQUIRE(filled.ok());
}

} // namespace

TEST_CASE("writes that came together are confirmed together, after one commit", "[store]") {
    store_stage s;
    std::vector<box<stored::upload_record>> writes;
    for (const char* text : {"one", "two", "three"})
        writes.push_back(s.ask(s.actor, actors::write_upload(stored::the_primer, text)));
    const auto confirmed = [&] {
        std::size_t n = 0;
        for (const auto& w : writes)
            n += w->has_value() ? 1U : 0U;
        return n;
    };
    for (int i = 0; i < 3; ++i)
        s.executor.run_one(); // the three askers
    for (int i = 0; i < 3; ++i)
        s.executor.run_one(); // the three writes
    CHECK(confirmed() == 0);
    s.executor.run_one(); // the flush
    for (int i = 0; i < 3; ++i)
        s.executor.run_one();
    CHECK(confirmed() == 3);
    for (const auto& w : writes)
        CHECK((*w)->ok());
}

TEST_CASE("a read is answered without waiting for any commit", "[store]") {
    store_stage s;
    const auto read = s.ask(s.actor, actors::read_upload(stored::the_primer));
    for (int i = 0; i < 3; ++i)
        s.executor.run_one();
    REQUIRE(read->has_value());
    CHECK_FALSE((*read)->value().has_value());
}

TEST_CASE("when a commit fails every caller that waited for it is told so", "[store]") {
    const folder dir;
    const auto path = (dir.path / "store.db").string();
    {
        store_stage s(path);
        const auto before = s.ask(s.actor, actors::write_upload(stored::the_primer, "kept"));
        s.executor.run();
        REQUIRE((*before)->ok());
        const auto first =
            s.ask(s.actor, actors::write_upload(stored::the_primer, std::string(20'000, 'a')));
        const auto second =
            s.ask(s.actor, actors::write_upload(stored::the_primer, std::string(20'000, 'b')));
        for (int i = 0; i < 4; ++i)
            s.executor.run_one();
        // The disk is full from here on.
        const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit old{};
        REQUIRE(getrlimit(RLIMIT_FSIZE, &old) == 0);
        rlimit none = old;
        none.rlim_cur = 1;
        REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
        s.executor.run();
        REQUIRE(setrlimit(RLIMIT_FSIZE, &old) == 0);
        std::signal(SIGXFSZ, old_handler);
        for (const auto& w : {first, second}) {
            REQUIRE(w->has_value());
            REQUIRE_FALSE((*w)->ok());
            CHECK((*w)->failure().code == errc::unavailable);
            CHECK((*w)->failure().message.find("disk") != std::string::npos);
        }
        const auto after = s.ask(s.actor, actors::read_upload(stored::the_primer));
        s.executor.run();
        REQUIRE((*after)->ok());
        REQUIRE((*after)->value().has_value());
        CHECK((*after)->value()->text == "kept");
    }
    CHECK(primer_in(path) == "kept");
}

TEST_CASE("what was written is committed when the store is told to end in between", "[store]") {
    const folder dir;
    const auto path = (dir.path / "store.db").string();
    box<stored::upload_record> write;
    {
        store_stage s(path);
        write = s.ask(s.actor, actors::write_upload(stored::the_primer, "last words"));
        for (int i = 0; i < 2; ++i)
            s.executor.run_one();
        CHECK_FALSE(write->has_value());
    }
    REQUIRE(write->has_value());
    CHECK((*write)->ok());
    CHECK(primer_in(path) == "last words");
}

TEST_CASE("a store that cannot be opened ends with its reason instead of answering", "[store]") {
    stage s;
    const actors::store_opener open = []() -> result<store::store> {
        return error(errc::unavailable, "no disk");
    };
    const auto actor = s.add<actors::store_logic>(std::make_shared<const actors::settings>(), open,
                                                  actors::address<actors::actor::supervisor>());
    s.executor.run();
    const auto read = s.ask(actor, actors::read_upload(stored::the_primer));
    s.executor.run();
    REQUIRE(read->has_value());
    CHECK((*read)->failure().code == errc::unavailable);
}

TEST_CASE("others are answered while a search looks through a hundred thousand connections",
          "[store]") {
    const folder dir;
    const auto path = (dir.path / "store.db").string();
    store_stage s(path);
    constexpr int connections = 100'000;
    fill_with_grants(path, connections);
    stored::grant_filter nobody;
    nobody.client = "no such client";
    const auto search = s.ask(s.actor, actors::find_grants(nobody, 50, ""));
    // The actor does one message a turn: these are answered between two steps of the search.
    auto other = s.ask(s.actor, actors::read_upload(stored::the_primer));
    std::size_t others = 0;
    while (!search->has_value()) {
        REQUIRE(s.executor.run_one());
        if (!other->has_value()) continue;
        ++others;
        other = s.ask(s.actor, actors::read_upload(stored::the_primer));
    }
    REQUIRE((*search)->ok());
    CHECK((*search)->value().grants.empty());
    CHECK(others >= connections / store::find_batch / 4);
}

TEST_CASE("several searches take turns, and one with a bad cursor ends alone", "[store]") {
    const folder dir;
    const auto path = (dir.path / "store.db").string();
    store_stage s(path);
    fill_with_grants(path, static_cast<int>(3 * store::find_batch));
    stored::grant_filter nobody;
    nobody.client = "no such client";
    const auto long_one = s.ask(s.actor, actors::find_grants(nobody, 50, ""));
    const auto wrong = s.ask(s.actor, actors::find_grants({}, 50, "wrong"));
    const auto short_one = s.ask(s.actor, actors::find_grants({}, 2, ""));
    while (!short_one->has_value())
        REQUIRE(s.executor.run_one());
    CHECK((*short_one)->value().grants.size() == 2);
    CHECK_FALSE(long_one->has_value());
    s.executor.run();
    CHECK((*long_one)->ok());
    CHECK((*wrong)->failure().code == errc::bad_request);
}

// Threat: a connection that was ended goes on for as long as a token is trusted, because `sessions`
// hears of its token after its end.
TEST_CASE("a token that was opened is told before the end of its grant that shares its commit",
          "[store]") {
    stage s(1);
    std::vector<std::string> heard;
    actors::address<actors::actor::supervisor> supervisor;
    s.cast.push_back(s.system->spawn(
        [&](caf::event_based_actor* self, int) -> caf::behavior {
            supervisor = actors::address<actors::actor::supervisor>(self);
            return {[&](actors::grants_ended& gone) {
                        heard.insert(heard.end(), gone.ids.begin(), gone.ids.end());
                    },
                    [](const actors::things_changed&) {}};
        },
        0));
    s.executor.run();
    stored::options options;
    options.path = ":memory:";
    options.key = secret(std::string(32, 'k'));
    options.resource = "https://crm.example.com/mcp";
    const actors::store_opener open = [options] { return store::store::open(options); };
    const auto store =
        s.add<actors::store_logic>(std::make_shared<const actors::settings>(), open, supervisor);
    oauth::new_grant grant;
    grant.request.client_id = "client";
    grant.request.resource = options.resource;
    grant.request.code_challenge = text::base64url_encode(crypto::sha256(std::string(43, 'v')));
    grant.granted = {true, false, false};
    grant.props = secret(std::string("{}"));
    grant.fingerprint = "fp";
    const auto code = s.ask(store, actors::create_grant(grant));
    s.executor.run();
    oauth::code_exchange exchange;
    exchange.client_id = "client";
    exchange.code = code->value().value();
    exchange.code_verifier = std::string(43, 'v');
    const auto pair = s.ask(store, actors::redeem_code(exchange));
    s.executor.run();

    const auto written =
        s.ask(store, actors::write_upload(stored::the_primer, "so that a commit is due"));
    const auto opened = s.ask(store, actors::open_token(pair->value()->access_token));
    const auto ended = s.ask(store, actors::end_grants("fp", ""));
    while (heard.empty()) {
        CHECK_FALSE(ended->has_value()); // nor does who ended it hear of that before `sessions`
        REQUIRE(s.executor.run_one());
    }
    REQUIRE(opened->has_value());
    CHECK(opened->value()->grant_id == heard.front());
    s.executor.run();
    CHECK(ended->value().value() == heard);
    CHECK(written->value().ok());
}
