#include "tests/store/fault_points.hpp"

namespace store_tests {

namespace {

answer told_refusal(const result<oauth::token_pair>& outcome) {
    if (outcome) return error{errc::internal, "a replay was answered"};
    return std::vector<std::string>{};
}

// Nothing was told when the step died before its end; what was committed was told before.
std::vector<secret> all_told(const scene& it, bool kept) {
    CHECK((!kept || !it.told.empty()));
    return {it.told.begin(), it.told.end()};
}

void log_in(store::store& s, scene& it) {
    it.tokens = login(s, it.now, consent("client", it.name));
    it.grant = s.open_grant(it.tokens->access_token, it.now)->grant_id;
}

// The grant goes on with its refresh token, or it is gone with everything.
void check_login(store::store& s, scene& it, bool lives) {
    if (lives) {
        it.tokens = refreshed(s, *it.tokens->refresh_token, it.now);
        CHECK(opens(s, it.tokens->access_token, it.now));
        return;
    }
    it.dead = {it.tokens->access_token, *it.tokens->refresh_token};
    for (const auto& token : it.dead)
        check_dead(s, token, it.now);
    it.tokens.reset();
}
void check_ended(store::store& s, scene& it, bool kept) { check_login(s, it, !kept); }

// -- Codes ---------------------------------------------------------------------------------------

answer create(store::store& s, const scene& it) {
    auto code = s.create_grant(consent("client", it.name), it.now);
    if (!code) return std::move(code).failure();
    return std::vector<std::string>{std::string(code->reveal())};
}
void check_created(store::store& s, scene& it, bool kept) {
    const auto listed = s.list_grants(it.name, it.now);
    REQUIRE(listed.ok());
    CHECK(listed->size() == (kept ? 1U : 0U));
    for (const auto& code : all_told(it, kept)) {
        auto pair = s.redeem_code(exchange_of(code), it.now);
        REQUIRE(s.commit().ok());
        CHECK(pair.ok() == kept);
        if (pair) it.tokens = *std::move(pair);
    }
}

void make_code(store::store& s, scene& it) {
    it.code = new_code(s, it.now, consent("client", it.name));
}
answer redeem(store::store& s, const scene& it) {
    return told_pair(s.redeem_code(exchange_of(it.code), it.now));
}
// No code is redeemed twice: what was committed is spent, and a replay takes its tokens along.
void check_redeemed(store::store& s, scene& it, bool kept) {
    it.dead = all_told(it, kept);
    if (!it.dead.empty()) CHECK(opens(s, it.dead.front(), it.now) == kept);
    auto pair = s.redeem_code(exchange_of(it.code), it.now);
    REQUIRE(s.commit().ok());
    CHECK(pair.ok() == !kept);
    for (const auto& token : it.dead)
        check_dead(s, token, it.now);
    // The server tells nobody what it has not committed; once the grant has moved on, who has such
    // a token all the same is taken for a thief of an old one.
    if (!kept) it.dead.clear();
    if (pair) it.tokens = *std::move(pair);
}

void redeem_once(store::store& s, scene& it) {
    make_code(s, it);
    auto pair = s.redeem_code(exchange_of(it.code), it.now);
    REQUIRE(pair.ok());
    REQUIRE(s.commit().ok());
    it.tokens = *std::move(pair);
}
answer replay(store::store& s, const scene& it) {
    return told_refusal(s.redeem_code(exchange_of(it.code), it.now));
}

// -- Refresh tokens ------------------------------------------------------------------------------

answer renew(store::store& s, const scene& it) {
    return told_pair(refresh_only(s, *it.tokens->refresh_token, it.now));
}
void check_renewed(store::store& s, scene& it, bool kept) {
    const auto before = it.tokens->access_token;
    check_interrupted_refresh(s, *it.tokens, it.told, kept, it.now);
    // The predecessor's access token lives on: other processes of the client use it still.
    CHECK(opens(s, before, it.now));
}

// The answer to the first refresh was lost, and nobody asked again within the grace.
void lose_answer(store::store& s, scene& it) {
    log_in(s, it);
    it.tokens2 = refreshed(s, *it.tokens->refresh_token, it.now);
    it.now += 61s;
}
void check_late(store::store& s, scene& it, bool kept) {
    const auto before = it.tokens->access_token;
    check_interrupted_refresh(s, *it.tokens, it.told, kept, it.now);
    CHECK(opens(s, before, it.now));
    CHECK_FALSE(opens(s, it.tokens2->access_token, it.now));
    CHECK(code_of(refresh(s, *it.tokens2->refresh_token, it.now)) == errc::invalid_grant);
}

void use_successor(store::store& s, scene& it) {
    lose_answer(s, it);
    CHECK(opens(s, it.tokens2->access_token, it.now));
    it.now += 11s; // no race any more
}
answer reuse(store::store& s, const scene& it) {
    return told_refusal(refresh_only(s, *it.tokens->refresh_token, it.now));
}
void check_reused(store::store& s, scene& it, bool kept) {
    std::swap(it.tokens, it.tokens2);
    check_ended(s, it, kept);
}

void renew_once(store::store& s, scene& it) {
    log_in(s, it);
    it.tokens2 = refreshed(s, *it.tokens->refresh_token, it.now);
}
void check_repeated(store::store& s, scene& it, bool) {
    const auto again = refreshed(s, *it.tokens->refresh_token, it.now);
    CHECK(again.refresh_token->reveal() == it.tokens2->refresh_token->reveal());
    CHECK(again.access_token.reveal() == it.tokens2->access_token.reveal());
    it.tokens = it.tokens2;
}

// -- Endings -------------------------------------------------------------------------------------

answer revoke(store::store& s, const scene& it) {
    auto ended = s.revoke({"client", *it.tokens->refresh_token}, it.now);
    if (!ended) return std::move(ended).failure();
    return std::vector<std::string>{};
}
answer revoke_access(store::store& s, const scene& it) {
    auto ended = s.revoke({"client", it.tokens->access_token}, it.now);
    if (!ended) return std::move(ended).failure();
    return std::vector<std::string>{};
}
void check_access_revoked(store::store& s, scene& it, bool kept) {
    const auto before = it.tokens->access_token;
    CHECK(opens(s, before, it.now) == !kept);
    if (kept) it.dead = {before};
    check_login(s, it, true);
}

answer end_one(store::store& s, const scene& it) {
    auto ended = s.end_grants(it.name, it.grant, it.now);
    if (!ended) return std::move(ended).failure();
    return *std::move(ended);
}
answer end_all(store::store& s, const scene& it) {
    auto ended = s.end_grants(it.name, {}, it.now);
    if (!ended) return std::move(ended).failure();
    return *std::move(ended);
}
answer end_dead(store::store& s, const scene& it) {
    return told_nothing(s.end_dead_grant(it.grant, it.now));
}

// -- Sessions
// --------------------------------------------------------------------------------------

answer save_session(store::store& s, const scene& it) {
    return told_nothing(s.save_session({it.name, it.grant, "2025-11-25", "{}", "{}", {}}, it.now));
}
void check_saved(store::store& s, scene& it, bool kept) {
    const auto found = s.load_session(it.name);
    REQUIRE(found.ok());
    CHECK(found->has_value() == kept);
    check_login(s, it, true);
}
void open_session(store::store& s, scene& it) {
    log_in(s, it);
    REQUIRE(save_session(s, it).ok());
    REQUIRE(s.commit().ok());
}
answer end_session(store::store& s, const scene& it) {
    return told_nothing(s.end_session(it.name, it.grant, it.now));
}
void check_session_ended(store::store& s, scene& it, bool kept) {
    const auto found = s.load_session(it.name);
    CHECK(found.ok() == !kept);
    if (kept) CHECK(code_of(found) == errc::not_found);
    check_login(s, it, true);
}

// -- Changes --------------------------------------------------------------------------------------

stored::change_owner owner_of(const scene& it) { return {it.grant, secret(it.name)}; }

answer begin_change(store::store& s, const scene& it) {
    stored::new_change what;
    what.id = it.name;
    what.body = it.name;
    const auto begun = s.begin_change(what, owner_of(it), it.now);
    if (!begun) return begun.failure();
    return std::vector<std::string>{};
}
void begin_one(store::store& s, scene& it) {
    log_in(s, it);
    REQUIRE(begin_change(s, it).ok());
    REQUIRE(s.commit().ok());
}
answer end_change(store::store& s, const scene& it) {
    const auto ended = s.end_change({it.name, stored::change_state::done, "after"}, owner_of(it));
    if (!ended) return ended.failure();
    return std::vector<std::string>{};
}
// Of a change whose process has died nobody knows how it ended, unless that was kept.
void check_change(store::store& s, scene& it, bool there, bool ended) {
    const auto found = s.changes({}, owner_of(it));
    REQUIRE(found.ok());
    REQUIRE(found->size() == (there ? 1U : 0U));
    for (const auto& one : *found) {
        CHECK(one.state == (ended ? stored::change_state::done : stored::change_state::unknown));
        CHECK(one.begun == it.name);
        CHECK(one.ended == (ended ? "after" : ""));
    }
    check_login(s, it, true);
}
void check_begun(store::store& s, scene& it, bool kept) { check_change(s, it, kept, false); }
void check_change_ended(store::store& s, scene& it, bool kept) { check_change(s, it, true, kept); }

void nothing(store::store&, scene&) {}

} // namespace

void log_in_twice(store::store& s, scene& it) {
    it.tokens2 = login(s, it.now, consent("client", it.name));
    log_in(s, it);
}
void check_one_ended(store::store& s, scene& it, bool kept) {
    CHECK(s.list_grants(it.name, it.now)->size() == (kept ? 1U : 2U));
    check_ended(s, it, kept);
    CHECK(refresh(s, *it.tokens2->refresh_token, it.now).ok());
}
void check_all_ended(store::store& s, scene& it, bool kept) {
    CHECK(s.list_grants(it.name, it.now)->size() == (kept ? 0U : 2U));
    check_ended(s, it, kept);
    CHECK(refresh(s, *it.tokens2->refresh_token, it.now).ok() == !kept);
}

answer told_nothing(const result<done>& outcome) {
    if (!outcome) return outcome.failure();
    return std::vector<std::string>{};
}

answer told_pair(result<oauth::token_pair> outcome) {
    if (!outcome) return std::move(outcome).failure();
    return std::vector<std::string>{std::string(outcome->access_token.reveal()),
                                    std::string(outcome->refresh_token->reveal())};
}

result<oauth::token_pair> refresh_only(store::store& s, const secret& token, time_point now) {
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = token;
    return s.refresh(exchange, now);
}

void check_dead(store::store& s, const secret& token, time_point now) {
    CHECK_FALSE(opens(s, token, now));
    CHECK_FALSE(refresh(s, token, now).ok());
}

void check_interrupted_refresh(store::store& s, oauth::token_pair& held,
                               const std::vector<std::string>& told, bool kept, time_point now) {
    CHECK((!kept || !told.empty()));
    auto next = refreshed(s, *held.refresh_token, now);
    if (!told.empty()) {
        REQUIRE(told.size() == 2);
        CHECK((next.access_token.reveal() == told[0]) == kept);
        CHECK((next.refresh_token->reveal() == told[1]) == kept);
        CHECK(opens(s, secret(told[0]), now) == kept);
    }
    CHECK(opens(s, next.access_token, now));
    held = std::move(next);
}

const std::vector<fault_step>& fault_steps() {
    static const std::vector<fault_step> table = [] {
        std::vector<fault_step> all{
            {"login", nothing, create, check_created},
            {"redeem", make_code, redeem, check_redeemed},
            {"replay", redeem_once, replay, check_ended},
            {"refresh", log_in, renew, check_renewed},
            {"late", lose_answer, renew, check_late},
            {"reuse", use_successor, reuse, check_reused},
            {"repeat", renew_once, renew, check_repeated},
            {"revoke", log_in, revoke, check_ended},
            {"revoke_access", log_in, revoke_access, check_access_revoked},
            {"end_one", log_in_twice, end_one, check_one_ended},
            {"end_all", log_in_twice, end_all, check_all_ended},
            {"end_dead", log_in, end_dead, check_ended},
            {"session", log_in, save_session, check_saved},
            {"session_end", open_session, end_session, check_session_ended},
            {"change", log_in, begin_change, check_begun},
            {"change_end", begin_one, end_change, check_change_ended},
        };
        const auto admins = admin_fault_steps();
        all.insert(all.end(), admins.begin(), admins.end());
        return all;
    }();
    return table;
}

} // namespace store_tests
