// /token and /revoke go the same way: identify() reads the form and proves the client, a rule of
// oauth/ says what is wanted, the store decides, and the answer leaves once the store has confirmed
// it. Neither ever asks Twenty or fetches a document: clients give up on a token after some
// seconds.
#include "web/oauth_endpoints.hpp"

#include "base/fault_point.hpp"
#include "http/address_ranges.hpp"
#include "metrics/metrics.hpp"
#include "oauth/client.hpp"
#include "oauth/client_authentication.hpp"
#include "oauth/metadata.hpp"
#include "oauth/token.hpp"
#include "web/http.hpp"

#include <utility>
#include <variant>

namespace web {

namespace {

response document(std::string body) {
    response r(200, "application/json", std::move(body));
    r.set("Cache-Control", "public, max-age=300"); // short: operators change addresses
    return r;
}

// RFC 6749 §5.1: no-store and Pragma on everything that may carry credentials.
response from_oauth(oauth::answer answer) {
    response r;
    if (!answer.body.empty()) r = response(answer.status, "application/json", answer.body);
    r.status = answer.status;
    r.set("Cache-Control", "no-store").set("Pragma", "no-cache");
    if (!answer.www_authenticate.empty()) r.set("WWW-Authenticate", answer.www_authenticate);
    if (answer.retry_after) set_retry_after(r, *answer.retry_after);
    return r;
}

response refused(const error& e, std::string_view authorization = {}) {
    auto r = from_oauth(oauth::error_answer(e, authorization));
    note_error(r, e);
    return r;
}

constexpr std::string_view try_later = "Too many requests; try again later";

// What a request for tokens came to, by the error's code.
void count_request(std::string_view request, std::string_view outcome) {
    metrics::count(metrics::id::oauth_requests, {request, outcome});
}

std::string_view grant_type_of(const oauth::token_request& wanted) {
    return std::holds_alternative<oauth::refresh_exchange>(wanted) ? "refresh_token"
                                                                   : "authorization_code";
}

response limited(const limit_reached& why) { return refused(why.as_error(try_later)); }

// Threat: an id that names a document costs nothing to make up, and each would have limits of its
// own, enough of them to push those of others out of memory. Defence: the ids whose document
// nobody has at hand share theirs.
std::string_view counted_as(const oauth::client& who) {
    const bool made_up =
        who.kind == oauth::client_kind::metadata_document && who.redirect_uris.empty();
    return made_up ? std::string_view() : std::string_view(who.id);
}

// Threat: guessing codes or tokens. Defence: 256-bit values, and few wrong answers a client and
// address. Only wrong ones wait: a process with a stale token must not keep the others of its
// fleet from theirs.
response refused_exchange(const oauth_needs& needs, const request& r, const error& e,
                          std::string_view client) {
    if (e.code == errc::invalid_grant) {
        const auto wait = needs.guard.take(limit::failed_token, r.peer, client);
        if (wait) return limited(*wait);
    }
    return refused(e, r.header("authorization"));
}

// A request of /token or /revoke whose client is known and has proved itself.
struct identified {
    text::fields form;
    oauth::client who;
};

// Wipes the request's body. Nothing is waited for. An id that nobody knows is invalid_client
// however often it comes: a client that is told to wait instead would keep its dead registration
// for ever.
std::variant<identified, response> identify(const oauth_needs& needs, request& r) {
    const auto authorization = r.header("authorization");
    auto form = oauth::read_form(r.header("content-type"), r.body);
    wipe(r.body.data(), r.body.size());
    if (!form) return refused(form.failure(), authorization);
    const auto credentials = oauth::read_credentials(*form, authorization);
    if (!credentials) return refused(credentials.failure(), authorization);
    auto who = needs.clients.at_hand(credentials->client_id);
    if (!who) return refused(who.failure(), authorization);
    // Threat: guessing a secret, which an operator may have chosen short. Defence: after some
    // wrong ones the right one has to wait too. From egress that many people share that takes
    // more, or any of them could lock the client out for the others.
    const auto& wrong =
        is_shared_egress(r.peer) ? limit::wrong_secret_shared : limit::failed_secret;
    if (!credentials->client_secret.empty())
        if (const auto wait = needs.guard.peek(wrong, r.peer, counted_as(*who)))
            return limited(*wait);
    if (const auto proved = oauth::authenticate(*who, *credentials, needs.clients.client_key());
        !proved) {
        (void)needs.guard.take(wrong, r.peer, counted_as(*who));
        return refused(proved.failure(), authorization);
    }
    return identified{std::move(form).value(), std::move(who).value()};
}

const http::limit_rule& share_of(const request& r) {
    return is_shared_egress(r.peer) ? limit::token_shared : limit::token;
}

asio::awaitable<result<oauth::token_pair>> redeem(const oauth_needs& needs,
                                                  oauth::code_exchange wanted) {
    actors::redeem_code question(std::move(wanted));
    co_return co_await needs.actors.ask(std::move(question));
}

asio::awaitable<result<oauth::token_pair>> refresh(const oauth_needs& needs,
                                                   oauth::refresh_exchange wanted) {
    actors::refresh_token question(std::move(wanted));
    co_return co_await needs.actors.ask(std::move(question));
}

// Many processes of one client refresh one token at once, and must all get the same pair; so
// what was given before costs nothing, and is given even to who has used up its share. Nor do
// refusals cost a share, which have a limit of their own.
asio::awaitable<result<oauth::token_pair>> exchange(const oauth_needs& needs, const request& r,
                                                    std::string client,
                                                    oauth::token_request wanted) {
    const auto& share = share_of(r);
    const auto wait = needs.guard.take(share, r.peer, client);
    const auto later = wait ? wait->as_error(try_later) : error(errc::rate_limited, "");
    result<oauth::token_pair> pair(later);
    if (auto* renewal = std::get_if<oauth::refresh_exchange>(&wanted)) {
        renewal->only_repeat = wait.has_value();
        renewal->network = http::address_prefix(r.peer);
        pair = co_await refresh(needs, std::move(*renewal));
    } else if (!wait) {
        pair = co_await redeem(needs, std::move(std::get<oauth::code_exchange>(wanted)));
    }
    if (!pair && pair.failure().code == errc::rate_limited) co_return later;
    if (!wait && (!pair || pair->repeated)) needs.guard.give_back(share, r.peer, client);
    co_return pair;
}

} // namespace

asio::awaitable<response> get_protected_resource(const oauth_needs& needs, request r) {
    co_return document(oauth::protected_resource_metadata(needs.identity, r.path.ends_with('/')));
}

asio::awaitable<response> get_authorization_server(const oauth_needs& needs, request) {
    co_return document(
        oauth::authorization_server_metadata(needs.identity, needs.clients.takes_documents()));
}

// post_register() stores nothing: the id that it gives out carries what was registered, under a
// MAC. So a flood of registrations fills neither memory nor disk.
asio::awaitable<response> post_register(const oauth_needs& needs, request r) {
    const auto& bucket =
        is_shared_egress(r.peer) ? limit::registration_shared : limit::registration;
    if (const auto wait = needs.guard.take(bucket, r.peer)) co_return limited(*wait);
    auto made = oauth::register_client(r.header("content-type"), r.body, needs.clients.client_key(),
                                       needs.guard.now());
    count_request("registration", made.status < 300 ? "issued" : to_string(errc::bad_request));
    co_return from_oauth(std::move(made));
}

asio::awaitable<response> post_token(const oauth_needs& needs, request r) {
    auto identity = identify(needs, r);
    if (auto* no = std::get_if<response>(&identity)) {
        count_request("token", to_string(errc::invalid_client));
        co_return std::move(*no);
    }
    const auto& [form, who] = std::get<identified>(identity);
    const auto client = counted_as(who);
    auto wanted = oauth::read_token_request(form, who, needs.identity);
    if (!wanted) {
        count_request("token", to_string(wanted.failure().code));
        co_return refused_exchange(needs, r, wanted.failure(), client);
    }
    const auto what = grant_type_of(*wanted);
    auto tokens = co_await exchange(needs, r, std::string(client), std::move(wanted).value());
    if (!tokens) {
        count_request(what, to_string(tokens.failure().code));
        co_return refused_exchange(needs, r, tokens.failure(), client);
    }
    count_request(what, tokens->repeated ? "repeated" : "issued");
    needs.clients.gave_tokens_to(who);
    fault_point("token.answer");
    co_return from_oauth(oauth::answer(200, oauth::token_json(*tokens)));
}

// post_revoke() answers 200 for a token that nobody knows, too (RFC 7009 §2.2): the client wants it
// gone, and it is. The answer waits until nothing runs any more that the token had opened
// (sessions_logic::revoke).
asio::awaitable<response> post_revoke(const oauth_needs& needs, request r) {
    auto identity = identify(needs, r);
    if (auto* no = std::get_if<response>(&identity)) co_return std::move(*no);
    const auto& [form, who] = std::get<identified>(identity);
    if (const auto wait = needs.guard.take(share_of(r), r.peer, counted_as(who)))
        co_return limited(*wait);

    auto wanted = oauth::read_revocation(form, who);
    if (!wanted) co_return refused(wanted.failure());
    actors::revoke_token question(std::move(wanted).value());
    const auto gone = co_await needs.actors.ask(std::move(question));
    if (!gone) co_return refused(gone.failure());
    count_request("revocation", "done");
    fault_point("revoke.answer");
    co_return from_oauth(oauth::answer(200, {}));
}

} // namespace web
