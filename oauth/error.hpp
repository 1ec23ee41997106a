// Errors as OAuth speaks them: one exhaustive switch from errc to error code and status, and
// bodies that no input can shape.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oauth {

// A finished answer of /token, /revoke or /register. The HTTP side adds the constant headers
// (application/json, no-store, CORS).
struct answer {
    int status = 200;
    std::string body;                                // JSON, or empty
    std::string www_authenticate;                    // empty: none
    std::optional<std::chrono::seconds> retry_after; // whole seconds, at least 1

    answer() = default;
    answer(int s, std::string b) : status(s), body(std::move(b)) {}
};

// {"error": …, "error_description": …}; the description is cut to RFC 6749's character set.
std::string error_body(std::string_view code, std::string_view description);

// `authorization` is the request's Authorization header: RFC 6749 §5.2 wants the Basic
// challenge exactly when Basic was tried.
answer error_answer(const error& failure, std::string_view authorization = {});

} // namespace oauth
