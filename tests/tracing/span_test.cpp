// Where spans stand in their trace.
#include "tracing/span.hpp"

#include "tests/support/catch.hpp"

namespace {

const trace::context of_client{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};

} // namespace

TEST_CASE("a child is in its parent's trace, sampled as that is, with an id of its own", "[span]") {
    const auto child = tracing::below_remote(of_client);
    CHECK(child.own.id == of_client.id);
    CHECK(child.own.sampled);
    CHECK(child.own.span.size() == 16);
    CHECK(child.own.span != of_client.span);
    CHECK(child.parent == of_client.span);
    CHECK(child.remote);
    const auto grandchild = tracing::below(child);
    CHECK(grandchild.own.id == of_client.id);
    CHECK(grandchild.parent == child.own.span);
    CHECK_FALSE(grandchild.remote);
    auto unsampled = of_client;
    unsampled.sampled = false;
    CHECK_FALSE(tracing::below(tracing::below_remote(unsampled)).own.sampled);
}

TEST_CASE("of the traces that begin here as many are sampled as the ratio says", "[span]") {
    constexpr int traces = 4000;
    const auto sampled = [](double ratio) {
        int n = 0;
        for (int i = 0; i < traces; ++i)
            n += tracing::begin(ratio).own.sampled ? 1 : 0;
        return n;
    };
    CHECK(sampled(0) == 0);
    CHECK(sampled(1) == traces);
    const auto quarter = sampled(0.25);
    CHECK(quarter > traces / 4 - 200); // seven standard deviations
    CHECK(quarter < traces / 4 + 200);
    CHECK(tracing::begin(1).parent.empty());
}
