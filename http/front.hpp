// The bridge from HTTP's coroutines to the actors: `co_await front.ask(message)`. The only
// file pair that sees both Asio and CAF is front.{hpp,cpp}, and this header shows neither
// side's insides. At most `max_pending` questions are open at once (admission control); the
// next one gets errc::busy at once. A promise that an actor drops answers errc::unavailable.
#pragma once

#include "actors/messages.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

namespace actors {
class system; // actors/system.hpp: everything that lives in CAF, started and stopped as one
}

namespace http {

class front {
  public:
    front(boost::asio::io_context& io, actors::system& system, std::size_t max_pending = 4096);
    ~front();

    // Defined for each message of actors/messages.hpp (instantiated in front.cpp).
    template <class Message>
    boost::asio::awaitable<result<typename Message::reply>> ask(Message message);

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace http
