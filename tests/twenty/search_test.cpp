#include "twenty/search.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::handed_out;
using support::sample_access;
using support::sample_object;

namespace {

json::value body_of(const twenty::request& r) { return json::parse(r.body).value(); }

twenty::answer answered(const std::string& body) {
    twenty::response r;
    r.status = 200;
    r.content_type = "application/json";
    r.body = body;
    return twenty::read_graphql(r);
}

std::string hit(const std::string& id, const std::string& cd, const std::string& rank) {
    return R"({"node":{"recordId":")" + id +
           R"(","objectNameSingular":"company","label":"Z","tsRank":)" + rank + R"(,"tsRankCD":)" +
           cd + "}}";
}

} // namespace

// twenty-golden-2 search/020-028: +493091827364, 03091827364 and 3091827364 find their owner,
// blanks match all of a country, dashes and 0049 nobody.
TEST_CASE("a phone number is searched for by its digits, however it is written", "[search]") {
    for (const auto* written : {"+49 30 91827364", "+49 (30) 9182-7364", "0049-30-91827364",
                                "+49 (0)30 91827364", "(+49) 30/91827364", "+493091827364"})
        CHECK(twenty::search_words(written) == "+493091827364");
    for (const auto* written : {"030 91827364", "(030) 918 273 64", "030-91827364"})
        CHECK(twenty::search_words(written) == "03091827364");
    CHECK(twenty::search_words("415-555-2671") == "4155552671");
    // Everything else stays as it is.
    for (const auto* words :
         {"Anna Hill", "2026-12-01", "01.12.2026", "12/01/2026", "91827", "a 030 91827364", "42",
          "30 91827364 + 5", "1234567890123456789", "anna@acme.example", "https://acme.example"})
        CHECK(twenty::search_words(words) == words);
    CHECK(twenty::search_words("  Anna ").empty() == false);
    CHECK(twenty::search_words("").empty());
}

// twenty-golden-2 search/085, 086, 108, 117: without objects every key but an admin's is refused;
// search/070: an empty list means every object.
TEST_CASE("a search always names its objects and stays inside the grant", "[search]") {
    const auto all = twenty::searchable_objects(sample_access());
    const auto open = twenty::search_request(sample_access(), " ann \"lee\" ", all, 500);
    REQUIRE(open);
    const auto sent = body_of(*open);
    CHECK(sent.at("variables", "searchInput")->if_string()->compare("ann \"lee\"") == 0);
    CHECK(sent.text("query").find("limit:100,includedObjectNameSingulars:$in") !=
          std::string::npos);
    CHECK(sent.at("variables", "in")->if_array()->size() == all.size());

    const auto may = sample_access(twenty::mode::read, {"person"});
    CHECK(twenty::searchable_objects(may) ==
          std::vector<twenty::readable_object>{handed_out(sample_object("person"))});
    const auto both = twenty::search_request(
        may, "ann", {handed_out(sample_object("person")), handed_out(sample_object("company"))}, 5);
    REQUIRE(both);
    CHECK(*body_of(*both).at("variables", "in") == json::list({"person"}));
    for (const auto& none :
         {std::vector<twenty::readable_object>{handed_out(sample_object("company"))}, {}})
        CHECK(twenty::search_request(may, "ann", none, 5).failure().code == errc::not_allowed);
    CHECK(twenty::search_request(may, "  ", all, 5).failure().code == errc::bad_request);
}

// twenty-golden-2 search/011 (both words: CD 0.2), 013 (one of two: CD 0, rank 0.06), 010 (inside
// of a word: both 0).
TEST_CASE("hits that lack some of the words come after those that have all", "[search]") {
    const auto found = twenty::read_hits(
        answered(R"({"data":{"search":{"edges":[)" + hit("some", "0", "0.060792711") + "," +
                 hit("all", "0.2", "0.091189064") + "," + hit("inside", "0", "0") + "]}}}"));
    REQUIRE(found);
    REQUIRE(found->size() == 3);
    CHECK((*found)[0].id == "all");
    CHECK((*found)[1].id == "inside");
    CHECK((*found)[1].all_words);
    CHECK((*found)[2].id == "some");
    CHECK_FALSE((*found)[2].all_words);
    CHECK(twenty::read_hits(answered(R"({"data":{"search":{}}})")).failure().code ==
          errc::upstream_refused);
}

TEST_CASE("records of several objects are asked for by UUIDs alone", "[search]") {
    const std::string id = "20202020-b000-4485-94de-70c2a98daef2";
    const auto sent = body_of(twenty::several_records_request(
        {{handed_out(sample_object("person")), {id, "\"}}){x"}, "id"},
         {handed_out(sample_object("company")), {}, "id"}}));
    CHECK(sent.text("query") == "query{people(filter:{id:{in:[\"" + id +
                                    "\"]}},first:200){edges{node{id}}}"
                                    "companies(filter:{id:{in:[]}},first:200){edges{node{id}}}}");
}

TEST_CASE("seven to fifteen digits are a phone number, all else is sought as it is written",
          "[search]") {
    CHECK(twenty::search_words("123-4567") == "1234567");
    CHECK(twenty::search_words("123-456") == "123-456");
    CHECK(twenty::search_words("12345-6789012345") == "123456789012345");
    CHECK(twenty::search_words("12345-67890123456") == "12345-67890123456");
}

TEST_CASE("a search asks for one to a hundred hits, and a probe for fifteen objects", "[search]") {
    const auto limit = [](int wanted) {
        const auto sent = twenty::search_request(sample_access(), "ann",
                                                 {handed_out(sample_object("person"))}, wanted);
        REQUIRE(sent);
        const auto query = std::string(body_of(*sent).text("query"));
        const auto at = query.find("limit:") + 6;
        return query.substr(at, query.find(',', at) - at);
    };
    CHECK(limit(100) == "100");
    CHECK(limit(101) == "100");
    CHECK(limit(0) == "1");
    // A NUL would fail in Twenty's database.
    CHECK_FALSE(twenty::search_request(sample_access(), std::string_view("a\0b", 3),
                                       {handed_out(sample_object("person"))}, 5));
    const auto roots = [](std::size_t objects) {
        const std::vector<twenty::readable_object> all(objects,
                                                       handed_out(sample_object("person")));
        const auto query = std::string(body_of(twenty::probe_request(all)).text("query"));
        std::size_t count = 0;
        for (auto at = query.find("people("); at != query.npos; at = query.find("people(", at + 1))
            ++count;
        return count;
    };
    CHECK(roots(15) == 15);
    CHECK(roots(16) == 15);
}
