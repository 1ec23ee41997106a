#include "actors/key_checks.hpp"
#include "actors/schema_cache.hpp"
#include "actors/twenty_pool.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

struct cache_stage : stage {
    actors::settings_ptr settings;
    actors::pool_handle pool;
    actors::schemas_handle cache;
    // Workspaces of which the cache said that their schema changed.
    std::shared_ptr<std::vector<std::string>> changes =
        std::make_shared<std::vector<std::string>>();

    explicit cache_stage(actors::settings o = {}) {
        o.now = [] { return oauth::time_point(std::chrono::seconds(1'800'000'000)); };
        settings = std::make_shared<const actors::settings>(std::move(o));
        pool = add<actors::pool_logic>(settings, static_cast<twenty::transport*>(&net));
        actors::address<actors::actor::supervisor> told;
        cast.push_back(system->spawn([out = changes, &told](caf::event_based_actor* self) {
            told = actors::address<actors::actor::supervisor>(self);
            return caf::behavior{
                [out](const actors::things_changed& m) { out->push_back(m.workspace_id); }};
        }));
        executor.run();
        cache = add<actors::schema_cache_logic>(settings, pool, told);
    }
    box<twenty::schema_ptr> get(mcp::freshness wanted = mcp::freshness::cached,
                                const std::string& key = "good",
                                const std::string& workspace = workspace_id) {
        auto out = ask(cache, actors::get_schema(workspace, secret(key), wanted));
        executor.run();
        return out;
    }
    std::optional<int> version; // of a Twenty that has such; answers name it
    std::string new_fields;     // of the one object, each with a comma behind
    // Answers whatever is open, and what follows from it.
    void answer_all() {
        for (std::size_t i = 0; i < net.all.size(); ++i)
            if (net.all[i].done) {
                net.answer(i, answer_to(net.all[i]));
                executor.run();
            }
    }
    [[nodiscard]] result<twenty::response>
    answer_to(const actors_test::fake_transport::sent& asked) const {
        auto answer = *metadata_answer(asked);
        if (!answer) return answer;
        const auto add = [&](std::string_view after, const std::string& more) {
            const auto at = answer->body.find(after);
            if (at != std::string::npos) answer->body.insert(at + after.size(), more);
        };
        add(R"("fieldsList":[)", new_fields);
        if (!version) return answer;
        add(R"("__type":{"fields":[)", R"({"name":"metadataVersion"},)");
        add(R"("currentWorkspace":{)", R"("metadataVersion":)" + std::to_string(*version) + ",");
        return answer;
    }
    // Since when nothing but versions was asked; -1: the schema was.
    [[nodiscard]] int checks_since(std::size_t from) const {
        int checks = 0;
        for (auto i = from; i < net.all.size(); ++i)
            if (net.all[i].request.body.find("query MetadataVersion{") == std::string::npos)
                return -1;
            else
                ++checks;
        return checks;
    }
    void fail_all(const error& why) {
        for (std::size_t i = 0; i < net.all.size(); ++i)
            if (net.all[i].done) net.answer(i, why);
        executor.run();
    }
};

twenty::schema_ptr value(const box<twenty::schema_ptr>& b) {
    REQUIRE(b->has_value());
    REQUIRE((*b)->ok());
    return (*b)->value();
}

// JWT-shaped, for read_key.
secret pasted_key(const std::string& workspace) {
    const auto part = [](const std::string& s) { return text::base64url_encode(s); };
    return secret(part(R"({"alg":"HS256"})") + "." +
                  part(R"({"sub":")" + workspace + R"(","workspaceId":")" + workspace +
                       R"(","type":"API_KEY","jti":"20202020-0000-4000-8000-000000000001"})") +
                  "." + part("signature"));
}

} // namespace

TEST_CASE("everybody who asks while the schema loads gets the one load's result",
          "[schema_cache]") {
    cache_stage s;
    const auto first = s.get();
    const auto second = s.get();
    CHECK(s.net.open() == 1);
    s.answer_all();
    CHECK(value(first) == value(second));
    CHECK(value(first)->workspace_name() == "Acme");
    const auto asked = s.net.all.size();
    CHECK(value(s.get()) == value(first));
    CHECK(s.net.all.size() == asked);
}

