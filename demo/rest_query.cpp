#include "demo/rest_query.hpp"

namespace demo {

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

text::fields query_of(std::string_view target) {
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return {};
    auto parsed = text::parse_form(target.substr(mark + 1));
    return parsed ? *std::move(parsed) : text::fields();
}

std::optional<std::string> single(const text::fields& query, std::string_view name) {
    std::optional<std::string> out;
    for (const auto& [key, value] : query) {
        if (key != name) continue;
        if (out) return std::nullopt;
        out = value;
    }
    return out;
}

} // namespace demo
