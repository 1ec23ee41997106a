#include "tests/demo/support.hpp"

#include "tests/support/catch.hpp"

namespace {

using demo::role;
using demo_test::desk;
using demo_test::graphql_error;

// The records of twenty-golden-2 search/003 to 006.
void add_recorded(desk& d) {
    const auto sent = [&d](std::string_view path, std::string body) {
        REQUIRE(d.send(role::full, "POST", std::string(path), std::move(body)).status == 201);
    };
    sent(
        "/rest/people",
        R"({"id":"a0210000-0000-4000-8000-000000000001","name":{"firstName":"Zqanna","lastName":"Zqmüller"},"emails":{"primaryEmail":"zqanna.mueller@zq-search.example","additionalEmails":["zq.second@zq-other.example"]},"jobTitle":"Zqhead of Optics","phones":{"primaryPhoneNumber":"+49 30 91827364"}})");
    sent(
        "/rest/people",
        R"({"id":"a0210000-0000-4000-8000-000000000002","name":{"firstName":"Zqbernd","lastName":"O'Zqneil-Smith"},"emails":{"primaryEmail":"zqbernd@zq-search.example"},"jobTitle":"Optics"})");
    sent("/rest/people",
         R"({"id":"a0210000-0000-4000-8000-000000000004","name":{"lastName":"Zqñandú"}})");
    sent(
        "/rest/companies",
        R"({"id":"a0210000-0000-4000-8000-000000000065","name":"Zqflint Optics","domainName":{"primaryLinkUrl":"https://zqflint-optics.example"}})");
    sent(
        "/rest/companies",
        R"({"id":"a0210000-0000-4000-8000-000000000066","name":"Zqflint & Söhne GmbH","domainName":{"primaryLinkUrl":"https://zqsoehne.example"}})");
    sent("/rest/opportunities",
         R"({"id":"a0210000-0000-4000-8000-0000000000c9","name":"Zqflint Optics return capsule"})");
    sent(
        "/rest/notes",
        R"({"id":"a0210000-0000-4000-8000-00000000012d","title":"Zqflint Partnership Opportunity","bodyV2":{"markdown":"The zqbodyword is only in the text, with Optics."}})");
}

json::value search(desk& d, std::string_view text, json::object more = {}, role who = role::full) {
    json::object variables;
    variables.append("s", text);
    for (auto& [name, v] : more)
        variables.append(name, std::move(v));
    if (!variables.find("l")) variables.append("l", 10);
    return d.graphql("query($s:String!,$l:Int!,$in:[String!],$ex:[String!],$f:"
                     "ObjectRecordFilterInput,$a:String){search(searchInput:$s,limit:$l,"
                     "includedObjectNameSingulars:$in,excludedObjectNameSingulars:$ex,filter:$f,"
                     "after:$a){edges{node{objectNameSingular label tsRank tsRankCD}cursor}"
                     "pageInfo{hasNextPage endCursor}}}",
                     std::move(variables), who);
}

json::object member_of(std::string name, json::value v) {
    json::object out;
    out.append(std::move(name), std::move(v));
    return out;
}

// "label tsRankCD tsRank" of each hit, in order.
std::vector<std::string> hits(const json::value& answer) {
    std::vector<std::string> out;
    const auto* edges = answer.at("data", "search", "edges");
    if (!edges || !edges->if_array()) return {"refused: " + graphql_error(answer, "message")};
    for (const auto& edge : *edges->if_array()) {
        const auto& node = *edge.find("node");
        out.push_back(std::string(node.text("label")) + " " + json::dump(*node.find("tsRankCD")) +
                      " " + json::dump(*node.find("tsRank")));
    }
    return out;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("search joins words by OR and ranks records that have all of them first", "[search]") {
    desk d;
    add_recorded(d);
    // twenty-golden-2 search/007, 011, 013, 048
    CHECK(hits(search(d, "ZQFLINT")) == list{"Zqflint Optics 0.2 0.12158542",
                                             "Zqflint & Söhne GmbH 0.1 0.06079271",
                                             "Zqflint Optics return capsule 0.1 0.06079271",
                                             "Zqflint Partnership Opportunity 0.1 0.06079271"});
    const auto both = hits(search(d, "zqflint optics"));
    REQUIRE(both.size() == 6);
    CHECK(both[0] == "Zqflint Optics 0.2 0.091189064");
    CHECK(both[1] == "Zqflint Optics return capsule 0.1 0.06079271");
    CHECK(both[2] == "Zqflint Partnership Opportunity 0.009090909 0.06079271");
    CHECK(both[3] == "Zqanna Zqmüller 0 0.030396355");
    CHECK(hits(search(d, "zqflint zqnosuchword"))[0] == "Zqflint Optics 0 0.06079271");
    CHECK(hits(search(d, "zqflint zqbodyword"))[0] ==
          "Zqflint Partnership Opportunity 0.025 0.06079271");
}

TEST_CASE("search folds accents and looks inside words where no word begins so", "[search]") {
    desk d;
    add_recorded(d);
    // search/010, 027, 037, 038, 040
    CHECK(hits(search(d, "qflint")) == list{"Zqflint Optics 0 0", "Zqflint & Söhne GmbH 0 0",
                                            "Zqflint Optics return capsule 0 0",
                                            "Zqflint Partnership Opportunity 0 0"});
    CHECK(hits(search(d, "91827364")) == list{"Zqanna Zqmüller 0 0"});
    CHECK(hits(search(d, "zqmuller")) == list{"Zqanna Zqmüller 0.1 0.06079271"});
    CHECK(hits(search(d, "zqmueller")).empty());
    CHECK(hits(search(d, "zqnandu")) == list{" Zqñandú 0.1 0.06079271"});
}

TEST_CASE("search finds phones, addresses and domains in the forms that Twenty indexes",
          "[search]") {
    desk d;
    add_recorded(d);
    // search/021, 023 to 025, 029 to 035
    for (const auto* text :
         {"+493091827364", "03091827364", "3091827364", "zqanna.mueller@zq-search.example",
          "ZQANNA.MUELLER", "zq.second@zq-other.example"})
        CHECK(hits(search(d, text)) == list{"Zqanna Zqmüller 0.1 0.06079271"});
    CHECK(hits(search(d, "0049-30-91827364")).empty());
    CHECK(hits(search(d, "zq-search.example")).size() == 2);
    CHECK(hits(search(d, "https://zqflint-optics.example")) ==
          list{"Zqflint Optics 0.1 0.06079271"});
}

TEST_CASE("search takes limits, cursors, objects and filters as Twenty does", "[search]") {
    desk d;
    add_recorded(d);
    // search/058 to 066, 069, 074, 076, 077, 103
    CHECK(hits(search(d, "zqflint", member_of("l", 101))) ==
          list{"refused: Limit cannot exceed 100 items"});
    CHECK(hits(search(d, "zqflint", member_of("l", 0))).empty());
    CHECK(hits(search(d, "zqflint", member_of("l", -1))).empty());
    CHECK(hits(search(d, "zqflint", member_of("a", "abc"))) ==
          list{"refused: Invalid cursor: abc"});
    const auto first = search(d, "zqflint", member_of("l", 2));
    CHECK(first.at("data", "search", "pageInfo")->flag("hasNextPage"));
    const auto second = search(
        d, "zqflint", member_of("a", *first.at("data", "search", "pageInfo")->find("endCursor")));
    CHECK(hits(second).front() == "Zqflint Optics return capsule 0.1 0.06079271");
    CHECK(hits(second).size() == 2);
    CHECK(hits(search(d, "zqflint", member_of("in", json::list({"nosuch"})))).empty());
    CHECK(hits(search(d, "zqflint", member_of("in", json::list({"note"})))).size() == 1);
    CHECK(hits(search(d, "zqflint", member_of("ex", json::list({"company"})))).size() == 2);
    const auto ids = json::list({"a0210000-0000-4000-8000-000000000065"});
    const auto by_id = json::make({{"id", json::make({{"in", ids}})}});
    CHECK(hits(search(d, "zqflint", member_of("f", by_id))).size() == 1);
    const auto wrong = json::make({{"deletedAt", json::make({{"is", "NULL"}})}});
    CHECK(hits(search(d, "zqflint", member_of("f", wrong))) ==
          list{"refused: Value \"NULL\" does not exist in \"FilterIs\" enum. Did you mean the enum "
               "value \"Null\"?"});
}

TEST_CASE("one object that a key may not read takes the whole search with it", "[search]") {
    desk d;
    add_recorded(d);
    // search/083 to 086, 091, 100, 107
    const list refused{"refused: Entity performing the request does not have permission"};
    for (const auto who : {role::read_only, role::limited, role::rw_nodestroy}) {
        CHECK(hits(search(d, "zqflint", {}, who)) == refused);
        CHECK(hits(search(d, "zqflint", member_of("in", json::list({"company"})), who)).size() ==
              2);
    }
    const auto few = member_of("in", json::list({"company", "opportunity"}));
    CHECK(hits(search(d, "zqflint", few, role::limited)) == refused);
    CHECK(hits(search(d, "zqflint", few, role::read_only)).size() == 3);
    CHECK(hits(search(d, "zqflint", member_of("ex", json::list({"workspaceMember"})),
                      role::read_only)) == refused);
    CHECK(hits(search(d, "zqflint", member_of("ex", json::list({"workflow"})), role::read_only))
              .size() == 4);
}
