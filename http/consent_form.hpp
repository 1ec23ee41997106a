// The consent form as it comes back: read strictly, checked against what was asked for and
// against the workspace's own objects. Pure rules; the questions to Twenty and to the store
// are authorize_endpoint's.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/consent_page.hpp"
#include "http/message.hpp"
#include "twenty/schema.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace http {

inline constexpr std::size_t max_label_code_points = 64;

enum class consent_action { approve, deny };

struct consent_form {
    std::string sealed; // txn
    consent_action action = consent_action::approve;
    secret api_key;
    std::string mode;                 // as sent; empty: read
    std::string label;                // cleaned
    std::vector<std::string> objects; // as typed, trimmed
};

// Wipes the request's body: the key is in it. errc::bad_request: not our form.
result<consent_form> read_consent_form(request& r);

// To show the form again.
consent_values values_of(const consent_form& form);

// What can be said without asking Twenty. `now` in unix seconds.
std::vector<consent_problem> check_consent_form(const consent_form& form, bool write_offered,
                                                std::int64_t now);

// The objects by nameSingular; nullopt: no limit was asked for. The error's message names
// every unknown object with its near misses.
result<std::optional<std::set<std::string>>> resolve_objects(const consent_form& form,
                                                             const twenty::schema& schema);

} // namespace http
