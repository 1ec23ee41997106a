// The metadata documents of clients: kept for a while, fetched once for all who wait for the
// same one, and known in advance where the client is one of the hosted ones. Used on one thread.
// Threat: strangers make this server send requests to hosts of their choice, or keep an honest
// host's clients out by asking for nonsense there. Defence: few fetches a host, an address and at
// once; a host that could not be reached rests; an answer that is no document is forgotten.
// Threat: a crowd names slow hosts, and nobody else's document is fetched meanwhile. Defence: slots
// are shared out by network, and known hosts have slots of their own.
#pragma once

#include "http/lru.hpp"
#include "oauth/client_document.hpp"
#include "oauth/types.hpp"
#include "web/document_fetch.hpp"
#include "web/limits.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace web {

class client_documents {
  public:
    static constexpr std::size_t max_documents = 256;
    static constexpr std::size_t any_host_slots = 8;   // fetches at once,
    static constexpr std::size_t known_host_slots = 4; // and more of known hosts
    static constexpr std::size_t max_fetches = any_host_slots + known_host_slots;
    static constexpr std::chrono::seconds rest{60};
    static constexpr std::chrono::hours still_good{24}; // an old copy, while there is no new one

    // All of them must outlive this.
    client_documents(boost::asio::io_context& io, http::limiter& limits,
                     const std::function<oauth::time_point()>& now, document_source* from = nullptr,
                     oauth::document_policy taken = oauth::document_policy::any)
        : policy(taken), source(from), io_(io), limits_(limits), now_(now) {}

    oauth::document_policy policy;
    document_source* source; // null: nothing can be fetched

    // May wait for a fetch. invalid_client: the policy knows no such client; bad_request: the URL
    // or its document is not valid; rate_limited: this address asks too often; busy,
    // upstream_down, upstream_timeout: later perhaps, retry_after says when.
    boost::asio::awaitable<result<oauth::client>> find(std::string client_id, std::string peer);

    // At once. Where no document is at hand, the client is what its id says: public, with no
    // redirect URI. errc::invalid_client: the policy knows no such client, or it is no such id.
    [[nodiscard]] result<oauth::client> at_hand(std::string_view client_id);

    // A client with this id was given tokens, for which a person showed a good key: from now on its
    // host is a known one, as those of hosted clients are (oauth/known_clients.hpp).
    void gave_tokens_to(std::string_view client_id);

  private:
    struct fetch;
    struct kept {
        oauth::client who;
        oauth::time_point until;
    };
    boost::asio::awaitable<result<oauth::client>> join(oauth::document_url url, std::string peer);
    bool is_known(const std::string& host);
    result<fair_slots::slot> admit(const oauth::document_url& url, std::string_view peer);
    static boost::asio::awaitable<void> run(client_documents* self, oauth::document_url url,
                                            std::shared_ptr<fetch> f, fair_slots::slot slot);
    boost::asio::awaitable<result<oauth::client>> get(oauth::document_url url,
                                                      fair_slots::slot slot);

    boost::asio::io_context& io_;
    http::limiter& limits_;
    const std::function<oauth::time_point()>& now_;
    http::lru<kept> kept_{max_documents};
    http::lru<oauth::time_point> resting_{1024}; // hosts and single addresses, until when
    http::lru<std::monostate> hosts_with_tokens_{1024};
    fair_slots of_any_host_{any_host_slots};
    fair_slots of_known_hosts_{known_host_slots};
    std::map<std::string, std::shared_ptr<fetch>> under_way_;
};

} // namespace web
