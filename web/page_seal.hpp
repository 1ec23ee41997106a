// What a page takes along for a person without being able to read it.
// Threat: a page, its cache or its history gives away what it carries; another browser or
// another form makes use of it. Defence: authenticated encryption with a short life, bound to
// the browser's cookie, to a purpose and to what it is about.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "web/guards.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace web {

struct carried_for {
    std::string_view purpose;
    std::string_view about;
    std::string_view cookie;
};

class page_seal {
  public:
    // Both must outlive this. Of `keys` the first seals and each opens.
    page_seal(const std::vector<secret>& keys, const time_source& now) : keys_(keys), now_(now) {}

    [[nodiscard]] std::string seal(const secret& content, const carried_for& use,
                                   oauth::time_point until) const;
    // errc::bad_request: not genuine, not for this browser, or too old.
    [[nodiscard]] result<secret> open(std::string_view sealed, const carried_for& use) const;

    // The ticket that opens /connections for the holder of this API key, in this browser.
    [[nodiscard]] std::string connections_ticket(const secret& api_key, std::string_view cookie,
                                                 oauth::time_point until) const;
    // The key.
    [[nodiscard]] result<secret> open_connections_ticket(std::string_view ticket,
                                                         std::string_view cookie) const;

  private:
    const std::vector<secret>& keys_;
    const time_source& now_;
};

} // namespace web
