// Undo where others write, too, where answers were lost, and where it is asked for in odd ways.
#include "tests/demo/undo_support.hpp"

using namespace tool_test;

namespace {

std::string rename(const std::string& id, const std::string& name) {
    return one("company", id, R"(,"data":{"name":")" + name + R"("})");
}

// The answer to the last change never came, and enough time has passed to look.
void lose_answer(tool_desk& d) {
    auto& lost = d.journal->kept.back();
    lost.state = mcp::change_state::unknown;
    lost.ended.clear();
    lost.at -= 600;
}

mcp::change_state state_of_last(const tool_desk& d) { return d.journal->kept.back().state; }

// Edits a body of the journal.
void edit_body(std::string& body, const std::string& from, const std::string& to) {
    const auto at = body.find(from);
    REQUIRE(at != std::string::npos);
    body.replace(at, from.size(), to);
}

std::string mutation(const std::string& text) {
    return R"({"endpoint":"graphql","query":"mutation{)" + text + R"("})";
}

} // namespace

TEST_CASE("ids that are none are refused, and nothing is taken back", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", rename(id, "Ours"));
    const auto change = change_of(d);
    for (const std::string bad : {"", ".", "x", ".1", "bbbbbbbbbb.", "bbbbbbbbbb.x", "BBBBBBBBBC.1",
                                  "bbbbbbbbbc.1 ", "%", "bbbbbbbbbb.99999999"}) {
        INFO(bad);
        CHECK(d.error_code("undo_changes", R"({"ids":[")" + bad + R"("]})") == "not_found");
        CHECK(d.error_code("list_changes", R"({"ids":[")" + bad + R"("]})") == "not_found");
        CHECK(d.error_code("undo_changes", R"({"ids":[")" + change + R"(",")" + bad + R"("]})") ==
              "not_found");
    }
    // One that is well formed and not there takes the others with it.
    CHECK(d.error_code("undo_changes", R"({"ids":[")" + change + R"(","zzzzzzzzzz.7"]})") ==
          "not_found");
    CHECK(d.error_code("undo_changes", R"({"ids":[]})") == "bad_request");
    CHECK(record_of(d, "company", id).text("name") == "Ours");
}

TEST_CASE("equal ids are looked up once", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    d.good("update_record", rename(first_id(d, "company"), "Ours"));
    const auto call = d.journal->kept.back().call;
    std::string ids;
    for (int i = 0; i < 50; ++i)
        ids += (i == 0 ? "\"" : ",\"") + call + "\"";
    const auto before = d.journal->asked;
    const auto r = d.good("undo_changes", R"({"ids":[)" + ids + "]}");
    CHECK(r.body.find("undone")->as_int() == 1);
    CHECK(d.journal->asked == before + 1);
}

TEST_CASE("a change without an answer never takes the values of somebody else for its own",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", rename(id, "Ours"));
    by_a_stranger(d, "update_record", rename(id, "Theirs"));
    lose_answer(d);
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::unknown);
    const auto calls = d.calls;
    d.good("list_changes", "{}"); // looked up in vain once
    CHECK(d.calls == calls);
    const auto r = undone(d, change_of(d));
    CHECK(fate_of(r) == "conflict");
    CHECK(record_of(d, "company", id).text("name") == "Theirs");
}

TEST_CASE("of several records without an answer each is looked at", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto first = first_id(d, "company", 0);
    const auto second = first_id(d, "company", 1);
    by_a_stranger(d, "update_record", one("company", first, R"(,"data":{"employees":31337})"));
    d.good("update_record", R"({"objectName":"company","ids":[")" + first + R"(",")" + second +
                                R"("],"data":{"employees":31337}})");
    lose_answer(d);
    // The first held the value before: that says nothing, and the second says that it happened.
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::done);
    const auto r = undone(d, change_of(d));
    INFO(r.text);
    CHECK(r.body.find("undone")->as_int() == 2);
    CHECK(record_of(d, "company", first).find("employees")->as_int() == 31337);
    CHECK(record_of(d, "company", second).find("employees")->as_int() != 31337);
}

