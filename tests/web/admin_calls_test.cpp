// /admin/calls and /admin/calls/chain.
#include "tests/web/admin_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string grant = "11111111-1111-4111-8111-111111111111";

stored::call_record recorded(std::int64_t id) {
    stored::call_record r;
    r.id = id;
    r.at = oauth::clock::from_time_t(start_time);
    r.grant_id = grant;
    r.label = "=cmd(\"x\"),1";
    r.key_id = "jti";
    r.client = "Claude";
    r.tool = "find_records";
    r.object = "company";
    r.rows = 5;
    r.outcome = "ok";
    r.bytes = 1234;
    r.ms = 17;
    r.request_id = "32db118b2ea8";
    return r;
}

} // namespace

TEST_CASE("calls are told as they were asked for, with where to go on", "[admin_calls]") {
    endpoints e;
    e.actors.recorded = {recorded(9), recorded(8)};
    const auto r = get(e, "/admin/calls?limit=2&connection=" + grant +
                              "&key=jti&tool=find_records&object=company&outcome=ok&before=10"
                              "&since=2026-11-18T11:06:40Z&until=2026-11-18T11:06:41Z");
    REQUIRE(r.status == 200);
    const auto body = body_of(r);
    CHECK(body.find("calls")->if_array()->size() == 2);
    CHECK(contains(r.body, R"({"id":9,"time":"2026-11-18T11:06:40Z","connection":")" + grant +
                               R"(","label":"=cmd(\"x\"),1","key":"jti","client":"Claude",)"
                               R"("tool":"find_records","object":"company","rows":5,)"
                               R"("outcome":"ok","bytes":1234,"ms":17,)"
                               R"("request":"32db118b2ea8"})"));
    CHECK(contains(r.body, R"("next_before":8)"));
    const auto& q = e.actors.call_query;
    CHECK(q.grant_id == grant);
    CHECK(q.key_id == "jti");
    CHECK(q.tool == "find_records");
    CHECK(q.object == "company");
    CHECK(q.outcome == "ok");
    CHECK(q.before == 10);
    CHECK_FALSE(q.after);
    CHECK(q.limit == 2);
    CHECK(q.until == oauth::clock::from_time_t(start_time + 1));

    CHECK_FALSE(body_of(get(e, "/admin/calls")).find("next_before"));
    CHECK(e.actors.call_query.limit == 100);
    CHECK(contains(get(e, "/admin/calls?after=7").body, R"("next_after":8)"));
    CHECK(e.actors.call_query.after == 7);
    for (const auto* wrong : {"format=xml", "limit=1001", "connection=me", "after=x", "grant=x"}) {
        INFO(wrong);
        CHECK(get(e, std::string("/admin/calls?") + wrong).status == 400);
    }
}

TEST_CASE("calls come as lines of JSON and as CSV that no spreadsheet runs", "[admin_calls]") {
    endpoints e;
    e.actors.recorded = {recorded(2), recorded(1)};
    const auto lines = get(e, "/admin/calls?format=ndjson");
    CHECK(header(lines, "Content-Type") == "application/x-ndjson");
    CHECK(std::ranges::count(lines.body, '\n') == 2);
    CHECK(json::parse(lines.body.substr(0, lines.body.find('\n'))).ok());
    const auto csv = get(e, "/admin/calls?format=csv");
    CHECK(csv.body == "id,time,connection,label,key,client,tool,object,ids,rows,outcome,bytes,ms,"
                      "request\r\n"
                      "2,2026-11-18T11:06:40Z," +
                          grant +
                          ",\"'=cmd(\"\"x\"\"),1\",jti,Claude,find_records,company,,5,ok,1234,"
                          "17,32db118b2ea8\r\n"
                          "1,2026-11-18T11:06:40Z," +
                          grant +
                          ",\"'=cmd(\"\"x\"\"),1\",jti,Claude,find_records,company,,5,ok,1234,"
                          "17,32db118b2ea8\r\n");
}

TEST_CASE("who looks at whose calls is written down before anything is shown", "[admin_calls]") {
    endpoints e;
    e.actors.recorded = {recorded(1)};
    get(e, "/admin/calls?connection=" + grant + "&key=jti");
    CHECK(e.actors.notes.back().kind == stored::audit_kind::calls_read);
    CHECK(e.actors.notes.back().detail == "connection " + grant + ", key jti");
    get(e, "/admin/calls");
    CHECK(e.actors.notes.back().detail == "everybody's");
    e.actors.noting = error(errc::unavailable, "The disk is full.");
    CHECK(get(e, "/admin/calls").status == 503);
}

TEST_CASE("the head of the chain is told with all that verifies it", "[admin_calls]") {
    endpoints e;
    e.actors.chain.first = 3;
    e.actors.chain.last = 5;
    e.actors.chain.before = std::string(2, '\x01');
    e.actors.chain.hash = "\xab";
    e.actors.chain.signature = "\xcd";
    e.actors.chain.public_key = "\xef";
    CHECK(get(e, "/admin/calls/chain").body ==
          R"({"first":3,"last":5,"hash":"ab","signed":"twenty-mcp calls 3 0101 5 ab",)"
          R"("signature":"cd","public_key":"ef"})");
}
