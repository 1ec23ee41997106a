// The endpoints without a socket and without actors: requests go straight into the handler,
// a scripted bridge answers for the actors, and the clock stands where the test puts it.
#pragma once

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "http/pause.hpp"
#include "oauth/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/web/silent_bridge.hpp"
#include "web/router.hpp"
#include "web/site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace endpoint_test {

inline constexpr std::string_view public_url = "https://crm.example.com";
inline constexpr std::string_view callback = "https://claude.ai/api/mcp/auth_callback";
inline constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline constexpr std::string_view admin_token = "an-admin-token-of-decent-length";
inline constexpr std::int64_t start_time = 1'795'000'000; // November 2026

// Answers what the test put in; counts and keeps what it was asked.
class fake_bridge final : public silent_bridge {
  public:
    using silent_bridge::ask;

    std::function<result<actors::mcp_reply>(const actors::mcp_call&)> on_call;
    std::function<result<actors::mcp_reply>(const actors::open_stream&)> on_stream;
    std::function<result<actors::mcp_reply>(const actors::end_session&)> on_end;
    result<done> token_check = done{};
    std::function<result<actors::checked_key>()> on_key;
    std::chrono::milliseconds key_takes{0};
    std::function<result<secret>(const oauth::new_grant&)> on_grant;
    std::function<result<oauth::token_pair>(const oauth::code_exchange&)> on_code;
    std::function<result<oauth::token_pair>(const oauth::refresh_exchange&)> on_refresh;
    result<done> revocation = done{};
    // By name, as in stored/upload.
    std::map<std::string, stored::upload_record> uploads;
    std::map<std::string, std::string> abouts;
    std::map<std::string, std::vector<stored::upload_version>> versions;
    result<actors::status> health = actors::status{true, {}, true, 0};

    int calls = 0, key_checks = 0, revocations = 0, upload_writes = 0;
    std::vector<oauth::new_grant> grants;
    std::map<std::string, std::vector<oauth::grant_summary>> connections; // by fingerprint
    // The one question that waits, and who may see it.
    actors::approval_view approval;
    std::string approval_id, approval_browser, approval_key;

    // The administrator's.
    bool upload_conflict = false;
    stored::upload_condition upload_condition;
    std::vector<oauth::grant_summary> everybodys;
    std::vector<actors::find_grants> sought;
    std::vector<actors::end_chosen> chosen;
    std::vector<stored::key_use> keys;
    std::vector<stored::audit_note> notes;
    result<done> noting = done{};
    stored::audit_query audit_query;
    std::vector<stored::audit_row> audit;
    stored::call_query call_query;
    std::vector<stored::call_record> recorded;
    stored::call_chain chain;
    std::vector<stored::write_pause> pauses;
    result<done> pausing = done{};
    std::vector<std::string> dropped;
    result<std::vector<twenty::schema_ptr>> models = std::vector<twenty::schema_ptr>{};

