// The consent form as it comes back: read strictly, checked against what was asked for and
// against the workspace's own objects. Pure rules; the questions to Twenty and to the store
// are authorize_endpoint's.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "twenty/schema.hpp"
#include "web/consent_page.hpp"
#include "web/http.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace web {

inline constexpr std::size_t max_label_code_points = 64;

enum class consent_action {
    check,   // the key; then the choices are shown
    filter,  // the choices once more, with fewer objects in sight
    back,    // to the key
    approve, // with all that a grant needs, in one step or as the second one
    deny,
};

struct consent_form {
    std::string sealed; // txn
    consent_action action = consent_action::approve;
    secret api_key;         // pasted, or taken from `held`
    std::string held;       // the key of the first step, sealed
    consent_values choices; // objects as sent; the label cleaned
};

// Wipes the request's body: the key is in it. errc::bad_request: not our form.
result<consent_form> read_consent_form(request& r);

// What can be said without asking Twenty. `now` in unix seconds.
std::vector<consent_problem> check_pasted_key(const consent_form& form, std::int64_t now);
std::vector<consent_problem> check_choices(const consent_values& choices, bool write_offered,
                                           const twenty::caution_rules& caution);
// These two come after check_choices().
twenty::asking chosen_asking(const consent_values& choices, const twenty::caution_rules& caution);
twenty::change_quota chosen_quota(const consent_values& choices); // 0: not chosen

// The objects by nameSingular; nullopt: no limit was asked for. The error's message names
// every unknown object with its near misses.
result<std::optional<std::set<std::string>>> resolve_objects(const consent_values& choices,
                                                             const twenty::schema& schema);

// nullopt: as long as any connection.
std::optional<std::chrono::seconds> chosen_life(const consent_values& choices);

} // namespace web
