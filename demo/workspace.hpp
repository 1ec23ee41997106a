// A Twenty-compatible workspace in memory: pure, so that it can stand behind a socket, a test
// or a benchmark alike. What it answers follows recorded exchanges with a real Twenty 2.19,
// faults included. Not thread-safe.
#pragma once

#include "demo/message.hpp"
#include "demo/roles.hpp"
#include "demo/sample.hpp"
#include "demo/session.hpp"

#include <cstdint>
#include <string>

namespace demo {

// Misbehaviour on demand, also through POST /demo/switches with a JSON object of the same
// names; members that are left out keep their value.
struct switches {
    int latency_ms = 0;      // of every answer
    int answer_429 = 0;      // the next n record calls are rate limited
    int answer_500 = 0;      // the next n calls fail with a stack trace
    int answer_html = 0;     // the next n calls answer an HTML page, as a proxy would
    int answer_402 = 0;      // the next n record calls find the quota used up
    int hang = 0;            // the next n calls are never answered
    int empty_reply = 0;     // the next n calls lose their connection
    bool rate_limit = false; // Twenty's bucket of 100 calls a minute
    bool old_schema = false; // metadata of an older server: isCustom, fewer members
    bool production = false; // no introspection without a key, fewer details in refusals
};

struct options {
    std::uint64_t seed = 1;
    time_point now = demo::now(); // what the sample's dates are relative to
    std::string workspace_name = "Halcyon Orbital";
    sample_size size{};
    switches faults{};
    bool newer = false; // a Twenty of 2.44 to 2.47, else 2.19
};

class workspace {
  public:
    explicit workspace(options chosen);
    workspace(const workspace&) = delete;
    workspace& operator=(const workspace&) = delete;

    response handle(const request& r, time_point now);

    // Throw-away keys, the same for the same seed.
    [[nodiscard]] const key_ring& keys() const { return keys_; }
    [[nodiscard]] const std::string& id() const { return facts_.id; }
    [[nodiscard]] const schema& model() const { return model_; }
    [[nodiscard]] const store& data() const { return data_; }
    [[nodiscard]] switches& faults() { return faults_; }

  private:
    response answer(const request& r, time_point now);
    std::optional<response> misbehave();
    response set_switches(const request& r);

    workspace_facts facts_;
    schema model_;
    store data_;
    key_ring keys_;
    saved_views views_;
    rate_limit limit_;
    rate_limit no_tokens_{true};
    switches faults_;
};

} // namespace demo
