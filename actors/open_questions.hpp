// What the calls of a session have asked their client and not heard of yet: elicitation,
// sampling, roots. A call asks in rounds, several questions at once, and goes on when all are
// answered or one of them failed. The questions become JSON-RPC requests here; sending them, and
// the time they may take, are the session's.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "mcp/coroutine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace actors {

class open_questions {
  public:
    using number = std::uint64_t;

    // A round that is over, and what its call gets for it: an object with one result a key.
    struct outcome {
        number call = 0;
        result<json::value> answers;
        outcome(number c, result<json::value> a) : call(c), answers(std::move(a)) {}
    };

    // Begins a round of the call, which has none. The JSON-RPC requests, in the order of the
    // questions, for a client that speaks `version`. `round` names it for is_open().
    std::vector<std::string> ask(number call, std::uint64_t round,
                                 const std::vector<mcp::input_request>& questions,
                                 std::string_view version);
    // A JSON-RPC response: what its round came to, if it is over now. nullopt also for an id
    // that is unknown, or that nobody waits for any more.
    std::optional<outcome> take(const std::string& raw_id, json::value answer);
    // Ends the round of the call, if there is one: the notifications that take back what is
    // still unanswered of it.
    std::vector<std::string> end_round(number call);

    // Does this call wait for answers?
    [[nodiscard]] bool is_open(number call) const { return rounds_.contains(call); }
    // The same, in this very round: the timer of an earlier one is stale.
    [[nodiscard]] bool is_open(number call, std::uint64_t round) const;

  private:
    struct question {
        number call;
        std::string key;
    };
    struct open_round {
        std::uint64_t name;
        std::vector<std::string> unanswered; // raw ids
        json::object answers;
    };

    std::unordered_map<std::string, question> by_id_; // by the raw id of our request
    std::unordered_map<number, open_round> rounds_;
};

} // namespace actors
