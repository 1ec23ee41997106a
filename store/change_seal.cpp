#include "store/change_seal.hpp"

#include "base/crypto.hpp"
#include "store/keyring.hpp"

namespace store {

namespace {

// `half` tells the two values of a change apart: an end never opens as a beginning.
std::string bound_to_change(std::string_view half, std::string_view state,
                            const change_place& place) {
    return bind({half, state, place.id, place.grant_id, place.call, place.request, place.tool,
                 place.object, place.effect, place.undoes, place.ids, std::to_string(place.at)});
}

result<std::string> opened_with(std::string_view sealed, const secret& key,
                                const std::string& bound_to) {
    TRY(plain, crypto::unseal(key, sealed, bound_to));
    return std::string(plain.reveal());
}

} // namespace

secret change_key(const secret& instance, const stored::change_owner& who) {
    const auto root = crypto::derive(instance, "changes");
    const secret message(bind({who.grant_id, who.api_key.reveal()}));
    return secret(crypto::keyed_hash(root.reveal(), message.reveal()));
}

std::string seal_begun(std::string_view body, const secret& key, const change_place& place) {
    return crypto::seal(key, body, bound_to_change("begun", {}, place));
}

result<std::string> open_begun(std::string_view sealed, const secret& key,
                               const change_place& place) {
    return opened_with(sealed, key, bound_to_change("begun", {}, place));
}

std::string seal_ended(std::string_view body, const secret& key, const change_place& place,
                       std::string_view state) {
    return crypto::seal(key, body, bound_to_change("ended", state, place));
}

result<std::string> open_ended(std::string_view sealed, const secret& key,
                               const change_place& place, std::string_view state) {
    return opened_with(sealed, key, bound_to_change("ended", state, place));
}

} // namespace store
