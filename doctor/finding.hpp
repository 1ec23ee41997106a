// What a check comes to: the same four words in the table for people, in JSON and in the rules.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace doctor {

enum class state { ok, warning, failed, skipped };
std::string_view to_string(state s) noexcept;

struct finding {
    state is = state::ok;
    std::string seen;   // a part of a sentence, fit to be printed
    std::string advice; // what to do; empty: what the check's row says
};

inline finding ok(std::string seen) { return {state::ok, std::move(seen), {}}; }
inline finding warning(std::string seen, std::string advice = {}) {
    return {state::warning, std::move(seen), std::move(advice)};
}
inline finding failed(std::string seen, std::string advice = {}) {
    return {state::failed, std::move(seen), std::move(advice)};
}
// It does not apply here, or cannot be told from here. Checks that need it go on.
inline finding skipped(std::string why) { return {state::skipped, std::move(why), {}}; }

// Threat: what a strange server sends writes to the operator's terminal. Defence: everything that
// came from the network goes through here: no controls, nothing invisible, cut.
std::string shown(std::string_view from_network, std::size_t bytes = 120);

} // namespace doctor
