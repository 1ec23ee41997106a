#include "base/result.hpp"

std::string_view to_string(errc code) noexcept {
    switch (code) {
    case errc::bad_request:
        return "bad_request";
    case errc::bad_json:
        return "bad_json";
    case errc::no_such_method:
        return "no_such_method";
    case errc::unauthenticated:
        return "unauthenticated";
    case errc::invalid_client:
        return "invalid_client";
    case errc::invalid_grant:
        return "invalid_grant";
    case errc::invalid_scope:
        return "invalid_scope";
    case errc::invalid_target:
        return "invalid_target";
    case errc::unsupported:
        return "unsupported";
    case errc::scope_missing:
        return "scope_missing";
    case errc::not_allowed:
        return "not_allowed";
    case errc::paused:
        return "paused";
    case errc::not_found:
        return "not_found";
    case errc::conflict:
        return "conflict";
    case errc::too_large:
        return "too_large";
    case errc::rate_limited:
        return "rate_limited";
    case errc::upstream_refused:
        return "upstream_refused";
    case errc::upstream_auth:
        return "upstream_auth";
    case errc::upstream_down:
        return "upstream_down";
    case errc::upstream_timeout:
        return "upstream_timeout";
    case errc::busy:
        return "busy";
    case errc::cancelled:
        return "cancelled";
    case errc::unavailable:
        return "unavailable";
    case errc::internal:
        return "internal";
    }
    return "internal";
}