TEST_CASE("a delete, a create and a restore without an answer are found out",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("delete_record", one("company", id));
    d.journal->kept.back().at -= 60; // the clock of the desk stands still
    auto& lost = d.journal->kept.back();
    lost.state = mcp::change_state::unknown;
    lost.ended.clear();
    lost.at -= 40;
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::done);
    d.good("restore_record", one("company", id));
    lose_answer(d);
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::done);
    d.good("create_record", R"({"objectName":"company","data":{"name":"New"}})");
    lose_answer(d);
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::done);
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    // And those that never happened.
    d.good("create_record", R"({"objectName":"company","data":{"name":"Never"}})");
    d.journal->kept.back().ids = {"20202020-0000-4000-8000-000000000000"};
    edit_body(d.journal->kept.back().begun, R"("id":")",
              R"("id":"20202020-0000-4000-8000-000000000000","x":")");
    lose_answer(d);
    d.good("list_changes", "{}");
    CHECK(state_of_last(d) == mcp::change_state::refused);
}

TEST_CASE("a delete without an answer that was restored since is not taken for one that never was",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("delete_record", one("company", id));
    lose_answer(d);
    d.good("restore_record", one("company", id));
    d.good("list_changes", "{}");
    CHECK(d.journal->kept.front().state == mcp::change_state::unknown);
    d.good("undo_changes", R"({"since":"-1d"})");
    CHECK(record_of(d, "company", id).text("deletedAt").empty());
}

TEST_CASE("a mutation by hand that changes nothing is not written down", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const auto by_hand = [&](const std::string& verb) {
        d.good("run_graphql_mutation", mutation(verb + R"(Company(id:\")" + id + R"(\"){id}})"));
    };
    by_hand("restore");
    CHECK(d.journal->kept.empty());
    by_hand("delete");
    CHECK(d.journal->kept.size() == 1);
    by_hand("delete");
    CHECK(d.journal->kept.size() == 1);
    by_hand("restore");
    CHECK(d.journal->kept.size() == 2);
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
}

TEST_CASE("changes of one second are taken back newest first, however they are named",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const std::string was(record_of(d, "company", id).text("name"));
    std::string ids;
    for (const auto* name : {"One", "Two", "Three"}) {
        d.good("update_record", rename(id, name));
        ids += (ids.empty() ? "\"" : ",\"") + change_of(d) + "\"";
    }
    const auto r = d.good("undo_changes", R"({"ids":[)" + ids + "]}");
    INFO(r.text);
    CHECK(r.body.find("undone")->as_int() == 3);
    CHECK(record_of(d, "company", id).text("name") == was);
}

TEST_CASE("a delete by somebody else is not taken back for our own", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("delete_record", one("company", id));
    by_a_stranger(d, "restore_record", one("company", id));
    by_a_stranger(d, "delete_record", one("company", id));
    CHECK(fate_of(undone(d, change_of(d))) == "conflict");
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
}

TEST_CASE("what others have added to a new or restored record is not deleted",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto made = d.good("create_record", R"({"objectName":"company","data":{"name":"New"}})");
    const std::string id(made.body.text("id"));
    const auto created = change_of(d);
    by_a_stranger(d, "update_record", one("company", id, R"(,"data":{"employees":9})"));
    const auto r = undone(d, created);
    INFO(r.text);
    CHECK(fate_of(r) == "conflict");
    CHECK(result_of(r).at("fields", "updatedAt"));
    CHECK(record_of(d, "company", id).text("deletedAt").empty());
    // Between two changes of our own, too.
    d.good("update_record", rename(id, "Newer"));
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
    CHECK(fate_of(undone(d, created)) == "conflict");
    const auto other = first_id(d, "company", 5);
    d.good("delete_record", one("company", other));
    d.good("restore_record", one("company", other));
    const auto restored = change_of(d);
    by_a_stranger(d, "update_record", one("company", other, R"(,"data":{"employees":9})"));
    CHECK(fate_of(undone(d, restored)) == "conflict");
}

