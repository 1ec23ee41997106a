// search_records, and find_records by words: one search of Twenty's gives the ids.
#include "mcp/session_memory.hpp"
#include "tests/mcp/support/script.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

constexpr const char* bob = "20202020-b000-4485-94de-70c2a98daef3";

std::string hit(const char* object, const char* id, const char* label, bool all_words = true) {
    return std::string(R"({"node":{"recordId":")") + id + R"(","objectNameSingular":")" + object +
           R"(","label":")" + label + R"(","tsRank":0.06,"tsRankCD":)" + (all_words ? "0.1" : "0") +
           "}}";
}
std::string hits(const std::string& edges) {
    return R"({"data":{"search":{"edges":[)" + edges + "]}}}";
}
std::string people_found(const std::string& edges, int total) {
    return R"({"data":{"people":{"totalCount":)" + std::to_string(total) +
           R"(,"pageInfo":{"hasNextPage":false,"endCursor":"e"},"edges":[)" + edges + "]}}}";
}
std::string person_edge(const char* id, const char* title) {
    return std::string(R"({"cursor":"c","node":{"id":")") + id + R"(","jobTitle":")" + title +
           R"("}})";
}

// twenty-golden-2 search/085
constexpr const char* denied =
    R"({"errors":[{"message":"Entity performing the request does not have permission",)"
    R"("extensions":{"userFriendlyMessage":"User does not have permission.",)"
    R"("subCode":"PERMISSION_DENIED","code":"FORBIDDEN"}}],"data":null})";

} // namespace

TEST_CASE("find_records by words asks Twenty's search for ids and puts them beside the filter",
          "[finding]") {
    script s;
    s.answers(hits(hit("person", bob, "Bob Lee") + "," + hit("person", ada, "Ada Lee")));
    s.answers(people_found(person_edge(ada, "CTO") + "," + person_edge(bob, "CFO"), 2));
    const auto r = s.call("find_records", R"({"objectName":"person","search":"lee",)"
                                          R"("filter":"city[eq]:Oslo","fields":["jobTitle"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*s.variables(0).find("in") == json::list({"person"}));
    CHECK(s.query(0).find("limit:100") != std::string::npos);
    const auto filter = json::dump(*s.variables(1).find("filter"));
    CHECK(filter.find(R"({"id":{"in":[")" + std::string(bob) + "\",\"" + ada + "\"]}}") !=
          std::string::npos);
    CHECK(filter.find(R"({"city":{"eq":"Oslo"}})") != std::string::npos);
    // Twenty's searchVector takes no search operator (twenty-golden-2 searchvector/001).
    CHECK(filter.find("search") == std::string::npos);
    // Without an order of the caller's the best match comes first.
    CHECK(r.body.find("rows")->if_array()->front() == json::list({bob, "CFO"}));
    CHECK(r.body.find("total")->as_int() == 2);
    CHECK_FALSE(r.body.find("notes"));
}

TEST_CASE("a listing by words goes on by a cursor that belongs to the words, not to the ids",
          "[finding]") {
    script s;
    const auto ask = [&](const std::string& words, std::string_view cursor) {
        return s.call(
            "find_records",
            R"({"objectName":"person","search":")" + words +
                R"(","limit":1,"fields":["jobTitle"])" +
                (cursor.empty() ? std::string() : ",\"cursor\":\"" + std::string(cursor) + "\"") +
                "}");
    };
    const auto rows = people_found(person_edge(ada, "CTO") + "," + person_edge(bob, "CFO"), 2);
    s.answers(hits(hit("person", bob, "Bob Lee") + "," + hit("person", ada, "Ada Lee")));
    s.answers(rows);
    const auto first = ask("lee", "");
    REQUIRE_FALSE(first.is_error);
    CHECK(first.body.find("rows")->if_array()->front() == json::list({bob, "CFO"}));
    CHECK(first.body.flag("hasNextPage"));
    const std::string cursor(first.body.text("cursor"));
    // A third one is found meanwhile.
    s.answers(hits(hit("person", bob, "Bob Lee") + "," + hit("person", ada, "Ada Lee") + "," +
                   hit("person", mcp_test::fresh_id, "Eve Lee")));
    s.answers(rows);
    const auto second = ask("lee", cursor);
    INFO(second.text);
    REQUIRE_FALSE(second.is_error);
    CHECK(second.body.find("rows")->if_array()->front() == json::list({ada, "CTO"}));
    CHECK_FALSE(second.body.flag("hasNextPage"));
    CHECK(ask("ann", cursor).code() == "bad_request");
    CHECK(s.sent().size() == 4);
}

TEST_CASE("where some records have all words, find_records leaves the others out and says so",
          "[finding]") {
    script s;
    s.answers(hits(hit("person", ada, "Ada Lee") + "," + hit("person", bob, "Bob Lee", false)));
    s.answers(R"({"data":{"people":{"totalCount":1}}})");
    const auto r =
        s.call("find_records", R"({"objectName":"person","search":"ada lee","countOnly":true})");
    CHECK(r.body.find("total")->as_int() == 1);
    CHECK(json::dump(*s.variables(1).find("filter")).find(bob) == std::string::npos);
    CHECK(r.text.find("1 others have some of them") != std::string::npos);
    s.answers(hits(hit("person", bob, "Bob Lee", false)));
    s.answers(R"({"data":{"people":{"totalCount":1}}})");
    const auto some =
        s.call("find_records", R"({"objectName":"person","search":"zz lee","countOnly":true})");
    CHECK(some.text.find("No record has all of the words") != std::string::npos);
}

