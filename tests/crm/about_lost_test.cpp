// What becomes of records whose links are refused, limited or not answered.
#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

using crm_test::refused_as_double;
using crm_test::refused_data;
using crm_test::target_rows;
using mcp_test::ada;
using mcp_test::count_ids;
using mcp_test::fresh_id;
using mcp_test::id_of;
using mcp_test::script;

namespace {

constexpr const char* no_rows = R"({"data":{"noteTargets":{"edges":[]}}})";
constexpr const char* limit_reached =
    R"({"data":null,"errors":[{"message":"Limit reached","extensions":{"code":"LIMIT_REACHED","subCode":"LIMIT_REACHED"}}]})";
constexpr const char* notes_denied =
    R"({"data":null,"errors":[{"message":"Entity performing the request does not have permission","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})";
const error lost(errc::upstream_timeout, "Twenty did not answer in time.");

// Notes with these numbers, as a list that was read.
std::string notes_read(int count) {
    std::string nodes;
    for (int i = 0; i < count; ++i)
        nodes += (i > 0 ? "," : "") + std::string(R"({"node":{"id":")") + id_of(i) +
                 R"(","title":"n","deletedAt":null}})";
    return R"({"data":{"notes":{"edges":[)" + nodes + "]}}}";
}
const std::string about_ada_only =
    std::string(R"("about":[{"object":"person","id":")") + ada + "\"}]";
std::string new_notes(int count) {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i > 0 ? "," : "") + std::string(R"({"title":"n",)") + about_ada_only + "}";
    return R"({"objectName":"note","records":[)" + list + "]}";
}
// Notes 0 to `count`, to be linked and no more.
std::string stored_notes(int count, const char* more = "") {
    std::string list;
    for (int i = 0; i < count; ++i)
        list += (i > 0 ? "," : "") + std::string(R"({"id":")") + id_of(i) + "\"," + about_ada_only +
                more + "}";
    return R"({"objectName":"note","records":[)" + list + "]}";
}
std::string outcomes(const script::called& r) {
    std::string out;
    const auto* lines = r.body.find("results");
    if (!lines && r.body.find("error")) lines = r.body.find("error")->find("results");
    if (lines)
        for (const auto& line : *lines->if_array())
            out += std::string(line.text("outcome")) + " ";
    return out;
}
bool says(const script::called& r, std::string_view sentence) {
    return r.text.find(sentence) != std::string::npos;
}
constexpr const char* notes_created = R"({"data":{"createNotes":[{"id":"x"}]}})";

} // namespace

TEST_CASE("new notes whose creation was not answered are linked once they are found",
          "[about_lost]") {
    script s;
    count_ids(s);
    s.fails(lost);
    s.answers(notes_read(2)); // both are there
    s.answers(target_rows);
    const auto r = s.call("create_record", new_notes(2));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(outcomes(r) == "created created ");
    CHECK(s.query(2).find("createNoteTargets(") != std::string::npos);
    CHECK(s.variables(2).find("data")->if_array()->size() == 2);
}

TEST_CASE("nothing is linked where the records could not be read first", "[about_lost]") {
    for (const auto code : {errc::too_large, errc::upstream_down}) {
        script s;
        count_ids(s);
        s.fails(error(code, "no"));
        const auto r = s.call("update_record", stored_notes(2));
        INFO(r.text);
        CHECK(r.is_error);
        CHECK(outcomes(r).empty());
        CHECK(r.body.find("error")->find("notDone")->if_array()->size() == 2);
        CHECK(s.sent().size() == 1);
    }
}

TEST_CASE("new notes stay where their links are limited or not answered, and it is said",
          "[about_lost]") {
    script s;
    count_ids(s);
    s.answers(notes_created);
    s.answers(limit_reached);
    s.answers(notes_read(3));
    const auto r = s.call("create_record", new_notes(3));
    INFO(r.text);
    CHECK(outcomes(r) == "created created created ");
    CHECK(says(r, "records[0, 1, 2]: the links of \\\"about\\\" were not written"));
    CHECK(s.sent().size() == 3); // no row was tried by itself, none deleted

    script silent;
    count_ids(silent);
    silent.answers(notes_created);
    silent.fails(lost);
    silent.answers(notes_read(3));
    const auto unknown = silent.call("create_record", new_notes(3));
    INFO(unknown.text);
    CHECK(says(unknown, "records[0, 1, 2]: it is not known whether"));

    script one;
    one.answers(R"({"data":{"createNote":{"id":"x"}}})");
    one.answers(R"({"data":{"note":{"id":"x","title":"n"}}})");
    one.answers(limit_reached);
    const auto single = one.call("create_record", R"({"objectName":"note","data":{"title":"n"},)" +
                                                      about_ada_only + "}");
    INFO(single.text);
    CHECK(single.body.flag("created"));
    CHECK(says(single, "its links were not written"));
    CHECK(one.sent().size() == 3);
}

