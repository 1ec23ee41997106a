// libsodium's home. Everything cryptographic that the project does is one of these calls.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace crypto {

inline constexpr std::size_t key_bytes = 32;

// Must be called once, before anything else here. False: the library cannot work here.
bool start();

std::string random_bytes(std::size_t count);
// prefix + base64url(32 random bytes): 256 bits, fits RFC 6750's token68.
secret random_token(std::string_view prefix);
std::string random_uuid(); // version 4

std::string sha256(std::string_view bytes); // 32 bytes
std::string etag(std::string_view bytes);   // RFC 9110 §8.8.3: strong, quoted, by content
std::string keyed_hash(std::string_view key, std::string_view bytes, // BLAKE2b, 16 to 64 bytes
                       std::size_t size = key_bytes);
bool equal(std::string_view a, std::string_view b) noexcept; // constant time in the content

// A key for one purpose, derived from a server key. Two purposes never share a key.
secret derive(const secret& key, std::string_view purpose);

// An Ed25519 key pair (RFC 8032), made once of its seed of 32 bytes.
class signing_key {
  public:
    explicit signing_key(const secret& seed);
    [[nodiscard]] std::string sign(std::string_view message) const;                 // 64 bytes
    [[nodiscard]] const std::string& public_half() const noexcept { return open_; } // 32 bytes

  private:
    std::string open_;
    secret hidden_;
};
bool is_signed(std::string_view public_key, std::string_view message, std::string_view signature);

// XChaCha20-Poly1305 with a random nonce in front. `bound_to` is authenticated, not stored:
// unsealing with another one fails.
std::string seal(const secret& key, std::string_view plain, std::string_view bound_to);
result<secret> unseal(const secret& key, std::string_view sealed, std::string_view bound_to);

} // namespace crypto
