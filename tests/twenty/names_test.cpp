#include "twenty/names.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/graphql.hpp"
#include "twenty/query.hpp"

namespace {

// [name, camelCase, pascalCase], as lodash 4.18.1 (camelCase, upperFirst) makes them.
const json::array& table() {
    static const json::value read = *json::parse(support::read_text_file(
        std::string(TWENTY_MCP_SOURCE_DIR) + "/tests/twenty/fixtures/names.json"));
    return *read.if_array();
}

// The sample workspace with the awkwardly named object that a workspace may have.
twenty::access access_with(std::string singular, std::string plural) {
    auto objects = support::sample_schema()->objects();
    auto o = *support::sample_schema()->by_singular("company");
    o.name_singular = std::move(singular);
    o.name_plural = std::move(plural);
    objects.push_back(std::move(o));
    return {twenty::mode::write, std::nullopt,
            std::make_shared<const twenty::schema>("w", "w", std::move(objects))};
}

std::string document_of(const twenty::request& r) {
    return std::string(json::parse(r.body)->text("query"));
}

} // namespace

TEST_CASE("names of roots and types are made as Twenty makes them", "[names]") {
    REQUIRE(table().size() >= 200);
    for (const auto& row : table()) {
        const auto& one = *row.if_array();
        const auto name = *one[0].if_string();
        INFO(name);
        CHECK(twenty::camel_case(name) == *one[1].if_string());
        CHECK(twenty::pascal_case(name) == *one[2].if_string());
    }
}

// The names of object b2bLead are those that a Twenty 2.19 server lists for it.
TEST_CASE("the roots of an object with a digit in its name are those that Twenty has", "[names]") {
    const auto may = access_with("b2bLead", "b2bLeads");
    const auto& of = *may.schema().by_singular("b2bLead");
    CHECK(twenty::root_one(of) == "b2BLead");
    CHECK(twenty::root_many(of) == "b2BLeads");
    CHECK(twenty::root_groups(of) == "b2BLeadsGroupBy");
    CHECK(twenty::root_duplicates(of) == "b2BLeadDuplicates");
    CHECK(twenty::mutation_one("create", of) == "createB2BLead");
    CHECK(twenty::mutation_many("create", of) == "createB2BLeads");
    CHECK(twenty::type_name(of) == "B2BLead");
    CHECK(twenty::type_name(of, "CreateInput") == "B2BLeadCreateInput");
}

TEST_CASE("requests for any object name Twenty's own roots, and the document policy knows them",
          "[names]") {
    const std::string id = "20202020-b000-4485-94de-70c2a98daef2";
    const auto may = access_with("b2bLead", "b2bLeads");
    const auto of = may.as_writable(*may.schema().by_singular("b2bLead")).value();
    const auto filter = json::make({{"name", json::make({{"eq", "x"}})}});
    twenty::page page;
    page.filter = filter;
    twenty::aggregation counted;
    counted.filter = filter;
    counted.group_by.push_back({"name", ""});
    const auto groups = twenty::prepare_aggregate(of, may, counted);
    REQUIRE(groups.ok());
    CHECK(groups->root == "b2BLeadsGroupBy");
    struct row {
        twenty::request sent;
        std::string root;
        std::string type;
    };
    const row rows[] = {
        {twenty::find_request(of, "id", page), "{b2BLeads(", "B2BLeadFilterInput"},
        {twenty::count_request(of, filter), "{b2BLeads(", "B2BLeadFilterInput"},
        {*twenty::get_request(of, id, "id"), "{b2BLead(", ""},
        {*twenty::create_request(of, id, {}, "id"), "{createB2BLead(", "B2BLeadCreateInput!"},
        {*twenty::create_many_request(of, {}, "id"), "{createB2BLeads(", "[B2BLeadCreateInput!]!"},
        {*twenty::update_request(of, id, {}, "id"), "{updateB2BLead(", "B2BLeadUpdateInput!"},
        {*twenty::delete_request(of, id), "{deleteB2BLead(", ""},
        {*twenty::restore_request(of, id, "id"), "{restoreB2BLead(", ""},
        {groups->request, "{b2BLeadsGroupBy(", "[B2BLeadGroupByInput!]!"},
    };
    for (const auto& r : rows) {
        const auto document = document_of(r.sent);
        INFO(document);
        CHECK(document.find(r.root) != std::string::npos);
        CHECK(document.find(r.type) != std::string::npos);
        CHECK(document.find("b2b") == std::string::npos);
        CHECK(document.find("B2b") == std::string::npos);
    }
    for (const auto* document :
         {"{b2BLeads{totalCount __typename}}", "{b2BLead(filter:{id:{eq:\"x\"}}){id}}"})
        CHECK(twenty::graphql_request(may, twenty::graphql_tool::query, twenty::endpoint::records,
                                      document, {}));
    CHECK_FALSE(twenty::graphql_request(may, twenty::graphql_tool::query, twenty::endpoint::records,
                                        "{b2bLeads{totalCount}}", {}));
}
