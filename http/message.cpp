#include "http/message.hpp"

#include <algorithm>

namespace http {

namespace {

const std::string* find(const headers& all, std::string_view lower_name) noexcept {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const auto& field) { return field.first == lower_name; });
    return at == all.end() ? nullptr : &at->second;
}

} // namespace

// header() alone shows the token: its entry among the headers is empty, so whoever walks them (a
// log, a copy) carries none.
std::string_view request::header(std::string_view lower_name) const noexcept {
    if (!authorization.empty() && lower_name == authorization_field) return authorization.reveal();
    const auto* value = find(headers, lower_name);
    return value ? std::string_view(*value) : std::string_view();
}

bool request::has(std::string_view lower_name) const noexcept {
    return find(headers, lower_name) != nullptr;
}

std::size_t count(const request& r, std::string_view lower_name) noexcept {
    return static_cast<std::size_t>(std::count_if(
        r.headers.begin(), r.headers.end(), [&](const auto& h) { return h.first == lower_name; }));
}

response::response(int s, std::string content_type, std::string b) : status(s), body(std::move(b)) {
    set("Content-Type", std::move(content_type));
}

response& response::set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
}

} // namespace http