TEST_CASE("words that find nothing are answered without a listing", "[finding]") {
    script s;
    s.answers(hits(""));
    const auto r = s.call("find_records", R"({"objectName":"person","search":"zz"})");
    CHECK(r.text ==
          R"({"object":"person","total":0,"count":0,"columns":[],"rows":[],"hasNextPage":false})");
    s.answers(hits(""));
    CHECK(
        s.call("find_records", R"({"objectName":"person","search":"zz","countOnly":true})").text ==
        R"({"object":"person","total":0})");
    CHECK(s.sent().size() == 2);
}

TEST_CASE("a full list of ids is said to be cut", "[finding]") {
    script s;
    std::string edges;
    for (int i = 0; i < 100; ++i) {
        const auto id = "20202020-b000-4485-94de-70c2a98da" + std::to_string(100 + i);
        edges += (i == 0 ? "" : ",") + hit("person", id.c_str(), "Lee");
    }
    s.answers(hits(edges));
    s.answers(R"({"data":{"people":{"totalCount":100}}})");
    const auto r =
        s.call("find_records", R"({"objectName":"person","search":"lee","countOnly":true})");
    CHECK(r.text.find("only the 100 best matches count") != std::string::npos);
}

TEST_CASE("what cannot be searched is refused before anything is sent", "[finding]") {
    script s;
    auto objects = mcp_test::sample_schema()->objects();
    for (auto& o : objects)
        o.is_searchable = false;
    s.schema = std::make_shared<const twenty::schema>("w", "Apple", std::move(objects));
    const auto r = s.call("find_records", R"({"objectName":"person","search":"ada"})");
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("use filter") != std::string_view::npos);
    CHECK(s.call("find_records", R"({"objectName":"person","search":"  "})").code() ==
          "bad_request");
    CHECK(s.sent().empty());
}

// twenty-golden-2 search/085 and 117, permissions/131: a search over one forbidden object fails
// whole; a document of several roots answers null for the forbidden ones alone.
TEST_CASE("search_records learns once what the key's role may not read, and leaves it out",
          "[finding]") {
    mcp::session_memory memory;
    script s;
    s.context.memory = &memory;
    s.answers(denied);
    s.answers(
        R"({"data":{"companies":{"edges":[]},"notes":{"edges":[]},"noteTargets":{"edges":[]},)"
        R"("opportunities":null,"people":{"edges":[]}},"errors":[{"message":"Entity performing )"
        R"(the request does not have permission","extensions":{"code":"FORBIDDEN",)"
        R"("subCode":"PERMISSION_DENIED"}}]})");
    s.answers(hits(hit("company", acme, "Acme")));
    const auto first = s.call("search_records", R"({"query":"acme"})");
    INFO(first.text);
    REQUIRE_FALSE(first.is_error);
    CHECK(first.body.find("count")->as_int() == 1);
    CHECK(first.text.find("may not read them: opportunity.") != std::string::npos);
    CHECK(json::dump(*s.variables(2).find("in")).find("opportunity") == std::string::npos);
    s.answers(hits(hit("company", acme, "Acme")));
    const auto second = s.call("search_records", R"({"query":"acme"})");
    CHECK(second.text.find("opportunity") != std::string::npos);
    CHECK(s.sent().size() == 4);
    // A limited grant hears of its own objects only.
    script only(twenty::mode::read, std::set<std::string>{"company", "person"});
    only.answers(hits(hit("company", acme, "Acme")));
    CHECK(only.call("search_records", R"({"query":"acme"})").text.find("opportunity") ==
          std::string::npos);
}

TEST_CASE("a search that the role refuses says which way is open", "[finding]") {
    script s;
    s.answers(denied);
    const auto r = s.call("search_records", R"({"query":"acme","objects":["company"]})");
    CHECK(r.code() == "not_allowed");
    CHECK(r.message().find("company; name objects that it may read") != std::string_view::npos);
    CHECK(s.sent().size() == 1);
}

