// Actors that answer nothing: what a test's own bridge does not say, it refuses. So a new message
// needs no change in the tests that do not send it.
#pragma once

#include "http/actor_bridge.hpp"

namespace endpoint_test {

class silent_bridge : public http::actor_bridge {
  public:
#define ASK(message) http::eventually<actors::message::reply> ask(actors::message) override;
    ACTORS_QUESTIONS(ASK)
#undef ASK
};

} // namespace endpoint_test