    http::eventually<actors::mcp_reply> ask(actors::mcp_call m) override {
        ++calls;
        co_return on_call(m);
    }
    http::eventually<actors::mcp_reply> ask(actors::open_stream m) override {
        co_return on_stream(m);
    }
    http::eventually<actors::mcp_reply> ask(actors::end_session m) override { co_return on_end(m); }
    http::eventually<done> ask(actors::check_token) override { co_return token_check; }
    http::eventually<actors::checked_key> ask(actors::check_key) override {
        ++key_checks;
        if (key_takes.count() > 0) co_await http::pause(key_takes);
        co_return on_key();
    }
    http::eventually<secret> ask(actors::create_grant m) override {
        grants.push_back(m.grant);
        co_return on_grant(m.grant);
    }
    http::eventually<oauth::token_pair> ask(actors::redeem_code m) override {
        co_return on_code(m.exchange);
    }
    http::eventually<oauth::token_pair> ask(actors::refresh_token m) override {
        co_return on_refresh(m.exchange);
    }
    http::eventually<done> ask(actors::revoke_token) override {
        ++revocations;
        co_return revocation;
    }
    // What the tools answer to a person, in turn; what they were asked.
    std::vector<std::string> tool_answers;
    std::vector<actors::person_call> person_calls;
    http::eventually<actors::mcp_reply> ask(actors::person_call m) override {
        actors::mcp_reply out;
        json::object result;
        const std::string text =
            person_calls.size() < tool_answers.size() ? tool_answers[person_calls.size()] : "{}";
        json::object block;
        block.append("type", "text");
        block.append("text", text);
        json::array blocks;
        blocks.emplace_back(std::move(block));
        result.append("content", std::move(blocks));
        result.append("isError", text.find("\"error\"") != std::string::npos);
        out.body = json::dump(json::make({{"result", json::value(std::move(result))}}));
        person_calls.push_back(std::move(m));
        co_return out;
    }
    std::vector<stored::quota_use> quotas;
    http::eventually<std::vector<stored::quota_use>> ask(actors::list_quotas) override {
        co_return quotas;
    }
    std::vector<actors::waiting_approval> waiting;
    http::eventually<std::vector<actors::waiting_approval>> ask(actors::list_approvals m) override {
        auto found = waiting;
        std::erase_if(found, [&](const auto& one) {
            return std::ranges::find(m.grants, one.grant_id) == m.grants.end();
        });
        co_return found;
    }
    http::eventually<actors::approval_view> ask(actors::find_approval m) override {
        co_return seen(m.id, m.by);
    }
    http::eventually<actors::approval_view> ask(actors::answer_approval m) override {
        auto found = seen(m.id, m.by);
        using state = actors::approval_state;
        if (found && approval.now == state::open)
            approval.now = m.yes ? state::approved : state::declined;
        if (found) found = approval;
        co_return found;
    }
    result<actors::approval_view> seen(const std::string& id,
                                       const actors::person_proof& by) const {
        const bool proven = by.browser == approval_browser || by.api_key.reveal() == approval_key;
        if (id != approval_id || !proven) return error(errc::not_found, "No question waits.");
        return approval;
    }
    http::eventually<std::vector<oauth::grant_summary>> ask(actors::list_grants m) override {
        co_return connections[m.fingerprint];
    }
    http::eventually<std::vector<std::string>> ask(actors::end_grants m) override {
        std::vector<std::string> gone;
        std::erase_if(connections[m.fingerprint], [&](const auto& one) {
            const bool meant = m.id.empty() || one.id == m.id;
            if (meant) gone.push_back(one.id);
            return meant;
        });
        co_return gone;
    }
    http::eventually<std::optional<stored::upload_record>> ask(actors::read_upload m) override {
        const auto found = uploads.find(m.name);
        if (found == uploads.end()) co_return std::optional<stored::upload_record>();
        co_return found->second;
    }
    http::eventually<stored::upload_record> ask(actors::write_upload m) override {
        upload_condition = m.condition;
        if (upload_conflict) co_return error(errc::conflict, "The upload changed.");
        ++upload_writes;
        if (!m.about.empty()) abouts[m.name] = m.about;
        uploads[m.name] = stored::upload_record{m.text, {}, "\"v1\""};
        co_return uploads[m.name];
    }
    http::eventually<bool> ask(actors::clear_upload m) override {
        upload_condition = m.condition;
        if (upload_conflict) co_return error(errc::conflict, "The upload changed.");
        uploads.erase(m.name);
        abouts.erase(m.name);
        co_return true;
    }
    http::eventually<stored::upload_version> ask(actors::roll_back_upload m) override {
        upload_condition = m.condition;
        if (upload_conflict) co_return error(errc::conflict, "The upload changed.");
        for (auto one : versions[m.name])
            if (one.version == m.version) co_return one;
        co_return error(errc::not_found, "That version is not kept.");
    }
    http::eventually<std::vector<stored::upload_version>> ask(actors::list_uploads m) override {
        co_return versions[m.name];
    }
    http::eventually<std::vector<stored::skill_row>> ask(actors::list_skills) override {
        std::vector<stored::skill_row> out;
        for (const auto& [name, about] : abouts)
            out.push_back({about, 7, {}});
        co_return out;
    }
    http::eventually<stored::grant_page> ask(actors::find_grants m) override {
        sought.push_back(m);
        if (m.after == "wrong") co_return error(errc::bad_request, "cursor is wrong.");
        stored::grant_page page;
        for (const auto& one : everybodys)
            if (m.filter.id.empty() || one.id == m.filter.id) page.grants.push_back(one);
        page.next = m.after.empty() && m.filter.id.empty() ? "more" : "";
        co_return page;
    }
    http::eventually<std::vector<std::string>> ask(actors::end_chosen m) override {
        chosen.push_back(m);
        std::vector<std::string> gone;
        for (const auto& one : everybodys)
            if (m.choice.id.empty() || one.id == m.choice.id) gone.push_back(one.id);
        co_return gone;
    }
    http::eventually<std::vector<stored::key_use>> ask(actors::list_keys) override {
        co_return keys;
    }
    http::eventually<done> ask(actors::note_audit m) override {
        notes.push_back(m.note);
        co_return noting;
    }
    http::eventually<std::vector<stored::audit_row>> ask(actors::read_audit m) override {
        audit_query = m.query;
        co_return audit;
    }
    http::eventually<std::vector<stored::call_record>> ask(actors::read_calls m) override {
        call_query = m.query;
        co_return recorded;
    }
    http::eventually<stored::call_chain> ask(actors::read_call_chain) override { co_return chain; }
    http::eventually<std::uint64_t> ask(actors::drop_schemas m) override {
        dropped.push_back(m.workspace_id);
        co_return std::uint64_t{3};
    }
    http::eventually<std::vector<stored::write_pause>> ask(actors::list_pauses) override {
        co_return pauses;
    }
    http::eventually<std::vector<stored::write_pause>> ask(actors::pause_writes m) override {
        if (!pausing) co_return pausing.failure();
        pauses.push_back(m.pause);
        co_return pauses;
    }
    http::eventually<std::vector<stored::write_pause>> ask(actors::resume_writes m) override {
        std::erase_if(pauses, [&](const auto& one) { return one.of == m.of; });
        co_return pauses;
    }
    http::eventually<std::int64_t> ask(actors::count_grants) override {
        co_return static_cast<std::int64_t>(everybodys.size());
    }
    http::eventually<std::vector<twenty::schema_ptr>> ask(actors::list_schemas) override {
        co_return models;
    }
    http::eventually<actors::status> ask(actors::get_status) override { co_return health; }
};

