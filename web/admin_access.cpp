#include "web/admin_access.hpp"

#include "base/crypto.hpp"
#include "http/pause.hpp"
#include "http/trusted_proxies.hpp"
#include "web/http.hpp"

namespace web {

namespace {

// Threat: the time of a comparison tells how much of a guess was right, or its length.
// Defence: a constant-time comparison of hashes under a key that nobody knows.
bool same_secret(std::string_view given, const secret& expected) {
    static const auto key = crypto::random_bytes(crypto::key_bytes);
    return crypto::equal(crypto::keyed_hash(key, given),
                         crypto::keyed_hash(key, expected.reveal()));
}

// Threat: a web page uses a browser that reaches this address. Defence: what a page sends carries
// an Origin, or says from which site it comes or that it navigates; an administrator's tool does
// none of these.
bool from_browser(const request& r) {
    return r.has("origin") || r.has("sec-fetch-site") || r.header("sec-fetch-mode") == "navigate";
}

bool right_token(const admin_needs& needs, const bearer& given) {
    return given.what == bearer::kind::present && same_secret(given.token, *needs.token);
}

response too_many_admin_calls(std::string_view text, const limit_reached& why) {
    auto r = json_error(429, "rate_limited", text);
    set_retry_after(r, why.wait);
    note_limit(r, why.name);
    return r;
}

// Threat: guesses from many addresses, or a flood of them to fill the disk. Defence: past a
// number of failures in all, each takes a second; what is written down is limited by itself.
asio::awaitable<void> punish(const admin_needs& needs, const request& r) {
    (void)needs.guard.take(limit::failed_admin, r.peer);
    if (!needs.guard.take(limit::noted_failure, r.peer)) {
        stored::audit_note note{stored::audit_kind::wrong_admin_token, audit_source(r), {}};
        actors::note_audit question(std::move(note));
        (void)co_await needs.actors.ask(std::move(question)); // the answer is no either way
    }
    if (needs.guard.take(limit::failed_admin_all, r.peer))
        co_await http::pause(std::chrono::seconds(1));
}

} // namespace

std::string audit_source(const request& r) {
    return r.local ? r.peer : http::address_prefix(r.peer);
}

bool may_be_admin(const admin_needs& needs, const request& head) {
    return head.local ||
           (needs.token && !from_browser(head) && right_token(needs, bearer_of(head)));
}

// refuse_admin() looks at the limit before the token: an address that has guessed too often hears
// nothing of its next guess, not even of a right one. A call without a token is no guess and is not
// counted. The limit of right calls comes last, so that strangers cannot use it up. Who comes over
// the Unix socket was let in by the mode of its file, and needs no token.
asio::awaitable<std::optional<response>> refuse_admin(const admin_needs& needs, const request& r) {
    if (r.local) co_return std::nullopt;
    if (!needs.token)
        co_return json_error(503, "admin_disabled", "Set ADMIN_TOKEN to use the admin API.");
    if (from_browser(r))
        co_return json_error(403, "forbidden", "The admin API can't be used from a browser.");
    if (const auto wait = needs.guard.peek(limit::failed_admin, r.peer))
        co_return too_many_admin_calls("Too many wrong admin tokens.", *wait);
    const auto given = bearer_of(r);
    if (!right_token(needs, given)) {
        if (given.what != bearer::kind::absent) co_await punish(needs, r);
        auto no = json_error(401, "unauthorized", "Send Authorization: Bearer ADMIN_TOKEN.");
        no.set("WWW-Authenticate", "Bearer realm=\"admin\"");
        co_return no;
    }
    if (const auto wait = needs.guard.take(limit::admin, r.peer))
        co_return too_many_admin_calls("Too many calls of the admin API.", *wait);
    co_return std::nullopt;
}

} // namespace web
