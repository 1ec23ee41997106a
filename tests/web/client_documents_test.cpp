// Clients with documents of their own and clients from the configuration, as the endpoints meet
// them. Numbers are rows of the negative-test plan.
#include "web/client_documents.hpp"

#include "oauth/configured_client.hpp"
#include "oauth/known_clients.hpp"
#include "tests/web/endpoint_fixture.hpp"

#include <set>

using namespace endpoint_test;
using namespace std::chrono_literals;

namespace {

const std::string url = "https://client.example.com/oauth/client.json";
const std::string return_to = "https://client.example.com/cb";
constexpr int too_old = 90'000; // seconds; no document counts any more
const std::string claude_code = "https://claude.ai/oauth/claude-code-client-metadata";

std::string document(const std::string& id = url, const std::string& target = return_to) {
    return json::dump(json::make({{"client_id", id},
                                  {"client_name", "An example"},
                                  {"redirect_uris", json::list({target})}}));
}

// Answers a fetch with what the test put in.
class scripted_source final : public web::document_source {
  public:
    std::function<result<web::fetched_document>(const std::string&)> answer =
        [](const std::string& id) -> result<web::fetched_document> {
        return web::fetched_document{document(id), 600s};
    };
    std::chrono::milliseconds takes{0};
    std::vector<std::string> asked;
    int under_way = 0, most_under_way = 0;
    bool keeps_slots = false; // as a look-up whose name server is silent
    std::vector<web::fair_slots::slot> slots;

    boost::asio::awaitable<result<web::fetched_document>>
    fetch(oauth::document_url where, web::fair_slots::slot slot) override {
        if (keeps_slots) slots.push_back(slot);
        asked.push_back(where.url);
        most_under_way = std::max(most_under_way, ++under_way);
        if (takes.count() > 0) co_await http::pause(takes);
        --under_way;
        co_return answer(where.url);
    }
};

struct documents : endpoints {
    documents() { s.documents.source = &source; }
    scripted_source source;

    http::request visit(const std::string& id, const std::string& target = return_to) {
        return make("GET", authorize_target(id, target));
    }
    http::response open(const std::string& id, const std::string& target = return_to) {
        return send(visit(id, target));
    }
    void fails(errc code) {
        source.answer = [code](const std::string&) -> result<web::fetched_document> {
            return error(code, "It cannot be had.", "private words");
        };
    }
};

http::response token(endpoints& e, form_fields fields, http::headers more = {}) {
    more.emplace_back("content-type", "application/x-www-form-urlencoded");
    return e.send(make("POST", "/token", std::move(more), encode(fields)));
}

form_fields refreshing(const std::string& client) {
    return {{"grant_type", "refresh_token"}, {"client_id", client}, {"refresh_token", "twr_OLD"}};
}

oauth::token_pair access_only() {
    oauth::token_pair pair;
    pair.access_token = secret(std::string("twa_ACCESS"));
    pair.expires_in = 3600s;
    return pair;
}

boost::asio::awaitable<void> look_up(endpoints& e, std::string id, std::string peer, bool& ok) {
    const auto who = co_await e.s.documents.find(std::move(id), std::move(peer));
    ok = who.ok();
}

void check_refused_page(const http::response& page, int status) {
    INFO(page.body);
    CHECK(page.status == status);
    CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
    CHECK_FALSE(has_header(page, "Location"));
    CHECK_FALSE(contains(page.body, "name=\"txn\""));
    CHECK_FALSE(contains(page.body, "private words"));
    CHECK(has_header(page, "Retry-After") == (status == 503 || status == 429));
}

} // namespace

// -- At /authorize --------------------------------------------------------------------------------

TEST_CASE("a client is known by its document, and people see the host that vouches for it",
          "[client_documents]") {
    documents e;
    const auto page = open_consent(e, authorize_target(url, return_to)).page;
    CHECK(contains(page.body, "An example"));
    CHECK(contains(page.body, "verified: client.example.com"));
    CHECK_FALSE(contains(page.body, "not verified"));
    check_refused_page(e.open(url, "https://client.example.com/other"), 400);
    CHECK(e.source.asked == std::vector<std::string>{url});
}

