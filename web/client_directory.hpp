// The client behind an id of whatever kind: set up by the administrator, registered (a signed
// id), or with a metadata document of its own. All endpoints ask here.
#pragma once

#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "web/client_documents.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace web {

class client_directory {
  public:
    // All of them must outlive this. `client_key` signs the ids of registered clients.
    client_directory(const std::vector<oauth::client>& configured, const secret& client_key,
                     client_documents& documents)
        : configured_(configured), client_key_(client_key), documents_(documents) {}

    // For /authorize, where name and redirect URIs matter: may wait for a client's document.
    // Errors as of client_documents::find(); invalid_client: nobody knows it.
    boost::asio::awaitable<result<oauth::client>> find(std::string client_id,
                                                       std::string peer) const;

    // For /token and /revoke: at once. A grant is bound to its exact client id, so a document that
    // cannot be had right now changes nothing there. errc::invalid_client.
    [[nodiscard]] result<oauth::client> at_hand(std::string_view client_id) const;

    // As of client_documents; of no concern to clients of another kind.
    void gave_tokens_to(const oauth::client& who) const;

    [[nodiscard]] const secret& client_key() const noexcept { return client_key_; }
    // Whether ids that are addresses of documents are taken at all.
    [[nodiscard]] bool takes_documents() const noexcept {
        return documents_.policy != oauth::document_policy::off;
    }

  private:
    const std::vector<oauth::client>& configured_;
    const secret& client_key_;
    client_documents& documents_;
};

} // namespace web
