// Which sessions are awake. Bounded for each grant and in all; the one that was used longest
// ago makes room. Being put out of the table costs a session nothing but its warmth. Those that
// were put out but still finish their calls are remembered too, so that a revocation finds them.
#pragma once

#include "actors/caf.hpp"

#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace actors {

class session_table {
  public:
    struct entry {
        std::string key; // the session id, or own_key(grant)
        std::string grant_id;
        session_handle actor;
        deadline last_used;
        std::shared_ptr<const std::size_t> streams; // connected ones: it is in use
    };

    session_table(std::size_t per_grant, std::size_t total)
        : per_grant_(per_grant), total_(total) {}

    // Marks it as used now. nullptr: not awake.
    const entry* use(const std::string& key, deadline now);
    // Returns the sessions that had to make room; they are out of the table already.
    std::vector<session_handle> insert(entry e);
    void erase(const std::string& key);
    void ended(const caf::actor_addr& session);
    // All of them, also those that were put out and still run.
    std::vector<session_handle> take_grant(const std::string& grant_id);
    std::vector<session_handle> take_idle(deadline used_before);
    // Those that are awake and in the table.
    [[nodiscard]] std::vector<session_handle> all() const;
    // Also one that was put out and still runs.
    std::vector<session_handle> take_session(const std::string& key);
    std::vector<session_handle> take_all();
    [[nodiscard]] std::size_t size() const noexcept { return by_key_.size(); }
    // That the clients of all that are awake keep open. Linear.
    [[nodiscard]] std::size_t streams() const noexcept;

  private:
    // An entry is awake (in `by_use_`, `by_key_` and `of_grant_`) until take() moves it to
    // `finishing_`, where it stays until its actor has ended().
    using position = std::list<entry>::iterator;

    session_handle take(position at);

    std::size_t per_grant_;
    std::size_t total_;
    std::list<entry> by_use_; // latest first
    std::unordered_map<std::string, position> by_key_;
    std::unordered_map<std::string, std::size_t> of_grant_;
    std::unordered_map<caf::actor_id, entry> finishing_;
};

} // namespace actors
