// get_record's include and depth against the standard objects of a real Twenty.
#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

using crm_test::notes_of;
using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

constexpr const char* note_id = "a0210000-0000-4000-8000-0000000018a0";
constexpr const char* call_id = "a0210000-0000-4000-8000-0000000018a1";

struct stock_reader : script {
    explicit stock_reader(std::optional<std::set<std::string>> objects = std::nullopt)
        : script(twenty::mode::read, std::move(objects)) {
        schema = support::stock_schema();
    }
};

std::string get_with(std::string_view object, std::string_view id, std::string_view more) {
    return R"({"objectName":")" + std::string(object) + R"(","id":")" + std::string(id) + "\"," +
           std::string(more) + "}";
}

std::string note_found() {
    return std::string(R"({"data":{"note":{"id":")") + note_id + R"(","title":"Call"}}})";
}

// As twenty-golden-2 relations/059: one target a row, or two, or one that is deleted.
std::string company_row() {
    return std::string(R"({"node":{"id":"r1","targetCompanyId":")") + acme +
           R"(","targetCompany":{"id":")" + acme +
           R"(","name":"Acme"},"targetPersonId":null,"targetPerson":null,)" +
           R"("targetOpportunityId":null,"targetOpportunity":null}})";
}
std::string person_row() {
    return std::string(R"({"node":{"id":"r2","targetPersonId":")") + ada +
           R"(","targetPerson":{"id":")" + ada +
           R"(","name":{"firstName":"Ada","lastName":"Byron"}},"targetCompanyId":null,)" +
           R"("targetCompany":null,"targetOpportunityId":null,"targetOpportunity":null}})";
}
std::string empty_row() {
    return R"({"node":{"id":"r3","targetPersonId":null,"targetPerson":null,"targetCompanyId":null,)"
           R"("targetCompany":null,"targetOpportunityId":null,"targetOpportunity":null}})";
}
std::string list(const std::string& root, const std::string& rows, int total) {
    return R"({"data":{")" + root + R"(":{"totalCount":)" + std::to_string(total) +
           R"(,"edges":[)" + rows + "]}}}";
}
// twenty-golden-2 permissions/130
const char* const targets_denied =
    R"({"data":{"noteTargets":null},"errors":[{"message":"Entity performing the request does not have permission","extensions":{"userFriendlyMessage":"User does not have permission.","subCode":"PERMISSION_DENIED","code":"FORBIDDEN"}}]})";

json::value about_ada() {
    return json::list({json::make({{"object", "company"}, {"id", acme}, {"label", "Acme"}}),
                       json::make({{"object", "person"}, {"id", ada}, {"label", "Ada Byron"}})});
}

} // namespace

TEST_CASE("a note's include shows what the note is about, each record once", "[include]") {
    for (const auto* name : {"targets", "noteTargets", "target", "companies", "person"}) {
        INFO(name);
        stock_reader s;
        s.answers(note_found());
        s.answers(list("noteTargets", company_row() + "," + company_row() + "," + person_row(), 3));
        const auto r = s.call(
            "get_record", get_with("note", note_id, R"("include":[")" + std::string(name) + "\"]"));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(*r.body.at("record", "targets") == about_ada());
        CHECK(notes_of(r).empty());
        CHECK(s.query(1).find("targetCompany{id name}") != std::string::npos);
        CHECK(s.query(1).find("note{") == std::string::npos);
        CHECK(*s.variables(1).find("filter") ==
              json::make({{"noteId", json::make({{"eq", note_id}})}}));
    }
}

TEST_CASE("depth 1 of a note shows what the note is about, and not the note", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"note":{"id":")") + note_id +
              R"(","title":"Call","noteTargets":{"totalCount":2,"edges":[)" + company_row() + "," +
              person_row() + "]}}}}");
    const auto r = s.call("get_record", get_with("note", note_id, R"("depth":1)"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.at("record", "targets") == about_ada());
    CHECK_FALSE(r.body.at("record", "noteTargets"));
}

TEST_CASE("a target that may not be read is left out, and a note says no more than that",
          "[include]") {
    SECTION("by the grant") {
        stock_reader s(std::set<std::string>{"note", "noteTarget", "company"});
        s.answers(note_found());
        s.answers(list("noteTargets",
                       std::string(R"({"node":{"id":"r2","targetCompanyId":null,)") +
                           R"("targetCompany":null}})",
                       1));
        const auto r = s.call("get_record", get_with("note", note_id, R"("include":["targets"])"));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(r.body.at("record", "targets")->if_array()->empty());
        CHECK(notes_of(r).find("may not be read") != std::string::npos);
        CHECK(r.text.find("erson") == std::string::npos);
        CHECK(s.query(1).find("erson") == std::string::npos);
    }
    SECTION("by the key's role") {
        stock_reader s;
        s.answers(note_found());
        s.answers(targets_denied);
        s.answers(list("noteTargets",
                       std::string(R"({"node":{"id":"r1","targetCompanyId":")") + acme +
                           R"("}},{"node":{"id":"r2","targetPersonId":")" + ada + R"("}})",
                       2));
        s.answers(list("companies",
                       std::string(R"({"node":{"id":")") + acme + R"(","name":"Acme"}})", 1));
        s.answers(std::string(targets_denied));
        const auto r = s.call("get_record", get_with("note", note_id, R"("include":["targets"])"));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(*r.body.at("record", "targets") ==
              json::list({json::make({{"object", "company"}, {"id", acme}, {"label", "Acme"}})}));
        CHECK(notes_of(r).find("may not be read") != std::string::npos);
        CHECK(r.text.find(ada) == std::string::npos);
    }
}

