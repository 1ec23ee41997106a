// The demo workspace against the full recordings of a real Twenty 2.19, where these are at hand.
#include "tests/demo/replay_support.hpp"
#include "tests/support/catch.hpp"

#include <iostream>

using namespace demo_test;

namespace {

// What is not replayed says so, in the words by which CTest counts a case as skipped.
void skip(std::string_view variable) {
    std::cout << "skipped: no recordings of a real Twenty at hand (" << variable << ")\n";
}

} // namespace

TEST_CASE("the demo workspace answers in the shape of the recorded Twenty", "[recordings]") {
    const auto all = recordings("TWENTY_GOLDEN_DIR", "twenty-golden");
    if (!all) return skip("TWENTY_GOLDEN_DIR");
    const auto found = replay_exchanges(*all);
    for (const auto& fault : found.faults)
        FAIL_CHECK(fault);
    CHECK(found.replayed > 400);
}

TEST_CASE("the demo workspace answers each recorded story as the real Twenty does",
          "[recordings]") {
    const auto all = recordings("TWENTY_GOLDEN_2_DIR", "twenty-golden-2");
    if (!all) return skip("TWENTY_GOLDEN_2_DIR");
    const auto found = replay_stories(*all);
    for (const auto& fault : found.faults)
        FAIL_CHECK(fault);
    CHECK(found.replayed > 1200);
}
