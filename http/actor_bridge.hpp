// The actors as the endpoints see them: one question a message, answered some time later.
// Endpoints know only this interface, so tests answer for the actors.
#pragma once

#include "actors/messages.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

namespace http {

template <class T> using eventually = boost::asio::awaitable<result<T>>;

// Errors of every ask: those of the message, busy when too many questions are open,
// unavailable when the service is closing.
class actor_bridge {
  public:
    virtual ~actor_bridge() = default;
#define ASK(message) virtual eventually<actors::message::reply> ask(actors::message) = 0;
    ACTORS_QUESTIONS(ASK)
#undef ASK
};

} // namespace http