TEST_CASE("new notes that the role may not link are deleted again with one request",
          "[about_lost]") {
    script s;
    count_ids(s);
    s.answers(notes_created);
    s.answers(notes_denied);
    s.answers(R"({"data":{"deleteNotes":[]}})");
    const auto r = s.call("create_record", new_notes(3));
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(outcomes(r) == "failed failed failed ");
    CHECK(r.message().find("None of the 3 records was kept.") == 0);
    CHECK(s.sent().size() == 3);
}

TEST_CASE("rows that were to be linked alone are unknown or failed, not updated", "[about_lost]") {
    script silent;
    count_ids(silent);
    silent.answers(notes_read(2));
    silent.answers(no_rows);
    silent.fails(lost);
    const auto unknown = silent.call("update_record", stored_notes(2));
    INFO(unknown.text);
    CHECK(outcomes(unknown) == "unknown unknown ");

    script s; // the first is refused, the second limited, the third not tried
    count_ids(s);
    s.answers(notes_read(3));
    s.answers(no_rows);
    s.answers(refused_data);
    s.answers(no_rows);
    s.answers(refused_data);
    s.answers(no_rows);
    s.answers(limit_reached);
    const auto r = s.call("update_record", stored_notes(3));
    INFO(r.text);
    CHECK(outcomes(r) == "failed failed failed ");
    CHECK(s.sent().size() == 7);

    script changed; // what else they change is done
    count_ids(changed);
    changed.answers(notes_read(2));
    changed.answers(R"({"data":{"updateNotes":[{"id":")" + id_of(0) + R"("},{"id":")" + id_of(1) +
                    R"("}]}})");
    changed.answers(no_rows);
    changed.fails(lost);
    const auto done = changed.call("update_record", stored_notes(2, R"(,"title":"m")"));
    INFO(done.text);
    CHECK(outcomes(done) == "updated updated ");
    CHECK(says(done, "it is not known whether"));
}

TEST_CASE("a lost answer to the links of one record names that record", "[about_lost]") {
    script s;
    s.answers(R"({"data":{"note":{"id":")" + id_of(1) + R"(","title":"n"}}})");
    s.answers(no_rows);
    s.fails(lost);
    const auto r = s.call("update_record", R"({"objectName":"note","id":")" + id_of(1) + "\"," +
                                               about_ada_only + "}");
    INFO(r.text);
    CHECK(r.message().find("not known whether") != std::string_view::npos);
    CHECK(r.body.find("error")->text("id") == id_of(1));
    CHECK(r.body.find("error")->text("object") == "note");
}

TEST_CASE("a new note is created once though its links name what the schema no longer has",
          "[about_lost]") {
    script s;
    s.refreshed_schema = mcp_test::sample_schema();
    s.answers(R"({"data":{"createNote":{"id":"x"}}})");
    s.answers(R"({"data":{"note":{"id":"x","title":"n"}}})");
    s.answers(
        R"({"data":null,"errors":[{"message":"Object noteTarget doesn't have any \"targetPersonId\" field.","extensions":{"code":"BAD_USER_INPUT"}}]})");
    s.answers(R"({"data":{"deleteNote":{"id":"x"}}})");
    const auto r = s.call("create_record",
                          R"({"objectName":"note","data":{"title":"n"},)" + about_ada_only + "}");
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(s.sent().size() == 4);
}

TEST_CASE("a row of an upsert that changes nothing is not written", "[about_lost]") {
    script s;
    s.answers(
        std::string(R"({"data":{"people":{"edges":[{"node":{"id":")") + ada +
        R"(","emails":{"primaryEmail":"a@x.example","additionalEmails":["b@x.example"]}}}]}}})");
    s.answers(
        std::string(R"({"data":{"people":{"edges":[{"node":{"id":")") + ada +
        R"(","emails":{"primaryEmail":"a@x.example","additionalEmails":["b@x.example"]}}}]}}})");
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails","records":[{"emails":"b@x.example"}]})");
    INFO(r.text);
    CHECK(outcomes(r) == "updated ");
    for (std::size_t i = 0; i < s.sent().size(); ++i)
        CHECK(s.query(i).find("mutation") == std::string::npos);
}

TEST_CASE("links whose first answer was lost are found under their ids, and the note stays",
          "[about_lost]") {
    const auto row = [](const char* root) {
        return std::string(R"({"data":{")") + root + R"(":{"id":")" + fresh_id +
               R"(","title":"n"}}})";
    };
    script s;
    s.answers(row("createNote"));
    s.answers(row("note"));
    s.answers(refused_as_double("createNoteTargets"));
    s.answers(std::string(R"({"data":{"noteTargets":{"edges":[{"node":{"id":")") + fresh_id +
              "\"}}]}}}");
    const auto r = s.call("create_record",
                          R"({"objectName":"note","data":{"title":"n"},)" + about_ada_only + "}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("about")->if_array()->size() == 1);
    CHECK(s.sent().size() == 4);
}
