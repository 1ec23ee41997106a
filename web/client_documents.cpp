#include "web/client_documents.hpp"

#include "base/log.hpp"
#include "http/into.hpp"
#include "http/waiter.hpp"
#include "oauth/known_clients.hpp"
#include "web/guards.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

namespace web {

namespace asio = boost::asio;

struct client_documents::fetch {
    std::optional<result<oauth::client>> outcome;
    http::waiting_list waiting;
};

namespace {

error unknown() { return {errc::invalid_client, "Unknown client, register again"}; }

error later(errc code, std::string_view why, std::chrono::seconds wait) {
    error e(code, std::string(why));
    e.retry_after = wait;
    return e;
}

bool is_passing(errc code) noexcept {
    return code == errc::upstream_down || code == errc::upstream_timeout || code == errc::busy ||
           code == errc::rate_limited;
}

// note() is for the administrator, who may have to open a way out.
void note(const std::string& host, const error& why) {
    const auto severity = is_passing(why.code) ? logging::level::warning : logging::level::info;
    logging::event(severity, "client_document",
                   {{"host", host}, {"error", why.message}, {"detail", why.detail}});
}

} // namespace

// find() takes the first of these: a fresh copy, the document itself, a copy that was good a moment
// ago, and what this server knows of hosted clients. A document that was fetched and is not valid
// is no passing fault: its client changed it, so the copy of before does not stand in.
asio::awaitable<result<oauth::client>> client_documents::find(std::string client_id,
                                                              std::string peer) {
    CO_TRY(url, oauth::read_document_url(client_id));
    if (!oauth::allows_document_of(policy, url.host)) co_return unknown();
    const auto* known = kept_.find(client_id);
    if (known && now_() < known->until) co_return known->who;
    auto found = co_await join(std::move(url), std::move(peer));
    if (found) co_return found;
    // Threat: whoever makes a host, or a look-up, fail for a moment keeps its clients' people out.
    // Defence: what was good a moment ago still is, for a day at most.
    if (const auto* old = kept_.find(client_id);
        old && is_passing(found.failure().code) && now_() < old->until + still_good)
        co_return old->who;
    // A copy of our own, where the real one cannot be had.
    if (auto pinned = oauth::find_known_document(client_id)) co_return *std::move(pinned);
    co_return found;
}

// at_hand() takes a copy of any age, or none: its callers need the id alone, to which a grant is
// bound.
result<oauth::client> client_documents::at_hand(std::string_view client_id) {
    const auto url = oauth::read_document_url(client_id);
    if (!url || !oauth::allows_document_of(policy, url->host)) return unknown();
    if (const auto* known = kept_.find(client_id)) return known->who;
    if (auto pinned = oauth::find_known_document(client_id)) return *std::move(pinned);
    oauth::client bare;
    bare.id = client_id;
    bare.kind = oauth::client_kind::metadata_document;
    return bare;
}

// join() has all who come while a document is on its way wait for that one.
asio::awaitable<result<oauth::client>> client_documents::join(oauth::document_url url,
                                                              std::string peer) {
    std::shared_ptr<fetch> f;
    if (const auto at = under_way_.find(url.url); at != under_way_.end()) {
        f = at->second;
    } else {
        CO_TRY(slot, admit(url, peer));
        f = std::make_shared<fetch>();
        under_way_.emplace(url.url, f);
        // By itself: who started it may leave, and others wait for it.
        asio::co_spawn(io_, run(this, std::move(url), f, std::move(slot)), asio::detached);
    }
    const auto here = co_await asio::this_coro::executor;
    // Asked again after each waking: a wait also ends when its own connection is given up.
    while (!f->outcome) {
        http::waiter wait(f->waiting, here);
        http::error_code woken;
        co_await wait.timer().async_wait(http::into(woken));
    }
    co_return *f->outcome;
}

// gave_tokens_to() needs no grant to be looked up at a start: clients renew their tokens hourly.
void client_documents::gave_tokens_to(std::string_view client_id) {
    const auto host = oauth::document_host(client_id);
    if (!host.empty()) hosts_with_tokens_.get_or_insert(host, {});
}

bool client_documents::is_known(const std::string& host) {
    return oauth::is_known_host(host) || hosts_with_tokens_.find(host) != nullptr;
}

// admit() goes from what costs nothing to what is counted: a resting host is not asked, whoever
// comes; then the slots, then the limits, which take a token each.
result<fair_slots::slot> client_documents::admit(const oauth::document_url& url,
                                                 std::string_view peer) {
    constexpr std::string_view busy = "Many applications are being looked up at this moment.";
    const auto now = now_();
    for (const auto* key : {&url.host, &url.url})
        // A clock that was set back must not let it rest for longer.
        if (const auto* until = resting_.find(*key); until && now < *until && *until - now <= rest)
            return later(errc::upstream_down, "It could not be reached a moment ago.",
                         std::chrono::ceil<std::chrono::seconds>(*until - now));
    const bool known = is_known(url.host);
    fair_slots::slot slot;
    if (known) slot = of_known_hosts_.take(peer);
    if (!slot) slot = of_any_host_.take(peer);
    if (!slot) return later(errc::busy, busy, std::chrono::seconds(2));
    // The address first: who is over its own limit takes nothing from the host's.
    if (const auto wait = limits_.take(limit::document, peer, now))
        return limit_reached{limit::document.name, *wait}.as_error(busy);
    const auto& of_host = known ? limit::document_known_host : limit::document_host;
    if (const auto wait = limits_.take(of_host, url.host, now)) {
        auto full = later(errc::busy, busy, *wait);
        full.detail = http::limit_detail(of_host.name);
        return full;
    }
    return slot;
}

asio::awaitable<void> client_documents::run(client_documents* self, oauth::document_url url,
                                            std::shared_ptr<fetch> f, fair_slots::slot slot) {
    const auto id = url.url;
    try {
        f->outcome = co_await self->get(std::move(url), std::move(slot));
    } catch (const std::exception& thrown) {
        f->outcome = error(errc::internal, "The document could not be fetched.", thrown.what());
    }
    // First out of the map, then awake: who comes from here on finds the copy, or begins a new
    // fetch.
    self->under_way_.erase(id);
    http::wake(f->waiting);
}

asio::awaitable<result<oauth::client>> client_documents::get(oauth::document_url url,
                                                             fair_slots::slot slot) {
    if (!source) co_return later(errc::upstream_down, "It cannot be fetched here.", rest);
    const auto host = url.host;
    const auto id = url.url;
    auto answer = co_await source->fetch(std::move(url), std::move(slot));
    if (!answer) {
        auto& why = answer.failure();
        note(host, why);
        if (is_passing(why.code)) {
            // One address that answers with a fault says nothing of the host's others.
            resting_.get_or_insert(why.code == errc::busy ? id : host, {}) = now_() + rest;
            why.retry_after = rest;
        }
        co_return std::move(why);
    }
    auto who = oauth::read_client_document(id, answer->body);
    if (!who) {
        note(host, who.failure());
        co_return std::move(who).failure();
    }
    auto& entry = kept_.get_or_insert(id, {});
    entry.who = *who;
    entry.until = now_() + answer->lifetime;
    co_return who;
}

} // namespace web
