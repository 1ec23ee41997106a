#include "store/chain.hpp"

namespace store {

std::string link_of(std::string_view before, const stored::call_record& call) {
    std::string all(before);
    for (const auto& column : stored::call_columns()) {
        const auto value = column.text(call);
        all.append(std::to_string(value.size())).append(1, ':').append(value);
    }
    return crypto::sha256(all);
}

crypto::signing_key chain_key(const secret& instance) {
    return crypto::signing_key(crypto::derive(instance, "audit signature"));
}

void sign(stored::call_chain& chain, const crypto::signing_key& key) {
    chain.public_key = key.public_half();
    chain.signature = key.sign(chain.signed_text());
}

} // namespace store
