// A pasted API key: is it good, what is said when it is not, and by which name its grants are
// found again.
#pragma once

#include "base/secret.hpp"
#include "http/backend.hpp"
#include "web/services.hpp"

#include <optional>
#include <string>

namespace web {

// Groups the grants of one key. Keyed: whoever reads the database can't test guesses.
std::string fingerprint(const services& s, const secret& key);

// Asks Twenty, within the limits; counts a refusal against `peer`.
http::eventually<actors::checked_key> check_key(services& s, std::string peer, secret key);
// What was found a moment ago.
std::optional<actors::checked_key> recall_key(services& s, const secret& key);

// For the person. Nothing of Twenty's own words.
struct key_failure {
    int status;
    std::string text;
    bool refused; // the key is at fault; otherwise the same key may pass later
};
key_failure explain_key_failure(const error& e);

} // namespace web
