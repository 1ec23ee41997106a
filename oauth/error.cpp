#include "oauth/error.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace oauth {

namespace {

struct mapping {
    std::string_view code;
    int status;
    bool transient = false;
};

// RFC 6749 §5.2, RFC 8707 §2. Transient failures are temporarily_unavailable: on
// server_error, invalid_grant or invalid_client client libraries throw credentials away.
mapping map(errc code) noexcept {
    switch (code) {
    case errc::bad_request:
    case errc::bad_json:
    case errc::no_such_method:
    case errc::not_found:
    case errc::conflict:
        return {"invalid_request", 400};
    case errc::too_large:
        return {"invalid_request", 413};
    case errc::unauthenticated:
        return {"invalid_token", 401};
    case errc::invalid_client:
        return {"invalid_client", 401};
    case errc::invalid_grant:
        return {"invalid_grant", 400};
    case errc::invalid_scope:
        return {"invalid_scope", 400};
    case errc::invalid_target:
        return {"invalid_target", 400};
    case errc::unsupported:
        return {"unsupported_grant_type", 400};
    case errc::scope_missing:
        return {"insufficient_scope", 403};
    case errc::not_allowed:
        return {"unauthorized_client", 400};
    case errc::rate_limited:
        return {"temporarily_unavailable", 429, true};
    // Faults of the server and of Twenty: as server_error they would cost the person the login.
    case errc::upstream_refused:
    case errc::upstream_auth:
    case errc::upstream_down:
    case errc::upstream_timeout:
    case errc::paused:
    case errc::approval_needed:
    case errc::declined:
    case errc::quota_used:
    case errc::busy:
    case errc::cancelled:
    case errc::unavailable:
    case errc::internal:
        return {"temporarily_unavailable", 503, true};
    }
    return {"temporarily_unavailable", 503, true};
}

// RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E. Messages may quote what a client sent, so every byte
// outside of the set becomes an apostrophe.
std::string description_text(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c >= 0x20 && c <= 0x7E && c != '"' && c != '\\' ? c : '\'';
    return out;
}

} // namespace

std::string error_body(std::string_view code, std::string_view description) {
    json::writer out;
    out.begin_object().member("error", code);
    if (!description.empty()) out.member("error_description", description_text(description));
    out.end_object();
    return out.take();
}

answer error_answer(const error& failure, std::string_view authorization) {
    const auto mapped = map(failure.code);
    // All transient failures have one text for clients; what the store or Twenty said is for the
    // log.
    const std::string description =
        mapped.transient ? "The service cannot answer right now, try again" : failure.message;
    answer out(mapped.status, error_body(mapped.code, description));
    if (failure.code == errc::invalid_client && text::starts_with_ci(authorization, "basic"))
        out.www_authenticate = "Basic realm=\"twenty-mcp\"";
    if (mapped.transient) {
        const auto wait = failure.retry_after.value_or(std::chrono::seconds(1));
        out.retry_after =
            std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(wait));
    }
    return out;
}

} // namespace oauth