TEST_CASE("our own later changes do not keep a new record from being taken back",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto made = d.good("create_record", R"({"objectName":"company","data":{"name":"New"}})");
    const std::string id(made.body.text("id"));
    const auto created = change_of(d);
    d.good("update_record", one("company", id, R"(,"data":{"employees":9})"));
    d.good("update_record", R"({"objectName":"company","ids":[")" + id + R"(",")" +
                                first_id(d, "company", 7) + R"("],"data":{"tagline":"T"}})");
    SECTION("with one by hand, which tells no stamp") {
        d.good("run_graphql_mutation",
               mutation(R"(updateCompany(id:\")" + id + R"(\",data:{tagline:\"H\"}){id}})"));
        const auto r = d.good("undo_changes", R"({"since":"today"})");
        INFO(r.text);
        CHECK(r.body.find("undone")->as_int() == 5);
    }
    SECTION("in one call") {
        const auto r = d.good("undo_changes", R"({"since":"today"})");
        INFO(r.text);
        CHECK(r.body.find("undone")->as_int() == 4);
    }
    SECTION("one by one") {
        const auto first = d.journal->kept[1].id;
        const auto second = d.journal->kept[2].id;
        CHECK(fate_of(undone(d, second)) == "undone");
        CHECK(fate_of(undone(d, first)) == "undone");
        CHECK(fate_of(undone(d, created)) == "undone");
    }
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
}

TEST_CASE("a field whose value before is not known is named and left", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const std::string was(record_of(d, "company", id).text("name"));
    d.good("update_record", one("company", id, R"(,"data":{"name":"Ours","employees":7})"));
    auto& begun = d.journal->kept.back().begun;
    begun.replace(begun.rfind(R"("employees")"), 11, R"("gone")");
    const auto r = undone(d, change_of(d));
    INFO(r.text);
    CHECK(fate_of(r) == "undone");
    CHECK(result_of(r).text("why").find("employees") != std::string_view::npos);
    CHECK(record_of(d, "company", id).text("name") == was);
    CHECK(record_of(d, "company", id).find("employees")->as_int() == 7);
}

TEST_CASE("a change whose field is gone does not hold up the others of its object",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto first = first_id(d, "company", 0);
    const auto second = first_id(d, "company", 1);
    d.good("update_record", one("company", first, R"(,"data":{"tagline":"T"})"));
    for (auto* body : {&d.journal->kept.back().begun, &d.journal->kept.back().ended})
        for (auto at = body->find("tagline"); at != std::string::npos; at = body->find("tagline"))
            body->replace(at, 7, "slogan");
    d.good("update_record", rename(second, "Ours"));
    const auto r = d.good("undo_changes", R"({"since":"today"})");
    INFO(r.text);
    CHECK(fate_of(r, 0) == "undone");
    CHECK(fate_of(r, 1) == "impossible");
}

TEST_CASE("everything since a time is reached, however much was undone before",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const std::string was(record_of(d, "company", id).text("name"));
    for (int i = 0; i < 250; ++i)
        d.good("update_record", rename(id, "N" + std::to_string(i)));
    int undone_in_all = 0;
    for (int round = 0; round < 6; ++round) {
        const auto r = d.good("undo_changes", R"({"since":"today"})");
        undone_in_all += static_cast<int>(r.body.find("undone")->as_int().value_or(0));
    }
    CHECK(undone_in_all == 250);
    CHECK(record_of(d, "company", id).text("name") == was);
}

TEST_CASE("an undo since a time of what was changed before that is taken back itself",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", rename(id, "Ours"));
    d.journal->kept.back().at -= 3 * 86'400;
    undone(d, change_of(d));
    CHECK(record_of(d, "company", id).text("name") != "Ours");
    const auto r = d.good("undo_changes", R"({"since":"today"})");
    INFO(r.text);
    CHECK(r.body.find("undone")->as_int() == 1);
    CHECK(record_of(d, "company", id).text("name") == "Ours");
}

