// Whose writes are paused at this moment. Shared by all that run on the one thread: `sessions`
// keeps it as the database has it, a call asks it before it begins, and the pool before every
// attempt to send.
#pragma once

#include "actors/bearer.hpp"
#include "base/result.hpp"
#include "stored/pause.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace actors {

class write_gate {
  public:
    // In place of what was known before.
    void set(const std::vector<stored::write_pause>& all);
    // What the database has may be another now.
    void forget() noexcept { known_ = false; }
    // The connection has ended, and its pause with it.
    void forget_connection(const std::string& grant_id) {
        connections_.erase(grant_id);
        persons_.erase(grant_id);
    }
    // errc::paused, for the model that asked; nullopt: it may write. Until set() was called, and
    // after forget(), nobody may: what was paused stays so over a restart.
    [[nodiscard]] std::optional<error> refuse(const bearer& who) const;
    [[nodiscard]] std::size_t pauses() const noexcept {
        return connections_.size() + keys_.size() + persons_.size() + (everybody_ ? 1 : 0);
    }

  private:
    bool known_ = false;
    // Their reasons.
    std::optional<std::string> everybody_;
    std::unordered_map<std::string, std::string> connections_;
    std::unordered_map<std::string, std::string> keys_;
    std::unordered_set<std::string> persons_; // connections whose own person has paused them
};

} // namespace actors
