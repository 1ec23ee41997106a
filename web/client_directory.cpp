#include "web/client_directory.hpp"

#include "oauth/client.hpp"

namespace web {

boost::asio::awaitable<result<oauth::client>> client_directory::find(std::string client_id,
                                                                     std::string peer) const {
    if (oauth::kind_of(client_id) != oauth::client_kind::metadata_document)
        co_return at_hand(client_id);
    co_return co_await documents_.find(std::move(client_id), std::move(peer));
}

// at_hand() may look at configured clients first: no id of theirs has the form of the other kinds
// (the configuration refuses it), so none can stand in for another.
result<oauth::client> client_directory::at_hand(std::string_view client_id) const {
    for (const auto& one : configured_)
        if (one.id == client_id) return one;
    if (oauth::kind_of(client_id) == oauth::client_kind::metadata_document)
        return documents_.at_hand(client_id);
    return oauth::find_client(client_id, client_key_);
}

void client_directory::gave_tokens_to(const oauth::client& who) const {
    if (who.kind == oauth::client_kind::metadata_document) documents_.gave_tokens_to(who.id);
}

} // namespace web
