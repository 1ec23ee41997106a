#include "http/respond.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "metrics/metrics.hpp"

namespace http {

namespace {

constexpr std::string_view limit_mark = "limit=";

} // namespace

int status_of(errc code) noexcept {
    switch (code) {
    case errc::bad_request:
    case errc::bad_json:
    case errc::invalid_grant:
    case errc::invalid_scope:
    case errc::invalid_target:
    case errc::unsupported:
    case errc::cancelled:
        return 400;
    case errc::unauthenticated:
    case errc::invalid_client:
        return 401;
    case errc::scope_missing:
    case errc::not_allowed:
        return 403;
    case errc::no_such_method:
    case errc::not_found:
        return 404;
    case errc::conflict:
        return 409;
    case errc::too_large:
        return 413;
    // Not 401, which would send the client to get another access token: it is Twenty that does not
    // take the API key.
    case errc::upstream_auth:
        return 422;
    case errc::rate_limited:
        return 429;
    case errc::internal:
        return 500;
    case errc::upstream_refused:
    case errc::upstream_down:
        return 502;
    case errc::paused:
    case errc::approval_needed:
    case errc::declined:
    case errc::quota_used:
    case errc::busy:
    case errc::unavailable:
        return 503;
    case errc::upstream_timeout:
        return 504;
    }
    return 500;
}

response json_response(int status, std::string body) {
    response r(status, "application/json", std::move(body));
    r.set("Cache-Control", "no-store");
    return r;
}

response json_error(int status, std::string_view code, std::string_view text) {
    json::writer w;
    w.begin_object().member("error", code);
    if (!text.empty()) w.member("message", text);
    w.end_object();
    return json_response(status, w.take());
}

response plain_error(const error& e) {
    auto r = json_error(status_of(e.code), to_string(e.code), e.message);
    set_retry_after(r, e);
    note_error(r, e);
    return r;
}

void note_error(response& r, const error& e) {
    // The private half goes to the log and never into a body.
    r.log.emplace_back("error", std::string(to_string(e.code)));
    if (e.detail.starts_with(limit_mark))
        note_limit(r, std::string_view(e.detail).substr(limit_mark.size()));
    else if (!e.detail.empty())
        r.log.emplace_back("detail", e.detail);
}

void note_limit(response& r, std::string_view name) {
    r.log.emplace_back("limit", name);
    metrics::count(metrics::id::limited, {name});
}

std::string limit_detail(std::string_view name) { return std::string(limit_mark).append(name); }

response method_not_allowed(std::string_view allow) {
    auto r = json_error(405, "method_not_allowed");
    r.set("Allow", std::string(allow));
    return r;
}

void set_retry_after(response& r, std::chrono::seconds wait) {
    r.set("Retry-After", std::to_string(std::max<std::int64_t>(1, wait.count())));
}

void set_retry_after(response& r, const error& e) {
    if (e.retry_after) {
        set_retry_after(r, std::chrono::ceil<std::chrono::seconds>(*e.retry_after));
    } else if (r.status == 429 || r.status == 503) {
        set_retry_after(r, std::chrono::seconds(1));
    }
}

bool has_media_type(const request& r, std::string_view type) {
    const auto value = r.header("content-type");
    return text::iequals(text::trim(value.substr(0, value.find(';'))), type);
}

// bearer_of() takes another scheme for no token: the challenge then names no error (RFC 6750 §3.1),
// and the client begins where it should.
bearer bearer_of(const request& r) {
    const auto value = text::trim(r.header("authorization"));
    const auto space = value.find(' ');
    if (!text::iequals(value.substr(0, space), "bearer")) return {bearer::kind::absent, {}};
    // RFC 9110 §11.4: one space, or several.
    const auto token =
        text::trim(value.substr(space == std::string_view::npos ? value.size() : space));
    if (token.size() > 4096 || !text::is_token68(token)) return {bearer::kind::malformed, {}};
    return {bearer::kind::present, token};
}

} // namespace http
