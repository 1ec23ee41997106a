// One object of Twenty's metadata answer made into ours. Only schema_query.cpp uses it.
#pragma once

#include "base/json.hpp"
#include "twenty/schema.hpp"

#include <optional>
#include <string>
#include <vector>

namespace twenty {

struct application {
    std::string id;
    std::string name;
    std::string universal_id;
};

// What must be known of a workspace to tell standard from custom.
struct workspace_facts {
    std::string workspace_id;
    std::string workspace_name;
    std::string custom_application; // empty on servers that still have isCustom
    std::vector<application> applications;
};

// nullopt: inactive, or with names that no GraphQL document could hold.
std::optional<object> read_object(const json::value& node, const workspace_facts& facts);

} // namespace twenty
