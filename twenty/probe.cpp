#include "twenty/probe.hpp"

#include "twenty/answer.hpp"

namespace twenty {

request probe_request() {
    request r;
    r.target = "/graphql";
    r.body = R"({"query":"query{__typename}"})";
    r.safe_to_repeat = true;
    return r;
}

// A refusal in GraphQL's form is Twenty's as well.
result<done> read_probe(const response& r) {
    const auto a = read_graphql(r);
    if (a.ok() && !a.data.text("__typename").empty()) return done{};
    if (!a.ok() && !a.errors.empty() && !a.errors.front().code.empty()) return done{};
    if (!a.ok()) return a.failure();
    return error{errc::upstream_down,
                 "The configured address answers, but not as a Twenty server."};
}

} // namespace twenty