inline secret server_key() { return secret(std::string(32, 'k')); }

inline twenty::schema_ptr small_schema() {
    std::vector<twenty::object> objects(2);
    objects[0].name_singular = "company";
    objects[0].name_plural = "companies";
    objects[0].label_singular = "Company";
    objects[0].label_plural = "Companies";
    objects[1].name_singular = "person";
    objects[1].name_plural = "people";
    objects[1].label_singular = "Person";
    objects[1].label_plural = "People";
    return std::make_shared<const twenty::schema>("20202020-1c25-4d02-bf25-6aeccf7ea419", "Acme",
                                                  std::move(objects));
}

// JWT-shaped, as Twenty makes them.
inline std::string api_key(std::optional<std::int64_t> expires = std::nullopt,
                           std::string type = "API_KEY") {
    auto claims = json::make({{"sub", "20202020-1c25-4d02-bf25-6aeccf7ea419"},
                              {"type", type},
                              {"workspaceId", "20202020-1c25-4d02-bf25-6aeccf7ea419"},
                              {"jti", "20202020-f401-4d8a-a731-64d007c27bad"}});
    if (expires) claims.if_object()->set("exp", *expires);
    return "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9." + text::base64url_encode(json::dump(claims)) +
           ".PLANTEDsignaturePLANTEDsignaturePLANTEDs";
}