TEST_CASE("hits that lack words are told, and namesakes by company, e-mail or domain",
          "[finding]") {
    script s;
    s.answers(hits(hit("person", ada, "Ann Lee") + "," + hit("person", bob, "Ann Lee") + "," +
                   hit("company", acme, "Lee", false)));
    s.answers(std::string(R"({"data":{"people":{"edges":[{"node":{"id":")") + ada +
              R"(","emails":{"primaryEmail":"ann@acme.example"},"company":{"id":")" + acme +
              R"(","name":"Acme"}}}]},"companies":{"edges":[{"node":{"id":")" + acme +
              R"(","domainName":{"primaryLinkUrl":"https://lee.example"}}}]}}})");
    const auto r = s.call("search_records", R"({"query":"ann lee"})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") == json::list({"object", "id", "label", "details"}));
    const auto& rows = *r.body.find("rows")->if_array();
    CHECK(rows[0] == json::list({"person", ada, "Ann Lee", "Acme, ann@acme.example"}));
    CHECK(rows[1] == json::list({"person", bob, "Ann Lee", nullptr}));
    CHECK(rows[2] == json::list({"company", acme, "Lee", "https://lee.example"}));
    CHECK(r.text.find("Only the first 2 have all of the words") != std::string::npos);
    CHECK(s.sent().size() == 2); // one request for all kinds
    // No name of an object that the grant may not use is read for it.
    script only(twenty::mode::read, std::set<std::string>{"person"});
    only.answers(hits(hit("person", ada, "Ann") + "," + hit("person", bob, "Ann")));
    only.answers(R"({"data":{"people":{"edges":[]}}})");
    CHECK_FALSE(only.call("search_records", R"({"query":"ann"})").is_error);
    CHECK(only.query(1).find("compan") == std::string::npos);
}

TEST_CASE("a phone number is searched as digits, and as written where those find nothing",
          "[finding]") {
    script s;
    s.answers(hits(hit("person", ada, "Ada")));
    CHECK_FALSE(s.call("search_records", R"({"query":"+49 (30) 9182-7364"})").is_error);
    CHECK(s.variables(0).text("searchInput") == "+493091827364");
    s.answers(hits(""));
    s.answers(hits(hit("note", acme, "Invoice 2026-00017")));
    const auto r = s.call("search_records", R"({"query":"2026-00017"})");
    CHECK(r.body.find("count")->as_int() == 1);
    CHECK(s.variables(2).text("searchInput") == "2026-00017");
}

TEST_CASE("an exact comparison that fails only by upper and lower case says so", "[finding]") {
    const std::string exact = R"({"objectName":"person","filter":"city[eq]:100%_Oslo")";
    const auto says = [](const auto& r) {
        return r.text.find("eq compares exactly, and 3 records differ only in") !=
               std::string::npos;
    };
    script s;
    s.answers(people_found("", 0));
    s.answers(people_found("", 3));
    CHECK(says(s.call("find_records", exact + "}")));
    CHECK(json::dump(*s.variables(1).find("filter")).find(R"({"ilike":"100\\%\\_Oslo"})") !=
          std::string::npos);
    // A count of none too.
    s.answers(people_found("", 0));
    s.answers(people_found("", 3));
    CHECK(says(s.call("find_records", exact + R"(,"countOnly":true})")));
    // No such record however it is written, and Twenty's refusal of the second question.
    for (const auto& second :
         {people_found("", 0), std::string(R"({"errors":[{"message":"no"}]})")}) {
        s.answers(people_found("", 0));
        s.answers(second);
        const auto none = s.call("find_records", exact + "}");
        CHECK_FALSE(none.is_error);
        CHECK(none.text.find("eq compares") == std::string::npos);
    }
    // Nothing is asked where case does not matter, or something was found.
    const auto asked = s.sent().size();
    s.answers(people_found("", 0));
    CHECK_FALSE(
        s.call("find_records", R"({"objectName":"person","filter":"city[ilike]:oslo"})").is_error);
    s.answers(people_found("", 1));
    CHECK_FALSE(s.call("find_records", exact + "}").is_error);
    CHECK(s.sent().size() == asked + 2);
}

TEST_CASE("depth 1 lists to-many relations with what is behind their links", "[finding]") {
    script s;
    s.answers(R"({"data":{"companies":{"totalCount":1,"pageInfo":{"hasNextPage":false},"edges":[)"
              R"({"cursor":"a","node":{"id":"1","name":"Acme","noteTargets":{"totalCount":1,)"
              R"("edges":[{"node":{"id":"t","note":{"id":"n","title":"Call"}}}]}}}]}}})");
    const auto r = s.call("find_records", R"({"objectName":"company","depth":1})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.text.find(R"([{"id":"n","label":"Call"}])") != std::string::npos);
    CHECK(s.query(0).find("people") != std::string::npos);
}

TEST_CASE("a hit outside of what was searched, or without a UUID, is none", "[finding]") {
    script s;
    s.answers(hits(hit("company", acme, "Lee & Co") + "," + hit("person", "../people", "Lee") +
                   "," + hit("person", ada, "Ada Lee")));
    const auto r = s.call("search_records", R"({"query":"lee","objects":["person"]})");
    INFO(r.text);
    CHECK(r.text.find("Ada Lee") != std::string::npos);
    for (const auto* gone : {"Lee & Co", "../people"})
        CHECK(r.text.find(gone) == std::string::npos);
    script found;
    found.answers(hits(hit("person", "../people", "Lee") + "," + hit("person", ada, "Ada Lee")));
    found.answers(people_found(person_edge(ada, "CTO"), 1));
    found.call("find_records", R"({"objectName":"person","search":"lee"})");
    REQUIRE(found.sent().size() == 2);
    CHECK(found.sent()[1].body.find("../people") == std::string::npos);
}
