// What a request to the other endpoints costs, from its bytes to its answer: forms of OAuth and of
// the pages, registrations, clients' documents, bodies of the admin API. Each is as expensive as
// somebody who means harm could make it, up to the most that its path takes (web/router.cpp).
#include "tests/cost/counted.hpp"
#include "tests/cost/entrances.hpp"
#include "tests/support/many_models.hpp"
#include "tests/support/sample_schema.hpp"
#include "tests/web/admin_fixture.hpp"

#include "base/log.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client_document.hpp"
#include "web/consent_page.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

using namespace endpoint_test;
using entrances::json_text;
using entrances::nested;
using entrances::numbered;
using entrances::repeated;

namespace {

// Steps in which vectors and texts grow: of less than this nothing is said.
constexpr std::size_t small_step = 150'000;

// most_work stands for 20 ms of CPU. Of the 540 rows below (COST=1, a release build by g++ 12 on
// two shared cores of a busy virtual machine) those above a million took 1.0 ms a million at most,
// and all of them 0.57 ms a million; the largest is 7.8 million, the longest 5.2 ms. Loops that
// allocate nothing are not counted: blank primers of 100 KB and the like, below a millisecond each.
// The names of a primer are looked up without an allocation: 17.9 million at most, and 13 ms; by 64
// data models, which are read for every call, 17 ms.
constexpr std::size_t most_work = 20'000'000;

std::size_t work_of(const counted::cost& c) { return c.bytes + 256 * c.allocations; }

class one_document final : public web::document_source {
  public:
    std::string body;
    boost::asio::awaitable<result<web::fetched_document>> fetch(oauth::document_url,
                                                                web::fair_slots::slot) override {
        co_return web::fetched_document{body, std::chrono::seconds(600)};
    }
};

// A server of its own for every request, so that no limit and no memory of the one before counts.
struct target : endpoints {
    target() {
        logging::set_level(logging::level::error);
        s.documents.source = &source;
        actors.on_code = [](const auto&) { return unknown(); };
        actors.on_refresh = [](const auto&) { return unknown(); };
        actors.models = std::vector{support::sample_schema()};
    }
    static result<oauth::token_pair> unknown() { return error(errc::invalid_grant, "Unknown"); }
    one_document source;
};

const std::string client_url = "https://client.example.com/client.json";

struct surface {
    const char* name;
    std::size_t most; // bytes that its path takes
    http::request (*request)(target& e, std::string body);
};

http::request form_to(const char* path, std::string body) {
    return make("POST", path, form_type, std::move(body));
}
http::request json_to(const char* path, std::string body) {
    return make("POST", path, admin("application/json"), std::move(body));
}

// A form on the page of a request that is under way, with what the body adds.
http::request consent_with(target& e, const char* fields, std::string body) {
    const auto page = open_consent(e, authorize_target(register_client(e)));
    auto r = consent_post(e, page, {});
    r.body += fields + std::move(body);
    return r;
}

constexpr std::size_t form_bytes = 16 * 1024;
constexpr std::size_t consent_bytes = 60 * 1024; // and the sealed request beside it
constexpr std::size_t admin_bytes = 16 * 1024;

constexpr surface forms[] = {
    {"/token", form_bytes, [](target&, std::string b) { return form_to("/token", std::move(b)); }},
    {"/token with a code", form_bytes,
     [](target& e, std::string b) {
         return form_to("/token", encode({{"grant_type", "authorization_code"},
                                          {"code", "twk_CODE"},
                                          {"code_verifier", std::string(verifier)},
                                          {"client_id", register_client(e)}}) +
                                      "&" + b);
     }},
    {"/token with a refresh token", form_bytes,
     [](target& e, std::string b) {
         return form_to("/token", encode({{"grant_type", "refresh_token"},
                                          {"refresh_token", "twr_OLD"},
                                          {"client_id", register_client(e)}}) +
                                      "&" + b);
     }},
    {"/revoke", form_bytes,
     [](target& e, std::string b) {
         return form_to("/revoke", encode({{"client_id", register_client(e)}}) + "&" + b);
     }},
    {"/connections", form_bytes,
     [](target& e, std::string b) {
         return make("POST", "/connections",
                     {{"content-type", "application/x-www-form-urlencoded"},
                      {"origin", e.origin},
                      {"sec-fetch-site", "same-origin"}},
                     std::move(b));
     }},
    {"/authorize: a key is pasted", consent_bytes,
     [](target& e, std::string b) {
         return consent_with(e, "&action=check&", "api_key=" + api_key() + "&" + b);
     }},
    {"/authorize: back to the key", consent_bytes,
     [](target& e, std::string b) { return consent_with(e, "&action=back&", std::move(b)); }},
    {"/authorize: approved", consent_bytes,
     [](target& e, std::string b) {
         return consent_with(e, "&action=approve&", "api_key=" + api_key() + "&" + b);
     }},
    {"/authorize: refused", consent_bytes,
     [](target& e, std::string b) { return consent_with(e, "&action=deny&", std::move(b)); }},
    {"/authorize: another browser's page", consent_bytes,
     [](target& e, std::string b) {
         return make("POST", "/authorize",
                     {{"content-type", "application/x-www-form-urlencoded"},
                      {"origin", e.origin},
                      {"sec-fetch-site", "same-origin"},
                      {"cookie", "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'c'))}},
                     std::move(b));
     }},
    {"/authorize: asked for", oauth::max_authorize_query_bytes - 512,
     [](target& e, std::string b) {
         return make("GET", authorize_target(register_client(e)) + "&" + b);
     }},
};

constexpr surface documents[] = {
    {"/register", oauth::max_registration_bytes,
     [](target&, std::string b) {
         return make("POST", "/register", {{"content-type", "application/json"}}, std::move(b));
     }},
    {"a client's document", oauth::max_document_bytes,
     [](target& e, std::string b) {
         e.source.body = std::move(b);
         return make("GET", authorize_target(client_url, "https://client.example.com/cb"));
     }},
    {"/admin/connections/revoke", admin_bytes,
     [](target&, std::string b) { return json_to("/admin/connections/revoke", std::move(b)); }},
    {"/admin/primer/rollback", admin_bytes,
     [](target&, std::string b) { return json_to("/admin/primer/rollback", std::move(b)); }},
    {"/admin/schema/refresh", admin_bytes,
     [](target&, std::string b) { return json_to("/admin/schema/refresh", std::move(b)); }},
};

// Inputs are some bytes longer than they are asked for.
constexpr std::size_t primer_bytes = web::max_primer_bytes - 2'000;

constexpr surface primers[] = {
    {"/admin/primer", primer_bytes,
     [](target&, std::string b) {
         return make("PUT", "/admin/primer", admin("text/markdown"), std::move(b));
     }},
    {"/admin/primer/lint", primer_bytes,
     [](target&, std::string b) {
         return make("POST", "/admin/primer/lint", admin("text/markdown"), std::move(b));
     }},
};

http::request lint_by(target& e, std::vector<twenty::schema_ptr> models, std::string body) {
    e.actors.models = std::move(models);
    return make("POST", "/admin/primer/lint", admin("text/markdown"), std::move(body));
}

constexpr surface primers_by_many_models[] = {
    {"/admin/primer/lint by 64 models", primer_bytes,
     [](target& e, std::string b) {
         static const auto models = support::many_models(false);
         return lint_by(e, models, std::move(b));
     }},
    {"/admin/primer/lint by 64 models of other names", primer_bytes,
     [](target& e, std::string b) {
         static const auto models = support::many_models(true);
         return lint_by(e, models, std::move(b));
     }},
    // Of as many names that differ as are read.
    {"/admin/primer/lint by one large model", primer_bytes,
     [](target& e, std::string b) {
         static const auto models = support::many_models(true);
         return lint_by(e, {models.front()}, std::move(b));
     }},
};

struct input {
    const char* name;
    std::string (*body)(std::size_t n); // of about n bytes
};

constexpr input of_forms[] = {
    {"names", [](std::size_t n) { return numbered("k", "=v", n, "&"); }},
    {"one name", [](std::size_t n) { return repeated("a=1&", n); }},
    {"no names", [](std::size_t n) { return repeated("&", n); }},
    {"equals signs", [](std::size_t n) { return repeated("=", n); }},
    {"bad escapes", [](std::size_t n) { return "label=" + repeated("%", n); }},
    {"escapes", [](std::size_t n) { return "label=" + repeated("%41", n); }},
    {"a label", [](std::size_t n) { return "label=" + repeated("x", n); }},
    {"a hidden label", [](std::size_t n) { return "label=" + repeated("%E2%80%8B", n); }},
    {"a filter", [](std::size_t n) { return "filter=" + repeated("x", n); }},
    {"a mode", [](std::size_t n) { return "mode=" + repeated("<", n); }},
    {"a reach", [](std::size_t n) { return "reach=" + repeated("\"", n); }},
    {"a lifetime", [](std::size_t n) { return "lifetime=" + repeated("9", n); }},
    {"a held key", [](std::size_t n) { return "held_key=" + repeated("x", n); }},
    {"a ticket", [](std::size_t n) { return "ticket=" + repeated("x", n); }},
    {"a sealed request", [](std::size_t n) { return "txn=" + repeated("x", n); }},
    {"a key", [](std::size_t n) { return "api_key=" + repeated("x", n); }},
    {"a key of dots", [](std::size_t n) { return "api_key=" + repeated(".", n); }},
    {"a key of claims",
     [](std::size_t n) {
         const auto claims = "{\"type\":\"API_KEY\",\"x\":[" + repeated("[],", n * 3 / 4) + "1]}";
         return "api_key=e30." + text::base64url_encode(claims) + ".x";
     }},
    {"an object", [](std::size_t n) { return "objects=" + repeated("x", n); }},
    {"objects in a list", [](std::size_t n) { return "objects=" + repeated("a,", n); }},
    {"objects that differ", [](std::size_t n) { return "objects=" + numbered("o", "", n); }},
    {"objects that are near",
     [](std::size_t n) { return "objects=" + repeated(repeated("compan", 120) + ",", n); }},
    {"objects of nothing", [](std::size_t n) { return "objects=" + repeated(",", n); }},
    {"objects that are ticked", [](std::size_t n) { return repeated("objects=company&", n); }},
    {"a client", [](std::size_t n) { return "client_id=" + repeated("x", n); }},
    {"a registered client", [](std::size_t n) { return "client_id=twc1." + repeated("A", n); }},
    {"a client's address",
     [](std::size_t n) { return "client_id=https://a.example/" + repeated("%2e/", n); }},
    {"a client's secret",
     [](std::size_t n) { return "client_id=twc1.a.b&client_secret=" + repeated("x", n); }},
    {"a code", [](std::size_t n) { return "code=" + repeated("x", n); }},
    {"a verifier", [](std::size_t n) { return "code_verifier=" + repeated("x", n); }},
    {"an address",
     [](std::size_t n) { return "redirect_uri=https://c.example/" + repeated("x", n); }},
    {"a scope", [](std::size_t n) { return "scope=" + repeated("twenty:read+", n); }},
    {"scopes that differ", [](std::size_t n) { return "scope=" + numbered("s", "", n, "+"); }},
    {"resources", [](std::size_t n) { return repeated("resource=https://c.example/&", n); }},
    {"a resource", [](std::size_t n) { return "resource=https://" + repeated("a.", n); }},
    {"a token", [](std::size_t n) { return "token=" + repeated("x", n); }},
    {"a refresh token", [](std::size_t n) { return "refresh_token=" + repeated("x", n); }},
    {"a state", [](std::size_t n) { return "state=" + repeated("x", n); }},
};

std::string client_metadata(std::string_view member, std::string_view value) {
    return R"({"client_id":")" + client_url +
           R"(","client_name":"A","redirect_uris":["https://client.example.com/cb"],)" +
           json_text(member) + ":" + std::string(value) + "}";
}

constexpr input of_documents[] = {
    {"members", [](std::size_t n) { return "{" + numbered("\"k", "\":0", n) + "}"; }},
    {"one member",
     [](std::size_t n) { return "{" + repeated("\"all\":true,", n) + "\"all\":true}"; }},
    {"a member's name", [](std::size_t n) { return "{" + json_text(repeated("k", n)) + ":0}"; }},
    {"a hidden name", [](std::size_t n) { return "{\"" + repeated("\u200b", n) + "\":0}"; }},
    {"an escaped name", [](std::size_t n) { return "{\"" + repeated("\\u200b", n) + "\":0}"; }},
    {"blanks", [](std::size_t n) { return repeated(" ", n) + "{}"; }},
    {"lists", [](std::size_t n) { return "{\"key\":[" + repeated("[],", n) + "1]}"; }},
    {"depth", [](std::size_t n) { return nested("{\"a\":", "1", "}", n / 6); }},
    {"depth, often",
     [](std::size_t n) { return "[" + repeated(nested("[", "", "]", 25) + ",", n) + "1]"; }},
    {"a number", [](std::size_t n) { return "{\"version\":" + repeated("1", n) + "}"; }},
    {"a text", [](std::size_t n) { return "{\"client_id\":" + json_text(repeated("x", n)) + "}"; }},
    {"a key", [](std::size_t n) { return "{\"key\":" + json_text(repeated("x", n)) + "}"; }},
    {"no JSON", [](std::size_t n) { return repeated("x", n); }},
    {"a name",
     [](std::size_t n) { return client_metadata("client_name", json_text(repeated("x", n))); }},
    {"a hidden client name",
     [](std::size_t n) {
         return client_metadata("client_name", json_text(repeated("\u200b", n)));
     }},
    {"addresses",
     [](std::size_t n) {
         return R"({"client_id":")" + client_url + R"(","client_name":"A","redirect_uris":[)" +
                numbered("\"https://c.example/", "\"", n) + "]}";
     }},
    {"one address",
     [](std::size_t n) {
         return R"({"redirect_uris":["https://c.example/)" + repeated("%41", n) + "\"]}";
     }},
    {"an address of dots",
     [](std::size_t n) { return R"({"redirect_uris":["https://)" + repeated("a.", n) + "/\"]}"; }},
    {"a scope",
     [](std::size_t n) { return client_metadata("scope", json_text(repeated("a ", n))); }},
    {"grant types",
     [](std::size_t n) {
         return client_metadata("grant_types", "[" + repeated("\"refresh_token\",", n) + "\"x\"]");
     }},
    {"keys",
     [](std::size_t n) {
         return client_metadata("jwks", "{\"keys\":[" + repeated("{},", n) + "{\"d\":1}]}");
     }},
    {"a link",
     [](std::size_t n) {
         return client_metadata("logo_uri", json_text("https://" + repeated("x", n)));
     }},
    {"a link of the other kind",
     [](std::size_t n) { return client_metadata("logo_uri", json_text(repeated("x", n))); }},
};

constexpr input of_primers[] = {
    {"a text", [](std::size_t n) { return repeated("x", n); }},
    {"blanks", [](std::size_t n) { return repeated(" ", n); }},
    {"lines", [](std::size_t n) { return repeated("\n", n); }},
    {"headings", [](std::size_t n) { return repeated("# a\n", n); }},
    {"hidden text", [](std::size_t n) { return repeated("\u200b", n); }},
    {"emoji", [](std::size_t n) { return repeated("\U0001F469\u200D", n); }},
    {"no UTF-8", [](std::size_t n) { return repeated("\xff", n); }},
    {"names", [](std::size_t n) { return numbered("`a", "`", n); }},
    {"long names", [](std::size_t n) { return numbered("`" + repeated("a", 58), "`", n); }},
    {"names that are near", [](std::size_t n) { return numbered("`company", "`", n); }},
    {"one name that is near", [](std::size_t n) { return repeated("`comapny`\n", n); }},
    {"paths", [](std::size_t n) { return numbered("`company.a", "`", n); }},
    {"paths that are right", [](std::size_t n) { return repeated("`company.people.city`", n); }},
    {"paths of other things", [](std::size_t n) { return numbered("`name.a", "`", n); }},
    {"long paths",
     [](std::size_t n) { return repeated("`" + repeated("company.", 150) + "a`", n); }},
    {"a path", [](std::size_t n) { return "`" + repeated("company.", n) + "a`"; }},
    {"values", [](std::size_t n) { return numbered("`PROPOSA", "`", n); }},
    {"words like tools", [](std::size_t n) { return numbered("find_record", " ", n); }},
    {"addresses", [](std::size_t n) { return repeated("twenty://schema/person ", n); }},
    {"wrong addresses", [](std::size_t n) { return numbered("twenty://schema/o", " ", n); }},
    {"backticks", [](std::size_t n) { return repeated("`", n); }},
    {"backticks of two lengths", [](std::size_t n) { return repeated("` `` ", n); }},
    {"fences", [](std::size_t n) { return repeated("```\n", n); }},
    {"keys", [](std::size_t n) { return repeated("eyJ ", n); }},
    {"words for secrets", [](std::size_t n) { return repeated("password", n); }},
    {"bearers", [](std::size_t n) { return repeated("bearer", n); }},
    {"logins", [](std::size_t n) { return repeated("://a:", n); }},
    {"many logins", [](std::size_t n) { return repeated("https://a:b@c\n", n); }},
};

// One name in many spellings, which are all right: no two are equal.
std::string spelt(std::string_view before, std::string_view name, std::string_view after,
                  std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; out.size() < bytes; ++i) {
        out += before;
        for (std::size_t at = 0; at < name.size(); ++at)
            out += (i >> at & 1) != 0 ? static_cast<char>(name[at] & ~0x20) : name[at];
        out += after;
    }
    return out;
}

constexpr input of_primers_by_many_models[] = {
    {"addresses of the last one's object",
     [](std::size_t n) { return repeated("twenty://schema/lastStandingObject ", n); }},
    {"addresses in many spellings",
     [](std::size_t n) { return spelt("twenty://schema/", "laststandingobject", " ", n); }},
    {"wrong addresses", [](std::size_t n) { return numbered("twenty://schema/o", " ", n); }},
    {"words that are near", [](std::size_t n) { return numbered("`thing", "`", n); }},
    {"paths in many spellings",
     [](std::size_t n) { return spelt("`thing1.", "firstname", "`", n); }},
    {"objects in many spellings",
     [](std::size_t n) { return spelt("`", "laststandingobject", ".field0.lastname`", n); }},
    {"paths by relations", [](std::size_t n) { return numbered("`thing1.field0.a", "`", n); }},
    {"long paths",
     [](std::size_t n) { return numbered("`thing1." + repeated("field0.", 120), "`", n); }},
    {"paths that are files", [](std::size_t n) { return numbered("`thing1.a", ".zip`", n); }},
    {"paths of fields", [](std::size_t n) { return numbered("`field9.a", "`", n); }},
    {"paths of one model", [](std::size_t n) { return numbered("`w100thing1.field", "`", n); }},
    {"paths of one model's fields",
     [](std::size_t n) { return spelt("`w100field1599.", "firstname", "`", n); }},
};

struct measured {
    counted::cost spent;
    int status = 0;
    std::size_t answer = 0; // bytes
};
measured spent_on(const surface& on, std::string body) {
    target e;
    auto r = on.request(e, std::move(body));
    measured out;
    http::response got;
    out.spent = counted::of([&] { got = e.send(std::move(r)); });
    out.status = got.status;
    out.answer = got.body.size();
    return out;
}

// COST=1 prints what everything costs.
void show_row(const surface& on, const input& what, const measured& m) {
    static const bool wanted = std::getenv("COST") != nullptr;
    if (wanted)
        std::printf("%8zu allocations %7.2f MB work %6.2f M %7.2f ms %d %7zu bytes  %s: %s\n",
                    m.spent.allocations, static_cast<double>(m.spent.bytes) / 1e6,
                    static_cast<double>(work_of(m.spent)) / 1e6, m.spent.cpu_ms, m.status, m.answer,
                    on.name, what.name);
}

void check_all(std::span<const surface> surfaces, std::span<const input> inputs) {
    for (const auto& on : surfaces)
        for (const auto& what : inputs) {
            INFO(on.name << ": " << what.name);
            spent_on(on, what.body(100)); // what is made once
            const auto any = work_of(spent_on(on, what.body(100)).spent);
            const auto beyond_any = [&](std::size_t n) {
                const auto work = work_of(spent_on(on, what.body(n)).spent);
                return work > any ? work - any : 0;
            };
            for (auto n = on.most / 8; 2 * n <= on.most; n *= 2) {
                INFO(n << " bytes, then twice as many");
                const auto once = beyond_any(n), twice = beyond_any(2 * n);
                INFO(once << ", " << twice);
                CHECK((twice < small_step || 2 * twice < 5 * once + small_step));
            }
            const auto largest = spent_on(on, what.body(on.most));
            show_row(on, what, largest);
            CHECK(work_of(largest.spent) < most_work);
            CHECK(largest.answer < 8 * on.most + 100'000);
        }
}

} // namespace

TEST_CASE("no form of OAuth or of a page costs more than its bytes, nor more than 20 ms",
          "[endpoint_cost][cost]") {
    check_all(forms, of_forms);
}

TEST_CASE("no registration, client's document or admin body costs more than its bytes, nor more "
          "than 20 ms",
          "[endpoint_cost][cost]") {
    check_all(documents, of_documents);
    check_all(primers, of_primers);
    check_all(primers_by_many_models, of_primers_by_many_models);
}
