#include "mcp/columns.hpp"

#include "tests/mcp/support/script.hpp"
#include "tests/support/catch.hpp"

namespace {

using names = std::vector<std::string>;

twenty::access all() { return {twenty::mode::read, std::nullopt, mcp_test::sample_schema()}; }

} // namespace

TEST_CASE("a page shows the name, what identifies and what is recent when nothing is asked") {
    const auto may = all();
    CHECK(mcp::list_fields(*may.schema().by_singular("person"), may) ==
          names{"id", "name", "emails.primaryEmail", "company", "jobTitle", "city", "updatedAt"});
}

TEST_CASE("composites and to-one relations are split into columns, nothing else is") {
    const auto may = all();
    CHECK(mcp::split_paths(*may.schema().by_singular("person"), may) ==
          std::set<std::string>{"name", "emails", "company", "company.domainName"});
    const twenty::access only(twenty::mode::read, std::set<std::string>{"person"},
                              mcp_test::sample_schema());
    CHECK(mcp::split_paths(*only.schema().by_singular("person"), only) ==
          std::set<std::string>{"name", "emails"});
}

TEST_CASE("names come as a list or as one line") {
    const auto list = json::list({"a", " b ", "", 5});
    const json::value line = "a, b,,";
    CHECK(mcp::name_list(&list) == names{"a", "b"});
    CHECK(mcp::name_list(&line) == names{"a", "b"});
    CHECK(mcp::name_list(nullptr).empty());
}
