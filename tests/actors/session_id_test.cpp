#include "actors/session_id.hpp"

#include "actors/session_table.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

TEST_CASE("a session id is good for its grant and key alone and never comes twice",
          "[session_id]") {
    const secret key(std::string(32, 'k'));
    const auto id = actors::new_session_id(key, "grant");
    CHECK(id.size() == 43);
    CHECK(actors::is_session_id_of(id, key, "grant"));
    CHECK_FALSE(actors::is_session_id_of(id, key, "grants"));
    CHECK_FALSE(actors::is_session_id_of(id, secret(std::string(32, 'l')), "grant"));
    CHECK_FALSE(actors::is_session_id_of("", key, "grant"));
    CHECK_FALSE(actors::is_session_id_of(id + "A", key, "grant"));
    CHECK(actors::new_session_id(key, "grant") != id);
}

TEST_CASE("no byte of a session id can be changed", "[session_id]") {
    const secret key(std::string(32, 'k'));
    const auto id = actors::new_session_id(key, "grant");
    for (std::size_t i = 0; i < id.size(); ++i) {
        auto changed = id;
        changed[i] = changed[i] == 'A' ? 'Q' : 'A';
        CHECK_FALSE(actors::is_session_id_of(changed, key, "grant"));
    }
}

TEST_CASE("the table of sessions keeps to its bounds and forgets in the order of use",
          "[session_id]") {
    stage s;
    const auto any = [&] {
        auto a =
            s.system->spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
        s.cast.push_back(a);
        return a;
    };
    const auto t = s.executor.now();
    const auto entry = [&](const char* key, const char* grant, std::chrono::seconds used) {
        return actors::session_table::entry{key, grant, actors::session_handle(any()), t + used,
                                            nullptr};
    };
    actors::session_table table(2, 3);
    CHECK(table.insert(entry("a", "g", 0s)).empty());
    CHECK(table.insert(entry("b", "g", 1s)).empty());
    CHECK(table.use("a", t + 2s) != nullptr);
    CHECK(table.insert(entry("c", "g", 3s)).size() == 1); // b: a was used since
    CHECK(table.use("b", t) == nullptr);
    CHECK(table.insert(entry("d", "h", 4s)).empty());
    CHECK(table.insert(entry("e", "i", 5s)).size() == 1); // a
    CHECK(table.size() == 3);
    CHECK(table.use("a", t) == nullptr);
    CHECK(table.take_idle(t + 4s).size() == 1); // c
    CHECK(table.size() == 2);
    CHECK(table.take_grant("g").size() == 3); // put out, but not ended yet
    CHECK(table.take_grant("h").size() == 1);
    CHECK(table.take_all().size() == 5);
    CHECK(table.size() == 0);
}

TEST_CASE("a grant at its bound loses a session of its own, however old another's is",
          "[session_id]") {
    stage s;
    const auto t = s.executor.now();
    const auto entry = [&](const char* key, const char* grant) {
        auto actor =
            s.system->spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
        s.cast.push_back(actor);
        return actors::session_table::entry{key, grant, actors::session_handle(actor), t, nullptr};
    };
    actors::session_table table(2, 10);
    table.insert(entry("old", "other"));
    table.insert(entry("first", "g"));
    table.insert(entry("second", "g"));
    CHECK(table.insert(entry("third", "g")).size() == 1);
    CHECK(table.use("first", t) == nullptr);
    for (const auto* kept : {"old", "second", "third"})
        CHECK(table.use(kept, t) != nullptr);
}

TEST_CASE("a session whose client reads a stream makes room only when all others do",
          "[session_id]") {
    stage s;
    const auto t = s.executor.now();
    const auto entry = [&](const char* key, std::size_t streams) {
        auto actor =
            s.system->spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
        s.cast.push_back(actor);
        return actors::session_table::entry{key, "g", actors::session_handle(actor), t,
                                            std::make_shared<const std::size_t>(streams)};
    };
    actors::session_table table(2, 10);
    table.insert(entry("read", 1));
    table.insert(entry("idle", 0));
    CHECK(table.insert(entry("next", 1)).size() == 1);
    CHECK(table.use("idle", t) == nullptr);
    CHECK(table.use("read", t) != nullptr);
    CHECK(table.insert(entry("last", 1)).size() == 1);
    CHECK(table.use("next", t) == nullptr); // of all that are read the one used longest ago
}
