// What an admin call may say in its path, its query and its JSON body, and the strict reading of
// it. What is not named in the row is refused by name: a misspelt filter must not mean "all".
#pragma once

#include "base/result.hpp"
#include "oauth/types.hpp"
#include "web/http.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace web {

enum class admin_body {
    none,
    json,     // an object of the row's parameters
    markdown, // left to the endpoint, as the next
    skill,
};

struct admin_parameter {
    enum class location { path, query, body };
    enum class type {
        text,
        uuid,
        word,  // one of `words`
        whole, // from `least` to `most`
        time,  // 2026-11-22T12:05:17Z
        yes,   // true, nothing else
    };
    std::string_view name;
    location in = location::query;
    type is = type::text;
    std::string_view meaning;
    bool required = false;
    std::int64_t most = 256; // the number, or the bytes of a text
    std::int64_t least = 1;
    std::vector<std::string_view> words = {};
};

// Values by name, each checked to be of its type.
class admin_arguments {
  public:
    void set(std::string_view name, std::string value) {
        values_.insert_or_assign(std::string(name), std::move(value));
    }
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    // Empty when absent.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::int64_t whole(std::string_view name, std::int64_t fallback) const;
    [[nodiscard]] std::optional<oauth::time_point> time(std::string_view name) const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

// errc::bad_request or bad_json, with the name of what is wrong; errc::unsupported: a body of
// another media type. `segment` stands in the path's {name}.
result<admin_arguments> read_admin_arguments(const std::vector<admin_parameter>& known,
                                             admin_body body, const request& r,
                                             std::string_view segment);

// A page goes backwards from `before` or forwards from `after`; nullopt: not both are given.
std::optional<response> refuse_two_ways(const admin_arguments& given);

// RFC 3339 in UTC and to the second.
std::string iso_time(oauth::time_point at);
std::optional<oauth::time_point> parse_iso_time(std::string_view value);

} // namespace web
