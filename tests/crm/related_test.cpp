#include "crm/related.hpp"

#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"
#include "tests/support/catch.hpp"

using crm_test::company;
using crm_test::reads_all;
using crm_test::schema;

namespace {

json::value with_people(int given, json::value counted) {
    json::array edges;
    for (int i = 0; i < given; ++i)
        edges.push_back(json::make({{"node", json::make({{"id", i}})}}));
    return json::make(
        {{"id", "1"},
         {"people", json::make({{"totalCount", std::move(counted)}, {"edges", edges}})}});
}

} // namespace

TEST_CASE("depth 1 shows what the grant may follow, without Twenty's bookkeeping", "[related]") {
    const auto shown = crm::to_many_of(company, reads_all());
    CHECK(shown.names == std::vector<std::string>{"people", "noteTargets"});
    REQUIRE(shown.links.size() == 1);
    CHECK(shown.links.front().shown_as == "notes");
    const twenty::access only(twenty::mode::read, std::set<std::string>{"company", "person"},
                              schema);
    CHECK(crm::to_many_of(company, only).names == std::vector<std::string>{"people"});
}

TEST_CASE("a list keeps its first records and tells what is missing", "[related]") {
    struct row {
        int given;
        json::value counted;
        std::size_t total; // 0: everything is shown
        bool or_more;
    };
    for (const auto& r : {row{3, 3, 0, false}, row{10, 10, 0, false}, row{11, 11, 11, false},
                          row{10, 25, 25, false}, row{12, nullptr, 12, false},
                          row{60, 60, 60, true}, row{60, 150, 150, false}}) {
        INFO(r.given << " " << json::dump(r.counted));
        auto record = with_people(r.given, r.counted);
        const auto lists = crm::shorten_lists(record, company, reads_all(), 10);
        const auto left = record.at("people", "edges")->if_array()->size();
        CHECK(left == static_cast<std::size_t>(std::min(r.given, 10)));
        REQUIRE(lists.size() == (r.total ? 1 : 0));
        if (!r.total) continue;
        CHECK(lists.front().total == r.total);
        CHECK(lists.front().or_more == r.or_more);
        CHECK(lists.front().object == "person");
        CHECK(lists.front().join == "companyId");
    }
}

TEST_CASE("what is no to-many list stays as it is", "[related]") {
    auto record = json::make({{"id", "1"}, {"people", nullptr}, {"name", "Acme"}});
    const auto before = record;
    CHECK(crm::shorten_lists(record, company, reads_all(), 10).empty());
    CHECK(record == before);
}
