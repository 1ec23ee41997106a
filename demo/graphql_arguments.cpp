#include "demo/graphql_arguments.hpp"

#include "demo/errors.hpp"
#include "demo/graphql_call.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace demo {

namespace {

constexpr int deepest_argument = 32;

constexpr std::array<std::string_view, 7> of_list{"filter", "orderBy", "first", "last",
                                                  "after",  "before",  "offset"};
constexpr std::array<std::string_view, 1> of_one{"filter"};
constexpr std::array<std::string_view, 8> of_groups{
    "filter", "groupBy",           "orderBy",          "limit",
    "viewId", "orderByForRecords", "offsetForRecords", "omitNullValues"};
constexpr std::array<std::string_view, 3> numbers{"first", "last", "limit"};

std::span<const std::string_view> known_to(root_arguments kind) {
    if (kind == root_arguments::list) return of_list;
    if (kind == root_arguments::one) return of_one;
    return of_groups;
}

bool among(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

result<done> check_arguments(root_arguments kind, const graphql::field& f,
                             const json::value& variables) {
    for (const auto& a : f.arguments) {
        if (kind != root_arguments::any && !among(known_to(kind), a.name))
            return refuse(refusal::bad_query, "Argument not allowed: " + a.name);
        if (among(numbers, a.name) && argument_of(f, a.name, variables).if_string())
            return refuse(refusal::bad_query,
                          "Invalid argument: \"" + a.name + "\" must be a number");
    }
    return done{};
}

error missing_argument(std::string_view name, std::string_view type) {
    return refuse(refusal::bad_query, "Missing required argument: \"" + std::string(name) + "\" (" +
                                          std::string(type) + ")");
}

result<done> check_directives(const graphql::selection_set& set, int depth) {
    if (depth > deepest_argument) return done{};
    for (const auto& s : set) {
        const auto* f = std::get_if<graphql::field>(&s.node);
        if (!f) continue;
        for (const auto& d : f->directives)
            for (const auto& a : d.arguments)
                if (a.val.type == graphql::value::kind::variable)
                    return refuse(refusal::type_error,
                                  "Cannot read properties of undefined (reading '" + a.val.text +
                                      "')");
        CHECK_OK(check_directives(f->selections, depth + 1));
    }
    return done{};
}

} // namespace demo
