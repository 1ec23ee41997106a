// A role that only reads may write some of Twenty's own objects all the same: twenty-golden-2
// ui-only/037 to 068. So what a connection may write is never left to the role.
#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"
#include "twenty/names.hpp"

using mcp_test::ada;
using mcp_test::script;

TEST_CASE("a read connection writes none of the objects that a reading role may write in Twenty",
          "[read_only]") {
    for (const auto* name :
         {"attachment", "calendarEvent", "calendarEventParticipant", "message", "messageThread",
          "messageParticipant", "timelineActivity", "noteTarget", "taskTarget"}) {
        script s(twenty::mode::read);
        s.schema = support::stock_schema();
        const auto* of = (*s.schema)->by_singular(name);
        REQUIRE(of);
        INFO(name);
        for (const auto* tool : {"create_record", "update_record", "delete_record",
                                 "restore_record", "run_graphql_mutation"}) {
            json::object arguments;
            if (tool == std::string_view("run_graphql_mutation")) {
                arguments.append("endpoint", "graphql");
                arguments.append("query", "mutation{" + twenty::mutation_one("destroy", *of) +
                                              "(id:\"" + ada + "\"){id}}");
            } else {
                arguments.append("objectName", name);
                arguments.append("id", ada);
                arguments.append("data", json::object());
            }
            const auto a = s.send(
                "tools/call", json::make({{"name", tool}, {"arguments", std::move(arguments)}}));
            CHECK(a.http_status == 403);
        }
        for (const auto* verb : {"create", "update", "delete", "restore", "destroy"}) {
            const auto given = std::string(verb) == "create" ? std::string("data:{}")
                                                             : "id:\"" + std::string(ada) + "\"";
            const auto document =
                "mutation{" + twenty::mutation_one(verb, *of) + "(" + given + "){id}}";
            INFO(document);
            const auto r =
                s.call("run_graphql",
                       json::dump(json::make({{"endpoint", "graphql"}, {"query", document}})));
            INFO(r.text);
            CHECK(r.code() == "not_allowed");
        }
        CHECK(s.sent().empty());
    }
}
