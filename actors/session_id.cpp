#include "actors/session_id.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace actors {

namespace {

constexpr std::size_t random_part = 16;
constexpr std::size_t mac_part = 16;

std::string mac(const secret& key, std::string_view random, std::string_view grant_id) {
    std::string bound(random); // fixed length, so that the seam cannot shift
    bound += grant_id;
    return crypto::keyed_hash(key.reveal(), bound, mac_part);
}

} // namespace

std::string new_session_id(const secret& key, std::string_view grant_id) {
    auto bytes = crypto::random_bytes(random_part);
    bytes += mac(key, bytes, grant_id);
    return text::base64url_encode(bytes);
}

// is_session_id_of() is no authentication: who may speak is decided by the token, and an id says
// only which of its grant's sessions is meant (MCP 2025-11-25, session hijacking).
bool is_session_id_of(std::string_view id, const secret& key, std::string_view grant_id) {
    const auto bytes = text::base64url_decode(id);
    if (!bytes || bytes->size() != random_part + mac_part) return false;
    const std::string_view whole(*bytes);
    // In constant time: the MAC is what a guesser would learn byte by byte.
    return crypto::equal(whole.substr(random_part),
                         mac(key, whole.substr(0, random_part), grant_id));
}

} // namespace actors