TEST_CASE("notes that the role may not read are not shown as none", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
    s.answers(targets_denied);
    s.answers(list("noteTargets", R"({"node":{"id":"r1","noteId":"n1"}})", 1));
    const auto r = s.call("get_record", get_with("company", acme, R"("include":["notes"])"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK_FALSE(r.body.at("record", "notes"));
    CHECK(notes_of(r) == R"(["notes are not shown: the API key's role may not read them."])");
}

TEST_CASE("the rows of an include don't repeat the record they belong to", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
    s.answers(list("people", "", 0));
    REQUIRE_FALSE(
        s.call("get_record", get_with("company", acme, R"("include":["contacts"])")).is_error);
    CHECK(s.query(1).find("people(") != std::string::npos);
    CHECK(s.query(1).find("company") == std::string::npos);
}

TEST_CASE("a morph field is one value under the name that describe_object shows", "[include]") {
    stock_reader s;
    s.answers(R"({"data":{"noteTargets":{"totalCount":2,"edges":[)" + company_row() + "," +
              empty_row() + "]}}}");
    const auto r =
        s.call("find_records", R"({"objectName":"noteTarget","fields":["target","note"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") ==
          json::list({"id", "target.object", "target.id", "target.label"}));
    for (const auto* wrong : {R"("fields":["targetId"])", R"("filter":"targetId[is]:NULL")"}) {
        const auto asked = std::string(R"({"objectName":"noteTarget",)") + wrong + "}";
        const auto bad = s.call("find_records", asked);
        INFO(bad.text);
        REQUIRE(bad.is_error);
        for (const auto* column : {"targetCompanyId", "targetPersonId", "targetOpportunityId"})
            CHECK(bad.message().find(column) != std::string_view::npos);
    }
}

TEST_CASE("mails of a person or company come newest first, with date, subject and sender",
          "[include]") {
    for (const auto* word : {"mails", "emails", "messages", "messageParticipants"}) {
        INFO(word);
        stock_reader s;
        s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
        const auto row = std::string(R"({"node":{"id":"p","messageId":")") + call_id + "\"}}";
        s.answers(list("messageParticipants", row + "," + row, 2));
        // timeline/002 and 003
        s.answers(list(
            "messages",
            std::string(R"({"node":{"id":")") + call_id +
                R"(","receivedAt":"2026-09-27T10:12:00.000Z","subject":"Meeting Request",)" +
                R"("messageParticipants":{"edges":[{"node":{"role":"FROM","handle":"m@apple.dev",)" +
                R"("displayName":"Max"}},{"node":{"role":"TO","handle":"a@b.c","displayName":""}}]}}})",
            1));
        const auto r = s.call(
            "get_record", get_with("company", acme, R"("include":[")" + std::string(word) + "\"]"));
        INFO(r.text);
        // A company has mails through its people only.
        REQUIRE_FALSE(r.is_error);
        CHECK(*s.variables(1).find("filter") ==
              *json::parse(std::string(R"({"person":{"companyId":{"eq":")") + acme + R"("}}})"));
        CHECK(*s.variables(1).find("orderBy") ==
              *json::parse(R"([{"message":{"receivedAt":"DescNullsLast"}}])"));
        CHECK(json::dump(*r.body.at("record", "mails")) ==
              std::string(R"([{"id":")") + call_id +
                  R"(","receivedAt":"2026-09-27T10:12:00.000Z","subject":"Meeting Request",)" +
                  R"("from":"Max <m@apple.dev>","to":["a@b.c"]}])");
        CHECK(s.sent().size() == 3);
    }
}

