#include "actors/caf.hpp"

namespace actors {

void note_unhandled(const char* actor, const caf::message_view& what, std::size_t count) {
    const auto& content = what.content();
    // The type's name alone goes into the log: the fields of a message hold tokens and API keys.
    logging::event(logging::level::error, "message_not_handled",
                   {{"actor", actor},
                    {"message", content.empty() ? "nothing" : caf::to_string(content.type(0))},
                    {"count", count}});
}

} // namespace actors
