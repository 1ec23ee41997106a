// The demo workspace against the shapes of what a real Twenty 2.19 answered.
#include "tests/demo/replay_support.hpp"
#include "tests/support/catch.hpp"

using namespace demo_test;

TEST_CASE("the demo workspace answers in the kept shapes of a real Twenty's answers", "[replay]") {
    const auto found = replay_exchanges(shapes(""));
    for (const auto& fault : found.faults)
        FAIL_CHECK(fault);
    CHECK(found.replayed > 400);
}

TEST_CASE("the demo workspace tells each story in the kept shapes of a real Twenty's", "[replay]") {
    const auto found = replay_stories(shapes("stories"));
    for (const auto& fault : found.faults)
        FAIL_CHECK(fault);
    CHECK(found.replayed > 1200);
}
