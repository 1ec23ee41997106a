// Histories of grants and their tokens: each byte chooses what happens next, or to whom. Promise:
// the database answers as the model of tests/store/token_model.hpp says, after restarts too.
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/store/token_history.hpp"

#include <string>

void fuzz::tokens(std::string_view bytes) {
    constexpr std::size_t longest = 1000; // a step costs as much as a login
    const auto played = store_tests::play(bytes.substr(0, longest));
    must(played.disagreement.empty(), played.disagreement);
}
