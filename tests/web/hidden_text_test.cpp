// Text that nobody sees, in every place where it could reach a page, an answer of OAuth or the
// admin API: a table of places, each fed with every code point that Unicode ignores by default or
// that is blank. What models get has such tables in tests/crm/hidden_text_test.cpp.
//
// GET /admin/primer is none of the places: the administrator gets back the bytes that were
// uploaded, and models get them cleaned.
#include "tests/support/hidden_schema.hpp"
#include "tests/support/hidden_text.hpp"
#include "tests/web/admin_fixture.hpp"

#include "oauth/configured_client.hpp"
#include "twenty/schema_query.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace endpoint_test;
namespace hidden = support::hidden;

namespace {

const std::string browser = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'c'));
const std::string named_by_document = "https://client.example.com/client.json";

class one_document final : public web::document_source {
  public:
    std::string name;
    boost::asio::awaitable<result<web::fetched_document>> fetch(oauth::document_url,
                                                                web::fair_slots::slot) override {
        const auto body = json::make({{"client_id", named_by_document},
                                      {"client_name", name},
                                      {"redirect_uris", json::list({std::string(callback)})}});
        co_return web::fetched_document{json::dump(body), std::chrono::seconds(600)};
    }
};

twenty::response graphql(const json::value& body) {
    twenty::response r;
    r.status = 200;
    r.content_type = "application/json";
    r.body = json::dump(body);
    return r;
}

// A server in front of a Twenty that says the text wherever it can say one.
struct told_server : endpoints {
    explicit told_server(std::string_view words) : text(words) {
        source.name = text;
        s.documents.source = &source;
        schema = support::schema_with(text);
        actors.on_key = [this]() -> result<actors::checked_key> {
            twenty::key_check check(*twenty::read_key(secret(api_key()), start_time));
            const auto fed = check.feed(graphql(
                refused
                    ? json::make({{"errors", json::list({json::make({{"message", text}})})}})
                    : json::make({{"data", json::make({{"currentWorkspace",
                                                        json::make({{"id", workspace_id},
                                                                    {"displayName", text}})}})}})));
            if (!fed) return fed.failure();
            actors::checked_key key;
            key.workspace = check.found();
            key.schema = schema;
            return key;
        };
    }

    // The consent page and what is sent from it.
    http::response consent(form_fields fields, const std::string& client_name = "Claude") {
        const auto id = register_client(*this, client_name);
        return send(
            consent_post(*this, open_consent(*this, authorize_target(id)), std::move(fields)));
    }
    // A connection that a person has just made, as the store tells it.
    oauth::grant_summary connected() {
        auto form = approval();
        form.emplace_back("label", text);
        const auto r = consent(std::move(form), text);
        INFO(r.status << r.body);
        REQUIRE(actors.grants.size() == 1);
        const auto& grant = actors.grants.front();
        oauth::grant_summary out;
        out.id = "11111111-1111-4111-8111-111111111111";
        out.client_id = grant.request.client_id;
        out.kind = grant.request.kind;
        out.client_name = grant.request.client_name;
        out.redirect_uri = grant.request.redirect_uri;
        out.scope = grant.granted;
        out.label = grant.label;
        out.workspace_name = grant.workspace_name;
        out.objects = grant.objects;
        return out;
    }
    std::string admin_get(const std::string& target) { return get(*this, target).body; }
    std::string form_to(const std::string& path, const form_fields& fields) {
        return send(make("POST", path, form_type, encode(fields))).body;
    }

    static constexpr const char* workspace_id = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    std::string text;
    one_document source;
    twenty::schema_ptr schema;
    bool refused = false;
};

struct place {
    const char* name;
    std::string (*told)(told_server& e);
    bool shown = true; // is all that can be seen of the text told?
};

std::string asked_with(told_server& e, const char* name) {
    return e.send(make("GET", authorize_target(register_client(e), callback, {{name, e.text}})))
        .body;
}
std::string kept_on_the_page(told_server& e, const char* name) {
    return e.consent({{name, e.text}, {"action", "back"}}).body;
}