struct endpoints {
    explicit endpoints(std::string_view url = public_url)
        : s(io, actors, settings(url)), handle(web::make_handler(s)) {
        REQUIRE(crypto::start());
        s.now = [this] { return oauth::clock::from_time_t(time); };
        origin = url;
        host = web::host_name(url.substr(url.find("//") + 2));
        actors.on_call = [](const auto&) { return actors::mcp_reply{}; };
        actors.on_key = [] {
            actors::checked_key key;
            key.workspace = {"20202020-1c25-4d02-bf25-6aeccf7ea419", "Acme"};
            key.facts.expires_at = 1'830'000'000; // 2027-12-28
            key.schema = small_schema();
            return key;
        };
        actors.on_grant = [](const auto&) { return secret(std::string("twk_THECODE")); };
    }
    endpoints(const endpoints&) = delete;

    static web::site_settings settings(std::string_view url) {
        web::site_settings given;
        given.identity = *oauth::make_identity(url);
        given.instance_secret = secret(std::string(32, 'i'));
        given.server_keys = {server_key()};
        given.admin_token = secret(admin_token);
        given.tools = {"find_records", "get_record"};
        given.twenty_url = "https://twenty.example.org";
        given.card =
            web::make_card(given.identity, {"twenty-mcp", "Twenty CRM", "1.2.3", "A CRM."});
        return given;
    }

    http::response send(http::request r) {
        std::vector<http::request> one;
        one.push_back(std::move(r));
        return send_together(std::move(one)).front();
    }
    // All of them are under way at once.
    std::vector<http::response> send_together(std::vector<http::request> requests) {
        io.restart();
        std::vector<std::optional<http::response>> answers(requests.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            auto& r = requests[i];
            if (!r.has("host")) r.headers.emplace_back("host", host);
            if (r.peer.empty()) r.peer = peer;
            boost::asio::co_spawn(io, handle(std::move(r)),
                                  [&answers, i](std::exception_ptr failed, http::response got) {
                                      REQUIRE_FALSE(failed);
                                      answers[i] = std::move(got);
                                  });
        }
        io.run();
        std::vector<http::response> all;
        for (auto& answer : answers) {
            REQUIRE(answer);
            all.push_back(std::move(*answer));
        }
        return all;
    }

    // The next piece of a streamed body, which must be there.
    std::string read(http::body_source& source) {
        std::optional<std::string> piece;
        io.restart();
        boost::asio::co_spawn(io, source.next(), [&](std::exception_ptr failed, std::string got) {
            REQUIRE_FALSE(failed);
            piece = std::move(got);
        });
        io.poll();
        REQUIRE(piece);
        return *piece;
    }

    boost::asio::io_context io;
    fake_bridge actors;
    std::int64_t time = start_time;
    web::site s;
    http::handler handle;
    std::string origin;
    std::string host;
    std::string peer = "203.0.113.7";
};

inline http::request make(std::string method, std::string target, http::headers headers = {},
                          std::string body = {}) {
    http::request r;
    r.method = std::move(method);
    const auto mark = target.find('?');
    r.path = target.substr(0, mark);
    if (mark != std::string::npos) r.query = target.substr(mark + 1);
    r.headers = std::move(headers);
    r.body = std::move(body);
    return r;
}

inline std::string header(const http::response& r, std::string_view name) {
    for (const auto& [key, value] : r.headers)
        if (text::iequals(key, name)) return value;
    return {};
}

inline bool has_header(const http::response& r, std::string_view name) {
    for (const auto& [key, value] : r.headers)
        if (text::iequals(key, name)) return true;
    return false;
}

