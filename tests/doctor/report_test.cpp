#include "doctor/report.hpp"

#include "tests/support/catch.hpp"

using namespace doctor;

namespace {

// Of an address at which nobody listens: everything but the first rows is held back.
std::unique_ptr<examination> of_nobody() {
    settings given;
    given.where = *read_target("http://127.0.0.1:1/mcp");
    given.timeout = std::chrono::milliseconds(500);
    return *examination::create(std::move(given));
}

const row& named(const report& r, std::string_view name) {
    for (const auto& one : r.rows)
        if (one.of->name == name) return one;
    FAIL(name);
    return r.rows.front();
}

report run(const std::function<bool()>& stop = [] { return false; }) {
    const auto e = of_nobody();
    return examine(*e, stop, [](const row&) {});
}

} // namespace

TEST_CASE("a target is an origin, with or without /mcp, and nothing else", "[report]") {
    for (const auto given : {"https://mcp.example.com", "https://MCP.example.com/",
                             "https://mcp.example.com:443/mcp", "https://mcp.example.com/mcp/"}) {
        const auto read = read_target(given);
        REQUIRE(read);
        CHECK(read->origin == "https://mcp.example.com");
        CHECK(read->resource == "https://mcp.example.com/mcp");
        CHECK_FALSE(read->loopback);
    }
    CHECK(read_target("http://[::1]:8787")->loopback);
    CHECK(read_target("http://[::1]:8787")->origin == "http://[::1]:8787");
    for (const auto given : {"mcp.example.com", "ftp://x.example", "https://x.example/crm",
                             "https://u@x.example", "https://x.example?y", ""})
        CHECK_FALSE(read_target(given));
}

TEST_CASE("what a failure holds back names that failure, and fails nothing itself", "[report]") {
    const auto r = run();
    CHECK_FALSE(r.healthy());
    CHECK(r.rows.size() == checks().size());
    CHECK(named(r, "port").found.is == state::failed);
    CHECK(named(r, "port").found.advice == named(r, "port").of->advice);
    for (const auto name : {"tls-name", "mcp-401", "register", "pkce"}) {
        CHECK(named(r, name).found.is == state::skipped);
        CHECK(named(r, name).found.seen == "needs port");
        CHECK(named(r, name).found.advice.empty());
    }
    CHECK(named(r, "consent").found.seen.find("--key-file") != std::string::npos);
    CHECK(named(r, "settings").found.seen.find("without an address") != std::string::npos);
    const auto failures = std::count_if(
        r.rows.begin(), r.rows.end(), [](const row& one) { return one.found.is == state::failed; });
    CHECK(failures == 1);
}

TEST_CASE("an examination that is broken off looks at nothing more", "[report]") {
    const auto r = run([] { return true; });
    CHECK(named(r, "dns").found.seen == "broken off");
    CHECK(named(r, "revoke").found.is == state::skipped);
    CHECK(r.healthy());
}

TEST_CASE("the report is a table for people and JSON for programs", "[report]") {
    const auto r = run();
    CHECK(as_text(named(r, "dns")) == "ok       dns                   127.0.0.1\n");
    CHECK(as_text(named(r, "port")).find("\n         → Start the reverse proxy") !=
          std::string::npos);
    CHECK(summary(r).find("skipped, needs port:\n         ipv4, ipv6,") != std::string::npos);
    CHECK(summary(r).find("\n1 failed, 0 warning, ") != std::string::npos);

    const auto read = json::parse(as_json(r));
    REQUIRE(read);
    CHECK(read->text("target") == "http://127.0.0.1:1");
    CHECK_FALSE(read->flag("ok", true));
    const auto& all = *read->find("checks")->if_array();
    REQUIRE(all.size() == checks().size());
    for (const auto& one : all)
        for (const auto member : {"name", "state", "seen", "advice"})
            CHECK(one.find(member)->is_string());
}

TEST_CASE("settings that are wrong are the one thing that is told", "[report]") {
    settings given;
    given.here = result<machine>(error(errc::bad_request, "PUBLIC_URL is not set"));
    const auto e = examination::create(std::move(given));
    REQUIRE(e);
    const auto r = examine(
        **e, [] { return false; }, [](const row&) {});
    for (const auto& one : r.rows) {
        INFO(one.of->name);
        CHECK((one.found.is == state::failed) == (one.of->name == "settings"));
    }
    CHECK(named(r, "settings").found.seen == "PUBLIC_URL is not set");
}

TEST_CASE("the documents' table has every check", "[report]") {
    const auto table = checks_table();
    for (const auto& one : checks())
        CHECK(table.find("| `" + std::string(one.name) + "` | ") != std::string::npos);
}
