// What a tool's input schema says of one value (JSON Schema 2020-12, the keywords that
// mcp/arguments.hpp names). Nothing here fails: what a schema does not say is no limit.
#pragma once

#include "base/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

// `type` as a schema names it; an integer may be written as 20.0.
bool has_type(const json::value& v, std::string_view type);

// The forms that a value may have: the branches of anyOf, or the schema itself. They point into it.
std::vector<const json::value*> forms_of(const json::value& schema);
std::vector<std::string> types_of(const json::value& schema);

// A value that the schema accepts and that means something; nullopt: only invention could make one.
std::optional<json::value> sample_of(const json::value& schema);

// A whole number under `key`, such as maxItems.
std::optional<std::int64_t> bound(const json::value& schema, std::string_view key);

// `required` is the schema's member of that name, or null.
bool is_required(const json::value* required, std::string_view name);

// The names of the schema's member `properties`, which may be null.
std::vector<std::string> names_of(const json::value* properties);

} // namespace mcp
