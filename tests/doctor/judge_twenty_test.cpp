#include "doctor/judge_twenty.hpp"

#include "base/json.hpp"
#include "tests/doctor/support.hpp"

using namespace doctor;
using namespace testing;

namespace {

// As recorded of Twenty 2.19.
const std::string denied = R"({"statusCode":400,"error":"Error","messages":)"
                           R"(["Entity performing the request does not have permission"],)"
                           R"("code":"PERMISSION_DENIED"})";
const std::string limited = R"j({"statusCode":429,"error":"HttpException","messages":)j"
                            R"j(["Limit reached (100 tokens per 60000 ms)"]})j";
const std::string page_of_one = R"({"data":{"companies":[]},"totalCount":0})";

std::vector<object_read> reads(asked a, asked b) {
    std::vector<object_read> out;
    out.push_back({"companies", std::move(a)});
    out.push_back({"people", std::move(b)});
    return out;
}

} // namespace

TEST_CASE("Twenty is reached when it answers for itself", "[judge_twenty]") {
    CHECK(judge_twenty(json_answer(200, "{}"), {}).is == state::ok);
    CHECK(judge_twenty(page_answer(404), {}).is == state::ok);
    CHECK(judge_twenty(page_answer(502), {}).is == state::failed);
    CHECK(judge_twenty(no_answer(), {}).is == state::failed);
    const auto moved = judge_twenty(answered(301, {{"Location", "https://crm.example.com/"}}), {});
    CHECK((moved.is == state::failed && holds(moved.seen, "https://crm.example.com/")));
    http::certificate_facts bad;
    bad.faults = {http::certificate_fault::self_signed};
    CHECK(holds(judge_twenty(json_answer(200, "{}"), bad).advice, "TWENTY_MCP_CA_FILE"));
    bad.faults = {http::certificate_fault::expired};
    CHECK(judge_twenty(json_answer(200, "{}"), bad).is == state::failed);
}

TEST_CASE("Twenty's API is told from a login page", "[judge_twenty]") {
    CHECK(judge_twenty_api(json_answer(200, R"({"data":{"__typename":"Query"}})")).is == state::ok);
    CHECK(judge_twenty_api(json_answer(200, R"({"errors":[{}]})")).is == state::ok);
    CHECK(judge_twenty_api(page_answer(200)).is == state::failed);
    CHECK(judge_twenty_api(json_answer(200, "{}")).is == state::failed);
}

TEST_CASE("Twenty's kind is what its client's settings say, and no failure without them",
          "[judge_twenty]") {
    const auto one = json_answer(200, R"({"isMultiWorkspaceEnabled":false})");
    CHECK(judge_twenty_kind(one, "crm.example.com").seen ==
          "self-hosted, one workspace, names no version");
    const auto cloud =
        json_answer(200, R"({"isMultiWorkspaceEnabled":true,"appVersion":"2.40.0"})");
    CHECK(judge_twenty_kind(cloud, "api.twenty.com").seen ==
          "Twenty Cloud, several workspaces, version 2.40.0");
    CHECK(holds(judge_twenty_kind(cloud, "nottwenty.com").seen, "self-hosted"));
    CHECK(judge_twenty_kind(page_answer(404), "x").is == state::skipped);
}

TEST_CASE("a key warns two weeks before its end", "[judge_twenty]") {
    constexpr std::int64_t now = 1'800'000'000;
    twenty::key_facts facts;
    CHECK(judge_key(facts, now).is == state::ok);
    facts.expires_at = now + 14 * 86'400;
    CHECK(judge_key(facts, now).is == state::ok);
    facts.expires_at = now + 14 * 86'400 - 1;
    CHECK(judge_key(facts, now).is == state::warning);
    CHECK(judge_key(error(errc::bad_request, "no key"), now).is == state::failed);
}

TEST_CASE("a role that reads some objects is warned of, one that reads none fails",
          "[judge_twenty]") {
    const auto good = [] { return json_answer(200, page_of_one); };
    const auto no = [] { return json_answer(400, denied); };
    CHECK(judge_role(reads(good(), good())).seen == "reads companies, people");
    CHECK(judge_role(reads(no(), good())).seen == "may not read companies");
    CHECK(judge_role(reads(no(), good())).is == state::warning);
    CHECK(judge_role(reads(no(), no())).is == state::failed);
    CHECK(judge_role(reads(no_answer(), good())).is == state::failed);
    CHECK(judge_role(reads(json_answer(429, limited), good())).is == state::ok);
}

TEST_CASE("a rate limit that is reached is told in Twenty's words", "[judge_twenty]") {
    const auto full = reads(json_answer(200, page_of_one), json_answer(429, limited));
    CHECK(judge_rate(full, {}).is == state::warning);
    const auto free = reads(json_answer(200, page_of_one), json_answer(400, denied));
    CHECK(judge_rate(free, {}).is == state::ok);
    CHECK(holds(judge_rate(free, 80).seen, "80"));
}

TEST_CASE("what a role writes is told by Twenty's own list of tools, or not at all",
          "[judge_twenty]") {
    const auto listing = [](const std::string& tools) {
        const json::value text(R"({"catalog":)" + tools + "}");
        return json_answer(200, R"({"result":{"content":[{"type":"text","text":)" +
                                    json::dump(text) + "}]}}");
    };
    const auto all = judge_writes(listing(
        R"({"ACTION":[],"DATABASE_CRUD":[{"name":"find_company"},{"name":"create_one_company"},)"
        R"({"name":"create_one_person"},{"name":"create_one_opportunity"}]})"));
    CHECK(all.is == state::ok);
    const auto one = judge_writes(listing(R"({"DATABASE_CRUD":[{"name":"create_one_person"}]})"));
    CHECK((one.is == state::warning && one.seen == "may not write company, opportunity"));
    CHECK(judge_writes(listing(R"({"DATABASE_CRUD":[]})")).is == state::warning);
    CHECK(judge_writes(listing(R"({"ACTION":[]})")).is == state::skipped);
    CHECK(judge_writes(page_answer(404)).is == state::skipped);
    CHECK(judge_writes(json_answer(200, R"({"result":{"content":[]}})")).is == state::skipped);
    CHECK(judge_writes(no_answer()).is == state::skipped);
}

TEST_CASE("a collector that is away, refuses or is none is warned of", "[judge_twenty]") {
    const auto said = [](int status, const char* body) {
        return judge_collector(twenty::response{status, "application/json", body, {}});
    };
    CHECK(said(200, "{}").is == state::ok);
    CHECK(said(200, R"({"partialSuccess":{}})").is == state::ok);
    CHECK(said(200, "").is == state::ok);
    CHECK(said(200, "<html>").is == state::warning);
    CHECK(said(401, "{}").seen == "it answers HTTP 401");
    CHECK(said(503, "").is == state::warning);
    const auto away = judge_collector(
        error(errc::upstream_down, "Twenty cannot be reached: Connection refused."));
    CHECK((away.is == state::warning && away.seen == "cannot be reached: Connection refused."));
}
