// How a setting's value gets where it belongs in a config.
#pragma once

#include "config.hpp"
#include "config_values.hpp"

#include <string>
#include <string_view>

namespace config_readers {

// Into one member, as one function reads it.
template <auto Member, auto Read> result<done> into(std::string_view value, config& c) {
    TRY(read, Read(value));
    c.*Member = std::move(read);
    return done{};
}

template <auto Member, auto Read> result<done> into_caution(std::string_view value, config& c) {
    TRY(read, Read(value));
    c.caution.*Member = read;
    return done{};
}

template <auto Quota, auto Span> result<done> into_quota(std::string_view value, config& c) {
    TRY(read, (config_values::whole<std::int64_t, 1, 10'000'000>(value)));
    c.caution.*Quota.*Span = read;
    return done{};
}
inline constexpr auto usual_hour =
    into_quota<&twenty::caution_rules::usual, &twenty::change_quota::hour>;
inline constexpr auto usual_day =
    into_quota<&twenty::caution_rules::usual, &twenty::change_quota::day>;
inline constexpr auto most_hour =
    into_quota<&twenty::caution_rules::most, &twenty::change_quota::hour>;
inline constexpr auto most_day =
    into_quota<&twenty::caution_rules::most, &twenty::change_quota::day>;

template <auto Member> result<done> proxy(std::string_view value, config& c) {
    TRY(read, http::parse_proxy(value));
    c.proxies.*Member = std::move(read);
    return done{};
}

result<std::string> as_given(std::string_view value);
result<done> twenty_base_url(std::string_view value, config& c);
result<done> twenty_public_url(std::string_view value, config& c);
result<done> listen(std::string_view value, config& c);
result<done> slow_call(std::string_view value, config& c);
result<done> admin_socket(std::string_view value, config& c);
result<done> proxy_exceptions(std::string_view value, config& c);

} // namespace config_readers
