// The bridge that the program runs with from HTTP's coroutines to the actors:
// `co_await bridge.ask(message)`. The only file pair that sees both Asio and CAF is
// caf_bridge.{hpp,cpp}, and this header shows neither side's insides. At most `max_pending`
// questions are open at once (admission control); the next one gets errc::busy at once. A promise
// that an actor drops answers errc::unavailable.
#pragma once

#include "http/actor_bridge.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

namespace actors {
class system; // actors/system.hpp: everything that lives in CAF, started and stopped as one
}

namespace http {

class caf_bridge final : public actor_bridge {
  public:
    // `system` must outlive this.
    caf_bridge(boost::asio::io_context& io, actors::system& system, std::size_t max_pending = 4096);
    ~caf_bridge() override;

#define ASK(message) eventually<actors::message::reply> ask(actors::message) override;
    ACTORS_QUESTIONS(ASK)
#undef ASK

  private:
    struct state;
    template <class Message> eventually<typename Message::reply> send(Message message);

    std::shared_ptr<state> state_;
};

} // namespace http
