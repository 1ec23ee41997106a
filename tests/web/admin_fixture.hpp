// An administrator in front of the endpoints.
#pragma once

#include "tests/web/endpoint_fixture.hpp"

#include "web/admin_api.hpp"

namespace endpoint_test {

inline http::headers admin(std::string type = {}) {
    http::headers out{{"authorization", "Bearer " + std::string(admin_token)}};
    if (!type.empty()) out.emplace_back("content-type", std::move(type));
    return out;
}

inline http::response get(endpoints& e, const std::string& target) {
    return e.send(make("GET", target, admin()));
}

inline http::response post_json(endpoints& e, const std::string& path, std::string body) {
    return e.send(make("POST", path, admin("application/json"), std::move(body)));
}

// A path that a row of the table answers.
inline std::string example_path(const web::admin_operation& row) {
    std::string path(row.path);
    const auto brace = path.find('{');
    if (brace == std::string::npos) return path;
    return path.substr(0, brace) +
           (path.find("version") == std::string::npos ? crypto::random_uuid() : "1");
}

} // namespace endpoint_test
