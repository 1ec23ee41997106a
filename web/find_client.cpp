#include "web/find_client.hpp"

#include "oauth/client.hpp"

namespace web {

namespace {

const oauth::client* find_configured(const services& s, std::string_view client_id) {
    for (const auto& one : s.configured_clients)
        if (one.id == client_id) return &one;
    return nullptr;
}

} // namespace

boost::asio::awaitable<result<oauth::client>> find_client(services& s, std::string client_id,
                                                          std::string peer) {
    if (oauth::kind_of(client_id) != oauth::client_kind::metadata_document)
        co_return client_at_hand(s, client_id);
    co_return co_await s.documents.find(std::move(client_id), std::move(peer));
}

result<oauth::client> client_at_hand(services& s, std::string_view client_id) {
    if (const auto* known = find_configured(s, client_id)) return *known;
    if (oauth::kind_of(client_id) == oauth::client_kind::metadata_document)
        return s.documents.at_hand(client_id);
    return oauth::find_client(client_id, s.client_key);
}

} // namespace web
