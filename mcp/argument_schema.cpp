#include "mcp/argument_schema.hpp"

#include <algorithm>
#include <utility>

namespace mcp {

// JSON Schema 2020-12 validation §6.1.1: 20.0 is an integer as well as 20.
bool has_type(const json::value& v, std::string_view type) {
    if (type == "integer") return v.as_int().has_value();
    return v.type_name() == type;
}

// The forms that a value may have: the branches of anyOf, or the schema itself.
std::vector<const json::value*> forms_of(const json::value& schema) {
    std::vector<const json::value*> forms;
    const auto* branches = schema.find("anyOf");
    if (branches && branches->if_array())
        for (const auto& branch : *branches->if_array())
            forms.push_back(&branch);
    if (forms.empty()) forms.push_back(&schema);
    return forms;
}

std::vector<std::string> types_of(const json::value& schema) {
    std::vector<std::string> types;
    for (const auto* form : forms_of(schema))
        if (const auto type = form->text("type"); !type.empty()) types.emplace_back(type);
    return types;
}

// sample_of() makes a value that the schema accepts and that means something. There is none where
// only invention could make one up, because models copy examples literally.
std::optional<json::value> sample_of(const json::value& schema) {
    const auto types = types_of(schema);
    const std::string_view type = types.empty() ? std::string_view() : types.front();
    const auto first_of = [&](std::string_view key) -> const json::value* {
        const auto* list = schema.find(key);
        const auto* items = list ? list->if_array() : nullptr;
        return items && !items->empty() ? &items->front() : nullptr;
    };
    if (const auto* fallback = schema.find("default")) return *fallback;
    if (const auto* example = first_of("examples")) return *example;
    if (const auto* choice = first_of("enum")) return *choice;
    if (type == "boolean") return json::value(true);
    if (type == "integer" || type == "number") {
        const auto* least = schema.find("minimum");
        return least ? *least : json::value(1);
    }
    if (const auto* each = schema.find("items"); each && type == "array") {
        auto item = sample_of(*each);
        if (!item) return std::nullopt;
        return json::list({std::move(*item)});
    }
    const auto* needed = schema.find("required");
    const auto* properties = schema.find("properties");
    if (type != "object" || !properties || !needed || !needed->if_array()) return std::nullopt;
    json::object sample;
    for (const auto& name : *needed->if_array()) {
        const auto* part = name.if_string() ? properties->find(*name.if_string()) : nullptr;
        auto member = part ? sample_of(*part) : std::nullopt;
        if (!member) return std::nullopt;
        sample.append(*name.if_string(), std::move(*member));
    }
    return json::value(std::move(sample));
}

std::optional<std::int64_t> bound(const json::value& schema, std::string_view key) {
    const auto* limit = schema.find(key);
    return limit ? limit->as_int() : std::nullopt;
}

bool is_required(const json::value* required, std::string_view name) {
    const auto* names = required ? required->if_array() : nullptr;
    return names && std::ranges::any_of(*names, [&](const json::value& each) {
               return each.if_string() && *each.if_string() == name;
           });
}

std::vector<std::string> names_of(const json::value* properties) {
    std::vector<std::string> names;
    if (properties && properties->is_object())
        for (const auto& [name, _] : *properties->if_object())
            names.push_back(name);
    return names;
}

} // namespace mcp
