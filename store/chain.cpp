#include "store/chain.hpp"

#include "base/crypto.hpp"

namespace store {

std::string link_of(std::string_view before, const stored::call_record& call) {
    std::string all(before);
    for (const auto& column : stored::call_columns()) {
        const auto value = column.text(call);
        all.append(std::to_string(value.size())).append(1, ':').append(value);
    }
    return crypto::sha256(all);
}

secret chain_seed(const secret& instance) { return crypto::derive(instance, "audit signature"); }

void sign(stored::call_chain& chain, const secret& seed) {
    chain.public_key = crypto::public_key_of(seed);
    chain.signature = crypto::sign(seed, chain.signed_text());
}

} // namespace store
