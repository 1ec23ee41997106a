#include "actors/call_queue.hpp"

#include <algorithm>
#include <array>

namespace actors {

namespace {

constexpr std::array<std::string_view, 6> light_methods = {
    "ping",         "logging/setLevel",         "tools/list",
    "prompts/list", "resources/templates/list", "resources/unsubscribe"};

} // namespace

bool is_light(const mcp::classified& message) {
    return std::ranges::all_of(message.messages, [](const mcp::incoming& m) {
        return m.what != mcp::incoming::kind::request ||
               std::ranges::find(light_methods, m.method) != light_methods.end();
    });
}

void call_queue::enter(number call, bool light, deadline until) {
    waiting_.push_back({call, light, until});
}

std::optional<call_queue::turn> call_queue::next(deadline now) {
    const auto first = std::ranges::find_if(
        waiting_, [&](const entry& e) { return e.light || turns_.size() < at_once_; });
    if (first == waiting_.end()) return std::nullopt;
    const entry e = *first;
    waiting_.erase(first);
    const bool too_late = e.until <= now;
    if (!e.light && !too_late) turns_.insert(e.call);
    return turn{e.call, too_late};
}

std::vector<call_queue::number> call_queue::waiting() const {
    std::vector<number> out;
    for (const auto& e : waiting_)
        out.push_back(e.call);
    return out;
}

std::vector<call_queue::number> call_queue::drain() {
    auto out = waiting();
    waiting_.clear();
    return out;
}

void call_queue::leave(number call) {
    std::erase_if(waiting_, [call](const entry& e) { return e.call == call; });
    turns_.erase(call);
    lent_.erase(call);
}

void call_queue::lend(number call) {
    if (turns_.erase(call) != 0) lent_.insert(call);
}

void call_queue::take_back(number call) {
    if (lent_.erase(call) != 0) turns_.insert(call);
}

} // namespace actors
