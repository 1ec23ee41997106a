// Answers as the rules of the doctor get them.
#pragma once

#include "doctor/judge_answers.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace testing {

using fields = std::vector<std::pair<std::string, std::string>>;

inline doctor::asked answered(int status, fields headers = {}, std::string body = {}) {
    http::probe_answer a;
    a.status = status;
    a.headers = std::move(headers);
    a.body = std::move(body);
    a.complete = true;
    return a;
}

inline doctor::asked json_answer(int status, std::string body, fields headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return answered(status, std::move(headers), std::move(body));
}

inline doctor::asked page_answer(int status) {
    return answered(status, {{"Content-Type", "text/html"}, {"Server", "nginx"}}, "<h1>no</h1>");
}

inline doctor::asked no_answer() { return error(errc::upstream_timeout, "no answer in time"); }

inline const std::string origin = "https://mcp.example.com";

// The server's own refusal of a call without a token.
inline doctor::asked refusal(const std::string& more = {}) {
    return json_answer(
        401, R"({"error":"unauthorized"})",
        {{"WWW-Authenticate",
          "Bearer realm=\"twenty-mcp\"" + more + ", resource_metadata=\"" + origin +
              "/.well-known/oauth-protected-resource/mcp\", scope=\"twenty:read\""}});
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace testing
