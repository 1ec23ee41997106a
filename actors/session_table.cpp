#include "actors/session_table.hpp"

#include <algorithm>

namespace actors {

// use() keeps `by_use_` in order of use: splice() moves the entry without a copy, and the position
// in `by_key_` stays good.
const session_table::entry* session_table::use(const std::string& key, deadline now) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    found->second->last_used = now;
    return &*found->second;
}

std::vector<session_handle> session_table::insert(entry e) {
    std::vector<session_handle> out;
    // A session with an open stream loses it when it makes room, so it comes last.
    const auto oldest = [&](auto eligible) {
        auto found = std::find_if(by_use_.rbegin(), by_use_.rend(), [&](const entry& o) {
            return eligible(o) && !(o.streams && *o.streams > 0);
        });
        if (found == by_use_.rend())
            found = std::find_if(by_use_.rbegin(), by_use_.rend(), eligible);
        return std::prev(found.base());
    };
    if (const auto found = of_grant_.find(e.grant_id);
        found != of_grant_.end() && found->second >= per_grant_)
        out.push_back(take(oldest([&](const entry& o) { return o.grant_id == e.grant_id; })));
    if (by_key_.size() >= total_) out.push_back(take(oldest([](const entry&) { return true; })));
    ++of_grant_[e.grant_id];
    by_use_.push_front(std::move(e));
    by_key_.emplace(by_use_.front().key, by_use_.begin());
    return out;
}

// take() is the one way out of the table, so the three indexes never disagree. The entry goes to
// `finishing_` and not away: its actor may still run calls, which a revocation must reach.
session_handle session_table::take(position at) {
    auto actor = at->actor;
    by_key_.erase(at->key);
    if (const auto count = of_grant_.find(at->grant_id); --count->second == 0)
        of_grant_.erase(count);
    finishing_.emplace(actor.untyped().id(), std::move(*at));
    by_use_.erase(at);
    return actor;
}

void session_table::erase(const std::string& key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) take(found->second);
}

void session_table::ended(const caf::actor_addr& session) {
    if (finishing_.erase(session.id()) != 0) return;
    const auto found = std::ranges::find_if(
        by_use_, [&](const entry& e) { return e.actor.untyped().address() == session; });
    if (found == by_use_.end()) return;
    take(found); // it failed while it was awake
    finishing_.erase(session.id());
}

// take_grant() and take_session() first put what is awake with what is finishing, then answer from
// there: one list holds all that still run.
std::vector<session_handle> session_table::take_grant(const std::string& grant_id) {
    for (auto at = by_use_.begin(); at != by_use_.end();) {
        const auto here = at++;
        if (here->grant_id == grant_id) take(here);
    }
    std::vector<session_handle> out;
    for (const auto& [id, e] : finishing_)
        if (e.grant_id == grant_id) out.push_back(e.actor);
    return out;
}

std::vector<session_handle> session_table::take_idle(deadline used_before) {
    std::vector<session_handle> out;
    for (auto at = by_use_.end(); at != by_use_.begin();) {
        const auto here = std::prev(at);
        // `by_use_` is in order of use: all in front of this one were used later.
        if (here->last_used >= used_before) break;
        if (here->streams && *here->streams > 0)
            at = here; // its client reads a stream: it is in use
        else
            out.push_back(take(here));
    }
    return out;
}

std::vector<session_handle> session_table::all() const {
    std::vector<session_handle> out;
    out.reserve(by_use_.size());
    for (const entry& e : by_use_)
        out.push_back(e.actor);
    return out;
}

std::vector<session_handle> session_table::take_session(const std::string& key) {
    erase(key);
    std::vector<session_handle> out;
    for (const auto& [id, e] : finishing_)
        if (e.key == key) out.push_back(e.actor);
    return out;
}

std::vector<session_handle> session_table::take_all() {
    while (!by_use_.empty())
        take(by_use_.begin());
    std::vector<session_handle> out;
    for (auto& [id, e] : std::exchange(finishing_, {}))
        out.push_back(std::move(e.actor));
    return out;
}

std::size_t session_table::streams() const noexcept {
    std::size_t sum = 0;
    for (const auto& e : by_use_)
        if (e.streams) sum += *e.streams;
    return sum;
}

} // namespace actors
