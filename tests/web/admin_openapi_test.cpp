// The document and the table say the same, and the table is whole.
#include "tests/web/admin_fixture.hpp"

#include "primer/lint_rules.hpp"
#include "web/admin_openapi.hpp"

#include <set>

using namespace endpoint_test;
using location = web::admin_parameter::location;

namespace {

std::string lower(std::string_view method) { return text::lower(method); }

} // namespace

TEST_CASE("every row of the admin API is whole, and no two are alike", "[admin_openapi]") {
    std::set<std::string> ids;
    std::set<std::string> routes;
    for (const auto& row : web::admin_operations()) {
        INFO(row.method << ' ' << row.path);
        CHECK(row.answer != nullptr);
        CHECK_FALSE(row.summary.empty());
        CHECK_FALSE(row.answers.empty());
        CHECK(ids.insert(std::string(row.id)).second);
        CHECK(routes.insert(std::string(row.method) + " " + std::string(row.path)).second);
        CHECK(web::find_admin_route(row.method, example_path(row)).operation == &row);
        std::set<std::string_view> names;
        bool in_path = false;
        bool in_body = false;
        for (const auto& p : row.parameters) {
            CHECK(names.insert(p.name).second);
            CHECK_FALSE(p.meaning.empty());
            in_path = in_path || p.in == location::path;
            in_body = in_body || p.in == location::body;
            if (p.in == location::path)
                CHECK(row.path.find("{" + std::string(p.name) + "}") != std::string_view::npos);
        }
        CHECK(in_path == (row.path.find('{') != std::string_view::npos));
        CHECK(in_body == (row.body == web::admin_body::json));
    }
}

TEST_CASE("the document has every kind of finding of a primer, no more", "[admin_openapi]") {
    endpoints e;
    const auto document = body_of(get(e, "/admin/openapi.json"));
    const auto& named = *document
                             .at("components", "schemas", "PrimerFindings", "properties",
                                 "findings", "items", "properties", "kind", "enum")
                             ->if_array();
    REQUIRE(named.size() == primer::lint_kinds);
    for (std::size_t at = 0; at < named.size(); ++at)
        CHECK(*named[at].if_string() == primer::name_of(static_cast<primer::lint_kind>(at)));
}

TEST_CASE("the document has every row, every parameter and every answer of the table, no more",
          "[admin_openapi]") {
    endpoints e;
    const auto served = get(e, "/admin/openapi.json");
    CHECK(header(served, "Content-Type") == "application/json");
    const auto document = body_of(served);
    CHECK(document.text("openapi") == "3.1.0");
    CHECK(document.at("servers")->if_array()->at(0).text("url") == public_url);
    std::size_t operations = 0;
    for (const auto& [path, item] : *document.find("paths")->if_object())
        operations += item.if_object()->size();
    CHECK(operations == web::admin_operations().size());

    for (const auto& row : web::admin_operations()) {
        INFO(row.method << ' ' << row.path);
        const auto method = lower(row.method);
        const auto* found = document.at("paths", row.path, std::string_view(method));
        REQUIRE(found);
        CHECK(found->text("operationId") == row.id);
        CHECK(found->text("summary") == row.summary);
        const auto* body =
            found->at("requestBody", "content", "application/json", "schema", "properties");
        CHECK((body != nullptr) == (row.body == web::admin_body::json));
        std::size_t listed = 0;
        for (const auto& p : row.parameters) {
            INFO(p.name);
            if (p.in == location::body)
                CHECK(body->find(p.name)->text("description") == p.meaning);
            else
                CHECK(found->find("parameters")->if_array()->at(listed++).text("name") == p.name);
        }
        CHECK(found->find("parameters")->if_array()->size() == listed);
        for (const auto& answer : row.answers) {
            const auto* described = found->at("responses", std::to_string(answer.status));
            REQUIRE(described);
            CHECK(described->text("description") == answer.meaning);
        }
        CHECK(found->at("responses", "401") != nullptr);
    }
}

TEST_CASE("every schema is JSON and used, and every reference leads somewhere", "[admin_openapi]") {
    const auto text = web::admin_openapi(public_url);
    for (const auto& schema : web::admin_schemas()) {
        INFO(schema.name);
        CHECK(json::parse(schema.json).ok());
        CHECK(contains(text, "\"#/components/schemas/" + std::string(schema.name) + "\""));
    }
    for (const auto& row : web::admin_operations())
        for (const auto& answer : row.answers)
            if (!answer.schema.empty())
                CHECK(std::ranges::count(web::admin_schemas(), answer.schema,
                                         &web::admin_schema::name) == 1);
}

TEST_CASE("the index lists what the table holds", "[admin_openapi]") {
    endpoints e;
    const auto index = body_of(get(e, "/admin"));
    const auto& listed = *index.find("endpoints")->if_array();
    REQUIRE(listed.size() == web::admin_operations().size());
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto& row = web::admin_operations()[i];
        CHECK(listed[i].text("method") == row.method);
        CHECK(listed[i].text("path") == row.path);
        CHECK(listed[i].text("summary") == row.summary);
    }
}
