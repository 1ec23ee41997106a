// What a Twenty of 2.44 to 2.47 does on top of 2.19, as its sources have it: rules that records
// must meet, records that are shared with some roles only, and mails of which people may see that
// they exist and not what they say.
#pragma once

#include "base/result.hpp"
#include "demo/graphql_types.hpp"
#include "demo/roles.hpp"
#include "demo/schema.hpp"
#include "demo/store.hpp"

namespace demo {

// What stands in a field that needs further permission.
inline constexpr const char* restricted_text = "FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED";

// Refuses a record that breaks a rule of its object: a won opportunity needs an amount.
result<done> check_rules(const schema& model, const object& on, const record& row);

// What /metadata knows of rules: their type and root field, and those of an object.
void add_rule_types(type_system& types);
json::array rules_of(const schema& model, std::string_view object_id);

// Another's record is not there to a role: some opportunities are shared with administrators only.
bool is_shared(const schema& model, role who, const object& on, const record& row);

// Hides what every second mail of the sample says.
void hide_discoverable(const schema& model, store& data);

} // namespace demo