TEST_CASE("a document is asked for again when its time is over, and its changes count then",
          "[client_documents]") {
    documents e;
    CHECK(e.open(url).status == 200);
    e.source.answer = [](const std::string& id) -> result<web::fetched_document> {
        return web::fetched_document{document(id, "https://client.example.com/new"), 600s};
    };
    e.time += 599;
    CHECK(e.open(url).status == 200);
    CHECK(e.source.asked.size() == 1);
    e.time += 1;
    check_refused_page(e.open(url), 400);
    CHECK(e.open(url, "https://client.example.com/new").status == 200);
    CHECK(e.source.asked.size() == 2);
}

// row 118
TEST_CASE("row 118: a client id that is no plain public https URL gets a page and no fetch",
          "[client_documents][plan-118]") {
    documents e;
    for (const std::string id :
         {"https://client.example.com/a/../c", "https://client.example.com/%2e%2e/c",
          "https://user@client.example.com/c", "https://client.example.com/c#f",
          "https://client.example.com:22/c", "https://10.0.0.1/c", "https://[::1]/c",
          "https://localhost/c", "https://client.example.com"})
        check_refused_page(e.open(id), 400);
    check_refused_page(e.open("https://client.example.com/" + std::string(486, 'a')), 400);
    check_refused_page(e.open("http://client.example.com/c"), 400);
    CHECK(e.source.asked.empty());
}

// row 120
TEST_CASE("row 120: nothing about a bad document is kept, and the next visit asks again",
          "[client_documents][plan-120]") {
    documents e;
    for (const auto& body :
         {std::string("[]"), std::string("{\"client_id\":\"\xFF\"}"),
          document("https://CLIENT.example.com/oauth/client.json"),
          document("https://client.example.com:443/oauth/client.json"), document(url + "/"),
          json::dump(json::make({{"client_id", url},
                                 {"client_name", "x"},
                                 {"redirect_uris", json::list({return_to})},
                                 {"client_secret", "s"}}))}) {
        e.time += 600;
        const auto before = e.source.asked.size();
        e.source.answer = [&](const std::string&) -> result<web::fetched_document> {
            return web::fetched_document{body, 600s};
        };
        check_refused_page(e.open(url), 400);
        check_refused_page(e.open(url), 400);
        CHECK(e.source.asked.size() == before + 2);
    }
    e.time += 600;
    e.fails(errc::bad_request); // 301, 204, 404, too large, compressed
    check_refused_page(e.open(url), 400);
    e.source.answer = scripted_source().answer;
    CHECK(e.open(url).status == 200);
}

TEST_CASE("a host that could not be reached rests for a minute, and others do not",
          "[client_documents]") {
    documents e;
    for (const auto code : {errc::upstream_down, errc::upstream_timeout}) {
        e.time += too_old;
        e.fails(code);
        const auto before = e.source.asked.size();
        check_refused_page(e.open(url), 503);
        e.source.answer = scripted_source().answer;
        check_refused_page(e.open(url), 503);
        check_refused_page(e.open("https://client.example.com/another.json"), 503);
        CHECK(e.source.asked.size() == before + 1);
        CHECK(e.open("https://other.example.com/client.json").status == 200);
        e.time += 59;
        const auto still = e.open(url);
        check_refused_page(still, 503);
        CHECK(header(still, "Retry-After") == "1");
        e.time += 1;
        CHECK(e.open(url).status == 200);
    }
}

TEST_CASE("a host that rests when the clock is set back rests no longer for it",
          "[client_documents]") {
    documents e;
    e.fails(errc::upstream_down);
    check_refused_page(e.open(url), 503);
    e.source.answer = scripted_source().answer;
    e.time -= 3 * 3600;
    CHECK(e.open(url).status == 200);
}

