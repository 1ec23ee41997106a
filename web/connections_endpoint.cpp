#include "web/connections_endpoint.hpp"

#include "base/fault_point.hpp"
#include "twenty/connection.hpp"
#include "web/browser_cookie.hpp"
#include "web/browser_form.hpp"
#include "web/changes_response.hpp"
#include "web/connections_page.hpp"
#include "web/delivery.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"
#include "web/page.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace web {

namespace {

struct connections_form {
    secret api_key;
    std::string ticket;
    std::string end;           // a grant's id, or "all"; empty: only look
    std::string pause, resume; // a grant's id
    changes_form changes;
};

result<connections_form> read_form(request& r) {
    TRY(fields, read_browser_form(r));
    connections_form form;
    std::set<std::string> seen;
    for (auto& [name, value] : fields) {
        if (!seen.insert(name).second) return error{errc::bad_request, "The form repeats a field."};
        if (name == "api_key")
            form.api_key = twenty::trimmed_key(secret(std::move(value)));
        else if (name == "ticket")
            form.ticket = std::move(value);
        else if (name == "end")
            form.end = std::move(value);
        else if (name == "pause")
            form.pause = std::move(value);
        else if (name == "resume")
            form.resume = std::move(value);
        else
            form.changes.take(name, std::move(value));
    }
    return form;
}

response question(int status, const std::string& problem) {
    return html_page(status, render_connections_question(problem));
}

// whose() says whose connections are meant: those of the key, or of the one that the ticket was
// made for. The ticket wins, because a page with one asks for no key.
result<secret> whose(const connections_needs& needs, const connections_form& form,
                     const std::string& cookie) {
    if (!form.ticket.empty()) {
        auto opened = needs.seals.open_connections_ticket(form.ticket, cookie);
        if (opened) return opened;
        return error{errc::bad_request, "Too much time has passed. Paste the key again."};
    }
    // At time 0 no key has expired: an old one still has connections to clear away.
    if (auto facts = twenty::read_key(form.api_key, 0); !facts) return std::move(facts).failure();
    return secret(std::string(form.api_key.reveal()));
}

std::string words_for(std::size_t ended) {
    if (ended == 0) return "That connection had ended already.";
    if (ended == 1) return "The connection has ended. Its application has no access any more.";
    return std::to_string(ended) + " connections have ended. Their applications have no access "
                                   "any more.";
}

bool is_among(const std::vector<oauth::grant_summary>& all, const std::string& id) {
    return std::ranges::any_of(all, [&](const auto& one) { return one.id == id; });
}

// pause_or_resume() takes the ids of this key's connections alone. What an administrator has paused
// is another pause, and stays.
asio::awaitable<result<std::string>> pause_or_resume(const connections_needs& needs,
                                                     const connections_form& form,
                                                     const std::vector<oauth::grant_summary>& all) {
    const bool pauses = !form.pause.empty();
    stored::pause_target of;
    of.scope = stored::pause_scope::person;
    of.subject = pauses ? form.pause : form.resume;
    if (!is_among(all, of.subject)) co_return std::string("That connection has ended already.");
    if (pauses) {
        stored::write_pause what;
        what.of = of;
        what.since = needs.guard.now();
        actors::pause_writes wish(std::move(what), "person");
        const auto done = co_await needs.actors.ask(std::move(wish));
        if (!done) co_return done.failure();
        co_return std::string("Its writes are paused. It reads as before, until you resume them.");
    }
    actors::resume_writes wish(of, "person");
    const auto done = co_await needs.actors.ask(std::move(wish));
    if (!done) co_return done.failure();
    co_return std::string("It may write again.");
}

// add_state() says of each connection whether its writes are paused, and what waits for an answer.
asio::awaitable<result<done>> add_state(const connections_needs& needs, connections_view& view) {
    actors::list_pauses look_at_pauses;
    const auto pauses = co_await needs.actors.ask(std::move(look_at_pauses));
    if (!pauses) co_return pauses.failure();
    for (const auto& one : *pauses)
        if (one.of.scope == stored::pause_scope::person) view.paused.insert(one.of.subject);
    std::vector<std::string> ids;
    for (const auto& one : view.connections)
        ids.push_back(one.id);
    actors::list_quotas look_at_quotas(ids);
    auto quotas = co_await needs.actors.ask(std::move(look_at_quotas));
    if (!quotas) co_return quotas.failure();
    view.quotas = std::move(quotas).value();
    actors::list_approvals look(std::move(ids));
    auto waiting = co_await needs.actors.ask(std::move(look));
    if (!waiting) co_return waiting.failure();
    view.waiting = std::move(waiting).value();
    co_return done{};
}

// act() does what the form says, and lists what is there then. Only a ticket ends or pauses
// anything: it was made for this browser after the key had been shown. The store ends a grant of
// this fingerprint alone, whatever id the form names.
asio::awaitable<result<connections_view>>
act(const connections_needs& needs, const connections_form& form, const std::string& key) {
    connections_view view;
    if (!form.end.empty() && !form.ticket.empty()) {
        actors::end_grants wish(key, form.end == "all" ? std::string() : form.end);
        const auto ended = co_await needs.actors.ask(std::move(wish));
        if (!ended) co_return ended.failure();
        fault_point("connections.ended");
        view.told = words_for(ended->size());
    }
    actors::list_grants look(key);
    auto found = co_await needs.actors.ask(std::move(look));
    if (!found) co_return found.failure();
    if (!form.ticket.empty() && (!form.pause.empty() || !form.resume.empty())) {
        auto told = co_await pause_or_resume(needs, form, *found);
        if (!told) co_return told.failure();
        view.told = std::move(told).value();
    }
    view.connections = std::move(found).value();
    co_return view;
}

response failure_page(const error& e) {
    auto r = local_page(503, "That did not work",
                        "The connections can't be reached right now. Try again in a moment.");
    set_retry_after(r, std::chrono::seconds(2));
    note_error(r, e);
    return r;
}

} // namespace