TEST_CASE("a private meeting has no title, nowhere, and a note says why once", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"person":{"id":")") + ada + R"("}}})");
    s.answers(list("calendarEventParticipants",
                   std::string(R"({"node":{"id":"p","calendarEventId":")") + call_id + "\"}}", 1));
    // twenty-golden-2 timeline/005
    const std::string event =
        std::string(R"({"node":{"id":")") + call_id +
        R"(","title":"FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED",)" +
        R"("startsAt":"2026-09-04T13:15:00.000Z","endsAt":"2026-09-04T13:45:00.000Z"}})";
    s.answers(list("calendarEvents", event, 1));
    const auto r = s.call("get_record",
                          get_with("person", ada, R"("fields":["name"],"include":["meetings"])"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.text.find("FIELD_RESTRICTED") == std::string::npos);
    CHECK_FALSE(r.body.at("record", "meetings")->if_array()->front().find("title"));
    CHECK(r.body.find("notes")->if_array()->size() == 1);
    CHECK(notes_of(r).find("private") != std::string::npos);

    // Twenty shows the title where a relation leads to the event, so no relation asks for it.
    s.answers(list("calendarEventParticipants", "", 0));
    REQUIRE_FALSE(s.call("find_records", R"({"objectName":"calendarEventParticipant"})").is_error);
    CHECK(s.query(3).find("calendarEvent{id startsAt}") != std::string::npos);
    for (const auto* field : {"calendarEvent.title", "calendarEvent.description"}) {
        const auto bad =
            s.call("find_records", R"({"objectName":"calendarEventParticipant","fields":[")" +
                                       std::string(field) + "\"]}");
        CHECK(bad.message().find("private") != std::string_view::npos);
    }
}

TEST_CASE("a timeline tells when and what changed, without copies of records", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
    const std::string text(5'000, 'x');
    s.answers(list(
        "timelineActivities",
        R"({"node":{"id":"t1","name":"company.updated","happensAt":"2026-11-28T20:12:10.157Z","properties":{"diff":{"employees":{"before":1,"after":2},"about":{"before":"","after":")" +
            text + R"("}},"after":{"name":"Acme"}}}},)" +
            R"({"node":{"id":"t2","name":"message.linked","happensAt":"2026-11-27T20:12:10.157Z","linkedRecordCachedName":"Secret","properties":{"after":{"text":")" +
            text + R"("}}}},)" +
            R"({"node":{"id":"t3","name":"linked-calendarEvent.created","happensAt":"2026-11-26T20:12:10.157Z","linkedRecordCachedName":"Secret"}})",
        3));
    const auto r = s.call("get_record", get_with("company", acme, R"("include":["timeline"])"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    const auto& rows = *r.body.at("record", "timelineActivities")->if_array();
    CHECK(rows.front().text("happensAt") == "2026-11-28T20:12:10.157Z");
    CHECK(json::dump(*rows.front().at("properties", "diff", "employees")) ==
          R"({"before":1,"after":2})");
    CHECK(r.text.find("Secret") == std::string::npos);
    CHECK(r.text.size() < 1'500);
    CHECK(s.query(1).find("targetCompany") == std::string::npos);
    CHECK(*s.variables(1).find("orderBy") == *json::parse(R"([{"happensAt":"DescNullsLast"}])"));
}

TEST_CASE("a long text is read in pieces that join without loss", "[include]") {
    std::string whole;
    while (whole.size() < 60'000)
        whole += "Zürich — 10 € ";
    std::string read;
    std::size_t offset = 0;
    for (int call = 0; call < 10; ++call) {
        stock_reader s;
        json::object body;
        body.append("markdown", whole);
        json::object found;
        found.append("id", note_id);
        found.append("bodyV2", std::move(body));
        json::object data;
        data.append("note", std::move(found));
        json::object answer;
        answer.append("data", std::move(data));
        s.answers(json::dump(json::value(std::move(answer))));
        const auto r = s.call(
            "get_record",
            get_with("note", note_id, R"("fields":["bodyV2"],"offset":)" + std::to_string(offset)));
        REQUIRE_FALSE(r.is_error);
        std::string piece(r.body.find("record")->text("bodyV2"));
        const auto notes = notes_of(r);
        const auto next = notes.find("and offset ");
        if (next == std::string::npos) {
            read += piece;
            break;
        }
        CHECK(notes.find("it has " + std::to_string(whole.size()) + " bytes") != std::string::npos);
        REQUIRE(piece.ends_with("…"));
        piece.resize(piece.size() - std::string_view("…").size());
        read += piece;
        offset = static_cast<std::size_t>(std::stoul(notes.substr(next + 11)));
        CHECK(offset == read.size());
    }
    CHECK(read == whole);
    stock_reader s;
    const auto bad = s.call("get_record", get_with("note", note_id, R"("offset":5)"));
    CHECK(bad.code() == "bad_request");
    CHECK(s.sent().empty());
}

TEST_CASE("a related record that is deleted is not passed over in silence", "[include]") {
    stock_reader s;
    s.answers(std::string(R"({"data":{"person":{"id":")") + ada + R"(","companyId":")" + acme +
              R"(","company":null}}})");
    const auto r = s.call("get_record", get_with("person", ada, R"("include":["company"])"));
    CHECK(notes_of(r).find("company is not shown: it is deleted") != std::string::npos);
}

