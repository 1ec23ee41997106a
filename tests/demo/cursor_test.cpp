#include "demo/ordering.hpp"

#include "base/text.hpp"
#include "tests/demo/support.hpp"
#include "tests/support/catch.hpp"

#include <set>

namespace {

using demo_test::desk;

struct walked {
    std::size_t pages = 0;
    std::size_t rows = 0;
    std::set<std::string> seen;
};

// Pages through all people as a client would that trusts the cursors.
walked walk_through(desk& d, const std::string& order, const std::string& node,
                    std::size_t most_pages) {
    walked out;
    std::string after;
    while (out.pages < most_pages) {
        const auto answer =
            d.graphql("query($a:String){people(first:50,orderBy:" + order +
                          (after.empty() ? "" : ",after:$a") +
                          "){pageInfo{hasNextPage endCursor} edges{node{" + node + "}}}}",
                      json::make({{"a", after}}));
        const auto* people = answer.at("data", "people");
        if (!people || !people->find("edges")) break;
        ++out.pages;
        for (const auto& edge : *people->find("edges")->if_array()) {
            ++out.rows;
            out.seen.emplace(edge.at("node", "id")->if_string()->data());
        }
        if (!people->find("pageInfo")->flag("hasNextPage")) break;
        after = people->find("pageInfo")->text("endCursor");
    }
    return out;
}
constexpr std::size_t people = 230;

std::string decoded(std::string_view cursor) { return text::base64_decode(cursor).value_or("?"); }

} // namespace

TEST_CASE("paging by id or by a time that is never null reaches every record once", "[cursor]") {
    desk d;
    for (const std::string order :
         {"[]", "[{createdAt:DescNullsLast}]", "[{position:AscNullsFirst}]"}) {
        const auto w = walk_through(d, order, "id createdAt position", 20);
        INFO(order);
        CHECK(w.rows == people);
        CHECK(w.seen.size() == people);
    }
}

TEST_CASE("paging by a nullable field loses records", "[cursor]") {
    desk d;
    const auto w =
        walk_through(d, "[{performanceRating:AscNullsFirst}]", "id performanceRating", 20);
    CHECK(w.seen.size() < people);
    CHECK(w.pages == 2); // the second one is empty
    CHECK(w.rows == 50);
}

TEST_CASE("paging by a related field repeats and loses records", "[cursor]") {
    desk d;
    const auto w = walk_through(d, "[{company:{name:AscNullsLast}}]", "id", 20);
    CHECK(w.rows != w.seen.size());
}

TEST_CASE("paging by descending id pages the wrong way round", "[cursor]") {
    desk d;
    const auto w = walk_through(d, "[{id:DescNullsLast}]", "id", 20);
    CHECK(w.pages == 2);
    CHECK(w.seen.size() == 50);
}

TEST_CASE("a cursor holds only the sort fields that were selected", "[cursor]") {
    desk d;
    const auto cursor = [&](const std::string& node) {
        const auto answer =
            d.graphql("{people(first:1,orderBy:[{createdAt:DescNullsLast}]){pageInfo{endCursor} "
                      "edges{node{" +
                      node + "}}}}");
        return decoded(answer.at("data", "people", "pageInfo")->text("endCursor"));
    };
    CHECK(cursor("id createdAt").starts_with("{\"createdAt\":\"2026-"));
    CHECK(cursor("id").starts_with("{\"id\":"));
    CHECK(cursor("name{firstName}").starts_with("{\"id\":"));
}

TEST_CASE("a cursor that is none, or two at once, are refused", "[cursor]") {
    desk d;
    CHECK(demo_test::graphql_error(d.graphql("{people(after:\"garbage\"){totalCount}}"),
                                   "subCode") == "INVALID_CURSOR");
    CHECK(demo_test::graphql_error(d.graphql("{people(after:\"a\",before:\"b\"){totalCount}}"),
                                   "message") == "Cannot provide both before and after");
    CHECK(demo_test::graphql_error(d.graphql("{people(first:-1){totalCount}}"), "subCode") ==
          "INVALID_ARGS_FIRST");
}

TEST_CASE("paging backwards answers the rows before the cursor in their order", "[cursor]") {
    desk d;
    const auto first = d.graphql("{people(first:3){edges{cursor node{id}}}}");
    const auto third = demo_test::item(first.at("data", "people", "edges"), 2);
    const auto back = d.graphql("query($b:String){people(last:5,before:$b){edges{node{id}}}}",
                                json::make({{"b", third.text("cursor")}}));
    const auto* edges = back.at("data", "people", "edges");
    REQUIRE(edges);
    CHECK(edges->if_array()->size() == 2);
    CHECK(demo_test::item(edges, 0) ==
          json::make(
              {{"node", *demo_test::item(first.at("data", "people", "edges"), 0).find("node")}}));
}

TEST_CASE("first:1000 is not cut, and without it a page has 200 records", "[cursor]") {
    desk d;
    const auto size = [&](const std::string& args) {
        return d.graphql("{people" + args + "{edges{node{id}}}}")
            .at("data", "people", "edges")
            ->if_array()
            ->size();
    };
    CHECK(size("(first:1000)") == people);
    CHECK(size("") == 200);
    CHECK(size("(first:0)") == 0);
    CHECK(d.get("/rest/people").at("data", "people")->if_array()->size() == 60);
    CHECK(d.get("/rest/people?limit=1000").at("data", "people")->if_array()->size() == 200);
}
