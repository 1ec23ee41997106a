#include "demo/graphql_roots.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("each root field of records is known by the name of its object", "[graphql_roots]") {
    const demo::schema model;
    const struct {
        std::string_view name;
        bool mutation;
        demo::root what;
    } known[] = {{"people", false, demo::root::find_many},
                 {"person", false, demo::root::find_one},
                 {"personDuplicates", false, demo::root::duplicates},
                 {"peopleGroupBy", false, demo::root::group_by},
                 {"createPerson", true, demo::root::create_one},
                 {"createPeople", true, demo::root::create_many},
                 {"updatePerson", true, demo::root::update_one},
                 {"deletePeople", true, demo::root::delete_many},
                 {"destroyPerson", true, demo::root::destroy_one},
                 {"restorePeople", true, demo::root::restore_many},
                 {"mergePeople", true, demo::root::merge}};
    for (const auto& row : known) {
        CAPTURE(row.name);
        const auto found = demo::find_root(model, row.name, row.mutation);
        REQUIRE(found);
        CHECK(found->what == row.what);
        CHECK(found->on->singular == "person");
        CHECK_FALSE(demo::find_root(model, row.name, !row.mutation));
    }
    CHECK_FALSE(demo::find_root(model, "search", false));
    CHECK_FALSE(demo::find_root(model, "mergePerson", true));
    CHECK_FALSE(demo::find_root(model, "createperson", true));
}
