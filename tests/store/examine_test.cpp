#include "store/examine.hpp"

#include "store/migrations.hpp"
#include "tests/store/support.hpp"

using namespace store_tests;

TEST_CASE("a database is examined beside the service and without it, and nothing is left",
          "[examine]") {
    const folder place;
    {
        const auto opened = store::store::open(at(place.file()));
        REQUIRE(opened);
        const auto beside = store::examine(place.file());
        REQUIRE(beside);
        CHECK(*beside ==
              "version " + std::to_string(store::all_migrations().size()) + ", no damage");
    }
    std::filesystem::remove(place.file() + "-shm");
    std::filesystem::remove(place.file() + "-wal");
    CHECK(store::examine(place.file()));
    CHECK_FALSE(std::filesystem::exists(place.file() + "-shm"));
    CHECK_FALSE(std::filesystem::exists(place.file() + "-wal"));
}

TEST_CASE("a database that is damaged, another's or not there is told as such", "[examine]") {
    const folder place;
    CHECK_FALSE(store::examine(place.file("gone.db")));
    CHECK_FALSE(std::filesystem::exists(place.file("gone.db")));

    std::ofstream(place.file("text.db")) << std::string(8192, 'x');
    CHECK_FALSE(store::examine(place.file("text.db")));

    {
        auto other = store::database::open(place.file("other.db"));
        REQUIRE(other);
        REQUIRE(other->script("CREATE TABLE t(x); PRAGMA user_version = 3;"));
    }
    const auto others = store::examine(place.file("other.db"));
    REQUIRE_FALSE(others);
    CHECK(others.failure().message.find("another program") != std::string::npos);

    { REQUIRE(store::store::open(at(place.file("damaged.db")))); }
    {
        // The pages behind the first one, where the tables are.
        std::fstream file(place.file("damaged.db"), std::ios::in | std::ios::out);
        file.seekp(4096);
        file << std::string(3 * 4096, '\xAA');
    }
    CHECK_FALSE(store::examine(place.file("damaged.db")));
}

TEST_CASE("a path with signs of a URI is opened as it is", "[examine]") {
    const folder place;
    const auto odd = place.file("a b?mode=rwc#%41.db");
    { REQUIRE(store::store::open(at(odd))); }
    CHECK(store::examine(odd));
}
