// The doorkeeper of /mcp: from an access token to its grant, from a session id to its session
// actor, which it wakes when it sleeps. Everything that ends access (revocation, DELETE, a dead
// API key) goes through here, so that no call slips past it. Lives as long as the process.
#pragma once

#include "actors/approvals.hpp"
#include "actors/bearer_cache.hpp"
#include "actors/caf.hpp"
#include "actors/clock_watch.hpp"
#include "actors/session.hpp"
#include "actors/session_table.hpp"
#include "actors/settings.hpp"
#include "actors/write_gate.hpp"
#include "metrics/metrics.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace actors {

class sessions_logic {
  public:
    static constexpr auto home = actor::sessions;
    static constexpr std::chrono::minutes tick_every{1};
    static constexpr std::chrono::minutes clock_told{10}; // how long a jump of the clock is told of

    // `key` authenticates session ids.
    sessions_logic(self_ptr self, settings_ptr settings, secret key, store_handle store,
                   pool_handle pool, schemas_handle schemas);
    ~sessions_logic();
    caf::behavior behavior();

  private:
    // Calls use(owed, bearer_ptr) once the token is known to be good; refuse(owed, error)
    // otherwise.
    template <class Use, class Refuse>
    void with_bearer(owed promise, secret token, Use use, Refuse refuse);
    void look_at(owed promise, secret token);
    result<bearer_ptr> opened(const secret& token, result<oauth::opened_grant> grant);

    void route(owed promise, const bearer_ptr& who, mcp_call call);
    void route_stream(owed promise, const bearer_ptr& who, open_stream request);
    session_handle own_session(const std::string& grant_id);
    // An invalid handle: not a session of this grant.
    session_handle named_session(const std::string& id, const std::string& grant_id);
    session_handle wake(session_origin origin);

    void end(owed promise, const bearer_ptr& who, const std::string& id);
    void bury(const session_stillborn& m);

    // sessions_watch.cpp
    void spread(const things_changed& m);
    void report(owed promise);
    void probe(std::function<void(result<done>)> then);
    void answer_probe(owed promise);
    void watch();
    void watch_clock();
    void tick();

    // sessions_endings.cpp
    void revoke(owed promise, revoke_token m);
    // `promise` is answered when all of its sessions have ended; may be null.
    void drop_grant(const std::string& grant_id, std::shared_ptr<owed> promise);
    void key_seen(const upstream_key_seen& m);
    void end_dead_key(std::string grant_id);

    // sessions_person.cpp
    void call_for_person(owed promise, person_call m);

    // sessions_approvals.cpp
    void seen(owed promise, const find_approval& m) const;
    void answered(owed promise, const answer_approval& m);
    void waiting(owed promise, const list_approvals& m) const;

    // sessions_pauses.cpp
    void read_pauses(std::function<void(result<std::vector<stored::write_pause>>)> then);
    void pauses_not_read(const error& why);
    void read_pauses_again();
    void pause(owed promise, pause_writes m);
    void resume(owed promise, resume_writes m);

    self_of<home> self_;
    settings_ptr settings_;
    secret key_;
    session_peers peers_;
    std::shared_ptr<write_gate> gate_ = std::make_shared<write_gate>();
    std::shared_ptr<approvals> approvals_ = std::make_shared<approvals>();
    bool asks_again_ = false; // for the pauses
    session_table table_;
    std::shared_ptr<held_calls> held_;
    std::shared_ptr<held_calls> answers_;
    std::shared_ptr<std::size_t> kept_ = std::make_shared<std::size_t>(0); // bytes of events
    bearer_cache tokens_;
    clock_watch clock_{clock_told};
    std::unordered_map<std::string, deadline> key_refused_since_; // by grant
    std::uint64_t known_tokens_ = 0; // requests whose token was in `tokens_`
    std::vector<std::unique_ptr<metrics::sampled>> gauges_;
};

} // namespace actors
