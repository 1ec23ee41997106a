#include "config_readers.hpp"

#include "http/local_stream.hpp"
#include "oauth/configured_client.hpp"

namespace config_readers {

result<std::string> as_given(std::string_view value) { return std::string(value); }

result<done> twenty_base_url(std::string_view value, config& c) {
    const auto url = config_values::twenty_url(value);
    if (!url)
        return error{errc::bad_request,
                     "must be an http or https URL without user, query and fragment"};
    if (const auto endpoint = config_values::twenty_endpoint(*url); !endpoint.empty())
        return error{errc::bad_request, "must be Twenty's own address, as people open it: take " +
                                            std::string(endpoint) + " away"};
    c.twenty_base_url = *url;
    return done{};
}

result<done> twenty_public_url(std::string_view value, config& c) {
    const auto url = config_values::twenty_url(value);
    if (!url) return error{errc::bad_request, "must be an http or https URL"};
    // Threat: the start page tells strangers an address inside the operator's network.
    // Defence: only what was set for people is shown to anybody.
    c.twenty_public_url = c.twenty_shown_url = *url;
    return done{};
}

result<done> listen(std::string_view value, config& c) {
    TRY(bound, config_values::listen(value));
    c.listen_address = bound.address;
    c.listen_port = bound.port;
    return done{};
}

result<done> slow_call(std::string_view value, config& c) {
    TRY(ms, config_values::whole_number(value, 0, 60'000));
    c.slow_call = std::chrono::milliseconds(ms);
    return done{};
}

result<done> admin_socket(std::string_view value, config& c) {
    c.admin_socket.emplace();
    if (value == "none") return done{};
    if (!value.starts_with('/') || !http::is_local_path(value))
        return error{errc::bad_request, "must be none, or an absolute path of at most 107 bytes"};
    c.admin_socket = value;
    return done{};
}

result<done> proxy_exceptions(std::string_view value, config& c) {
    TRY(read, http::proxy_exceptions::parse(value));
    c.proxies.except = std::move(read);
    return done{};
}

} // namespace config_readers