TEST_CASE("an expired schema is served while one refresh runs", "[schema_cache]") {
    cache_stage s;
    const auto first = s.get();
    s.answer_all();
    s.executor.advance(59min);
    const auto asked = s.net.all.size();
    s.get();
    CHECK(s.net.all.size() == asked);
    s.executor.advance(2min);
    CHECK(value(s.get()) == value(first));
    CHECK(value(s.get()) == value(first));
    CHECK(s.net.all.size() == asked + 1);
    s.answer_all();
    CHECK(value(s.get()) != value(first));
}

TEST_CASE("a refresh that fails leaves the stale schema in place and is not repeated at once",
          "[schema_cache]") {
    cache_stage s;
    const auto first = s.get();
    s.answer_all();
    s.executor.advance(61min);
    s.get();
    // The pool repeats a lost read twice before it gives up.
    for (int i = 0; i < 3; ++i) {
        s.fail_all(error(errc::upstream_down, "gone"));
        s.executor.advance(1s);
    }
    CHECK(s.net.open() == 0);
    const auto asked = s.net.all.size();
    CHECK(value(s.get()) == value(first));
    CHECK(s.net.all.size() == asked);
    s.executor.advance(30s);
    CHECK(value(s.get()) == value(first));
    CHECK(s.net.all.size() == asked + 1);
}

TEST_CASE("without metadata versions a proven-stale schema is loaded again every half minute",
          "[schema_cache]") {
    cache_stage s;
    const auto first = s.get();
    s.answer_all();
    CHECK(value(s.get(mcp::freshness::checked)) == value(first)); // just loaded
    s.executor.advance(31s);
    const auto again = s.get(mcp::freshness::checked);
    const auto patient = s.get(mcp::freshness::checked);
    CHECK_FALSE(again->has_value());
    CHECK(value(s.get()) == value(first));
    s.answer_all();
    CHECK(value(again) != value(first));
    CHECK(value(patient) == value(again));
}

TEST_CASE("a first load that fails is told and not remembered", "[schema_cache]") {
    cache_stage s;
    const auto first = s.get(mcp::freshness::cached, "dead");
    s.answer_all();
    REQUIRE(first->has_value());
    CHECK((*first)->failure().code == errc::upstream_auth);
    const auto second = s.get();
    s.answer_all();
    CHECK(value(second)->workspace_name() == "Acme");
}

TEST_CASE("one person's dead key does not fail the load of another's", "[schema_cache]") {
    cache_stage s;
    const auto dead = s.get(mcp::freshness::cached, "dead");
    const auto good = s.get(mcp::freshness::cached, "good");
    const auto also_dead = s.get(mcp::freshness::cached, "dead");
    s.answer_all();
    CHECK((*dead)->failure().code == errc::upstream_auth);
    CHECK((*also_dead)->failure().code == errc::upstream_auth);
    CHECK(value(good)->workspace_name() == "Acme");
}

TEST_CASE("a key of another workspace fills no cache", "[schema_cache]") {
    cache_stage s;
    const auto wrong =
        s.get(mcp::freshness::cached, "good", "11111111-1c25-4d02-bf25-6aeccf7ea419");
    s.answer_all();
    REQUIRE(wrong->has_value());
    CHECK((*wrong)->failure().code == errc::upstream_auth);
}

TEST_CASE("a pasted key is checked with Twenty and comes with its workspace and schema",
          "[schema_cache]") {
    cache_stage s;
    const auto checks = s.add<actors::key_checks_logic>(s.settings, s.pool, s.cache);
    const auto asked = s.ask(checks, actors::check_key(pasted_key(workspace_id)));
    s.executor.run();
    s.answer_all();
    REQUIRE(asked->has_value());
    REQUIRE((*asked)->ok());
    CHECK((*asked)->value().workspace.name == "Acme");
    CHECK((*asked)->value().facts.workspace_id == workspace_id);
    CHECK((*asked)->value().schema->find("person") != nullptr);
    const auto nonsense = s.ask(checks, actors::check_key(secret(std::string_view("hello"))));
    s.executor.run();
    CHECK((*nonsense)->failure().code == errc::bad_request);
}

