// GET /admin and GET /admin/openapi.json: the table, for people and for tools.
#pragma once

#include "web/admin_api.hpp"

#include <span>
#include <string>
#include <string_view>

namespace web {

boost::asio::awaitable<response> get_admin_index(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_admin_openapi(const admin_needs& needs, admin_call call);

// The shapes of JSON answers, by the names that the rows use (JSON Schema 2020-12).
struct admin_schema {
    std::string_view name;
    std::string_view json;
};
std::span<const admin_schema> admin_schemas() noexcept;

// OpenAPI 3.1. `server` is the address that the paths are relative to.
std::string admin_openapi(std::string_view server);

} // namespace web
