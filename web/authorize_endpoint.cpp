// /authorize as two requests. get_authorize() checks what the client asks and seals it into the
// page; post_authorize() opens it again and leads the person on:
//
//     GET ──▶ key ──check──▶ choices ──approve──▶ a code, to the client
//              ▲               │  ▲
//              └─────back──────┘  └── filter: the choices once more
//
// deny leads from both to access_denied; a script may approve with its first form. Where a person
// stands is known by the page alone (the sealed request, the sealed key): this server remembers no
// forms but those that were answered (answered_forms).
#include "web/authorize_endpoint.hpp"

#include "oauth/authorize.hpp"
#include "oauth/sealed_request.hpp"
#include "web/approval.hpp"
#include "web/browser_cookie.hpp"
#include "web/browser_form.hpp"
#include "web/consent_page.hpp"
#include "web/consent_visit.hpp"
#include "web/delivery.hpp"
#include "web/page.hpp"

#include <utility>

namespace web {

namespace {

// show_choices() is the second step, after the key or with another filter. A pasted key is asked
// about in any case; for one that the page has carried what Twenty said a moment ago is enough to
// show the page, though never to approve (approval.cpp).
asio::awaitable<response> show_choices(consent_visit& v) {
    if (!v.pasted) {
        const auto known = v.needs.keys.recall(v.form.api_key);
        if (known) co_return choices_page(v, *known, 200, {});
    }
    const auto key = co_await v.needs.keys.check(v.peer, v.form.api_key);
    if (!key) co_return key_failed(v, key.failure());
    if (!key->schema) co_return no_schema(v);
    co_return choices_page(v, *key, 200, {});
}

// -- The form's way in ----------------------------------------------------------------------------

result<oauth::opened_request> open_request(const authorize_needs& needs, const request& r,
                                           const consent_form& form) {
    const auto cookie = browser_cookie(needs.identity, r);
    // Without the cookie nothing could be opened; its absence has a sentence of its own, because
    // the person can mend it.
    if (cookie.empty())
        return error{errc::bad_request, "Your browser did not send this server's cookie. Allow "
                                        "cookies for this page."};
    return oauth::open_request(form.sealed, needs.request_keys, cookie, needs.guard.now());
}

// nullopt: go on. A pasted key costs more than a key that was good a moment ago.
std::optional<response> over_limit(const consent_visit& v) {
    const auto& guard = v.needs.guard;
    auto wait = guard.peek(limit::failed_key, v.peer);
    if (!wait) wait = guard.take(v.pasted ? limit::consent : limit::authorize, v.peer);
    if (!wait) return std::nullopt;
    return too_many_attempts(wait->as_error({}));
}

// consent_page() keeps a cookie that is there: pages in other tabs are sealed for it.
response consent_page(const authorize_needs& needs, const request& r,
                      const oauth::authorization_request& asked) {
    const auto known = browser_cookie(needs.identity, r);
    const auto cookie = known.empty() ? new_browser_cookie() : known;
    const consent_view view{asked,
                            oauth::seal_request(asked, needs.request_keys.front(), cookie,
                                                needs.guard.now() + needs.lifetimes.authorization),
                            needs.twenty_url,
                            {},
                            {},
                            needs.caution};
    auto page = html_page(200, render_key_step(view));
    if (known.empty()) set_browser_cookie(needs.identity, page, cookie);
    return page;
}

// work_on() takes deny first: a person's no needs neither a key nor a limit. Then back, which costs
// nothing; limits before the key is even read; and Twenty last.
asio::awaitable<response> work_on(consent_visit& v, answered_forms::turn turn) {
    if (v.form.action == consent_action::deny) co_return deny(v, std::move(turn));
    if (v.form.action == consent_action::back) co_return key_page(v, 200, {});
    if (auto stop = over_limit(v)) co_return std::move(*stop);
    auto problems = check_pasted_key(v.form, oauth::clock::to_time_t(v.needs.guard.now()));
    if (!problems.empty()) co_return key_page(v, 422, std::move(problems));
    if (v.form.action == consent_action::approve) co_return co_await approve(v, std::move(turn));
    co_return co_await show_choices(v);
}

} // namespace

// get_authorize() sends nothing to an address before that address is known to be the client's:
// until check_authorize() has said so, every fault is a page of ours (RFC 6749 §4.1.2.1). After
// that the fault belongs to the client, but only a trusted address gets it by itself: anybody may
// register a client, and this endpoint is no open redirector (RFC 9700 §4.11.2).
asio::awaitable<response> get_authorize(const authorize_needs& needs, request r) {
    if (const auto wait = needs.guard.take(limit::authorize, r.peer))
        co_return too_many_attempts(wait->as_error({}));
    const auto query = oauth::read_authorize_query(r.query);
    if (!query) co_return unusable(query.failure());
    const auto who = co_await needs.clients.find(query->client_id, r.peer);
    if (!who) co_return no_client(who.failure());
    const auto outcome =
        oauth::check_authorize(*query, *who, needs.identity, needs.trusted_redirect_hosts);
    if (const auto* local = std::get_if<error>(&outcome)) co_return unusable(*local);
    if (const auto* theirs = std::get_if<oauth::client_error>(&outcome)) {
        auto answer = deliver_error(*theirs);
        answer.log.emplace_back("error", theirs->code);
        co_return answer;
    }
    co_return consent_page(needs, r, std::get<oauth::authorization_request>(outcome));
}

// post_authorize() reads the form before all else, for reading wipes the request's body with the
// key in it, whatever follows. Then what costs nothing: where the form comes from, whether it is
// one that this server made, for this browser, a short while ago, and whether it was answered
// already. `v` stays in this frame while others work on it by reference.
asio::awaitable<response> post_authorize(const authorize_needs& needs, request r) {
    auto form = read_consent_form(r);
    if (is_cross_site(needs.identity, r))
        co_return local_page(403, "This form came from another site",
                             start_again("Nothing was stored."));
    if (!form) co_return unusable(form.failure());
    auto opened = open_request(needs, r, *form);
    if (!opened && opened.failure().code == errc::not_allowed)
        co_return local_page(403, "This page belongs to another browser",
                             start_again(opened.failure().message));
    if (!opened) co_return unusable(opened.failure());
    auto v = make_visit(needs, r, std::move(*form), std::move(*opened));
    needs.answered.forget(needs.guard.now());
    auto entered = co_await needs.answered.enter(v.opened.id);
    if (const auto* given = std::get_if<answered_forms::answer>(&entered))
        co_return answered_already(v, *given);
    auto& turn = std::get<answered_forms::turn>(entered);
    co_return co_await work_on(v, std::move(turn));
}

} // namespace web
