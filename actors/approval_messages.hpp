// What the page of approvals may ask: a question that waits for a person, and the person's answer.
// Their form and their rules are those of messages.hpp, which includes this file.
#pragma once

#include "actors/actor.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace actors {

// How a person proves whose questions they may see: by the browser that consented, or by the API
// key of the connection. What is empty proves nothing.
struct person_proof {
    std::string browser; // as connection::browser
    secret api_key;
};

enum class approval_state { open, approved, declined };

struct approval_view {
    std::string client; // who asks
    std::string label;  // of its connection
    std::string title;
    std::vector<std::string> lines;
    approval_state now = approval_state::open;
    std::chrono::seconds left{0}; // until the question is over
};

// errc::not_found: there is no such question, or it is none of this person's.
struct find_approval {
    static constexpr auto home = actor::sessions;
    using reply = approval_view;
    std::string id;
    person_proof by;
    find_approval(std::string i, person_proof p) : id(std::move(i)), by(std::move(p)) {}
};
// The first answer counts; the reply says which one that was.
struct answer_approval {
    static constexpr auto home = actor::sessions;
    using reply = approval_view;
    std::string id;
    person_proof by;
    bool yes;
    answer_approval(std::string i, person_proof p, bool y)
        : id(std::move(i)), by(std::move(p)), yes(y) {}
};

// Those that wait for an answer, of connections whose person has shown the key.
struct waiting_approval {
    std::string id;
    std::string grant_id;
    std::string title;
};
struct list_approvals {
    static constexpr auto home = actor::sessions;
    using reply = std::vector<waiting_approval>;
    std::vector<std::string> grants;
    explicit list_approvals(std::vector<std::string> g) : grants(std::move(g)) {}
};

#define ACTORS_APPROVAL_QUESTIONS(EACH)                                                            \
    EACH(list_approvals)                                                                           \
    EACH(find_approval)                                                                            \
    EACH(answer_approval)

} // namespace actors
