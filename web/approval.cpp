// The last step of consent. approve() asks again all that may have changed since the page was made,
// in the order of what it costs; the grant and its code are stored in one call, and only what the
// store has confirmed goes into an answer. A process that dies in between leaves a grant whose code
// nobody holds, and which ends with it.
#include "web/approval.hpp"

#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client.hpp"
#include "oauth/scope.hpp"
#include "twenty/connection.hpp"
#include "web/approve_endpoint.hpp"
#include "web/browser_cookie.hpp"
#include "web/delivery.hpp"

#include <utility>

namespace web {

namespace {

oauth::new_grant make_grant(const consent_visit& v, const actors::checked_key& key,
                            std::optional<std::set<std::string>> objects,
                            const oauth::scope_set& granted) {
    const auto& form = v.form;
    oauth::new_grant grant;
    if (objects) grant.objects = text::join({objects->begin(), objects->end()}, ",");
    twenty::connection connection;
    connection.api_key = form.api_key;
    connection.workspace = key.workspace;
    // `granted` is what the application asked for and the person chose; the form alone opens
    // nothing.
    connection.mode = granted.write ? twenty::mode::write : twenty::mode::read;
    connection.objects = std::move(objects);
    connection.label = form.choices.label;
    connection.key_id = key.facts.key_id;
    connection.key_expires_at = key.facts.expires_at;
    connection.ask = chosen_asking(form.choices, v.needs.caution);
    connection.quota = chosen_quota(form.choices);
    connection.browser = browser_proof(v.needs.keys, v.cookie);

    grant.request = v.asked();
    grant.granted = granted;
    grant.props = twenty::to_props(connection);
    grant.fingerprint = v.needs.keys.fingerprint(form.api_key);
    grant.label = form.choices.label;
    grant.workspace_name = key.workspace.name;
    grant.lives = chosen_life(form.choices);
    return grant;
}

// Two forms with the same digest ask for the same.
// digest_of() is keyed: the digest stays in memory for as long as the form is remembered, and
// whoever reads it there cannot test a guess.
std::string digest_of(const key_verifier& keys, const consent_form& form) {
    if (form.action == consent_action::deny) return keys.keyed_hash("deny");
    const auto& choices = form.choices;
    auto parts = keys.keyed_hash(form.api_key.reveal());
    for (const auto& part :
         {choices.mode, choices.label, choices.reach, choices.lifetime, choices.ask,
          choices.changes_hour, choices.changes_day, text::join(choices.objects, ",")})
        parts.append(part).append("\n");
    return keys.keyed_hash(parts);
}

response denied(const consent_visit& v) {
    auto refused = deliver_error(
        oauth::access_denied(v.needs.identity, v.asked(), v.needs.trusted_redirect_hosts));
    refused.log.emplace_back("consent", "denied");
    return refused;
}

// The client once more: meanwhile it may have left the configuration, or changed its document.
// One that can't be had right now stays as it was when the form was made, a quarter of an hour
// ago at most. nullopt: go on.
asio::awaitable<std::optional<response>> gone_since(consent_visit& v) {
    const auto who = co_await v.needs.clients.find(v.asked().client_id, v.peer);
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

} // namespace

// answered_already() gives an answer once more only to whoever sends the very same form: a refusal
// again, or the same URL as long as its code lives. Every other form, be it approve after deny, is
// refused: a second code would be a second grant.
response answered_already(const consent_visit& v, const answered_forms::answer& given) {
    const bool same = given.digest == digest_of(v.needs.keys, v.form);
    if (same && v.form.action == consent_action::deny) return denied(v);
    if (!same || v.form.action != consent_action::approve || given.url.empty())
        return unusable({errc::bad_request, "This form was already answered."});
    auto r = deliver_success(std::string(given.url.reveal()),
                             oauth::success_delivery(v.asked().redirect_uri));
    r.log.emplace_back("consent", "repeated");
    return r;
}

response deny(const consent_visit& v, answered_forms::turn turn) {
    answered_forms::answer given;
    given.digest = digest_of(v.needs.keys, v.form);
    // Kept for as long as the list remembers the form: approving it later is refused.
    turn.finish(std::move(given), v.needs.guard.now());
    return denied(v);
}

asio::awaitable<response> approve(consent_visit& v, answered_forms::turn turn) {
    const auto& needs = v.needs;
    const auto& asked = v.asked();
    auto problems = check_choices(v.form.choices, asked.scope.write, needs.caution);
    if (!problems.empty()) co_return form_again(v, 422, std::move(problems));
    if (auto gone = co_await gone_since(v)) co_return std::move(*gone);

    // Twenty is asked here even when the key was good a moment ago: what is made now lasts for
    // months.
    const auto key = co_await needs.keys.check(v.peer, v.form.api_key);
    if (!key) co_return key_failed(v, key.failure());
    if (!key->schema) co_return no_schema(v);

    fault_point("consent.key_checked");
    auto objects = resolve_objects(v.form.choices, *key->schema);
    if (!objects) {
        problems.push_back({"objects", objects.failure().message});
        co_return choices_page(v, *key, 422, std::move(problems));
    }
    const auto granted = oauth::granted_scope(asked.scope, v.form.choices.mode == "write");
    if (!granted) co_return unusable(granted.failure());

    actors::create_grant question(make_grant(v, *key, std::move(objects).value(), *granted));
    const auto code = co_await needs.actors.ask(std::move(question));
    if (!code)
        co_return form_failed(v, code.failure(),
                              "The connection could not be stored. Try again in a moment.");
    fault_point("consent.stored");
    const secret url(oauth::success_url(needs.identity, asked, *code));
    answered_forms::answer given;
    given.digest = digest_of(needs.keys, v.form);
    given.url = url;
    // After the store has confirmed the code, and before the answer leaves: a browser that sends
    // the form again from now on gets this answer.
    turn.finish(std::move(given), needs.guard.now() + needs.lifetimes.code);
    auto r =
        deliver_success(std::string(url.reveal()), oauth::success_delivery(asked.redirect_uri));
    // This browser may answer what its connections ask (web/approve_endpoint).
    keep_browser_cookie(needs.identity, r, v.cookie);
    r.log.emplace_back("consent", granted->write ? "write" : "read");
    fault_point("consent.answer");
    co_return r;
}

} // namespace web