constexpr place places[] = {
    // Names of clients, and what they ask for.
    {"a registered client's name",
     [](told_server& e) {
         return open_consent(e, authorize_target(register_client(e, e.text))).page.body;
     }},
    {"a document's name of its client",
     [](told_server& e) {
         return e.send(make("GET", authorize_target(named_by_document))).body; // may be too long
     }},
    {"a configured client's name",
     [](told_server& e) {
         const auto all = oauth::read_configured_clients(json::dump(
             json::list({json::make({{"client_id", "ours"},
                                     {"client_name", e.text},
                                     {"redirect_uris", json::list({std::string(callback)})}})})));
         REQUIRE(all);
         e.s.configured_clients = *all;
         return open_consent(e, authorize_target("ours")).page.body;
     }},
    {"a registration",
     [](told_server& e) {
         const auto body = json::make({{"client_name", e.text},
                                       {"redirect_uris", json::list({std::string(callback)})},
                                       {"scope", e.text},
                                       {"software_id", e.text},
                                       {"token_endpoint_auth_method", "none"}});
         return e
             .send(make("POST", "/register", {{"content-type", "application/json"}},
                        json::dump(body)))
             .body;
     }},
    {"a registration's address",
     [](told_server& e) {
         const auto body =
             json::make({{"redirect_uris", json::list({"https://c.example/" + e.text})}});
         return e
             .send(make("POST", "/register", {{"content-type", "application/json"}},
                        json::dump(body)))
             .body;
     },
     false},
    {"a registration's method",
     [](told_server& e) {
         const auto body = json::make({{"redirect_uris", json::list({std::string(callback)})},
                                       {"token_endpoint_auth_method", e.text}});
         return e
             .send(make("POST", "/register", {{"content-type", "application/json"}},
                        json::dump(body)))
             .body;
     },
     false},
    {"an address that is not the client's",
     [](told_server& e) {
         return e
             .send(make("GET",
                        authorize_target(register_client(e), "https://" + e.text + ".example/cb")))
             .body;
     }},
    {"a client that nobody knows",
     [](told_server& e) { return e.send(make("GET", authorize_target(e.text))).body; }, false},
    {"a scope", [](told_server& e) { return asked_with(e, "scope"); }, false},
    {"a state", [](told_server& e) { return asked_with(e, "state"); }, false},
    {"a resource", [](told_server& e) { return asked_with(e, "resource"); }, false},
    {"a prompt", [](told_server& e) { return asked_with(e, "prompt"); }, false},
    // The consent form.
    {"a workspace's name and labels of objects",
     [](told_server& e) {
         return e.consent({{"api_key", api_key()}, {"action", "check"}}).body;
     }},
    {"Twenty's word on a key",
     [](told_server& e) {
         e.refused = true;
         return e.consent({{"api_key", api_key()}, {"action", "check"}}).body;
     },
     false},
    {"a connection's label", [](told_server& e) { return kept_on_the_page(e, "label"); }},
    {"objects that are kept", [](told_server& e) { return kept_on_the_page(e, "objects"); }},
    {"a mode", [](told_server& e) { return kept_on_the_page(e, "mode"); }},
    {"a reach", [](told_server& e) { return kept_on_the_page(e, "reach"); }},
    {"a lifetime", [](told_server& e) { return kept_on_the_page(e, "lifetime"); }},
    {"a filter of objects",
     [](told_server& e) {
         return e.consent({{"api_key", api_key()}, {"filter", e.text}, {"action", "filter"}}).body;
     }},
    {"an object that the workspace has not",
     [](told_server& e) {
         auto form = approval();
         form.emplace_back("objects", e.text);
         form.emplace_back("reach", "chosen");
         return e.consent(std::move(form)).body;
     }},
    {"an action",
     [](told_server& e) {
         return e.consent({{"action", e.text}}).body;
     },
     false},
    {"a key", [](told_server& e) { return e.consent(approval(e.text)).body; }, false},
    // What is told of connections.
    {"/connections",
     [](told_server& e) {
         const auto key = api_key();
         e.actors.connections[e.s.keys.fingerprint(secret(key))] = {e.connected()};
         return e
             .send(make("POST", "/connections",
                        {{"content-type", "application/x-www-form-urlencoded"},
                         {"origin", e.origin},
                         {"sec-fetch-site", "same-origin"},
                         {"cookie", browser}},
                        encode({{"api_key", key}})))
             .body;
     }},
    {"/admin/connections",
     [](told_server& e) {
         e.actors.everybodys = {e.connected()};
         return e.admin_get("/admin/connections");
     }},
    {"/admin/connections/{id}",
     [](told_server& e) {
         e.actors.everybodys = {e.connected()};
         return e.admin_get("/admin/connections/11111111-1111-4111-8111-111111111111");
     }},
    {"a parameter of the admin API",
     [](told_server& e) {
         return e.admin_get("/admin/connections?" + encode({{e.text, "1"}}));
     }},
    {"a value of the admin API",
     [](told_server& e) {
         return e.admin_get("/admin/connections?" + encode({{"mode", e.text}}));
     },
     false},
    {"a name in the admin API's path",
     [](told_server& e) { return e.admin_get("/admin/connections/" + e.text); }, false},
    {"a path of the admin API", [](told_server& e) { return e.admin_get("/admin/" + e.text); },
     false},
    {"a member of an admin body",
     [](told_server& e) {
         json::object body;
         body.append(e.text, e.text);
         return post_json(e, "/admin/connections/revoke", json::dump(body)).body;
     }},
    {"a value of an admin body",
     [](told_server& e) {
         return post_json(e, "/admin/schema/refresh",
                          json::dump(json::make({{"workspace", e.text}})))
             .body;
     },
     false},
    // OAuth's other endpoints.
    {"a token request",
     [](told_server& e) {
         return e.form_to("/token", {{"grant_type", e.text}, {"client_id", register_client(e)}});
     },
     false},
    {"a token request's client",
     [](told_server& e) {
         return e.form_to("/token", {{"grant_type", "refresh_token"}, {"client_id", e.text}});
     },
     false},
    {"a token request's scope",
     [](told_server& e) {
         return e.form_to("/token", {{"grant_type", "refresh_token"},
                                     {"refresh_token", "twr_X"},
                                     {"scope", e.text},
                                     {"client_id", register_client(e)}});
     },
     false},
    {"a revocation",
     [](told_server& e) {
         return e.form_to(
             "/revoke",
             {{"token", e.text}, {"token_type_hint", e.text}, {"client_id", register_client(e)}});
     },
     false},
    {"a path", [](told_server& e) { return e.send(make("GET", "/" + e.text)).body; }, false},
};

} // namespace

TEST_CASE("no hidden text of a client's, of Twenty's or of a form's reaches a page or an answer",
          "[hidden_text]") {
    for (const auto& p : places) {
        INFO(p.name);
        const auto tell = [&](const std::string& text) {
            told_server e(text);
            return p.told(e);
        };
        CHECK(hidden::fault_of(tell, p.shown).substr(0, 6'000) == "");
    }
}
