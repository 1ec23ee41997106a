#include "store/keyring.hpp"

#include "base/crypto.hpp"

#include <algorithm>

namespace store {

namespace {

// Sealed props come in steps of this size, so that their length tells nothing of the key.
constexpr std::size_t padding_step = 512;

std::string_view name_of(token_kind kind) noexcept {
    switch (kind) {
    case token_kind::code:
        return "code";
    case token_kind::access:
        return "access";
    case token_kind::refresh:
        return "refresh";
    }
    return "";
}

// Both factors make the key: the token, which is not in the database, and the server's key, which
// is not either. The kind is in it too, so that a wrap of one kind never opens as another.
secret wrapping_key(const secret& token, const server_key& key, token_kind kind) {
    const secret message(bind({name_of(kind), token.reveal()}));
    return secret(crypto::keyed_hash(key.wrapping.reveal(), message.reveal()));
}

// bound() authenticates what stands in the clear beside a sealed value: a row whose scope, end or
// grant somebody edited opens no more, and neither does a value that was moved to another row.
std::string bound(const wrap_place& place, const server_key& key) {
    return bind({"wrap", name_of(place.kind), place.token_id, place.grant_id, place.scope,
                 std::to_string(place.expires_at), key.id});
}

std::string bound(const props_place& place) {
    return bind({"props", place.grant_id, place.client_id, place.resource, place.scope,
                 std::to_string(place.expires_at)});
}

} // namespace

keyring::keyring(const secret& current, const std::vector<secret>& previous) {
    // derive() gives one key per purpose, so that no use can be turned against another. The id is a
    // hash of the key and cut to 8 bytes: it tells keys apart and nothing of them.
    const auto add = [this](const secret& key) {
        keys_.push_back({crypto::keyed_hash(key.reveal(), "kid", 16).substr(0, 8),
                         crypto::derive(key, "wrap"), crypto::derive(key, "rotation"),
                         crypto::derive(key, "instance")});
    };
    add(current);
    std::for_each(previous.begin(), previous.end(), add);
}

const server_key* keyring::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(keys_.begin(), keys_.end(), [&](const server_key& k) { return k.id == id; });
    return found == keys_.end() ? nullptr : &*found;
}

result<secret> open_instance(const keyring& keys, std::string_view kid, std::string_view sealed) {
    const auto* const key = keys.find(kid);
    auto opened = key ? crypto::unseal(key->instance, sealed, bind({"instance", kid}))
                      : result<secret>(error{});
    if (opened) return opened;
    return error{errc::unavailable,
                 "it was made with another COOKIE_ENCRYPTION_KEY; set that key again, or "
                 "add it to COOKIE_ENCRYPTION_KEY_PREVIOUS"};
}

std::string seal_instance(const secret& instance, const server_key& key) {
    return crypto::seal(key.instance, instance.reveal(), bind({"instance", key.id}));
}

std::string token_id(const secret& token) { return crypto::sha256(token.reveal()); }

// bind() writes each part's length in front: "a", "bc" is another text than "ab", "c".
std::string bind(std::initializer_list<std::string_view> parts) {
    std::string out;
    for (const auto part : parts) {
        out += std::to_string(part.size());
        out.append(":").append(part);
    }
    return out;
}

std::string wrap(const secret& data_key, const secret& token, const server_key& key,
                 const wrap_place& place) {
    return crypto::seal(wrapping_key(token, key, place.kind), data_key.reveal(), bound(place, key));
}

result<secret> unwrap(std::string_view wrapped, const secret& token, const server_key& key,
                      const wrap_place& place) {
    return crypto::unseal(wrapping_key(token, key, place.kind), wrapped, bound(place, key));
}

std::string seal_props(const secret& props, const secret& data_key, const props_place& place) {
    // JSON text holds no NUL, so NULs at the end are padding.
    std::string padded((props.size() / padding_step + 1) * padding_step, '\0');
    props.reveal().copy(padded.data(), props.size());
    const secret plain(std::move(padded));
    return crypto::seal(data_key, plain.reveal(), bound(place));
}

result<secret> open_props(std::string_view sealed, const secret& data_key,
                          const props_place& place) {
    TRY(plain, crypto::unseal(data_key, sealed, bound(place)));
    const auto text = plain.reveal();
    return secret(text.substr(0, text.find('\0')));
}

} // namespace store
