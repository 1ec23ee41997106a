// One call of /metadata while it is carried out: what its root fields share, and how they refuse.
#pragma once

#include "demo/graphql_call.hpp"
#include "demo/metadata_view.hpp"
#include "demo/session.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace demo {

// A refused root takes the whole answer with it, for its type cannot be null.
struct denied {
    json::value error;
    bool before_all = false; // the document was not run: 400, and no data
};
using metadata_answer = std::variant<json::value, denied>;

denied deny(std::string message, json::value extensions);
// With the inner response of a NestJS exception.
denied http_error(std::string message, std::string_view code, std::string_view name, int status);
denied forbidden(const session& with);
// The key's role lacks the permission that a root needs.
denied no_right(std::string_view code = "FORBIDDEN");

struct metadata_call {
    session& with;
    const graphql_call& call;
    const type_system& types;
    metadata_view view;

    [[nodiscard]] json::value argument(const graphql::field& f, std::string_view name) const;
    // Empty unless the argument is a string.
    [[nodiscard]] std::string text_argument(const graphql::field& f, std::string_view name) const;
    // Of `v` what the selections of `f` ask for.
    [[nodiscard]] json::value picked(const json::value& v, const graphql::field& f) const;
    [[nodiscard]] bool is_admin() const;
};

struct metadata_root {
    std::string_view name;
    metadata_answer (*run)(metadata_call& c, const graphql::field& f);
};

// Of the data model, of the workspace with its keys and roles, and of saved views.
std::span<const metadata_root> model_roots();
std::span<const metadata_root> workspace_roots();
std::span<const metadata_root> view_roots();

} // namespace demo
