#include "actors/call_changes.hpp"

#include "base/crypto.hpp"

#include <utility>

namespace actors {

namespace {

// Short, since models repeat it; without vowels, so that it is never a word. 47 random bits, and
// the database refuses an id that it has.
std::string short_id() {
    constexpr std::string_view letters = "bcdfghjklmnpqrstvwxyz234567";
    constexpr std::size_t length = 10;
    const auto random = crypto::random_bytes(2 * length);
    std::string out;
    for (std::size_t i = 0; i < length; ++i) {
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(random[at]); };
        out += letters[(byte(2 * i) * 256U + byte(2 * i + 1)) % letters.size()];
    }
    return out;
}

stored::change_state stored_state(mcp::change_state s) {
    switch (s) {
    case mcp::change_state::begun:
        return stored::change_state::begun;
    case mcp::change_state::done:
        return stored::change_state::done;
    case mcp::change_state::refused:
        return stored::change_state::refused;
    case mcp::change_state::unknown:
        break;
    }
    return stored::change_state::unknown;
}

} // namespace

stored::change_owner owner_of_changes(const bearer& who) {
    return {who.grant_id, who.connection.api_key};
}

call_changes::call_changes(store_handle store, bearer_ptr who, std::string request_id)
    : store_(std::move(store)), who_(std::move(who)), request_id_(std::move(request_id)),
      call_(short_id()) {}

call_changes::~call_changes() {
    for (auto& id : open_)
        tell(store_, end_change({std::move(id), stored::change_state::unknown, {}},
                                owner_of_changes(*who_)));
}

begin_change call_changes::begin(mcp::change_begun what, std::string_view tool,
                                 const twenty::change_quota& quota) {
    stored::new_change begun;
    begun.records = static_cast<std::int64_t>(what.records > 0 ? what.records : what.ids.size());
    begun.quota = {quota.hour, quota.day};
    begun.id = call_ + '.' + std::to_string(++begun_);
    begun.call = call_;
    begun.request_id = request_id_;
    begun.tool = tool;
    begun.object = std::move(what.object);
    begun.effect = std::move(what.effect);
    begun.ids = std::move(what.ids);
    begun.undoes = std::move(what.undoes);
    begun.body = std::move(what.body);
    open_.push_back(begun.id);
    return {std::move(begun), owner_of_changes(*who_)};
}

void call_changes::end(mcp::change_ended what) {
    never_began(what.id);
    tell(store_, end_change({std::move(what.id), stored_state(what.state), std::move(what.body)},
                            owner_of_changes(*who_)));
}

void call_changes::never_began(std::string_view id) { std::erase(open_, id); }

} // namespace actors