asio::awaitable<response> get_connections(const connections_needs& needs, request r) {
    if (const auto wait = needs.guard.take(limit::connections, r.peer))
        co_return too_many_attempts(wait->as_error({}));
    auto page = question(200, {});
    if (browser_cookie(needs.identity, r).empty())
        set_browser_cookie(needs.identity, page, new_browser_cookie());
    co_return page;
}

asio::awaitable<response> post_connections(const connections_needs& needs, request r) {
    // Read first: it wipes the body, and a key may be in it.
    auto form = read_form(r);
    if (is_cross_site(needs.identity, r))
        co_return local_page(403, "This form came from another site", "Nothing was changed.");
    if (!form) co_return local_page(400, "This form can't be used", form.failure().message);
    if (const auto wait = needs.guard.take(limit::connections, r.peer))
        co_return too_many_attempts(wait->as_error({}));
    const auto cookie = browser_cookie(needs.identity, r);
    if (cookie.empty())
        co_return local_page(400, "Cookies are needed",
                             "Your browser did not send this server's cookie. Allow cookies for "
                             "this page and open it again.");
    const auto shown = whose(needs, *form, cookie);
    if (!shown) co_return question(422, shown.failure().message);

    auto acted = co_await act(needs, *form, needs.keys.fingerprint(*shown));
    if (!acted) co_return failure_page(acted.failure());
    connections_view view = std::move(acted).value();
    if (!form->ticket.empty() && !form->changes.of.empty()) {
        const auto of =
            std::ranges::find(view.connections, form->changes.of, &oauth::grant_summary::id);
        if (of != view.connections.end()) {
            changes_view seen;
            seen.ticket = form->ticket;
            seen.of = *of;
            auto changes = co_await changes_response(needs.actors, *shown, std::move(form->changes),
                                                     std::move(seen));
            co_return changes;
        }
        view.told = words_for(0);
    }
    // The ticket is kept and not renewed, so that a page left open ends with its time.
    view.ticket = form->ticket;
    if (view.ticket.empty())
        view.ticket = needs.seals.connections_ticket(
            *shown, cookie, needs.guard.now() + needs.lifetimes.authorization);
    const auto known = co_await add_state(needs, view);
    if (!known) co_return failure_page(known.failure());
    auto page = html_page(200, render_connections(view));
    if (!view.told.empty()) {
        page.log.emplace_back("connections", "ended");
        fault_point("connections.answer");
    }
    co_return page;
}

} // namespace web