TEST_CASE("a record that Twenty gave its id is taken back with the others", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto made =
        d.good("run_graphql_mutation", mutation(R"(createCompany(data:{name:\"Hand\"}){id}})"));
    const std::string id(made.body.at("data", "createCompany")->text("id"));
    const auto listed = d.good("list_changes", "{}");
    CHECK_FALSE(listed.body.find("changes")->if_array()->front().find("undone"));
    const auto r = d.good("undo_changes", R"({"since":"today"})");
    CHECK(r.body.find("undone")->as_int() == 1);
    CHECK_FALSE(record_of(d, "company", id).text("deletedAt").empty());
}

TEST_CASE("two undos of one change at once can be taken back, and the change undone again",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    const std::string was(record_of(d, "company", id).text("name"));
    d.good("update_record", rename(id, "Ours"));
    const auto change = change_of(d);
    undone(d, change);
    auto twin = d.journal->kept.back();
    twin.number += 1;
    twin.call = twin.id = "zzzzzzzzzz";
    twin.id += ".1";
    d.journal->kept.push_back(twin);
    CHECK(fate_of(undone(d, twin.id)) == "undone");
    CHECK(record_of(d, "company", id).text("name") == "Ours");
    CHECK(fate_of(undone(d, change)) == "undone");
    CHECK(record_of(d, "company", id).text("name") == was);
}

TEST_CASE("an undo whose answer was lost is no conflict when it is repeated",
          "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", rename(id, "Ours"));
    const auto change = change_of(d);
    undone(d, change);
    d.journal->kept.back().state = mcp::change_state::unknown;
    d.journal->kept.back().ended.clear();
    CHECK(fate_of(undone(d, change)) == "already");
    d.good("delete_record", one("company", id));
    const auto deleted = change_of(d);
    undone(d, deleted);
    d.journal->kept.back().state = mcp::change_state::unknown;
    CHECK(fate_of(undone(d, deleted)) == "already");
}

TEST_CASE("a new record with a position is taken back", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    d.good("create_record", R"({"objectName":"company","data":{"name":"New","position":3}})");
    CHECK(fate_of(undone(d, change_of(d))) == "undone");
}

TEST_CASE("a list of changes is bounded, whatever one of them wrote", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto page =
        d.good("find_records", R"({"objectName":"company","limit":40,"fields":["name"]})");
    std::string ids;
    for (std::size_t i = 0; i < rows_of(page); ++i)
        ids += (i == 0 ? "\"" : ",\"") + cell(page, i, "id") + "\"";
    d.good("update_record", R"({"objectName":"company","ids":[)" + ids +
                                R"(],"data":{"tagline":")" + std::string(9'000, 'x') + R"("}})");
    const auto all = d.good("list_changes", R"({"ids":[")" + change_of(d) + R"("]})");
    CHECK(all.text.size() < 27'000);
    const auto id = cell(page, 7, "id");
    const auto one_record = d.good("list_changes", one("company", id));
    const auto& change = one_record.body.find("changes")->if_array()->front();
    REQUIRE(change.find("records")->if_array()->size() == 1);
    CHECK(change.find("records")->if_array()->front().text("id") == id);
}

TEST_CASE("undo tells nothing of objects that the connection may not see", "[undo_others][undo]") {
    tool_desk d;
    with_journal(d);
    const auto id = first_id(d, "company");
    d.good("update_record", rename(id, "Ours"));
    tool_desk limited(demo::role::full, twenty::mode::write, std::set<std::string>{"person"});
    limited.journal = d.journal;
    const auto r = limited.good("undo_changes", R"({"since":"today"})");
    CHECK(r.text.find(id) == std::string::npos);
    CHECK(r.text.find("Ours") == std::string::npos);
    CHECK(r.text.find("does not see") != std::string::npos);
    CHECK(record_of(d, "company", id).text("name") == "Ours");
}
