// The questions that wait for a person: what a model wants to change, and whether its person has
// said yes. Kept in memory for ten minutes; a restart forgets them, and the call asks anew.
// Threat: a model makes up a yes, guesses the question of somebody else, uses a yes twice, or for
// more than it was asked for. Defence: a yes belongs to one digest of everything that it holds for
// and to one connection, is given on a page that the model has no key to, and is taken out before
// anything is sent.
// Threat: questions fill the memory. Defence: bounds for each connection and in all.
#pragma once

#include "actors/approval_messages.hpp"
#include "actors/bearer.hpp"
#include "base/result.hpp"
#include "mcp/approval.hpp"
#include "oauth/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace actors {

class approvals {
  public:
    static constexpr std::chrono::minutes lasts{10};
    static constexpr std::size_t most_of_connection = 20;
    static constexpr std::size_t most = 2'000;
    static constexpr std::size_t most_bytes = 16 * 1024 * 1024;
    // A yes of the client's own person may come back with its requestState for so long.
    static constexpr std::chrono::minutes remembered{16};
    static constexpr std::size_t most_remembered = 2'000; // of a connection

    using state = approval_state;
    struct question {
        std::string id; // 128 random bits
        bearer_ptr who;
        mcp::approval_question what;
        oauth::time_point asked;
        state now = state::open;
    };

    // The answer to this question, or the question itself, which is open from now on. An approved
    // one is taken out. errc::busy: too many are open.
    result<mcp::approval> ask(const bearer_ptr& who, mcp::approval_question what,
                              oauth::time_point now);
    // nullptr: there is none with this id, or not for this person, which look alike.
    [[nodiscard]] const question* find(const std::string& id, const person_proof& by,
                                       oauth::time_point now) const;
    // As find(); the first answer counts.
    const question* answer(const std::string& id, const person_proof& by, bool yes,
                           oauth::time_point now);
    // The open ones of a connection.
    [[nodiscard]] std::vector<const question*> of(std::string_view grant_id,
                                                  oauth::time_point now) const;
    void forget_connection(const std::string& grant_id);
    void forget_old(oauth::time_point now);

  private:
    result<mcp::approval> use_once(const bearer& who, const std::string& digest,
                                   oauth::time_point now);
    void erase(const std::string& id);

    std::unordered_map<std::string, question> by_id_;
    std::map<std::pair<std::string, std::string>, std::string> ids_; // by grant and digest
    std::size_t bytes_ = 0;
    std::map<std::pair<std::string, std::string>, oauth::time_point> used_;
};

} // namespace actors
