// The steps of the store that a crash test ends half-way, each with what must hold afterwards.
#pragma once

#include "tests/store/support.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace store_tests {

// What a step works on, and what the process that died had learned of it.
struct scene {
    std::string name; // of this round: API key, session and primer
    time_point now;
    secret code;
    std::optional<oauth::token_pair> tokens;  // what the client holds
    std::optional<oauth::token_pair> tokens2; // its later ones, or another login's
    std::string grant;
    std::vector<std::string> told; // never confirmed to anybody
    std::vector<secret> dead;      // filled by the check: nothing of this comes back
};

using answer = result<std::vector<std::string>>; // what a client or an administrator is told

struct fault_step {
    std::string_view name;
    void (*prepare)(store::store&, scene&);
    // In the process that dies: no test macros here. Returns what the step would answer.
    answer (*act)(store::store&, const scene&);
    // In the next process. `kept`: the step was committed. Leaves the tokens of a login that
    // still works in `tokens`, or none.
    void (*check)(store::store&, scene&, bool kept);
    bool for_all = false; // once committed, it ended everybody's logins
};

const std::vector<fault_step>& fault_steps();
std::span<const fault_step> admin_fault_steps(); // those among them that an administrator takes

// What several steps share.
void log_in_twice(store::store& s, scene& it);
void check_one_ended(store::store& s, scene& it, bool kept);
void check_all_ended(store::store& s, scene& it, bool kept);
answer told_nothing(const result<done>& outcome);
answer told_pair(result<oauth::token_pair> outcome);
result<oauth::token_pair> refresh_only(store::store& s, const secret& token, time_point now);
// After an interrupted refresh of `held`: the same token leads on, to the pair that was
// committed if one was. `held` becomes that pair.
void check_interrupted_refresh(store::store& s, oauth::token_pair& held,
                               const std::vector<std::string>& told, bool kept, time_point now);
void check_dead(store::store& s, const secret& token, time_point now);

} // namespace store_tests
