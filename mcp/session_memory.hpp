// What a session has learnt of its workspace on the way: which objects the API key's role refused
// to show, and which fields the conversation is about. It only makes answers better: it is lost
// with the session and never decides what is allowed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

class session_memory {
  public:
    // Twenty has no way to ask what a key may read, so a refusal is remembered, until a read
    // succeeds or an hour has passed: roles change. `now` in unix seconds.
    void refused(const std::string& object, std::int64_t now);
    void answered(const std::string& object) { refusals_.erase(object); }
    [[nodiscard]] bool is_refused(const std::string& object, std::int64_t now) const;

    // A field was named in a filter, an order, a selection or a write.
    void used(const std::string& object, const std::string& field);
    // The last ones that were, the latest first.
    [[nodiscard]] const std::vector<std::string>& recent(const std::string& object) const;

  private:
    std::map<std::string, std::int64_t, std::less<>> refusals_;
    std::map<std::string, std::vector<std::string>, std::less<>> used_;
};

} // namespace mcp
