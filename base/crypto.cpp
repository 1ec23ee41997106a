#include "base/crypto.hpp"

#include "base/text.hpp"

#include <sodium.h>
#include <stdexcept>

void wipe(void* data, std::size_t size) noexcept { sodium_memzero(data, size); }

namespace crypto {

namespace {

const unsigned char* bytes(std::string_view s) noexcept {
    return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* bytes(std::string& s) noexcept { return reinterpret_cast<unsigned char*>(s.data()); }

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

} // namespace

bool start() { return sodium_init() >= 0; }

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

// The raw bytes are wiped: the token in its secret is then the only copy.
secret random_token(std::string_view prefix) {
    auto raw = random_bytes(key_bytes);
    secret token(std::string(prefix) + text::base64url_encode(raw));
    wipe(raw.data(), raw.size());
    return token;
}

std::string random_uuid() {
    auto b = random_bytes(16);
    b[6] = static_cast<char>((static_cast<unsigned char>(b[6]) & 0x0F) | 0x40); // version 4
    b[8] = static_cast<char>((static_cast<unsigned char>(b[8]) & 0x3F) | 0x80); // RFC 9562
    const auto hex = text::hex_encode(b);
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
           hex.substr(16, 4) + '-' + hex.substr(20);
}

std::string sha256(std::string_view data) {
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes(out), bytes(data), data.size());
    return out;
}

std::string etag(std::string_view data) {
    return '"' + text::hex_encode(sha256(data)).substr(0, 32) + '"';
}

// BLAKE2b takes a key and is a MAC without HMAC around it. derive() uses it to make keys as well,
// because the libsodium of Debian 12 has no HKDF yet.
std::string keyed_hash(std::string_view key, std::string_view data, std::size_t size) {
    std::string out(size, '\0');
    crypto_generichash(bytes(out), out.size(), bytes(data), data.size(), bytes(key), key.size());
    return out;
}

// sodium_memcmp() takes the same time wherever two values differ, but the sizes are compared first.
// Where the size is a secret too, callers compare keyed hashes (oauth/client_authentication).
bool equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// The version stands in the purpose: another form of a key gets another text, and old values do not
// open.
secret derive(const secret& key, std::string_view purpose) {
    return secret(keyed_hash(key.reveal(), "twenty-mcp/v1/" + std::string(purpose)));
}

// nonce | ciphertext | tag. 24 random bytes of nonce do not repeat for as long as one seals, so no
// counter has to survive a crash; that is why it is XChaCha and not ChaCha, whose nonce has 12.
std::string seal(const secret& key, std::string_view plain, std::string_view bound_to) {
    std::string out = random_bytes(nonce_bytes);
    out.resize(nonce_bytes + plain.size() + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + nonce_bytes, nullptr, bytes(plain),
                                               plain.size(), bytes(bound_to), bound_to.size(),
                                               nullptr, bytes(out), bytes(key.reveal()));
    return out;
}

result<secret> unseal(const secret& key, std::string_view sealed, std::string_view bound_to) {
    // unseal() has one answer for all reasons. The sizes come from outside: libsodium reads
    // key_bytes of the key whatever there is, and the subtraction below must not wrap.
    const error refused{errc::bad_request, "the sealed value is not genuine"};
    if (key.size() != key_bytes || sealed.size() < nonce_bytes + tag_bytes) return refused;
    std::string plain(sealed.size() - nonce_bytes - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes(plain), nullptr, nullptr, bytes(sealed) + nonce_bytes,
            sealed.size() - nonce_bytes, bytes(bound_to), bound_to.size(), bytes(sealed),
            bytes(key.reveal())) != 0)
        return refused;
    return secret(std::move(plain));
}

signing_key::signing_key(const secret& seed) : open_(crypto_sign_PUBLICKEYBYTES, '\0') {
    if (seed.size() != crypto_sign_SEEDBYTES) throw std::invalid_argument("a seed of another size");
    std::string hidden(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytes(open_), bytes(hidden), bytes(seed.reveal()));
    hidden_ = secret(std::string_view(hidden));
    wipe(hidden.data(), hidden.size());
}

std::string signing_key::sign(std::string_view message) const {
    std::string out(crypto_sign_BYTES, '\0');
    crypto_sign_detached(bytes(out), nullptr, bytes(message), message.size(),
                         bytes(hidden_.reveal()));
    return out;
}

bool is_signed(std::string_view public_key, std::string_view message, std::string_view signature) {
    return public_key.size() == crypto_sign_PUBLICKEYBYTES &&
           signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(bytes(signature), bytes(message), message.size(),
                                       bytes(public_key)) == 0;
}

} // namespace crypto
