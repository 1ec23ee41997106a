// How the values of a change are sealed.
// Threat: the administrator, or a thief of the database and the server key, reads what people's
// records held; another connection of the same API key reads what this one did; a writer of the
// database moves values to another change, or has a change say that it went another way. Defence:
// the key takes the API key, which is in no file in the open, and the grant's id; all that is said
// in the open beside the values is authenticated with them, and with an end the state that it gave.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "stored/change.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace store {

// A live token of the grant leads to the API key, so it leads here, too.
secret change_key(const secret& instance, const stored::change_owner& who);

// The row around the values.
struct change_place {
    std::string_view id;
    std::string_view grant_id;
    std::string_view call;
    std::string_view request;
    std::string_view tool;
    std::string_view object;
    std::string_view effect;
    std::string_view undoes;
    std::string_view ids; // comma list
    std::int64_t at;
};
std::string seal_begun(std::string_view body, const secret& key, const change_place& place);
result<std::string> open_begun(std::string_view sealed, const secret& key,
                               const change_place& place);
std::string seal_ended(std::string_view body, const secret& key, const change_place& place,
                       std::string_view state);
result<std::string> open_ended(std::string_view sealed, const secret& key,
                               const change_place& place, std::string_view state);

} // namespace store
