// The chain of calls: what makes a change of the past visible.
#pragma once

#include "base/crypto.hpp"
#include "base/secret.hpp"
#include "stored/calls.hpp"

#include <string>
#include <string_view>

namespace store {

inline constexpr std::size_t link_bytes = 32;

// The hash of a call, which takes in that of the one before it; of the first, zeros. Its values are
// hashed with their lengths, so that nothing can move from one to the next.
std::string link_of(std::string_view before, const stored::call_record& call);

// The key that signs the head, from the instance's secret.
crypto::signing_key chain_key(const secret& instance);
void sign(stored::call_chain& chain, const crypto::signing_key& key);

} // namespace store
