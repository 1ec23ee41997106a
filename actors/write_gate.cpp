#include "actors/write_gate.hpp"

#include "twenty/transport.hpp"

namespace actors {

namespace {

// The detail says that nothing was sent, so that the tool says that nothing was written.
error paused(std::string_view whose, const std::string& reason) {
    std::string text = "The administrator of this server has paused writes ";
    text.append(whose).append(reason.empty() ? "." : ": " + reason);
    if (!text.ends_with('.')) text += '.';
    return {errc::paused, std::move(text), std::string(twenty::not_sent)};
}

} // namespace

void write_gate::set(const std::vector<stored::write_pause>& all) {
    known_ = true;
    everybody_.reset();
    connections_.clear();
    keys_.clear();
    persons_.clear();
    for (const auto& one : all) {
        switch (one.of.scope) {
        case stored::pause_scope::all:
            everybody_ = one.reason;
            break;
        case stored::pause_scope::connection:
            connections_[one.of.subject] = one.reason;
            break;
        case stored::pause_scope::key:
            keys_[one.of.subject] = one.reason;
            break;
        case stored::pause_scope::person:
            persons_.insert(one.of.subject);
            break;
        }
    }
}

std::optional<error> write_gate::refuse(const bearer& who) const {
    if (!known_)
        return error(errc::unavailable,
                     "The server can't tell yet whether its administrator has paused writes; try "
                     "again in a moment.",
                     std::string(twenty::not_sent));
    if (everybody_) return paused("for everybody", *everybody_);
    if (const auto found = connections_.find(who.grant_id); found != connections_.end())
        return paused("for this connection", found->second);
    if (const auto found = keys_.find(who.key_id); found != keys_.end())
        return paused("for this API key", found->second);
    // Whoever has paused a connection still takes back what it did.
    if (persons_.contains(who.grant_id) && !who.connection.by_person)
        return error(errc::paused,
                     "The person of this connection has paused its writes, and resumes them at "
                     "/connections of this server.",
                     std::string(twenty::not_sent));
    return std::nullopt;
}

} // namespace actors
