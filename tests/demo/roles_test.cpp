#include "demo/roles.hpp"

#include "base/text.hpp"
#include "tests/demo/support.hpp"
#include "tests/support/catch.hpp"

namespace {

using demo::action;
using demo::permissions;
using demo::role;
using demo_test::desk;

} // namespace

TEST_CASE("keys look like Twenty's and tell their workspace", "[roles]") {
    desk d;
    for (const auto& key : d.workspace.keys().keys()) {
        const auto parts = text::split(key.token, '.');
        REQUIRE(parts.size() == 3);
        const auto claims = json::parse(*text::base64url_decode(parts[1]));
        REQUIRE(claims);
        CHECK(claims->text("type") == "API_KEY");
        CHECK(claims->text("workspaceId") == d.workspace.id());
        CHECK(claims->text("sub") == d.workspace.id());
        CHECK(claims->text("jti") == key.id);
        const bool over =
            *claims->find("exp")->as_int() <
            std::chrono::duration_cast<std::chrono::seconds>(d.now.time_since_epoch()).count();
        CHECK(over == (key.who == role::expired));
        CHECK(d.workspace.keys().find(key.token) == &key);
    }
    CHECK(d.workspace.keys().find("a.b.c") == nullptr);
}

TEST_CASE("the same seed makes the same keys, another seed others", "[roles]") {
    const demo::key_ring a("w", 1);
    const demo::key_ring b("w", 1);
    const demo::key_ring c("w", 2);
    CHECK(a.of(role::full).token == b.of(role::full).token);
    CHECK(a.of(role::full).token != c.of(role::full).token);
    CHECK(a.of(role::full).token != a.of(role::read_only).token);
}

TEST_CASE("each role may do what its row says and no more", "[roles]") {
    const demo::schema model;
    const auto& person = *model.find_singular("person");
    const auto& company = *model.find_singular("company");
    const auto& opportunity = *model.find_singular("opportunity");
    CHECK(permissions(role::full).may(action::destroy, person));
    CHECK(permissions(role::rw_nodestroy).may(action::soft_delete, person));
    CHECK_FALSE(permissions(role::rw_nodestroy).may(action::destroy, person));
    CHECK(permissions(role::read_only).may(action::read, opportunity));
    CHECK_FALSE(permissions(role::read_only).may(action::update, opportunity));
    CHECK(permissions(role::limited).may(action::read, person));
    CHECK(permissions(role::limited).may(action::update, company));
    CHECK_FALSE(permissions(role::limited).may(action::update, person));
    CHECK_FALSE(permissions(role::limited).may(action::read, opportunity));
    CHECK_FALSE(permissions(role::limited).may_read(person, *person.find_field("jobTitle")));
    CHECK_FALSE(permissions(role::limited).may_write(company, *company.find_field("employees")));
    // System objects are open to all, members excepted.
    CHECK(permissions(role::read_only).may(action::update, *model.find_singular("noteTarget")));
    CHECK_FALSE(
        permissions(role::read_only).may(action::update, *model.find_singular("workspaceMember")));
}

TEST_CASE("REST leaves out what a role may not read, and filters on it all the same", "[roles]") {
    desk d;
    const auto person = demo_test::item(
        d.get("/rest/people?limit=1&depth=1", role::limited).at("data", "people"), 0);
    CHECK_FALSE(person.find("jobTitle"));
    CHECK_FALSE(person.find("pointOfContactForOpportunities"));
    CHECK(person.find("company"));
    CHECK(person.find("noteTargets"));
    const auto hidden =
        d.get("/rest/people?limit=0&filter=jobTitle%5Bilike%5D%3A%25manager%25", role::limited);
    REQUIRE(hidden.find("totalCount"));
    CHECK(*hidden.find("totalCount")->as_int() > 0);
}

TEST_CASE("a key that may not destroy can still delete softly", "[roles]") {
    desk d;
    const std::string id =
        d.workspace.data().of(*d.workspace.model().find_singular("rocket")).begin()->first;
    CHECK(d.send(role::rw_nodestroy, "DELETE", "/rest/rockets/" + id).status == 400);
    CHECK(
        d.send(role::rw_nodestroy, "DELETE", "/rest/rockets/" + id + "?soft_delete=true").status ==
        200);
    CHECK(d.send(role::full, "GET", "/rest/rockets/" + id).status == 404);
    CHECK(d.send(role::full, "DELETE", "/rest/rockets/" + id).status == 200);
    CHECK(d.send(role::full, "DELETE", "/rest/rockets/" + id).status == 404);
}
