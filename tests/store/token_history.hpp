// Histories of grants: consents, exchanges, repeats, revocations, ends and restarts in any order,
// played on a real database and on the model of tests/store/token_model.hpp.
#pragma once

#include "tests/store/token_model.hpp"

#include <map>
#include <string>
#include <string_view>

namespace store_tests {

struct played {
    std::string disagreement; // the step at which database and model part, and those before it
    std::map<answer, std::size_t> answers; // how often each was right
};

// Plays the history that `bytes` choose; any bytes choose one.
played play(std::string_view bytes);

} // namespace store_tests