TEST_CASE("a made-up key that claims a workspace takes nothing of that workspace's share",
          "[schema_cache]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    o.queue_per_workspace = 1;
    cache_stage s(o);
    const auto checks = s.add<actors::key_checks_logic>(s.settings, s.pool, s.cache);
    (void)s.ask(checks, actors::check_key(pasted_key(workspace_id)));
    (void)s.ask(checks, actors::check_key(pasted_key(workspace_id)));
    s.executor.run();
    const auto open = s.net.open();
    const auto asked = s.get();
    CHECK(s.net.open() == open + 1); // sent at once
    s.answer_all();
    CHECK(value(asked)->workspace_name() == "Acme");
}

TEST_CASE("key checks are few at a time and never longer than their limit", "[schema_cache]") {
    cache_stage s;
    const auto checks = s.add<actors::key_checks_logic>(s.settings, s.pool, s.cache);
    std::vector<box<actors::checked_key>> asked;
    for (std::size_t i = 0; i <= s.settings->key_checks_at_once; ++i)
        asked.push_back(s.ask(checks, actors::check_key(pasted_key(workspace_id))));
    s.executor.run();
    REQUIRE(asked.back()->has_value());
    CHECK((*asked.back())->failure().code == errc::busy);
    CHECK_FALSE(asked.front()->has_value());
    s.executor.advance(9s);
    REQUIRE(asked.front()->has_value());
    CHECK((*asked.front())->failure().code == errc::upstream_timeout);
    const auto next = s.ask(checks, actors::check_key(pasted_key(workspace_id)));
    s.executor.run();
    CHECK_FALSE(next->has_value());
}

TEST_CASE("a dropped schema is loaded anew for whoever asks next, however fresh it was",
          "[schema_cache]") {
    cache_stage s;
    const auto drop = [&](const std::string& workspace) {
        const auto dropped = s.ask(s.cache, actors::drop_schemas(workspace));
        s.executor.run();
        REQUIRE(dropped->has_value());
        return (*dropped)->value();
    };
    CHECK(drop("") == 0);
    const auto first = s.get();
    s.answer_all();
    CHECK(drop("20202020-0000-4000-8000-00000000ffff") == 0);
    CHECK(value(s.get()) == value(first));
    CHECK(drop(workspace_id) == 1);
    CHECK(drop("") == 0); // it is gone already
    const auto second = s.get();
    CHECK_FALSE(second->has_value()); // nobody is given the old one meanwhile
    s.answer_all();
    CHECK(value(second) != value(first));
    CHECK(value(s.get()) == value(second));
}

TEST_CASE("the schemas that are kept are listed without a question to Twenty, dropped ones not",
          "[schema_cache]") {
    cache_stage s;
    const auto listed = [&] {
        const auto all = s.ask(s.cache, actors::list_schemas());
        s.executor.run();
        REQUIRE(all->has_value());
        return (*all)->value();
    };
    CHECK(listed().empty());
    const auto first = s.get();
    CHECK(listed().empty()); // it is on its way
    s.answer_all();
    const auto asked = s.net.all.size();
    s.executor.advance(3h);
    CHECK(listed() == std::vector{value(first)});
    CHECK(s.net.all.size() == asked);
    (void)s.ask(s.cache, actors::drop_schemas(""));
    s.executor.run();
    CHECK(listed().empty());
}

TEST_CASE("a load that was under way when the schema was dropped is not believed",
          "[schema_cache]") {
    cache_stage undisturbed;
    (void)undisturbed.get();
    undisturbed.answer_all();
    const auto whole = undisturbed.net.all.size();
    cache_stage s;
    const auto asked = s.get();
    const auto dropped = s.ask(s.cache, actors::drop_schemas(""));
    s.executor.run();
    CHECK((*dropped)->value() == 0);
    s.answer_all();
    CHECK(s.net.all.size() == 2 * whole); // all of it was asked for once more
    CHECK(value(asked)->workspace_name() == "Acme");
    const auto settled = s.net.all.size();
    CHECK(value(s.get()) == value(asked));
    CHECK(s.net.all.size() == settled);
}