TEST_CASE("a morph field keeps its ids where the role may not read some of its ends", "[include]") {
    stock_reader s;
    s.answers(targets_denied);
    s.answers(list("noteTargets",
                   std::string(R"({"node":{"id":"r1","targetCompanyId":")") + acme + "\"}}", 1));
    const auto r = s.call("find_records", R"({"objectName":"noteTarget","fields":["target"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") == json::list({"id", "targetCompanyId"}));
    CHECK(s.query(1).find("node{id targetCompanyId targetPersonId targetOpportunityId}") !=
          std::string::npos);
}

TEST_CASE("a list of exactly ten is whole, one of eleven says how many are missing", "[include]") {
    for (const int total : {10, 11}) {
        std::string rows;
        for (int i = 0; i < 10; ++i)
            rows += (i ? "," : "") + (R"({"node":{"id":"p)" + std::to_string(i) + "\"}}");
        stock_reader s;
        s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
        s.answers(list("people", rows, total));
        const auto r = s.call("get_record", get_with("company", acme, R"("include":["people"])"));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(r.body.at("record", "people")->if_array()->size() == 10);
        CHECK(notes_of(r).empty() == (total == 10));
        CHECK(s.query(1).find("first:10)") != std::string::npos);
    }
}

TEST_CASE("eight names are included in one call, nine are refused before anything is read",
          "[include]") {
    const auto call = [](script& s, int count) {
        std::string names;
        for (int i = 0; i < count; ++i)
            names += (i ? ",\"" : "\"") + std::string("people\"");
        return s.call("get_record", get_with("company", acme, "\"include\":[" + names + "]"));
    };
    stock_reader s;
    call(s, 8);
    CHECK_FALSE(s.sent().empty());
    stock_reader more;
    CHECK(call(more, 9).code() == "bad_request");
    CHECK(more.sent().empty());
}

// No object of Twenty's own has such a relation; a custom one can.
TEST_CASE("a relation to a record that belongs to others is read under the grant's scope",
          "[include]") {
    stock_reader s(std::set<std::string>{"company", "attachment"});
    const auto schema = mcp_test::schema_with_cover();
    s.schema = schema;
    const twenty::access may(twenty::mode::read, std::set<std::string>{"company", "attachment"},
                             schema);
    const auto scope = may.scope(*schema->by_singular("attachment"));
    REQUIRE_FALSE(scope.is_null());
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme +
              R"(","name":"Acme","cover":{"id":")" + call_id + R"("}}}})");
    s.answers(std::string(R"({"data":{"attachment":{"id":")") + call_id + R"(","name":"x"}}})");
    const auto r = s.call("get_record", get_with("company", acme, R"("include":["cover"])"));
    INFO(r.text);
    REQUIRE(s.sent().size() == 2);
    CHECK(json::dump(s.variables(1)).find(json::dump(scope)) != std::string::npos);
    CHECK(json::dump(s.variables(1)).find(call_id) != std::string::npos);
}

TEST_CASE("a target that is not answered is told as hidden, also where its object may be read",
          "[include]") {
    stock_reader s;
    s.answers(note_found());
    s.answers(targets_denied);
    s.answers(list("noteTargets",
                   std::string(R"({"node":{"id":"r1","targetCompanyId":")") + acme +
                       R"("}},{"node":{"id":"r2","targetCompanyId":")" + call_id + R"("}})",
                   2));
    s.answers(
        list("companies", std::string(R"({"node":{"id":")") + acme + R"(","name":"Acme"}})", 1));
    const auto r = s.call("get_record", get_with("note", note_id, R"("include":["targets"])"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.at("record", "targets")->if_array()->size() == 1);
    CHECK(notes_of(r).find("may not be read") != std::string::npos);
    CHECK(r.text.find(call_id) == std::string::npos);
}
