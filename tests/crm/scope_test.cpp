// The connection's scope in requests that no caller wrote a filter for.
#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

using mcp_test::acme;
using mcp_test::script;

namespace {

const std::set<std::string> limited{"company", "timelineActivity", "workspaceMember"};

} // namespace

TEST_CASE("a list that is included with a record is read under the grant's scope", "[scope]") {
    script s(twenty::mode::read, limited);
    s.schema = support::stock_schema();
    const twenty::access may(twenty::mode::read, limited, *s.schema);
    const auto of = may.by_singular("timelineActivity");
    REQUIRE(of);
    REQUIRE_FALSE(of->scope().is_null());
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
    s.answers(R"({"data":{"timelineActivities":{"totalCount":0,"edges":[]}}})");
    const auto r = s.call("get_record", std::string(R"({"objectName":"company","id":")") + acme +
                                            R"(","include":["timeline"]})");
    INFO(r.text);
    REQUIRE(s.sent().size() == 2);
    CHECK(json::dump(s.variables(1)).find(json::dump(of->scope())) != std::string::npos);
    CHECK(json::dump(s.variables(1)).find(acme) != std::string::npos);
}

TEST_CASE("what a member did is no list of a limited connection", "[scope]") {
    for (const bool open : {true, false}) {
        INFO(open);
        script s(twenty::mode::read, open ? std::nullopt : std::optional(limited));
        s.schema = support::stock_schema();
        const twenty::access may(twenty::mode::read, open ? std::nullopt : std::optional(limited),
                                 *s.schema);
        bool found = false;
        for (const auto* f : may.fields(*may.by_singular("workspaceMember")))
            for (const auto* r : may.relations(*f))
                found = found || (r->target_object == "timelineActivity" &&
                                  r->kind == twenty::relation_kind::one_to_many);
        CHECK(found == open);
    }
}