TEST_CASE("who changed the workspace's objects does not get a load that began before",
          "[schema_cache]") {
    cache_stage undisturbed;
    (void)undisturbed.get();
    undisturbed.answer_all();
    const auto whole = undisturbed.net.all.size();
    cache_stage s;
    const auto before = s.get();
    const auto changed = s.get(mcp::freshness::changed);
    s.answer_all();
    CHECK(s.net.all.size() == 2 * whole);
    CHECK(value(changed) == value(before));
}

TEST_CASE("a load of the schema takes nothing of the workspace's rate", "[schema_cache]") {
    actors::settings o;
    o.pace = twenty::rate{1, 60s};
    cache_stage s(o);
    const auto asked = s.get();
    s.answer_all();
    REQUIRE(s.net.all.size() > 1);
    CHECK(value(asked)->workspace_name() == "Acme"); // though no time passed
}

TEST_CASE("clients are told of a schema that changed, and of none that is as it was",
          "[schema_cache]") {
    cache_stage s;
    const auto load = [&] {
        const auto asked = s.get();
        s.answer_all();
        return value(asked);
    };
    load();
    s.executor.advance(61min);
    load();
    CHECK(s.changes->empty()); // loaded for the first time, then again
    s.new_fields = R"({"id":"f2","name":"city","type":"TEXT","isActive":true},)";
    s.executor.advance(61min);
    load();
    CHECK(*s.changes == std::vector{workspace_id});
    // What replaces a dropped schema is compared with it.
    s.new_fields.clear();
    (void)s.ask(s.cache, actors::drop_schemas(""));
    s.executor.run();
    load();
    CHECK(s.changes->size() == 2);
}

TEST_CASE("a full cache forgets the workspace that was unused for longest", "[schema_cache]") {
    const std::string a = "20202020-0000-4000-8000-00000000000a";
    const std::string b = "20202020-0000-4000-8000-00000000000b";
    const std::string c = "20202020-0000-4000-8000-00000000000c";
    actors::settings o;
    o.schemas_kept = 2;
    cache_stage s(o);
    s.net.automatic = [](const fake_transport::sent& asked) {
        auto answer = metadata_answer(asked); // the key of a workspace is its id here
        const auto at = (*answer)->body.find(workspace_id);
        if (at != std::string::npos)
            (*answer)->body.replace(at, workspace_id.size(), asked.api_key);
        return answer;
    };
    const auto use = [&](const std::string& workspace) {
        const auto before = s.net.all.size();
        (void)value(s.get(mcp::freshness::cached, workspace, workspace));
        s.executor.advance(1s);
        return s.net.all.size() > before; // it was asked for
    };
    CHECK(use(a));
    CHECK(use(b));
    CHECK_FALSE(use(a));
    CHECK(use(c));
    CHECK_FALSE(use(a));
    CHECK_FALSE(use(c));
    CHECK(use(b));
}

TEST_CASE("a dropped schema does not come back when Twenty cannot be reached", "[schema_cache]") {
    cache_stage s;
    (void)s.get();
    s.answer_all();
    const auto dropped = s.ask(s.cache, actors::drop_schemas(""));
    s.executor.run();
    const auto asked = s.get();
    for (int i = 0; i < 5 && s.net.open() > 0; ++i) {
        s.fail_all(error(errc::upstream_down, "gone"));
        s.executor.advance(5s);
    }
    REQUIRE(asked->has_value());
    CHECK((*asked)->failure().code == errc::upstream_down);
    const auto again = s.get();
    s.answer_all();
    CHECK(value(again)->workspace_name() == "Acme");
}

using mcp::freshness;

