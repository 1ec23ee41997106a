#include "mcp/session_memory.hpp"

#include <algorithm>

namespace mcp {

namespace {

constexpr std::int64_t refusal_lasts = 3600; // seconds
constexpr std::size_t most_recent = 6;       // fields of an object
constexpr std::size_t most_objects = 200;    // a workspace has some 30

} // namespace

// A full table learns nothing new; both tables only make answers better, so nothing has to give
// way.
void session_memory::refused(const std::string& object, std::int64_t now) {
    if (refusals_.size() < most_objects || refusals_.contains(object)) refusals_[object] = now;
}

bool session_memory::is_refused(const std::string& object, std::int64_t now) const {
    const auto found = refusals_.find(object);
    return found != refusals_.end() && now - found->second < refusal_lasts;
}

void session_memory::used(const std::string& object, const std::string& field) {
    if (used_.size() >= most_objects && !used_.contains(object)) return;
    auto& recent = used_[object];
    std::erase(recent, field);
    recent.insert(recent.begin(), field);
    if (recent.size() > most_recent) recent.pop_back();
}

const std::vector<std::string>& session_memory::recent(const std::string& object) const {
    static const std::vector<std::string> none;
    const auto found = used_.find(object);
    return found == used_.end() ? none : found->second;
}

} // namespace mcp
