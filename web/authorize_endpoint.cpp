#include "web/authorize_endpoint.hpp"

#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client.hpp"
#include "oauth/scope.hpp"
#include "oauth/sealed_request.hpp"
#include "web/answered_forms.hpp"
#include "web/browser_cookie.hpp"
#include "web/browser_form.hpp"
#include "web/consent_form.hpp"
#include "web/consent_page.hpp"
#include "web/delivery.hpp"
#include "web/find_client.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"
#include "web/page.hpp"

#include <utility>

namespace web {

namespace asio = boost::asio;

namespace {

// One form on its way through.
struct visit {
    services& s;
    std::string peer;
    std::string cookie;
    consent_form form;
    oauth::opened_request opened;
    bool pasted; // the key came with this form, not from the first step

    [[nodiscard]] const oauth::authorization_request& asked() const { return opened.request; }
    [[nodiscard]] carried_for held_place() const { return {"held key", opened.id, cookie}; }
};

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

// Nobody knows the client, its document is not valid, or it can't be had at this moment.
response no_client(const error& e) {
    if (e.code == errc::rate_limited)
        return too_many_attempts(std::chrono::ceil<std::chrono::seconds>(*e.retry_after));
    if (e.code == errc::invalid_client)
        return local_page(400, "Unknown application",
                          "This server does not know the application that sent you here. "
                          "Remove the connection in the application and add it again.");
    const bool passing = e.code != errc::bad_request;
    auto r = passing
                 ? local_page(503, "The application can't be checked right now",
                              "Its description could not be fetched from its own address. " +
                                  start_again(e.message + " Wait a moment."))
                 : local_page(400, "This application can't be used",
                              start_again("What it says about itself is not valid: " + e.message));
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

consent_view view_of(const visit& v, std::vector<consent_problem> problems) {
    return {v.asked(), v.form.sealed, v.s.twenty_url, v.form.choices, std::move(problems)};
}

response with_step(response r, const char* step, bool problems) {
    r.log.emplace_back("consent", problems ? "form error" : step);
    return r;
}

// The key's field is empty, whatever was pasted.
response key_page(const visit& v, int status, std::vector<consent_problem> problems) {
    const auto view = view_of(v, std::move(problems));
    return with_step(html_page(status, render_key_step(view)), "key", !view.problems.empty());
}

response choices_page(const visit& v, const actors::checked_key& key, int status,
                      std::vector<consent_problem> problems) {
    const auto view = view_of(v, std::move(problems));
    const choices_view known{
        key, seal_for_page(v.s, v.form.api_key, v.held_place(), v.opened.expires_at),
        connections_ticket(v.s, v.form.api_key, v.cookie), v.s.lifetimes,
        v.form.action == consent_action::filter};
    return with_step(html_page(status, render_choices_step(view, known)), "choices",
                     !view.problems.empty());
}

// The page that the person came from, as far as the key is still known to be good.
response form_again(const visit& v, int status, std::vector<consent_problem> problems) {
    const auto key = recall_key(v.s, v.form.api_key);
    if (key) return choices_page(v, *key, status, std::move(problems));
    return key_page(v, status, std::move(problems));
}

response form_failed(const visit& v, const error& e, std::string text) {
    auto r = form_again(v, e.code == errc::rate_limited ? 429 : 503, {{"", std::move(text)}});
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

response key_failed(const visit& v, const error& e) {
    auto why = explain_key_failure(e);
    if (!why.refused) return form_failed(v, e, std::move(why.text));
    auto r = key_page(v, why.status, {{"api_key", std::move(why.text)}});
    note_error(r, e);
    return r;
}

// -- Approval -----------------------------------------------------------------------------------

oauth::new_grant make_grant(const visit& v, const actors::checked_key& key,
                            std::optional<std::set<std::string>> objects,
                            const oauth::scope_set& granted) {
    const auto& form = v.form;
    oauth::new_grant grant;
    if (objects) grant.objects = text::join({objects->begin(), objects->end()}, ",");
    twenty::connection connection;
    connection.api_key = form.api_key;
    connection.workspace = key.workspace;
    connection.mode = granted.write ? twenty::mode::write : twenty::mode::read;
    connection.objects = std::move(objects);
    connection.label = form.choices.label;
    connection.key_id = key.facts.key_id;
    connection.key_expires_at = key.facts.expires_at;

    grant.request = v.asked();
    grant.granted = granted;
    grant.props = twenty::to_props(connection);
    grant.fingerprint = fingerprint(v.s, form.api_key);
    grant.label = form.choices.label;
    grant.workspace_name = key.workspace.name;
    grant.lives = chosen_life(form.choices);
    return grant;
}

// Two forms with the same digest ask for the same.
std::string digest_of(const services& s, const consent_form& form) {
    const auto key = s.fingerprint_key.reveal();
    if (form.action == consent_action::deny) return crypto::keyed_hash(key, "deny");
    const auto& choices = form.choices;
    auto parts = crypto::keyed_hash(key, form.api_key.reveal());
    for (const auto& part : {choices.mode, choices.label, choices.reach, choices.lifetime,
                             text::join(choices.objects, ",")})
        parts.append(part).append("\n");
    return crypto::keyed_hash(key, parts);
}

response deny(services& s, const oauth::authorization_request& asked) {
    auto refused = deliver_error(oauth::access_denied(s.identity, asked, s.trusted_redirect_hosts));
    refused.log.emplace_back("consent", "denied");
    return refused;
}

// The first answer to a form counts; the same form gets it again.
response answered_already(const visit& v, const answered_forms::answer& given) {
    const bool same = given.digest == digest_of(v.s, v.form);
    if (same && v.form.action == consent_action::deny) return deny(v.s, v.asked());
    if (!same || v.form.action != consent_action::approve || given.url.empty())
        return unusable({errc::bad_request, "This form was already answered."});
    auto r = deliver_success(std::string(given.url.reveal()),
                             oauth::success_delivery(v.asked().redirect_uri));
    r.log.emplace_back("consent", "repeated");
    return r;
}

// The client once more: meanwhile it may have left the configuration, or changed its document.
// One that can't be had right now stays as it was when the form was made, a quarter of an hour
// ago at most. nullopt: go on.
asio::awaitable<std::optional<response>> gone_since(visit& v) {
    const auto who = co_await find_client(v.s, v.asked().client_id, v.peer);
    if (who) {
        if (oauth::redirect_uri_matches(who->redirect_uris, v.asked().redirect_uri))
            co_return std::nullopt;
        co_return unusable({errc::bad_request, "The application does not use this address any "
                                               "more (redirect_uri)."});
    }
    const auto why = who.failure().code;
    if (why == errc::invalid_client || why == errc::bad_request) co_return no_client(who.failure());
    co_return std::nullopt;
}

// Asks Twenty, also when the key was good at the first step.
asio::awaitable<response> approve(visit& v, answered_forms::turn turn) {
    auto& s = v.s;
    const auto& asked = v.asked();
    auto problems = check_choices(v.form.choices, asked.scope.write);
    if (!problems.empty()) co_return form_again(v, 422, std::move(problems));
    if (auto gone = co_await gone_since(v)) co_return std::move(*gone);

    const auto key = co_await check_key(s, v.peer, v.form.api_key);
    if (!key) co_return key_failed(v, key.failure());
    if (!key->schema)
        co_return form_failed(v, error(errc::upstream_refused, {}, "no schema"),
                              "Twenty did not describe the workspace. Try again in a moment.");

    fault_point("consent.key_checked");
    auto objects = resolve_objects(v.form.choices, *key->schema);
    if (!objects) {
        problems.push_back({"objects", objects.failure().message});
        co_return choices_page(v, *key, 422, std::move(problems));
    }
    const auto granted = oauth::granted_scope(asked.scope, v.form.choices.mode == "write");
    if (!granted) co_return unusable(granted.failure());

    actors::create_grant question(make_grant(v, *key, std::move(objects).value(), *granted));
    const auto code = co_await s.actors.ask(std::move(question));
    if (!code)
        co_return form_failed(v, code.failure(),
                              "The connection could not be stored. Try again in a moment.");
    fault_point("consent.stored");
    const secret url(oauth::success_url(s.identity, asked, *code));
    answered_forms::answer given;
    given.digest = digest_of(s, v.form);
    given.url = url;
    turn.finish(std::move(given), s.now() + s.lifetimes.code);
    auto r =
        deliver_success(std::string(url.reveal()), oauth::success_delivery(asked.redirect_uri));
    r.log.emplace_back("consent", granted->write ? "write" : "read");
    fault_point("consent.answer");
    co_return r;
}

// The second step, after the key or with another filter.
asio::awaitable<response> show_choices(visit& v) {
    if (!v.pasted) {
        const auto known = recall_key(v.s, v.form.api_key);
        if (known) co_return choices_page(v, *known, 200, {});
    }
    const auto key = co_await check_key(v.s, v.peer, v.form.api_key);
    if (!key) co_return key_failed(v, key.failure());
    if (!key->schema)
        co_return form_failed(v, error(errc::upstream_refused, {}, "no schema"),
                              "Twenty did not describe the workspace. Try again in a moment.");
    co_return choices_page(v, *key, 200, {});
}

// -- The form's way in ----------------------------------------------------------------------------

result<oauth::opened_request> open_request(services& s, const request& r,
                                           const consent_form& form) {
    const auto cookie = browser_cookie(s, r);
    if (cookie.empty())
        return error{errc::bad_request, "Your browser did not send this server's cookie. Allow "
                                        "cookies for this page."};
    return oauth::open_request(form.sealed, s.request_keys, cookie, s.now());
}

// The key of the first step, if the form brings none of its own.
visit make_visit(services& s, const request& r, consent_form form, oauth::opened_request opened) {
    visit v{s, r.peer, browser_cookie(s, r), std::move(form), std::move(opened), true};
    if (!v.form.api_key.empty() || v.form.held.empty()) return v;
    v.pasted = false;
    auto held = open_from_page(s, v.form.held, v.held_place());
    if (held) v.form.api_key = *std::move(held);
    return v;
}

// nullopt: go on. A pasted key costs more than a key that was good a moment ago.
std::optional<response> over_limit(const visit& v) {
    auto& limits = v.s.limits;
    auto wait = limits.peek(limit::failed_key, v.peer, v.s.now());
    if (!wait) wait = limits.take(v.pasted ? limit::consent : limit::authorize, v.peer, v.s.now());
    if (!wait) return std::nullopt;
    return too_many_attempts(*wait);
}

response consent_page(const services& s, const request& r,
                      const oauth::authorization_request& asked) {
    const auto known = browser_cookie(s, r);
    const auto cookie = known.empty() ? new_browser_cookie() : known;
    const consent_view view{asked,
                            oauth::seal_request(asked, s.request_keys.front(), cookie,
                                                s.now() + s.lifetimes.authorization),
                            s.twenty_url,
                            {},
                            {}};
    auto page = html_page(200, render_key_step(view));
    if (known.empty()) set_browser_cookie(s, page, cookie);
    return page;
}

asio::awaitable<response> work_on(visit& v, answered_forms::turn turn) {
    if (v.form.action == consent_action::deny) {
        answered_forms::answer given;
        given.digest = digest_of(v.s, v.form);
        turn.finish(std::move(given), v.s.now());
        co_return deny(v.s, v.asked());
    }
    if (v.form.action == consent_action::back) co_return key_page(v, 200, {});
    if (auto stop = over_limit(v)) co_return std::move(*stop);
    auto problems = check_pasted_key(v.form, oauth::clock::to_time_t(v.s.now()));
    if (!problems.empty()) co_return key_page(v, 422, std::move(problems));
    if (v.form.action == consent_action::approve) co_return co_await approve(v, std::move(turn));
    co_return co_await show_choices(v);
}

} // namespace

asio::awaitable<response> get_authorize(services& s, request r) {
    if (const auto wait = s.limits.take(limit::authorize, r.peer, s.now()))
        co_return too_many_attempts(*wait);
    const auto query = oauth::read_authorize_query(r.query);
    if (!query) co_return unusable(query.failure());
    const auto who = co_await find_client(s, query->client_id, r.peer);
    if (!who) co_return no_client(who.failure());
    const auto outcome = oauth::check_authorize(*query, *who, s.identity, s.trusted_redirect_hosts);
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
    auto v = make_visit(s, r, std::move(*form), std::move(*opened));
    s.answered.forget(s.now());
    auto entered = co_await s.answered.enter(v.opened.id);
    if (const auto* given = std::get_if<answered_forms::answer>(&entered))
        co_return answered_already(v, *given);
    auto& turn = std::get<answered_forms::turn>(entered);
    co_return co_await work_on(v, std::move(turn));
}

} // namespace web
