#include "web/key_check.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace web {

namespace {

// `remembered` is long enough to choose; after it the key is asked about again.
constexpr std::chrono::minutes remembered{10};

constexpr std::string_view many_connect = "Many people are connecting at this moment.";

bool is_refusal(errc code) {
    return code == errc::upstream_auth || code == errc::unauthenticated ||
           code == errc::not_allowed || code == errc::bad_request;
}

} // namespace

std::string key_verifier::fingerprint(const secret& key) const {
    return text::hex_encode(crypto::keyed_hash(fingerprint_key_.reveal(), key.reveal(), 16));
}

std::string key_verifier::keyed_hash(std::string_view text) const {
    return crypto::keyed_hash(fingerprint_key_.reveal(), text);
}

std::size_t key_verifier::under_way() const noexcept { return clean_.taken() + refused_.taken(); }

fair_slots::slot key_verifier::take_slot(std::string_view peer, bool clean) {
    if (clean)
        if (auto own = clean_.take(peer)) return own;
    return refused_.take(peer);
}

// check() bounds before it asks: at once and in all, because every question goes to Twenty and
// strangers may cause it. Only a no to the key itself counts against the address and its network,
// and clears what was remembered; a Twenty that cannot be reached says nothing of the key.
http::eventually<actors::checked_key> key_verifier::check(std::string peer, secret key) {
    // The name is taken before the key moves away.
    const auto name = fingerprint(key);
    const bool clean = checked_.recall(name, guard_.now()).has_value() ||
                       !guard_.peek(limit::refused_network, peer);
    // In this frame: the slot is free again however the coroutine ends.
    const auto slot = take_slot(peer, clean);
    if (!slot) co_return error(errc::busy, std::string(many_connect));
    // The network first: who is over its share takes nothing from everybody's.
    auto wait = guard_.take(limit::key_check_network, peer);
    if (!wait) wait = guard_.take(clean ? limit::key_check : limit::key_check_refused, peer);
    if (wait) co_return wait->as_error(many_connect);
    actors::check_key question(std::move(key));
    auto found = co_await actors_.ask(std::move(question));
    if (found && found->schema) checked_.remember(name, *found, guard_.now() + remembered);
    if (!found && is_refusal(found.failure().code)) {
        checked_.forget(name);
        (void)guard_.take(limit::failed_key, peer);
        (void)guard_.take(limit::refused_network, peer);
    }
    co_return found;
}

std::optional<actors::checked_key> key_verifier::recall(const secret& key) {
    return checked_.recall(fingerprint(key), guard_.now());
}

// 422 for a refused key and not 401, which would need a challenge (RFC 9110 §15.5.2).
key_failure explain_key_failure(const error& e) {
    if (is_refusal(e.code)) return {422, e.message, true};
    const int status = e.code == errc::rate_limited ? 429 : 503;
    switch (e.code) {
    case errc::upstream_timeout:
        return {status,
                "Twenty did not answer in time, so the key could not be checked. Try again in a "
                "moment.",
                false};
    case errc::upstream_down:
    case errc::upstream_refused:
        return {status,
                "Twenty can't be reached or did not answer as Twenty does, so the key could not "
                "be checked. Try again, or tell your administrator.",
                false};
    case errc::rate_limited:
    case errc::busy:
        return {status,
                "The key could not be checked right now, because too many requests are under "
                "way. Try again in a moment.",
                false};
    default:
        return {status, "The key could not be checked right now. Try again in a moment.", false};
    }
}

} // namespace web