TEST_CASE("an address that answers with a fault rests alone", "[client_documents]") {
    documents e;
    e.fails(errc::busy);
    check_refused_page(e.open(url), 503);
    e.source.answer = scripted_source().answer;
    check_refused_page(e.open(url), 503);
    CHECK(e.source.asked.size() == 1);
    CHECK(e.open("https://client.example.com/another.json").status == 200);
    e.time += 60;
    CHECK(e.open(url).status == 200);
}

TEST_CASE("a document that was good still counts for a day while it cannot be fetched anew",
          "[client_documents]") {
    for (const auto code : {errc::upstream_down, errc::upstream_timeout, errc::busy}) {
        documents e;
        CHECK(e.open(url).status == 200);
        e.fails(code);
        e.time += 3600;
        CHECK(e.open(url).status == 200);
        e.time += too_old;
        check_refused_page(e.open(url), 503);
    }
    documents e;
    CHECK(e.open(url).status == 200);
    e.time += 3600;
    e.fails(errc::bad_request); // it says something else now
    check_refused_page(e.open(url), 400);
}

// row 121
TEST_CASE("row 121: a hundred visits at once fetch one document once",
          "[client_documents][plan-121]") {
    documents e;
    e.peer = "127.0.0.1";
    e.source.takes = 50ms;
    std::vector<http::request> together;
    for (int i = 0; i < 100; ++i) {
        auto r = e.visit(url);
        r.peer = "203.0.113." + std::to_string(i + 1);
        together.push_back(std::move(r));
    }
    for (const auto& page : e.send_together(std::move(together)))
        CHECK(page.status == 200);
    CHECK(e.source.asked.size() == 1);

    e.time += too_old;
    e.fails(errc::upstream_timeout);
    together.clear();
    for (int i = 0; i < 20; ++i)
        together.push_back(e.visit(url));
    for (const auto& page : e.send_together(std::move(together)))
        check_refused_page(page, 503);
    CHECK(e.source.asked.size() == 2);
}

TEST_CASE("eight documents are fetched at once, and who comes then is told to wait",
          "[client_documents]") {
    documents e;
    e.source.takes = 50ms;
    std::vector<http::request> together;
    for (int i = 0; i < 10; ++i) {
        together.push_back(e.visit("https://host-" + std::to_string(i) + ".example.com/c"));
        together.back().peer = "198.51." + std::to_string(i) + ".1";
    }
    int served = 0, later = 0;
    for (const auto& page : e.send_together(std::move(together))) {
        served += page.status == 200 ? 1 : 0;
        later += page.status == 503 ? 1 : 0;
    }
    CHECK(served == 8);
    CHECK(later == 2);
    CHECK(e.source.most_under_way == 8);
}

TEST_CASE("a fetch that was given up holds its slot for as long as its look-up does",
          "[client_documents]") {
    documents e;
    e.source.keeps_slots = true;
    for (const int status : {200, 200, 503, 503}) // an address has two
        CHECK(e.open("https://host-" + std::to_string(e.source.asked.size()) + ".example.com/c")
                  .status == status);
    e.source.slots.clear();
    CHECK(e.open("https://host-2.example.com/c").status == 200);
}

TEST_CASE("an address may have ten documents fetched a minute, and a host is asked six times",
          "[client_documents]") {
    documents e;
    for (int i = 0; i < 10; ++i)
        CHECK(e.open("https://host-" + std::to_string(i) + ".example.com/c").status == 200);
    check_refused_page(e.open("https://host-11.example.com/c"), 429);
    CHECK(e.open("https://host-3.example.com/c").status == 200); // kept
    e.peer = "203.0.113.8";
    CHECK(e.open("https://host-11.example.com/c").status == 200);

    for (int i = 0; i < 6; ++i) {
        e.peer = "203.0.113." + std::to_string(100 + i);
        CHECK(e.open("https://one.example.com/" + std::to_string(i)).status == 200);
    }
    e.peer = "203.0.113.200";
    check_refused_page(e.open("https://one.example.com/7"), 503);
    CHECK(e.source.asked.size() == 17);
    // Nonsense asked of a hosted client's address does not lock its people out.
    e.fails(errc::bad_request);
    for (int i = 0; i < 12; ++i) {
        e.peer = "203.0.113." + std::to_string(120 + i);
        check_refused_page(
            e.open("https://chatgpt.com/oauth/" + std::to_string(i) + "/client.json"), 400);
    }
    e.source.answer = scripted_source().answer;
    CHECK(e.open("https://chatgpt.com/oauth/real/client.json").status == 200);
}

