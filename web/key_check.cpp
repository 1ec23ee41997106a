#include "web/key_check.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace web {

namespace {

constexpr int max_key_checks = 5; // at Twenty, at once
constexpr std::chrono::minutes remembered{10};

struct check_slot { // counts a question to Twenty while it is under way
    explicit check_slot(int& n) : under_way(n) { ++under_way; }
    ~check_slot() { --under_way; }
    check_slot(const check_slot&) = delete;
    check_slot& operator=(const check_slot&) = delete;
    int& under_way;
};

bool is_refusal(errc code) {
    return code == errc::upstream_auth || code == errc::unauthenticated ||
           code == errc::not_allowed || code == errc::bad_request;
}

} // namespace

std::string fingerprint(const services& s, const secret& key) {
    return text::hex_encode(crypto::keyed_hash(s.fingerprint_key.reveal(), key.reveal(), 16));
}

http::eventually<actors::checked_key> check_key(services& s, std::string peer, secret key) {
    if (s.key_checks >= max_key_checks)
        co_return error(errc::busy, "Many people are connecting at this moment.");
    if (const auto wait = s.limits.take(limit::key_check, peer, s.now())) {
        error limited(errc::rate_limited, "Many people are connecting at this moment.");
        limited.retry_after = *wait;
        co_return limited;
    }
    const check_slot slot(s.key_checks);
    const auto name = fingerprint(s, key);
    actors::check_key question(std::move(key));
    auto found = co_await s.actors.ask(std::move(question));
    if (found && found->schema) s.checked.remember(name, *found, s.now() + remembered);
    if (!found && is_refusal(found.failure().code)) {
        s.checked.forget(name);
        (void)s.limits.take(limit::failed_key, peer, s.now());
    }
    co_return found;
}

std::optional<actors::checked_key> recall_key(services& s, const secret& key) {
    return s.checked.recall(fingerprint(s, key), s.now());
}

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
