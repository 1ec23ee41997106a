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
    const auto end = path.find('}') + 1;
    const auto variable = path.substr(brace, end - brace);
    const std::string value = variable == "{version}" ? "1"
                              : variable == "{name}"  ? "a-skill"
                                                      : crypto::random_uuid();
    return path.replace(brace, end - brace, value);
}

} // namespace endpoint_test