TEST_CASE("only so many documents are kept", "[client_documents]") {
    documents e;
    const auto find = [&](int i) {
        const auto id = "https://host-" + std::to_string(i) + ".example.com/c";
        bool ok = false;
        e.io.restart();
        boost::asio::co_spawn(e.io, look_up(e, id, "203.0.113." + std::to_string(i % 250), ok),
                              boost::asio::detached);
        e.io.run();
        return ok;
    };
    for (int i = 0; i < 257; ++i)
        CHECK(find(i));
    CHECK(find(256)); // kept
    CHECK(e.source.asked.size() == 257);
    CHECK(find(0)); // forgotten for the last one
    CHECK(e.source.asked.size() == 258);
}

TEST_CASE("the documents of Claude and Claude Code are known when they cannot be fetched",
          "[client_documents]") {
    for (const auto code : {errc::upstream_down, errc::upstream_timeout, errc::bad_request}) {
        documents e;
        e.fails(code);
        for (const auto& one : oauth::known_documents())
            for (const auto& target : one.redirect_uris) {
                const auto page = e.open(std::string(one.client_id), std::string(target));
                INFO(page.body);
                CHECK(page.status == 200);
                CHECK(contains(page.body, "verified: claude.ai"));
                CHECK(contains(page.body, std::string(one.name)));
            }
        CHECK(e.open(claude_code, "http://localhost:51234/callback").status == 200);
        check_refused_page(e.open(claude_code, "https://evil.example/callback"), 400);
    }
    documents e;
    e.s.documents.source = nullptr; // no way out at all
    CHECK(e.open(claude_code, "http://127.0.0.1:51234/callback").status == 200);
    check_refused_page(e.open(url), 503);
}

TEST_CASE("any program can ask in Claude Code's name, and the page says so", "[client_documents]") {
    documents e;
    e.s.documents.source = nullptr;
    const auto page = e.open(claude_code, "http://localhost:51234/callback");
    CHECK(contains(page.body, "Any program on this computer can ask like this."));
}

TEST_CASE("documents of unknown hosts do not count where only trusted ones do, nor any when off",
          "[client_documents]") {
    documents e;
    e.s.documents.policy = oauth::document_policy::trusted;
    check_refused_page(e.open(url), 400);
    CHECK(e.source.asked.empty());
    CHECK(e.open("https://chatgpt.com/oauth/real/client.json").status == 200);
    CHECK(token(e, refreshing(url)).status == 401);

    e.s.documents.policy = oauth::document_policy::off;
    check_refused_page(e.open(claude_code, "http://localhost:1/callback"), 400);
    CHECK(token(e, refreshing(claude_code)).status == 401);
    const auto discovery = "/.well-known/oauth-authorization-server";
    CHECK_FALSE(body_of(e.send(make("GET", discovery)))
                    .flag("client_id_metadata_document_supported", true));
    e.s.documents.policy = oauth::document_policy::any;
    CHECK(body_of(e.send(make("GET", discovery))).flag("client_id_metadata_document_supported"));
}

TEST_CASE("what was decided for a document's client reaches the store, with its exact id",
          "[client_documents]") {
    documents e;
    const auto page = open_consent(e, authorize_target(url, return_to));
    const auto done = e.send(consent_post(e, page, approval()));
    CHECK(done.status == 303);
    REQUIRE(e.actors.grants.size() == 1);
    CHECK(e.actors.grants[0].request.client_id == url);
    CHECK(e.actors.grants[0].request.kind == oauth::client_kind::metadata_document);
}

