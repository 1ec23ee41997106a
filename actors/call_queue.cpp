#include "actors/call_queue.hpp"

#include <algorithm>
#include <array>

namespace actors {

namespace {

// `light_methods` await nothing: they are answered from the catalogue and the session's own state.
// resources/list is not among them, because the catalogue may list schemas there; nor is
// resources/subscribe, which asks whether the resource may be read.
constexpr std::array<std::string_view, 6> light_methods = {
    "ping",         "logging/setLevel",         "tools/list",
    "prompts/list", "resources/templates/list", "resources/unsubscribe"};

bool is_light(const mcp::incoming& m) {
    return m.what != mcp::incoming::kind::request ||
           std::ranges::find(light_methods, m.method) != light_methods.end();
}

} // namespace

// A batch is light if all of it is: its messages run one after the other, in one call.
bool is_light(const mcp::classified& message) {
    return std::ranges::all_of(message.messages,
                               [](const mcp::incoming& m) { return is_light(m); });
}

// Threat: large calls that their schemas refuse wait for Twenty's answers to others, and hold the
// memory of those that are right. Defence: they pass, and are answered with what is wrong.
bool is_light_or_wrong(mcp::classified& message, const mcp::catalogue& offered) {
    return std::ranges::all_of(message.messages, [&](mcp::incoming& m) {
        return is_light(m) || mcp::find_wrong_call(m, offered);
    });
}

void call_queue::enter(number call, bool light, deadline until) {
    waiting_.push_back({call, light, until});
}

// next() lets a light call overtake heavy ones that find no turn; among calls of its own kind each
// keeps its place. The deadline is looked at here alone, so a call that is too late hears of it
// when its turn would have come.
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

// lend() and take_back() leave light calls alone: only a number that was in `turns_` gets into
// `lent_`, and only from there back. take_back() may pass `at_once_`: a call whose person has
// answered must not queue behind the calls that ran in its turn.
void call_queue::lend(number call) {
    if (turns_.erase(call) != 0) lent_.insert(call);
}

void call_queue::take_back(number call) {
    if (lent_.erase(call) != 0) turns_.insert(call);
}

} // namespace actors