inline json::value body_of(const http::response& r) {
    INFO(r.body);
    auto document = json::parse(r.body);
    REQUIRE(document);
    return *std::move(document);
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline constexpr const char* ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
inline const http::headers form_type{{"content-type", "application/x-www-form-urlencoded"}};

// RFC 6749 section 2.3.1
inline std::string basic(std::string_view id, std::string_view password) {
    return "Basic " +
           text::base64_encode(text::percent_encode(id) + ":" + text::percent_encode(password));
}

// What every page says to the browser.
inline void check_page_headers(const http::response& r) {
    const std::pair<const char*, const char*> expected[] = {
        {"Content-Type", "text/html; charset=utf-8"},
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "
                                    "base-uri 'none'; frame-ancestors 'none'"},
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
        {"X-Robots-Tag", "noindex"}};
    for (const auto& [name, value] : expected) {
        INFO(name);
        CHECK(header(r, name) == value);
    }
    CHECK_FALSE(contains(r.body, "<script"));
    CHECK_FALSE(contains(r.body, "style="));
}

inline std::string encode(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += text::percent_encode(name) + "=" + text::percent_encode(value);
    }
    return out;
}

// Registers a public client and returns its id.
inline std::string register_client(endpoints& e, std::string name = "Claude",
                                   std::vector<std::string> redirects = {std::string(callback)}) {
    json::array uris(redirects.begin(), redirects.end());
    const auto body = json::dump(json::make(
        {{"client_name", name}, {"redirect_uris", uris}, {"token_endpoint_auth_method", "none"}}));
    const auto r = e.send(make("POST", "/register", {{"content-type", "application/json"}}, body));
    INFO(r.body);
    REQUIRE(r.status == 201);
    return std::string(body_of(r).text("client_id"));
}

inline std::string
authorize_target(const std::string& client_id, std::string_view redirect = callback,
                 std::vector<std::pair<std::string, std::string>> more = {
                     {"scope", "twenty:read twenty:write"}, {"state", "st/a+te=1"}}) {
    std::vector<std::pair<std::string, std::string>> all{{"response_type", "code"},
                                                         {"client_id", client_id},
                                                         {"redirect_uri", std::string(redirect)},
                                                         {"code_challenge", std::string(challenge)},
                                                         {"code_challenge_method", "S256"}};
    all.insert(all.end(), more.begin(), more.end());
    return "/authorize?" + encode(all);
}

// A consent page that a browser has open.
struct open_page {
    http::response page;
    std::string txn;
    std::string cookie; // NAME=VALUE
};

inline open_page open_consent(endpoints& e, const std::string& target, std::string cookie = {}) {
    auto r = make("GET", target);
    if (!cookie.empty()) r.headers.emplace_back("cookie", cookie);
    open_page out;
    out.page = e.send(std::move(r));
    INFO(out.page.body);
    REQUIRE(out.page.status == 200);
    const std::string_view mark = "name=\"txn\" value=\"";
    const auto at = out.page.body.find(mark);
    REQUIRE(at != std::string::npos);
    const auto from = at + mark.size();
    out.txn = out.page.body.substr(from, out.page.body.find('"', from) - from);
    const auto set = header(out.page, "Set-Cookie");
    out.cookie = set.empty() ? cookie : set.substr(0, set.find(';'));
    return out;
}

using form_fields = std::vector<std::pair<std::string, std::string>>;

inline http::request consent_post(const endpoints& e, const open_page& page, form_fields fields) {
    fields.insert(fields.begin(), {"txn", page.txn});
    return make("POST", "/authorize",
                {{"content-type", "application/x-www-form-urlencoded"},
                 {"origin", e.origin},
                 {"sec-fetch-site", "same-origin"},
                 {"cookie", page.cookie}},
                encode(fields));
}

inline form_fields approval(std::string key = api_key()) {
    return {{"api_key", std::move(key)}, {"mode", "read"}, {"action", "approve"}};
}

} // namespace endpoint_test