TEST_CASE("the form counts no more when the document has another address by then",
          "[client_documents]") {
    documents e;
    const auto page = open_consent(e, authorize_target(url, return_to));
    e.source.answer = [](const std::string& id) -> result<web::fetched_document> {
        return web::fetched_document{document(id, "https://client.example.com/new"), 600s};
    };
    e.time += 700;
    check_refused_page(e.send(consent_post(e, page, approval())), 400);
    CHECK(e.actors.grants.empty());
    CHECK(e.actors.key_checks == 0);
}

TEST_CASE("the form still counts when the document cannot be reached just then",
          "[client_documents]") {
    documents e;
    const auto page = open_consent(e, authorize_target(url, return_to));
    e.time += 700;
    e.fails(errc::upstream_timeout);
    CHECK(e.send(consent_post(e, page, approval())).status == 303);
    CHECK(e.actors.grants.size() == 1);
}

// -- At /token and /revoke ------------------------------------------------------------------------

TEST_CASE("tokens never wait for a document: its client is public, whatever its host does",
          "[client_documents]") {
    documents e;
    e.source.takes = 60s;
    e.actors.on_refresh = [](const oauth::refresh_exchange& x) -> result<oauth::token_pair> {
        CHECK(x.client_id == url);
        return access_only();
    };
    CHECK(token(e, refreshing(url)).status == 200);
    CHECK(e.source.asked.empty());

    auto with_secret = refreshing(url);
    with_secret.emplace_back("client_secret", "invented");
    CHECK(token(e, with_secret).status == 401);
    for (const auto* bad : {"https://client.example.com/../c", "https://10.0.0.1/c"}) {
        const auto r = token(e, refreshing(bad));
        CHECK(r.status == 401);
        CHECK(body_of(r).text("error") == "invalid_client");
    }
    const auto gone =
        e.send(make("POST", "/revoke", {{"content-type", "application/x-www-form-urlencoded"}},
                    encode({{"client_id", url}, {"token", "twr_OLD"}})));
    CHECK(gone.status == 200);
    CHECK(e.actors.revocations == 1);
    CHECK(e.source.asked.empty());
}

TEST_CASE("made-up documents share one limit, which grows no table and keeps no known client out",
          "[client_documents]") {
    documents e;
    (void)open_consent(e, authorize_target(url, return_to)); // known from now on
    e.actors.on_refresh = [](const oauth::refresh_exchange& x) -> result<oauth::token_pair> {
        if (x.client_id == url) return access_only();
        return error{errc::invalid_grant, "unknown"};
    };
    const auto made_up = [](int i) { return "https://made-up.example/" + std::to_string(i); };
    for (int i = 0; i < 20; ++i)
        CHECK(token(e, refreshing(made_up(i))).status == 400);
    const auto buckets = e.s.limits.buckets();
    for (int i = 20; i < 100; ++i)
        CHECK(token(e, refreshing(made_up(i))).status == 429);
    CHECK(e.s.limits.buckets() == buckets);
    CHECK(token(e, refreshing(url)).status == 200);
}

TEST_CASE("a document's client that does not refresh gets no refresh token", "[client_documents]") {
    documents e;
    e.source.answer = [](const std::string& id) -> result<web::fetched_document> {
        auto body = json::parse(document(id)).value();
        body.if_object()->set("grant_types", json::list({"authorization_code"}));
        return web::fetched_document{json::dump(body), 600s};
    };
    CHECK(e.open(url).status == 200);
    bool may_refresh = true;
    e.actors.on_code = [&](const oauth::code_exchange& x) -> result<oauth::token_pair> {
        may_refresh = x.may_refresh;
        return access_only();
    };
    CHECK(token(e, {{"grant_type", "authorization_code"},
                    {"client_id", url},
                    {"code", "twk_THECODE"},
                    {"redirect_uri", return_to},
                    {"code_verifier", std::string(verifier)}})
              .status == 200);
    CHECK_FALSE(may_refresh);
    CHECK(body_of(token(e, refreshing(url))).text("error") == "unauthorized_client");
}

// -- Clients from the configuration ---------------------------------------------------------------

