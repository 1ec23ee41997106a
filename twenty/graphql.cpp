#include "twenty/graphql.hpp"

namespace twenty::graphql {

const value* value::find(std::string_view name) const noexcept {
    for (const auto& member : members)
        if (member.name == name) return &member.val;
    return nullptr;
}

const value* field::find_argument(std::string_view wanted) const noexcept {
    for (const auto& a : arguments)
        if (a.name == wanted) return &a.val;
    return nullptr;
}

const fragment* document::find_fragment(std::string_view name) const noexcept {
    for (const auto& f : fragments)
        if (f.name == name) return &f;
    return nullptr;
}

const operation* document::select(std::string_view operation_name) const noexcept {
    if (operation_name.empty()) return operations.size() == 1 ? &operations.front() : nullptr;
    for (const auto& op : operations)
        if (op.name == operation_name) return &op;
    return nullptr;
}

json::value to_json(const value& v, const find_variable& variable) {
    switch (v.type) {
    case value::kind::variable: {
        const json::value* found = variable(v.text);
        return found ? *found : json::value();
    }
    case value::kind::integer:
    case value::kind::floating:
        // json::number keeps the digits as they are written.
        return json::number{v.text};
    case value::kind::string:
    case value::kind::enumeration:
        return v.text;
    case value::kind::boolean:
        return v.text == "true";
    case value::kind::null:
        return nullptr;
    case value::kind::list: {
        json::array out;
        out.reserve(v.items.size());
        for (const auto& item : v.items)
            out.push_back(to_json(item, variable));
        return out;
    }
    case value::kind::object: {
        json::object out;
        for (const auto& member : v.members)
            out.append(member.name, to_json(member.val, variable));
        return out;
    }
    }
    return nullptr;
}

json::value to_json(const value& v, const json::value& variables) {
    return to_json(v, [&](std::string_view name) { return variables.find(name); });
}

} // namespace twenty::graphql
