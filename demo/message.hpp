// One HTTP exchange with the demo workspace, as far as Twenty's behaviour depends on it.
#pragma once

#include "base/json.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace demo {

struct request {
    std::string method;
    std::string target; // path?query, raw
    std::string authorization;
    std::string accept;
    std::string content_type;
    std::string body;
};

struct response {
    int status = 200;
    std::string content_type;
    std::string body;
    bool hangs = false;                 // never answer
    bool empty_reply = false;           // close the connection without a byte
    std::chrono::milliseconds delay{0}; // answer that much later
    std::optional<std::chrono::seconds> retry_after{};
};

// Bodies may nest deeper than anything of ours: the real server looks at the fields first.
inline constexpr json::limits body_limits{512, false};

inline constexpr const char* json_type = "application/json; charset=utf-8";

inline response json_response(int status, const json::value& body) {
    return {status, json_type, json::dump(body)};
}

} // namespace demo
