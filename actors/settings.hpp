// Every number that shapes the actors, with its reason, and the few things that they need from
// main. One immutable value shared by all of them.
#pragma once

#include "actors/held_calls.hpp"
#include "base/crypto.hpp"
#include "mcp/server.hpp"
#include "oauth/types.hpp"
#include "tracing/span.hpp"
#include "twenty/caution.hpp"
#include "twenty/retry.hpp"
#include "twenty/schema_query.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace actors {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct settings {
    std::string twenty_base_url;               // as people reach Twenty, for links to records
    const mcp::catalogue* catalogue = nullptr; // what is served; never null

    // Who takes the spans of calls and of their exchanges with Twenty; null: none are made.
    // Outlives the actors.
    tracing::sink* spans = nullptr;
    bool keeps_changes = false; // the journal of changes is on
    // When people are asked before records are changed, and how many may be.
    twenty::caution_rules caution;
    // Where people answer, without a slash at its end; empty: there is no page.
    std::string approve_url;
    double trace_ratio = 1; // how many of the traces that begin here are sampled
    // Twenty as this server reaches it, for those spans.
    std::string upstream_host;
    std::uint16_t upstream_port = 0;

    // A call that takes longer has a line of its own in the log; 0: none has.
    milliseconds slow_call{5000};

    // A tool call ends well before clients give up (60 s in the official SDK).
    seconds tool_budget{45};
    // One exchange with Twenty; what the transport is given at most.
    seconds exchange_limit{30};

    // Object models change by hand and rarely, and what says that a name is unknown must be right:
    // a copy is compared with Twenty's metadata version (one small request) when the last answer
    // is older than `schema_check_gap`. Where Twenty has no such version, it is loaded again, but
    // no more often than `schema_refresh_gap`, so that a model in a loop cannot reload it.
    minutes schema_ttl{60};
    seconds schema_check_gap{2};
    seconds schema_check_limit{5};
    seconds schema_refresh_gap{30};
    seconds schema_load_limit{20};
    std::size_t schemas_kept = 64;

    // An idle session costs some kilobytes and comes back from the store in a millisecond.
    minutes session_idle{30};
    std::size_t sessions_per_grant = 32;
    std::size_t sessions_total = 5000;
    std::size_t calls_per_session = 8;
    std::size_t queue_per_session = 32;
    held_calls::limits held;
    // What calls make of Twenty's answers. The largest that is read counts as 50 MB.
    held_calls::limits held_answers{48 * 1024 * 1024, 64 * 1024 * 1024, 64 * 1024 * 1024, 16 * 1024,
                                    16 * 1024};
    // People answer within minutes or not at all. The SDKs give a question 10 minutes.
    minutes ask_limit{10};
    // What is kept for clients that come back after a broken stream. All of it must fit into
    // what may wait for one reader (http::event_stream), or nobody could ever catch up.
    std::size_t replay_events = 256;
    std::size_t replay_bytes = 512 * 1024;
    minutes replay_age{5};
    std::size_t replay_total = 32 * 1024 * 1024; // bytes that all sessions keep
    milliseconds stream_retry{1000};
    // Streams of subscriptions/listen for each grant.
    std::size_t listens_per_grant = 16;
    // Calls that go on as tasks (fixtures only, docs/decisions/0005).
    std::size_t tasks_per_grant = 32;
    minutes task_ttl{10};
    // How long a token is trusted without asking the store. Revocation does not wait for it.
    seconds token_trust{30};
    // Refusals of the API key that span this time, without a good answer between, end the grant:
    // the person must reconnect. Calls side by side, or a Twenty that just restarts, don't.
    seconds dead_key_span{5};

    // The fastest that one workspace is asked; nullopt: as fast as Twenty lets.
    std::optional<twenty::rate> pace;
    // More parallel calls of a workspace only lengthen Twenty's own queue.
    std::size_t in_flight_per_workspace = 8;
    std::size_t in_flight_total = 32;
    std::size_t queue_per_workspace = 128;
    std::size_t queue_total = 512;

    // Consent is the one path where strangers make us call Twenty.
    std::size_t key_checks_at_once = twenty::key_checks_at_once;
    seconds key_check_limit{8};

    minutes sweep_every{10};
    minutes sweep_waits{60}; // after the clock was set forward
    int restarts_allowed = 5;
    seconds restarts_window{60};

    // False in tests: the store then runs on the executor too, and everything is
    // deterministic.
    bool store_on_own_thread = true;

    std::function<oauth::time_point()> now = oauth::clock::now;
    std::function<std::string()> new_id = crypto::random_uuid;
    // Called once, on the executor, when restarting did not help; the program should end.
    std::function<void(std::string reason)> fatal = [](const std::string&) {};
};

using settings_ptr = std::shared_ptr<const settings>;

} // namespace actors
