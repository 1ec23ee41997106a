// What became of the consent forms that were sent: under way, or answered, by the id of the
// sealed request. A browser drops the answer to a form when the person clicks a second time or
// reloads, and with it the only copy of the code; so the same form gets the same answer again,
// and is never worked on twice.
// Threat: a code lies in memory. Defence: as a secret, bounded in number, forgotten when the
// code has expired; it is told only to who sends the very same form, API key included, with
// the cookie that opened it.
#pragma once

#include "base/secret.hpp"
#include "http/lru.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/types.hpp"

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <memory>
#include <string>
#include <variant>

namespace web {

class answered_forms {
    struct entry;

  public:
    // Of a form that was answered for good.
    struct answer {
        std::string digest; // of what the person sent
        secret url;         // with the code; empty: there is none, or it is forgotten
    };
    // The right to answer a form. Whoever waits for it gets its turn when this goes without
    // having finished.
    class turn {
      public:
        turn(answered_forms& owner, std::shared_ptr<entry> e)
            : owner_(&owner), entry_(std::move(e)) {}
        turn(turn&&) noexcept = default;
        turn& operator=(turn&&) = delete;
        ~turn();
        void finish(answer given, oauth::time_point forget_at);

      private:
        answered_forms* owner_;
        std::shared_ptr<entry> entry_;
    };

    explicit answered_forms(std::size_t capacity) : entries_(capacity) {}

    // Waits while the form is under way. `answer`: it has been answered for good.
    boost::asio::awaitable<std::variant<turn, answer>> enter(std::string id);
    // Forgets the URLs that are due.
    void forget(oauth::time_point now);

  private:
    struct due {
        oauth::time_point at;
        std::weak_ptr<entry> what;
    };
    http::lru<std::shared_ptr<entry>> entries_;
    std::deque<due> to_forget_; // the next one first
};

} // namespace web
