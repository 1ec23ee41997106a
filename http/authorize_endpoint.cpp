#include "http/authorize_endpoint.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/answered_forms.hpp"
#include "http/browser_cookie.hpp"
#include "http/consent_form.hpp"
#include "http/consent_page.hpp"
#include "http/delivery.hpp"
#include "http/respond.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client.hpp"
#include "oauth/scope.hpp"
#include "oauth/sealed_request.hpp"

#include <utility>

namespace http {

namespace asio = boost::asio;

namespace {

constexpr int max_key_checks = 5; // at Twenty, at once

// -- Pages --------------------------------------------------------------------------------------

// The messages of shared rules have no full stop.
std::string start_again(std::string why) {
    if (!why.ends_with('.')) why += '.';
    return why + " Start the connection again from your application.";
}

response unusable(const error& e) {
    auto r = local_page(400, "This request can't be used", start_again(e.message));
    note_error(r, e);
    return r;
}

response too_many(std::chrono::seconds wait) {
    auto r = local_page(429, "Too many attempts", "Wait a little and try again.");
    set_retry_after(r, wait);
    return r;
}

// The form once more, with what was wrong; the key's field is empty.
response form_again(const services& s, const oauth::authorization_request& asked,
                    const consent_form& form, int status, std::vector<consent_problem> problems,
                    std::string workspace_note = {}) {
    const consent_view view{asked,           form.sealed,         s.twenty_url,
                            values_of(form), std::move(problems), std::move(workspace_note)};
    auto r = html_page(status, render_consent(view));
    r.log.emplace_back("consent", "form error");
    return r;
}

response form_failed(const services& s, const oauth::authorization_request& asked,
                     const consent_form& form, const error& e, std::string text) {
    auto r = form_again(s, asked, form, e.code == errc::rate_limited ? 429 : 503,
                        {{"", std::move(text)}});
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

std::string describe(const actors::checked_key& key) {
    auto text = "The key opens the workspace “" + key.workspace.name + "”";
    if (key.facts.expires_at)
        text += " and expires on " + text::iso_time(*key.facts.expires_at).substr(0, 10);
    return text + ". Paste it again.";
}

// -- Approval -----------------------------------------------------------------------------------

struct check_slot { // counts a question to Twenty while it is under way
    explicit check_slot(int& n) : under_way(n) { ++under_way; }
    ~check_slot() { --under_way; }
    check_slot(const check_slot&) = delete;
    check_slot& operator=(const check_slot&) = delete;
    int& under_way;
};

eventually<actors::checked_key> check_key(services& s, std::string peer, secret key) {
    if (s.key_checks >= max_key_checks)
        co_return error(errc::busy, "Many people are connecting at this moment.");
    if (const auto wait = s.limits.take(limit::key_check, peer, s.now())) {
        error limited(errc::rate_limited, "Many people are connecting at this moment.");
        limited.retry_after = *wait;
        co_return limited;
    }
    const check_slot slot(s.key_checks);
    actors::check_key question(std::move(key));
    co_return co_await s.actors.ask(std::move(question));
}

// What Twenty said of the key, for the person. Nothing of Twenty's own words.
response key_refused(services& s, const std::string& peer,
                     const oauth::authorization_request& asked, const consent_form& form,
                     const error& e) {
    switch (e.code) {
    case errc::upstream_auth:
    case errc::unauthenticated:
    case errc::not_allowed:
    case errc::bad_request: {
        (void)s.limits.take(limit::failed_key, peer, s.now());
        auto r = form_again(s, asked, form, 422, {{"api_key", e.message}});
        note_error(r, e);
        return r;
    }
    case errc::upstream_timeout:
        return form_failed(s, asked, form, e,
                           "Twenty did not answer in time, so the key could not be checked. Try "
                           "again in a moment.");
    case errc::upstream_down:
    case errc::upstream_refused:
        return form_failed(s, asked, form, e,
                           "Twenty can't be reached or did not answer as Twenty does, so the key "
                           "could not be checked. Try again, or tell your administrator.");
    case errc::rate_limited:
    case errc::busy:
        return form_failed(s, asked, form, e,
                           "The key could not be checked right now, because too many requests are "
                           "under way. Try again in a moment.");
    default:
        return form_failed(s, asked, form, e,
                           "The key could not be checked right now. Try again in a moment.");
    }
}

oauth::new_grant make_grant(const services& s, const oauth::authorization_request& asked,
                            const consent_form& form, const actors::checked_key& key,
                            std::optional<std::set<std::string>> objects,
                            const oauth::scope_set& granted) {
    twenty::connection connection;
    connection.api_key = form.api_key;
    connection.workspace = key.workspace;
    connection.mode = granted.write ? twenty::mode::write : twenty::mode::read;
    connection.objects = std::move(objects);
    connection.label = form.label;
    connection.key_id = key.facts.key_id;
    connection.key_expires_at = key.facts.expires_at;

    oauth::new_grant grant;
    grant.request = asked;
    grant.granted = granted;
    grant.props = twenty::to_props(connection);
    grant.fingerprint =
        text::hex_encode(crypto::keyed_hash(s.fingerprint_key.reveal(), form.api_key.reveal(), 16));
    grant.label = form.label;
    grant.workspace_name = key.workspace.name;
    return grant;
}

// Two forms with the same digest ask for the same.
std::string digest_of(const services& s, const consent_form& form) {
    const auto key = s.fingerprint_key.reveal();
    if (form.action == consent_action::deny) return crypto::keyed_hash(key, "deny");
    auto parts = crypto::keyed_hash(key, form.api_key.reveal());
    for (const auto& part : {form.mode, form.label, text::join(form.objects, ",")})
        parts.append(part).append("\n");
    return crypto::keyed_hash(key, parts);
}

response deny(services& s, const oauth::authorization_request& asked) {
    auto refused = deliver_error(oauth::access_denied(s.identity, asked));
    refused.log.emplace_back("consent", "denied");
    return refused;
}

// The first answer to a form counts; the same form gets it again.
response answered_already(services& s, const oauth::authorization_request& asked,
                          const consent_form& form, const answered_forms::answer& given) {
    const bool same = given.digest == digest_of(s, form);
    if (same && form.action == consent_action::deny) return deny(s, asked);
    if (!same || given.url.empty())
        return unusable({errc::bad_request, "This form was already answered."});
    auto r = deliver_success(std::string(given.url.reveal()),
                             oauth::success_delivery(asked.redirect_uri));
    r.log.emplace_back("consent", "repeated");
    return r;
}

asio::awaitable<response> approve(services& s, std::string peer, consent_form form,
                                  oauth::opened_request opened, answered_forms::turn turn) {
    const auto& asked = opened.request;
    auto problems = check_consent_form(form, asked.scope.write, oauth::clock::to_time_t(s.now()));
    if (!problems.empty()) co_return form_again(s, asked, form, 422, std::move(problems));

    const auto key = co_await check_key(s, peer, form.api_key);
    if (!key) co_return key_refused(s, peer, asked, form, key.failure());
    if (!key->schema)
        co_return form_failed(s, asked, form, error(errc::upstream_refused, {}, "no schema"),
                              "Twenty did not describe the workspace. Try again in a moment.");

    auto objects = resolve_objects(form, *key->schema);
    if (!objects) {
        problems.push_back({"objects", objects.failure().message});
        co_return form_again(s, asked, form, 422, std::move(problems), describe(*key));
    }
    const auto granted = oauth::granted_scope(asked.scope, form.mode == "write");
    if (!granted) co_return unusable(granted.failure());

    actors::create_grant question(
        make_grant(s, asked, form, *key, std::move(objects).value(), *granted));
    const auto code = co_await s.actors.ask(std::move(question));
    if (!code)
        co_return form_failed(s, asked, form, code.failure(),
                              "The connection could not be stored. Try again in a moment.");
    const secret url(oauth::success_url(s.identity, asked, *code));
    answered_forms::answer given;
    given.digest = digest_of(s, form);
    given.url = url;
    turn.finish(std::move(given), s.now() + s.lifetimes.code);
    auto r =
        deliver_success(std::string(url.reveal()), oauth::success_delivery(asked.redirect_uri));
    r.log.emplace_back("consent", granted->write ? "write" : "read");
    co_return r;
}

// -- The form's way in ----------------------------------------------------------------------------

// Threat: a page of another site submits the form in the person's browser. Defence: browsers
// say where a form comes from; whatever says something else than "from here" is refused.
bool is_cross_site(const services& s, const request& r) {
    if (r.has("sec-fetch-site") && r.header("sec-fetch-site") != "same-origin") return true;
    return r.has("origin") && r.header("origin") != s.identity.issuer;
}

result<oauth::opened_request> open_request(services& s, const request& r,
                                           const consent_form& form) {
    const auto cookie = browser_cookie(s, r);
    if (cookie.empty())
        return error{errc::bad_request, "Your browser did not send this server's cookie. Allow "
                                        "cookies for this page."};
    return oauth::open_request(form.sealed, s.request_keys, cookie, s.now());
}

// nullopt: go on.
std::optional<response> over_limit(services& s, const request& r) {
    auto wait = s.limits.peek(limit::failed_key, r.peer, s.now());
    if (!wait) wait = s.limits.take(limit::consent, r.peer, s.now());
    if (!wait) return std::nullopt;
    return too_many(*wait);
}

response consent_page(const services& s, const request& r,
                      const oauth::authorization_request& asked) {
    const auto known = browser_cookie(s, r);
    const auto cookie = known.empty() ? new_browser_cookie() : known;
    consent_view view{asked,
                      oauth::seal_request(asked, s.request_keys.front(), cookie,
                                          s.now() + s.lifetimes.authorization),
                      s.twenty_url,
                      {},
                      {},
                      {}};
    auto page = html_page(200, render_consent(view));
    if (known.empty()) set_browser_cookie(s, page, cookie);
    return page;
}

} // namespace

asio::awaitable<response> get_authorize(services& s, request r) {
    if (const auto wait = s.limits.take(limit::authorize, r.peer, s.now()))
        co_return too_many(*wait);
    const auto query = oauth::read_authorize_query(r.query);
    if (!query) co_return unusable(query.failure());
    const auto who = oauth::find_client(query->client_id, s.client_key);
    if (!who)
        co_return local_page(400, "Unknown application",
                             "This server does not know the application that sent you here. "
                             "Remove the connection in the application and add it again.");
    const auto outcome = oauth::check_authorize(*query, *who, s.identity);
    if (const auto* local = std::get_if<error>(&outcome)) co_return unusable(*local);
    if (const auto* theirs = std::get_if<oauth::client_error>(&outcome)) {
        auto answer = deliver_error(*theirs);
        answer.log.emplace_back("error", theirs->code);
        co_return answer;
    }
    co_return consent_page(s, r, std::get<oauth::authorization_request>(outcome));
}

// The order of the checks: what costs nothing first, the person's refusal before any limit,
// Twenty last.
asio::awaitable<response> post_authorize(services& s, request r) {
    auto form = read_consent_form(r);
    if (is_cross_site(s, r))
        co_return local_page(403, "This form came from another site",
                             start_again("Nothing was stored."));
    if (!form) co_return unusable(form.failure());
    auto opened = open_request(s, r, *form);
    if (!opened && opened.failure().code == errc::not_allowed)
        co_return local_page(403, "This page belongs to another browser",
                             start_again(opened.failure().message));
    if (!opened) co_return unusable(opened.failure());
    s.answered.forget(s.now());
    auto entered = co_await s.answered.enter(opened->id);
    if (const auto* given = std::get_if<answered_forms::answer>(&entered))
        co_return answered_already(s, opened->request, *form, *given);
    auto& turn = std::get<answered_forms::turn>(entered);
    if (form->action == consent_action::deny) {
        answered_forms::answer given;
        given.digest = digest_of(s, *form);
        turn.finish(std::move(given), s.now());
        co_return deny(s, opened->request);
    }
    if (auto stop = over_limit(s, r)) co_return std::move(*stop);
    co_return co_await approve(s, r.peer, std::move(*form), std::move(*opened), std::move(turn));
}

} // namespace http