namespace {

const std::string password = "a-secret-of-at-least-32-characters";

struct configured : endpoints {
    configured() {
        auto read = oauth::read_configured_clients(
            R"([{"client_id":"claude","client_name":"Our Claude","redirect_uris":[")" +
            std::string(callback) + R"("],"client_secret":")" + password +
            R"("},{"client_id":"public-one","client_name":"Ours","redirect_uris":[)" +
            R"("http://localhost/callback"]}])");
        REQUIRE(read);
        s.configured_clients = *std::move(read);
        actors.on_refresh = [](const auto&) -> result<oauth::token_pair> { return access_only(); };
    }
};

} // namespace

TEST_CASE("a client that the administrator set up is asked for like any other, and said to be so",
          "[client_documents]") {
    configured e;
    const auto page = open_consent(e, authorize_target("claude"));
    CHECK(contains(page.page.body, "Our Claude"));
    CHECK(contains(page.page.body, "set up by the administrator"));
    CHECK_FALSE(contains(page.page.body, "not verified"));
    CHECK(e.send(consent_post(e, page, approval())).status == 303);
    CHECK(e.actors.grants[0].request.client_id == "claude");
    CHECK(
        e.send(make("GET", authorize_target("public-one", "http://localhost:9/callback"))).status ==
        200);
    check_refused_page(e.send(make("GET", authorize_target("claude", "https://evil.example/"))),
                       400);
    check_refused_page(e.send(make("GET", authorize_target("nobody"))), 400);
}

TEST_CASE("the form of a client that was taken out of the configuration counts no more",
          "[client_documents]") {
    configured e;
    const auto page = open_consent(e, authorize_target("claude"));
    e.s.configured_clients.clear();
    check_refused_page(e.send(consent_post(e, page, approval())), 400);
    CHECK(e.actors.grants.empty());
}

TEST_CASE("a configured client proves itself with Basic, in the body, or needs nothing",
          "[client_documents]") {
    configured e;
    const form_fields nameless{{"grant_type", "refresh_token"}, {"refresh_token", "twr_OLD"}};
    CHECK(token(e, nameless, {{"authorization", basic("claude", password)}}).status == 200);
    auto in_body = refreshing("claude");
    in_body.emplace_back("client_secret", password);
    CHECK(token(e, in_body).status == 200);
    CHECK(token(e, refreshing("public-one")).status == 200);

    CHECK(token(e, refreshing("claude")).status == 401);
    in_body.back().second = password + "x";
    CHECK(token(e, in_body).status == 401);
    const auto wrong = token(e, nameless, {{"authorization", basic("claude", "guess")}});
    CHECK(wrong.status == 401);
    CHECK(text::starts_with_ci(header(wrong, "WWW-Authenticate"), "Basic"));
    CHECK_FALSE(contains(wrong.body, password));
    CHECK(token(e, nameless, {{"authorization", basic("public-one", password)}}).status == 401);

    const auto gone = e.send(make("POST", "/revoke",
                                  {{"content-type", "application/x-www-form-urlencoded"},
                                   {"authorization", basic("claude", password)}},
                                  encode({{"token", "twr_OLD"}})));
    CHECK(gone.status == 200);
    CHECK(e.actors.revocations == 1);
}

TEST_CASE("errors go to a trusted host without a click, and to others only with one",
          "[client_documents]") {
    configured e;
    const std::string broken =
        "/authorize?" + encode({{"response_type", "token"},
                                {"client_id", "corporate"},
                                {"redirect_uri", "https://chat.example/cb"}});
    e.s.configured_clients = *oauth::read_configured_clients(
        R"([{"client_id":"corporate","client_name":"C","redirect_uris":["https://chat.example/cb"]}])");
    CHECK(e.send(make("GET", broken)).status == 400);
    e.s.trusted_redirect_hosts = {"chat.example"};
    const auto sent = e.send(make("GET", broken));
    CHECK(sent.status == 303);
    CHECK(header(sent, "Location").starts_with("https://chat.example/cb?error="));
}
