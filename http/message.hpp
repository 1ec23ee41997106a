// One HTTP exchange as the endpoints see it. Beast stays in the connection and client files;
// everything else handles these two plain structs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

using headers = std::vector<std::pair<std::string, std::string>>;

struct request {
    std::string method; // as received; a HEAD's answer is sent without its body
    std::string path;   // before '?', as received, checked: origin-form, ASCII, no escapes of /
                        // \ NUL, no dot segments
    std::string query;  // after '?', raw
    http::headers
        headers; // names lower-cased, in order; snapshot before the body (trailers never join)
    std::string body;
    std::string peer; // client address; from X-Forwarded-For only behind a trusted proxy
    std::string id;   // request id, also sent back as X-Request-Id

    // The first value, or empty.
    [[nodiscard]] std::string_view header(std::string_view lower_name) const noexcept;
    [[nodiscard]] bool has(std::string_view lower_name) const noexcept;
};

// As a response's status: the connection is closed without a byte of an answer.
inline constexpr int no_answer = 0;

struct response {
    int status = 200;
    http::headers headers;
    std::string body;
    // For the access log only, never sent: pairs such as mcp=tools/call.
    std::vector<std::pair<std::string_view, std::string>> log;

    response() = default;
    response(int s, std::string content_type, std::string b);
    response& set(std::string name, std::string value); // appends
};

} // namespace http
