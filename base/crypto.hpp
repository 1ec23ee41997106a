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

// Ed25519 (RFC 8032); the seed has 32 bytes.
std::string sign(const secret& seed, std::string_view message); // 64 bytes
std::string public_key_of(const secret& seed);                  // 32 bytes
bool is_signed(std::string_view public_key, std::string_view message, std::string_view signature);

// XChaCha20-Poly1305 with a random nonce in front. `bound_to` is authenticated, not stored:
// unsealing with another one fails.
std::string seal(const secret& key, std::string_view plain, std::string_view bound_to);
result<secret> unseal(const secret& key, std::string_view sealed, std::string_view bound_to);

} // namespace crypto
