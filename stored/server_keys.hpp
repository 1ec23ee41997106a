// How far a change of the server's key has come.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stored {

// How much is still sealed under one server key.
struct key_use {
    enum class age { current, previous, unknown };
    std::string id; // hex; says nothing of the key
    age state = age::unknown;
    std::vector<std::pair<std::string, std::int64_t>> rows; // by table
};

} // namespace stored
