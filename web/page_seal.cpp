#include "web/page_seal.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <charconv>

namespace web {

namespace {

// Sealed content comes in steps of this size, so that its length tells nothing of the key.
constexpr std::size_t padding_step = 512;

secret page_key(const secret& request_key) {
    return crypto::derive(request_key, "carried by page");
}

// bound_to() says the length before each part: no two uses come to the same text, however their
// parts are cut.
std::string bound_to(const carried_for& use) {
    std::string out;
    for (const auto part : {use.purpose, use.about, use.cookie})
        out.append(std::to_string(part.size())).append(":").append(part);
    return out;
}

carried_for for_connections(std::string_view cookie) { return {"connections", {}, cookie}; }

} // namespace

// EXPIRY '\n' CONTENT NUL…: the content is text, so NULs at the end are padding.
std::string page_seal::seal(const secret& content, const carried_for& use,
                            oauth::time_point until) const {
    const auto expiry = std::to_string(oauth::clock::to_time_t(until)) + "\n";
    const auto used = expiry.size() + content.size();
    std::string padded((used / padding_step + 1) * padding_step, '\0');
    expiry.copy(padded.data(), expiry.size());
    content.reveal().copy(padded.data() + expiry.size(), content.size());
    const secret plain(std::move(padded));
    return text::base64url_encode(
        crypto::seal(page_key(keys_.front()), plain.reveal(), bound_to(use)));
}

// open() has one answer for all that is wrong: a forger learns neither which key was tried nor
// whether the time or the cookie was at fault. The expiry is inside the seal, so nobody can prolong
// it.
result<secret> page_seal::open(std::string_view sealed, const carried_for& use) const {
    const error refused{errc::bad_request, "This page is no longer valid."};
    const auto bytes = text::base64url_decode(sealed);
    if (!bytes) return refused;
    for (const auto& key : keys_) {
        const auto plain = crypto::unseal(page_key(key), *bytes, bound_to(use));
        if (!plain) continue;
        const auto all = plain->reveal();
        const auto mark = all.find('\n');
        std::int64_t until = 0;
        (void)std::from_chars(all.data(), all.data() + mark, until);
        if (oauth::clock::to_time_t(now_()) >= until) return refused;
        const auto content = all.substr(mark + 1);
        return secret(content.substr(0, content.find('\0')));
    }
    return refused;
}

std::string page_seal::connections_ticket(const secret& api_key, std::string_view cookie,
                                          oauth::time_point until) const {
    return seal(api_key, for_connections(cookie), until);
}

result<secret> page_seal::open_connections_ticket(std::string_view ticket,
                                                  std::string_view cookie) const {
    return open(ticket, for_connections(cookie));
}

} // namespace web
