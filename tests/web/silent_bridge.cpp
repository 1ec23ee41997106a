#include "tests/web/silent_bridge.hpp"

namespace endpoint_test {

#define ASK(message)                                                                               \
    http::eventually<actors::message::reply> silent_bridge::ask(actors::message) {                 \
        co_return error(errc::internal, "No test answers " #message ".");                          \
    }
ACTORS_QUESTIONS(ASK)
#undef ASK

} // namespace endpoint_test
