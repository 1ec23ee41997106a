// Actors that answer nothing: what a test's own backend does not say, it refuses. So a new message
// needs no change in the tests that do not send it.
#pragma once

#include "http/backend.hpp"

namespace endpoint_test {

class silent_backend : public http::backend {
  public:
#define ASK(message) http::eventually<actors::message::reply> ask(actors::message) override;
    ACTORS_QUESTIONS(ASK)
#undef ASK
};

} // namespace endpoint_test
