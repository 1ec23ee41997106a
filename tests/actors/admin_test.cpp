// What an administrator's messages do beyond the database.
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

constexpr const char* first_ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

stored::grant_choice everybody() {
    stored::grant_choice out;
    out.all = true;
    return out;
}

std::vector<std::string> audited(world& w) {
    std::vector<std::string> out;
    const auto rows = w.get(actors::read_audit({}));
    for (const auto& row : *rows)
        out.insert(out.begin(), row.kind);
    return out;
}

} // namespace

TEST_CASE("a connection that an administrator ends loses its sessions and streams at once",
          "[admin]") {
    world w;
    const auto token = w.login().access_token;
    const auto other = w.login(twenty::mode::read, "key-of-bob").access_token;
    const auto session = w.initialize(token);
    const auto stream = w.listen(token, session);
    const auto others = w.listen(other, w.initialize(other));
    REQUIRE(stream.streams());
    REQUIRE(others.streams());
    const auto found = w.get(actors::find_grants({}, 10, ""));
    REQUIRE(found->grants.size() == 2);

    // The token is trusted without the store for some seconds; the end does not wait for that.
    stored::grant_choice one;
    one.id = found->grants[0].scope.write ? found->grants[0].id : found->grants[1].id;
    CHECK(w.get(actors::end_chosen(one, "192.0.2.1"))->size() == 1);
    CHECK(stream.out->ended);
    CHECK(w.reply(token, first_ping, session).status == 401);
    CHECK_FALSE(others.out->ended);

    CHECK(w.get(actors::end_chosen(everybody(), "192.0.2.1"))->size() == 1);
    CHECK(others.out->ended);
    CHECK(w.reply(other, first_ping).status == 401);
    CHECK(audited(w) == std::vector<std::string>{"connection_made", "connection_made",
                                                 "ended_by_admin", "connections_revoked",
                                                 "ended_by_admin", "connections_revoked"});
}

TEST_CASE("a primer that was taken back into use is read by the next call", "[admin]") {
    world w;
    CHECK(w.get(actors::write_upload(stored::the_primer, "# One")).ok());
    CHECK(w.get(actors::write_upload(stored::the_primer, "# Two")).ok());
    const auto kept = w.get(actors::list_uploads(stored::the_primer));
    REQUIRE(kept->size() == 2);
    CHECK(w.get(actors::roll_back_upload(stored::the_primer, kept->back().version, {}, "192.0.2.1"))
              ->text == "# One");
    CHECK((*w.get(actors::read_upload(stored::the_primer)))->text == "# One");
    CHECK(audited(w).back() == "primer_rolled_back");
    CHECK(w.get(actors::roll_back_upload(stored::the_primer, 99, {}, "192.0.2.1")).failure().code ==
          errc::not_found);
}

TEST_CASE("the schema cache, the keys and the log are one question away", "[admin]") {
    world w;
    CHECK(*w.get(actors::drop_schemas("")) == 0);
    CHECK(w.get(actors::list_schemas())->empty());
    CHECK(w.get(actors::list_keys())->at(0).state == stored::key_use::age::current);
    CHECK(w.get(actors::note_audit({stored::audit_kind::admin_called, "192.0.2.1", "GET"})).ok());
    CHECK(audited(w) == std::vector<std::string>{"admin_called"});
}
