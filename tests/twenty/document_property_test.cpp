// What holds for every GraphQL document, tried on some thousand generated ones.
#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/twenty/document_author.hpp"
#include "twenty/access.hpp"

using support::document_author;
using support::sample_schema;
using twenty::graphql_tool;
using twenty::mode;

namespace {

constexpr std::uint64_t documents = 4'000;

// One object in three, at least one.
std::set<std::string> some_objects(std::uint64_t seed) {
    std::mt19937_64 random(seed * 2 + 1);
    std::set<std::string> out;
    const auto& all = sample_schema()->objects();
    while (out.empty())
        for (const auto& o : all)
            if (random() % 3 == 0) out.insert(o.name_singular);
    return out;
}

std::set<std::string> every_object() {
    std::set<std::string> out;
    for (const auto& o : sample_schema()->objects())
        out.insert(o.name_singular);
    return out;
}

result<twenty::request> judge(const twenty::access& may, graphql_tool tool,
                              const std::string& document, const json::value& variables) {
    return twenty::graphql_request(may, tool, twenty::endpoint::records, document, variables);
}

std::string reason(const result<twenty::request>& r) {
    return r ? "accepted" : r.failure().message;
}

} // namespace

TEST_CASE("a limited connection runs exactly the queries that touch its objects alone",
          "[document_property][plan-106]") {
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (std::uint64_t seed = 0; seed < documents; ++seed) {
        const auto allowed = some_objects(seed);
        document_author author(seed, *sample_schema(), allowed);
        const auto document = author.query();
        const auto variables = author.variables();
        const twenty::access may(mode::write, allowed, sample_schema());
        const auto judged = judge(may, graphql_tool::query, document, variables);
        INFO("seed " << seed << ": " << document << " " << json::dump(variables));
        INFO(reason(judged));
        CHECK(judged.ok() == !author.forbidden());
        if (!judged) {
            ++refused;
            continue;
        }
        ++accepted;
        // Twenty gets the very document that was judged.
        const auto body = json::parse(judged->body).value();
        CHECK(body.text("query") == document);
        CHECK_FALSE(judged->is_write);
    }
    CHECK(accepted > documents / 10);
    CHECK(refused > documents / 10);
}

TEST_CASE("a limited connection runs exactly the mutations that touch its objects alone",
          "[document_property]") {
    std::size_t accepted = 0;
    for (std::uint64_t seed = 0; seed < documents; ++seed) {
        const auto allowed = some_objects(seed);
        document_author author(seed, *sample_schema(), allowed);
        const auto document = author.mutation();
        const auto variables = author.variables();
        const twenty::access may(mode::write, allowed, sample_schema());
        const auto judged = judge(may, graphql_tool::mutation, document, variables);
        INFO("seed " << seed << ": " << document << " " << json::dump(variables));
        INFO(reason(judged));
        CHECK(judged.ok() == !author.forbidden());
        if (judged) {
            ++accepted;
            CHECK(judged->is_write);
        }
    }
    CHECK(accepted > documents / 10);
}

TEST_CASE("a read-only connection runs every query, and no mutation by any tool",
          "[document_property]") {
    const auto all = every_object();
    const twenty::access may(mode::read, std::nullopt, sample_schema());
    for (std::uint64_t seed = 0; seed < documents; ++seed) {
        document_author reader(seed, *sample_schema(), all);
        const auto query = reader.query();
        INFO("seed " << seed << ": " << query);
        const auto read = judge(may, graphql_tool::query, query, reader.variables());
        INFO(reason(read));
        CHECK(read.ok());
        CHECK_FALSE(judge(may, graphql_tool::mutation, query, reader.variables()));

        document_author writer(seed, *sample_schema(), all);
        const auto mutation = writer.mutation();
        INFO(mutation);
        for (const auto tool : {graphql_tool::query, graphql_tool::mutation})
            CHECK_FALSE(judge(may, tool, mutation, writer.variables()));
        // Beside a query, or with its first word taken away, it is one no less.
        for (const auto& smuggled :
             {"query A{people{totalCount}} " + mutation, mutation + " query A{people{totalCount}}",
              "query" + mutation.substr(8), mutation.substr(8)})
            for (const auto tool : {graphql_tool::query, graphql_tool::mutation})
                CHECK_FALSE(judge(may, tool, smuggled, writer.variables()));
    }
}
