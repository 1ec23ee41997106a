#include "web/consent_visit.hpp"

#include "web/browser_cookie.hpp"
#include "web/browser_form.hpp"
#include "web/consent_page.hpp"
#include "web/delivery.hpp"
#include "web/page.hpp"

#include <utility>

namespace web {

namespace {

consent_view view_of(const consent_visit& v, std::vector<consent_problem> problems) {
    return {v.asked(),      v.form.sealed,       v.needs.twenty_url,
            v.form.choices, std::move(problems), v.needs.caution};
}

response with_step(response r, const char* step, bool problems) {
    r.log.emplace_back("consent", problems ? "form error" : step);
    return r;
}

} // namespace

consent_visit make_visit(const authorize_needs& needs, const request& r, consent_form form,
                         oauth::opened_request opened) {
    consent_visit v{
        needs, r.peer, browser_cookie(needs.identity, r), std::move(form), std::move(opened), true};
    if (!v.form.api_key.empty() || v.form.held.empty()) return v;
    // A sealed key that cannot be opened any more leaves `api_key` empty; check_pasted_key() tells
    // the person.
    v.pasted = false;
    auto held = needs.seals.open(v.form.held, v.held_use());
    if (held) v.form.api_key = *std::move(held);
    return v;
}

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

// no_client() never redirects: an address is only known once its client is (RFC 6749 §4.1.2.1).
response no_client(const error& e) {
    if (e.code == errc::rate_limited) return too_many_attempts(e);
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

response key_page(const consent_visit& v, int status, std::vector<consent_problem> problems) {
    const auto view = view_of(v, std::move(problems));
    return with_step(html_page(status, render_key_step(view)), "key", !view.problems.empty());
}

response choices_page(const consent_visit& v, const actors::checked_key& key, int status,
                      std::vector<consent_problem> problems) {
    const auto view = view_of(v, std::move(problems));
    // The key is sealed until the request itself expires: showing the page again does not prolong
    // it.
    const choices_view known{
        key, v.needs.seals.seal(v.form.api_key, v.held_use(), v.opened.expires_at),
        v.needs.seals.connections_ticket(v.form.api_key, v.cookie,
                                         v.needs.guard.now() + v.needs.lifetimes.authorization),
        v.needs.lifetimes, v.form.action == consent_action::filter};
    return with_step(html_page(status, render_choices_step(view, known)), "choices",
                     !view.problems.empty());
}

// form_again() shows the choices only while the key is known to be good; else the person pastes it
// again, and keeps the choices.
response form_again(const consent_visit& v, int status, std::vector<consent_problem> problems) {
    const auto key = v.needs.keys.recall(v.form.api_key);
    if (key) return choices_page(v, *key, status, std::move(problems));
    return key_page(v, status, std::move(problems));
}

response form_failed(const consent_visit& v, const error& e, std::string text) {
    auto r = form_again(v, e.code == errc::rate_limited ? 429 : 503, {{"", std::move(text)}});
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

response key_failed(const consent_visit& v, const error& e) {
    auto why = explain_key_failure(e);
    if (!why.refused) return form_failed(v, e, std::move(why.text));
    auto r = key_page(v, why.status, {{"api_key", std::move(why.text)}});
    note_error(r, e);
    return r;
}

response no_schema(const consent_visit& v) {
    return form_failed(v, error(errc::upstream_refused, {}, "no schema"),
                       "Twenty did not describe the workspace. Try again in a moment.");
}

} // namespace web
