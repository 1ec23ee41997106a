#include "store/lineage.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/keyring.hpp"

namespace store {

namespace {

constexpr std::string_view refresh_prefix = "twr_";
constexpr std::size_t mac_bytes = 16;
constexpr std::size_t generation_bytes = 4;
constexpr std::size_t uuid_bytes = 36; // as text
constexpr std::size_t whole_bytes = crypto::key_bytes + mac_bytes + generation_bytes + uuid_bytes;

std::string big_endian(std::int64_t number) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(number >> shift & 0xFF));
    return out;
}

std::int64_t from_big_endian(std::string_view bytes) {
    std::int64_t out = 0;
    for (const char c : bytes)
        out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

// The MAC covers the random part too: a token cannot be made from the halves of two.
std::string mac_of(std::string_view random, std::string_view said, const secret& key) {
    const secret message(bind({"refresh", random, said}));
    return crypto::keyed_hash(key.reveal(), message.reveal(), mac_bytes);
}

} // namespace

secret lineage_key(const secret& instance_secret) {
    return crypto::derive(instance_secret, "lineage");
}

secret refresh_token(std::string_view random, const lineage& of, const secret& key) {
    const auto said = big_endian(of.generation) + of.grant_id;
    const secret whole(std::string(random) + mac_of(random, said, key) + said);
    return secret(std::string(refresh_prefix) + text::base64url_encode(whole.reveal()));
}

std::optional<lineage> lineage_of(const secret& token, const secret& key) {
    const auto written = token.reveal();
    if (!written.starts_with(refresh_prefix)) return std::nullopt;
    auto bytes = text::base64url_decode(written.substr(refresh_prefix.size()));
    if (!bytes || bytes->size() != whole_bytes) return std::nullopt;
    const secret whole(std::move(*bytes));
    const std::string_view all = whole.reveal();
    const auto random = all.substr(0, crypto::key_bytes);
    const auto mac = all.substr(crypto::key_bytes, mac_bytes);
    const auto said = all.substr(crypto::key_bytes + mac_bytes);
    if (!crypto::equal(mac, mac_of(random, said, key))) return std::nullopt;
    return lineage{std::string(said.substr(generation_bytes)),
                   from_big_endian(said.substr(0, generation_bytes))};
}

} // namespace store
