#include "stdio/local_grant.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "twenty/connection.hpp"
#include "twenty/named_objects.hpp"

#include <utility>

namespace stdio {

namespace {

constexpr const char* client_id = "stdio";

// The grant of a key that Twenty has taken. `verifier` redeems its code (RFC 7636).
result<oauth::new_grant> grant_of(const choices& chosen, const actors::checked_key& key,
                                  std::string_view verifier) {
    twenty::connection connection;
    connection.api_key = chosen.api_key;
    connection.workspace = key.workspace;
    connection.mode = chosen.write ? twenty::mode::write : twenty::mode::read;
    connection.key_id = key.facts.key_id;
    connection.key_expires_at = key.facts.expires_at;
    if (!chosen.objects.empty()) {
        if (!key.schema)
            return error(errc::unavailable, "Twenty's objects could not be read just now.");
        TRY(objects, twenty::objects_named(chosen.objects, *key.schema));
        connection.objects = std::move(objects);
    }
    oauth::new_grant grant;
    grant.request.client_id = client_id;
    grant.request.kind = oauth::client_kind::configured;
    grant.request.client_name = client_id;
    grant.request.resource = resource;
    grant.request.code_challenge = text::base64url_encode(crypto::sha256(verifier));
    grant.granted = oauth::scope_set{true, chosen.write, true};
    grant.request.scope = grant.granted;
    grant.props = twenty::to_props(connection);
    grant.fingerprint = client_id; // the only key in the database
    grant.workspace_name = key.workspace.name;
    return grant;
}

} // namespace

http::eventually<secret> local_grant::token() {
    if (failed_ && now_() < failed_at_ + failure_lasts) co_return *failed_;
    auto ready = co_await make_good();
    failed_.reset();
    if (!ready) {
        failed_ = ready.failure();
        failed_at_ = now_();
        co_return std::move(ready).failure();
    }
    co_return pair_->access_token;
}

// make_good() asks whether the token is good instead of counting its time: a computer that slept
// does not know how long. Refreshed it belongs to the same grant; where that has ended, a key that
// was refused for a while among the reasons, there is a new one, if Twenty takes the key.
http::eventually<done> local_grant::make_good() {
    if (!pair_) {
        auto connected = co_await connect();
        co_return connected;
    }
    actors::check_token question(pair_->access_token);
    auto good = co_await actors_.ask(std::move(question));
    if (good || good.failure().code != errc::unauthenticated) co_return good;
    oauth::refresh_exchange exchange;
    exchange.client_id = client_id;
    exchange.refresh_token = *pair_->refresh_token;
    actors::refresh_token renewal(std::move(exchange));
    auto pair = co_await actors_.ask(std::move(renewal));
    if (pair) {
        pair_ = std::move(pair).value();
        co_return done{};
    }
    pair_.reset();
    auto connected = co_await connect();
    co_return connected;
}

http::eventually<done> local_grant::connect() {
    actors::check_key question(chosen_.api_key);
    const auto key = co_await actors_.ask(std::move(question));
    if (!key) co_return key.failure();
    const std::string verifier(crypto::random_token("").reveal());
    auto grant = grant_of(chosen_, *key, verifier);
    if (!grant) co_return std::move(grant).failure();
    actors::create_grant creation(std::move(grant).value());
    auto code = co_await actors_.ask(std::move(creation));
    if (!code) co_return std::move(code).failure();
    oauth::code_exchange exchange;
    exchange.client_id = client_id;
    exchange.code = std::move(code).value();
    exchange.code_verifier = verifier;
    actors::redeem_code redemption(std::move(exchange));
    auto pair = co_await actors_.ask(std::move(redemption));
    if (!pair) co_return std::move(pair).failure();
    pair_ = std::move(pair).value();
    ++generation_;
    logging::event(logging::level::info, "connected",
                   {{"workspace", key->workspace.id}, {"mode", chosen_.write ? "write" : "read"}});
    co_return done{};
}

} // namespace stdio
