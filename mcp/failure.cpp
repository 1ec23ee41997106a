#include "mcp/failure.hpp"

#include "mcp/message.hpp"

namespace mcp {

// JSON-RPC has no code for "not now": invalid_params where the caller can change something, and
// internal_error for all else. not_found is invalid_params too, as MCP 2026-07-28 wants it for
// resources; the -32002 of earlier revisions is forbidden there, and clients of both take this one.
// Neither switch has a default, so that the compiler asks for a decision about every new errc.
int rpc_code(errc why) noexcept {
    switch (why) {
    case errc::bad_json:
    case errc::bad_request:
    case errc::not_found:
    case errc::not_allowed:
    case errc::conflict:
    case errc::too_large:
    case errc::unsupported:
    case errc::scope_missing:
    case errc::invalid_target:
    case errc::invalid_scope:
        return code::invalid_params;
    case errc::no_such_method:
        return code::method_not_found;
    case errc::unauthenticated:
    case errc::invalid_client:
    case errc::invalid_grant:
    case errc::rate_limited:
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
        return code::internal_error;
    }
    return code::internal_error;
}

std::string_view hint_of(errc why) noexcept {
    switch (why) {
    case errc::upstream_auth:
        return "Twenty refuses the API key of this connection. The person has to connect again "
               "with a valid key.";
    case errc::upstream_down:
        return "Twenty cannot be reached at the moment. Try again later.";
    case errc::upstream_timeout:
        return "Twenty did not answer in time. Try again, or ask for less at once.";
    case errc::rate_limited:
        return "Twenty limits requests per minute. Wait, then repeat.";
    case errc::busy:
        return "Too many calls at once. Repeat with fewer in parallel.";
    case errc::paused:
        return "Reading works as before. Tell the person, and write when the administrator has "
               "resumed writes.";
    case errc::approval_needed:
        return "Nothing was written. Show the person what would change and the link; when they "
               "have "
               "approved, repeat the very same call. Do not open the link yourself.";
    case errc::declined:
        return "Nothing was written. Do not repeat the call; ask the person what they want "
               "instead.";
    case errc::quota_used:
    case errc::not_found:
    case errc::not_allowed:
    case errc::bad_json:
    case errc::bad_request:
    case errc::conflict:
    case errc::too_large:
    case errc::unsupported:
    case errc::scope_missing:
    case errc::invalid_target:
    case errc::invalid_scope:
    case errc::no_such_method:
    case errc::unauthenticated:
    case errc::invalid_client:
    case errc::invalid_grant:
    case errc::upstream_refused:
    case errc::cancelled:
    case errc::unavailable:
    case errc::internal:
        return {};
    }
    return {};
}

tool_result tool_failure(const error& why, const json::value& extra) {
    json::writer out;
    out.begin_object().key("error").begin_object();
    out.member("code", to_string(why.code)).member("message", std::string_view(why.message));
    // The hint of a lost write must not stand beside "Try again", which is true of reads alone.
    const bool own_hint = extra.find("hint") != nullptr;
    if (const auto hint = hint_of(why.code); !hint.empty() && !own_hint) out.member("hint", hint);
    // Rounded up: a client that comes a moment too soon is refused again.
    if (why.retry_after) out.member("retryAfterSeconds", (why.retry_after->count() + 999) / 1000);
    if (const auto* members = extra.if_object())
        for (const auto& [name, v] : *members)
            out.member(name, v);
    out.end_object().end_object();
    tool_result result;
    result.structured = out.take();
    result.is_error = true;
    result.error = to_string(why.code);
    return result;
}

tool_result tool_success(const json::value& structured) {
    tool_result result;
    result.structured = json::dump(structured);
    return result;
}

} // namespace mcp
