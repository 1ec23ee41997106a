// What a refresh token says of itself: its grant and its generation in that grant's chain.
// Threat: spent tokens have to be known for as long as the grant lives, so that their reuse gives a
// thief away (RFC 9700 §4.14.2), and a row for each fills the disk. Defence: the token itself says
// which it is, under a MAC, and its row goes soon after it is spent.
#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace store {

struct lineage {
    std::string grant_id;
    std::int64_t generation = 0; // 0 came with the code; each rotation adds one
};

// The key of the MAC. The instance secret outlives a rotation of the server key, as tokens do.
secret lineage_key(const secret& instance_secret);

// "twr_" + base64url(random, MAC, generation, grant): `random` has 32 bytes, `of.generation` fits
// 32 bits. The same for the same arguments.
secret refresh_token(std::string_view random, const lineage& of, const secret& key);

// nullopt: not made with this key, or of a server that made them without. Whether the token was
// ever handed out is not said.
std::optional<lineage> lineage_of(const secret& token, const secret& key);

} // namespace store