TEST_CASE("a copy is compared with Twenty's version when the last answer is two seconds old",
          "[schema_cache]") {
    cache_stage s;
    s.version = 7;
    const auto first = s.get();
    s.answer_all();
    const auto loaded = s.net.all.size();
    CHECK(value(s.get(freshness::checked)) == value(first)); // just loaded
    CHECK(s.net.all.size() == loaded);
    s.executor.advance(2s);
    CHECK(value(s.get()) == value(first)); // whose names all resolve pays nothing
    CHECK(s.net.all.size() == loaded);
    const auto one = s.get(freshness::checked);
    const auto other = s.get(freshness::checked);
    CHECK_FALSE(one->has_value());
    CHECK(value(s.get()) == value(first));
    s.answer_all();
    CHECK(value(one) == value(first));
    CHECK(value(other) == value(first));
    CHECK(s.checks_since(loaded) == 1); // one request for both
    CHECK(value(s.get(freshness::checked)) == value(first));
    CHECK(s.checks_since(loaded) == 1);
}

TEST_CASE("a version that differs brings the new schema to everybody who waited for the check",
          "[schema_cache]") {
    for (const int later : {8, 6}) { // a restored backup is older
        cache_stage s;
        s.version = 7;
        const auto first = s.get();
        s.answer_all();
        s.version = later;
        s.executor.advance(2s);
        const auto one = s.get(freshness::checked);
        const auto other = s.get(freshness::checked);
        s.answer_all();
        CHECK(value(one) != value(first));
        CHECK(value(one)->metadata_version() == later);
        CHECK(value(other) == value(one));
        CHECK(value(s.get()) == value(one));
    }
}

TEST_CASE("who changed the workspace's objects has the copy compared at once", "[schema_cache]") {
    cache_stage s;
    s.version = 7;
    const auto first = s.get();
    s.answer_all();
    s.version = 8;
    const auto changed = s.get(freshness::changed);
    s.answer_all();
    CHECK(value(changed)->metadata_version() == 8);
    CHECK(value(s.get()) == value(changed));

    SECTION("and again when a check was under way, which may have come too early") {
        s.executor.advance(2s);
        const auto asked = s.net.all.size();
        const auto checked = s.get(freshness::checked);
        const auto later = s.get(freshness::changed);
        s.net.answer(asked, s.answer_to(s.net.all[asked])); // still 8
        s.executor.run();
        CHECK_FALSE(later->has_value());
        s.version = 9;
        s.answer_all();
        CHECK(value(later)->metadata_version() == 9);
        CHECK(value(checked) == value(later));
    }
}

TEST_CASE("a check that fails leaves the copy in use and is not repeated at once",
          "[schema_cache]") {
    cache_stage s;
    s.version = 7;
    const auto first = s.get();
    s.answer_all();
    s.executor.advance(2s);
    const auto checked = s.get(freshness::checked);
    for (int i = 0; i < 8 && s.net.open() > 0; ++i) {
        s.fail_all(error(errc::upstream_down, "gone"));
        s.executor.advance(1s);
    }
    CHECK(value(checked) == value(first));
}

TEST_CASE("a dead key is told so, and does not keep others from checking with theirs",
          "[schema_cache]") {
    cache_stage s;
    s.version = 7;
    const auto first = s.get();
    s.answer_all();
    s.executor.advance(2s);
    const auto dead = s.get(freshness::checked, "dead");
    s.answer_all();
    REQUIRE(dead->has_value());
    REQUIRE_FALSE((*dead)->ok());
    CHECK((*dead)->failure().code == errc::upstream_auth);
    CHECK(value(s.get()) == value(first));
    s.version = 8;
    const auto good = s.get(freshness::checked);
    s.answer_all();
    CHECK(value(good)->metadata_version() == 8);
}

TEST_CASE("a schema dropped during a check is loaded anew for who waited for it",
          "[schema_cache]") {
    cache_stage s;
    s.version = 7;
    const auto first = s.get();
    s.answer_all();
    s.executor.advance(2s);
    const auto checked = s.get(freshness::checked);
    const auto dropped = s.ask(s.cache, actors::drop_schemas(""));
    s.executor.run();
    const auto next = s.get();
    s.answer_all();
    CHECK(value(checked) != value(first));
    CHECK(value(next) == value(checked));
}
