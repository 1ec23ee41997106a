#include "metrics/metrics.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace {

using metrics::id;

bool has_line(const std::string& text, const std::string& line) {
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);)
        if (one == line) return true;
    return false;
}

} // namespace

TEST_CASE("the table has a row for each metric, in the order of their ids", "[metrics]") {
    const auto& rows = metrics::table();
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(rows[i].name);
        CHECK(static_cast<std::size_t>(rows[i].what) == i);
        CHECK(&metrics::row_of(rows[i].what) == &rows[i]);
        CHECK(names.insert(rows[i].name).second);
        CHECK(rows[i].help.ends_with('.'));
        const bool total = rows[i].name.ends_with("_total");
        CHECK(total == (rows[i].how == metrics::kind::counter));
        CHECK(rows[i].bounds.empty() == (rows[i].how != metrics::kind::histogram));
        CHECK(std::ranges::is_sorted(rows[i].bounds));
    }
    CHECK(static_cast<std::size_t>(id::start_time) + 1 == rows.size());
}

TEST_CASE("what was counted and observed is told in Prometheus' form", "[metrics]") {
    metrics::count(id::limited, {"consent"});
    metrics::count(id::limited, {"consent"}, 2);
    metrics::observe(id::mcp_operation, {"tools/call", "find_records", ""}, 0.003);
    metrics::observe(id::mcp_operation, {"tools/call", "find_records", "not_found"}, 0.2);
    const auto text = metrics::text();
    CHECK(has_line(text, "# TYPE twenty_mcp_limited_total counter"));
    CHECK(has_line(text, R"(twenty_mcp_limited_total{limit="consent"} 3)"));
    // An empty label is not there.
    CHECK(has_line(text, R"(mcp_server_operation_duration_seconds_bucket{)"
                         R"(gen_ai_tool_name="find_records",mcp_method_name="tools/call",)"
                         R"(le="0.005"} 1)"));
    CHECK(has_line(text, R"(mcp_server_operation_duration_seconds_count{)"
                         R"(error_type="not_found",gen_ai_tool_name="find_records",)"
                         R"(mcp_method_name="tools/call"} 1)"));
    CHECK(metrics::value(id::limited, {"consent"}) == 3);
}

TEST_CASE("a metric has no more series than its bound, whatever its labels are", "[metrics]") {
    for (std::size_t i = 0; i < metrics::most_series + 50; ++i)
        metrics::count(id::audit_events, {"made up " + std::to_string(i)});
    const auto text = metrics::text();
    std::size_t series = 0;
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);)
        series += one.starts_with("twenty_mcp_audit_events_total{") ? 1U : 0U;
    CHECK(series == metrics::most_series + 1);
    CHECK(has_line(text, R"(twenty_mcp_audit_events_total{kind="other"} 50)"));
}

TEST_CASE("a number that is looked up is shown while its owner lives, and equal ones add up",
          "[metrics]") {
    double size = 3;
    {
        const metrics::sampled first(id::mcp_sessions, {}, [&] { return size; });
        const metrics::sampled second(id::mcp_sessions, {}, [] { return 4.0; });
        CHECK(has_line(metrics::text(), "twenty_mcp_sessions 7"));
        size = 1;
        CHECK(has_line(metrics::text(), "twenty_mcp_sessions 5"));
    }
    CHECK(has_line(metrics::text(), "twenty_mcp_sessions 5")); // as it was last
    const metrics::sampled dropped(id::log_dropped, {}, [] { return 12.0; });
    CHECK(has_line(metrics::text(), "twenty_mcp_log_lines_dropped_total 12"));
    CHECK(has_line(metrics::text(), "twenty_mcp_log_lines_dropped_total 12"));
}

TEST_CASE("a value with quotes, breaks and backslashes stays one label", "[metrics]") {
    metrics::count(id::actor_restarts, {"a\"b\\c\nd"});
    CHECK(has_line(metrics::text(), R"(twenty_mcp_actor_restarts_total{actor="a\"b\\c\nd"} 1)"));
}

TEST_CASE("a counter keeps what a part has counted that was started again", "[metrics]") {
    const auto at = [](double n) { return [n] { return n; }; };
    {
        const metrics::sampled first(id::bearer_lookups, {"hit"}, at(5));
        CHECK(has_line(metrics::text(), R"(twenty_mcp_token_lookups_total{result="hit"} 5)"));
    }
    const metrics::sampled second(id::bearer_lookups, {"hit"}, at(2));
    CHECK(has_line(metrics::text(), R"(twenty_mcp_token_lookups_total{result="hit"} 7)"));
    CHECK(has_line(metrics::text(), R"(twenty_mcp_token_lookups_total{result="hit"} 7)"));
}
