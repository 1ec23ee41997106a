// What a connection changed, at /connections: who sees it, in what words, and how it is taken back.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string changes_cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'd'));
const std::string own_key = api_key();
const std::string foreign_key = api_key(1'830'000'000);

struct changes_desk : endpoints {
    changes_desk() {
        oauth::grant_summary one;
        one.id = "id-1";
        one.client_name = "Claude";
        one.label = "Work <laptop>";
        one.scope = {true, true, false};
        oauth::grant_summary other = one;
        other.id = "id-9";
        actors.connections[s.keys.fingerprint(secret(own_key))] = {one};
        actors.connections[s.keys.fingerprint(secret(foreign_key))] = {other};
    }
    http::response post(const form_fields& fields, const std::string& browser = changes_cookie) {
        return send(make("POST", "/connections",
                         {{"content-type", "application/x-www-form-urlencoded"},
                          {"origin", origin},
                          {"sec-fetch-site", "same-origin"},
                          {"cookie", browser}},
                         encode(fields)));
    }
    std::string ticket_of(const std::string& key) {
        const auto page = post({{"api_key", key}}).body;
        const std::string mark = "name=\"ticket\" value=\"";
        const auto from = page.find(mark) + mark.size();
        return page.substr(from, page.find('"', from) - from);
    }
    // {tool, arguments} of a call.
    std::string call_text(std::size_t n) {
        const auto& m = actors.person_calls.at(n).message.messages.front();
        return std::string(m.params.text("name")) + " " + json::dump(*m.params.find("arguments"));
    }
};

const char* const listed =
    R"({"changes":[{"id":"abcdefghij.2","at":"2026-12-01T09:30:00Z","tool":"update_record",)"
    R"("object":"company","effect":"update","records":[{"id":"c1","label":"A & <b>"}]},)"
    R"({"id":"abcdefghij.1","at":"2026-12-01T09:29:00Z","tool":"update_record","object":"note",)"
    R"("effect":"create","undone":"all","records":[{"id":"n1"}],"more":3},)"
    R"({"id":"zzzzzzzzzz.1","at":"2026-11-30T08:00:00Z","tool":"merge_records","object":"person",)"
    R"("effect":"merge","state":"unknown","records":[]}],"cursor":"zzzzzzzzzz.1"})";
const char* const with_values =
    R"({"changes":[{"id":"abcdefghij.2","at":"2026-12-01T09:30:00Z","object":"company",)"
    R"("effect":"update","records":[{"id":"c1","label":"A & <b>","fields":{"employees":)"
    R"({"before":null,"after":7},"address":{"before":{"addressCity":"Jena"}}}}]}]})";

} // namespace

TEST_CASE("changes stand by day, with their records and values, as text and nothing else",
          "[changes_page]") {
    changes_desk d;
    d.actors.tool_answers = {listed, with_values};
    const auto page = d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}});
    CHECK(page.status == 200);
    for (const auto* part :
         {"2026-12-01", "2026-11-30", "09:30 Changed 1 company record", "Created 4 note records",
          "Merged 0 person records", "A &amp; &lt;b&gt;", "Work &lt;laptop&gt;",
          "It was taken back.", "it is not known whether it happened", "and 3 more",
          "Take back all of its call", "name=\"older\" value=\"zzzzzzzzzz.1\"",
          "value=\"abcdefghij.2\"", "Jena"}) {
        INFO(part);
        CHECK(contains(page.body, part));
    }
    CHECK_FALSE(contains(page.body, own_key));
    CHECK_FALSE(contains(page.body, "value=\"abcdefghij.1\" aria"));
    REQUIRE(d.actors.person_calls.size() == 2);
    CHECK(d.call_text(0) == "list_changes {}");
    CHECK(d.call_text(1) ==
          R"(list_changes {"ids":["abcdefghij.2","abcdefghij.1","zzzzzzzzzz.1"]})");
    CHECK(d.actors.person_calls[0].grant_id == "id-1");
    CHECK(d.actors.person_calls[0].api_key.reveal() == own_key);
}

TEST_CASE("what a person takes back is told, with what stayed and why", "[changes_page]") {
    changes_desk d;
    d.actors.tool_answers = {
        R"({"undone":1,"results":[{"id":"c1","label":"Acme","outcome":"undone"},)"
        R"({"id":"c2","label":"Other","outcome":"conflict","why":"It was changed since.",)"
        R"("fields":{"employees":{"written":7,"now":9}}}],"notes":["There are more."]})",
        listed};
    const auto page =
        d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}, {"undo", "abcdefghij.2"}});
    CHECK(d.call_text(0) == R"(undo_changes {"ids":["abcdefghij.2"]})");
    CHECK(contains(page.body, "1 record is as it was before."));
    CHECK(contains(page.body, "Other: It was changed since. employees: written 7, now 9."));
    CHECK(contains(page.body, "There are more."));
    CHECK_FALSE(contains(page.body, "Acme:"));
    d.actors.tool_answers = {};
    d.actors.person_calls.clear();
    (void)d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}, {"since", "2026-11-30"}});
    CHECK(d.call_text(0) == R"(undo_changes {"since":"2026-11-30"})");
    d.actors.person_calls.clear();
    (void)d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}, {"record", "company c1"}});
    REQUIRE(d.actors.person_calls.size() == 1);
    CHECK(d.call_text(0) == R"(list_changes {"objectName":"company","id":"c1"})");
}

TEST_CASE("a failure of a tool is told on the page of changes", "[changes_page]") {
    changes_desk d;
    d.actors.tool_answers = {R"({"error":{"code":"upstream_down","message":"Twenty is away."}})",
                             R"({"error":{"code":"upstream_down","message":"Twenty is away."}})"};
    const auto page =
        d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}, {"undo", "abcdefghij.2"}});
    CHECK(page.status == 200);
    CHECK(contains(page.body, "Twenty is away."));
}

TEST_CASE("no call is made for a connection of another key, without a ticket or with a foreign one",
          "[changes_page]") {
    changes_desk d;
    const auto ticket = d.ticket_of(own_key);
    for (const auto& fields :
         std::vector<form_fields>{{{"ticket", ticket}, {"changes", "id-9"}, {"undo", "x"}},
                                  {{"api_key", own_key}, {"changes", "id-1"}, {"undo", "x"}},
                                  {{"ticket", "bent" + ticket}, {"changes", "id-1"}},
                                  {{"changes", "id-1"}}})
        (void)d.post(fields);
    (void)d.post({{"ticket", ticket}, {"changes", "id-1"}},
                 "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'o')));
    CHECK(d.actors.person_calls.empty());
}

TEST_CASE("what is left of a quota is told beside its connection", "[changes_page]") {
    changes_desk d;
    stored::quota_use use;
    use.grant_id = "id-1";
    use.left = {12, 400};
    use.most = {2000, 20000};
    d.actors.quotas = {use};
    const auto page = d.post({{"api_key", own_key}});
    CHECK(contains(page.body, "12 of 2000 records in an hour, 400 of 20000 in a day"));
    const auto changes = d.post({{"ticket", d.ticket_of(own_key)}, {"changes", "id-1"}});
    CHECK(contains(changes.body, "may still change 12 of 2000 records in an hour"));
}
