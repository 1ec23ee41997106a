// Failures are values here. Every fallible function of the project returns result<T>: the
// value, or an error with a public half (may be shown to any client) and a private half
// (for the log only). Nothing outside CAF and the three outermost borders (connection,
// actor, main) throws for an expected failure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

// What went wrong, as far as any caller has to tell cases apart. Each outward protocol maps
// this list with one exhaustive switch: HTTP pages, OAuth bodies, MCP answers.
enum class errc {
    bad_request,      // the request's shape or a value in it is wrong
    bad_json,         // not JSON, not UTF-8, too deep, duplicate keys
    no_such_method,   // unknown method, tool or grant type
    unauthenticated,  // no or bad credentials
    invalid_client,   // OAuth: unknown client or failed client authentication
    invalid_grant,    // OAuth: code or refresh token unknown, used, expired, not this client's
    invalid_scope,    // OAuth: malformed scope
    invalid_target,   // OAuth: resource is not this server (RFC 8707)
    unsupported,      // OAuth: grant type or response type that is not offered
    scope_missing,    // valid token, too little scope
    not_allowed,      // the grant's mode or objects, or the Twenty role, do not allow it
    paused,           // an administrator, or the person, has paused writes
    approval_needed,  // the person has not said yes yet
    declined,         // the person has said no
    quota_used,       // the connection has changed as many records as it may for now
    not_found,        // no such record, object, resource, session
    conflict,         // a unique value is taken already
    too_large,        // over a size limit
    rate_limited,     // ours or Twenty's limit; retry_after says when
    upstream_refused, // Twenty answered with an error that is not the caller's to mend
    upstream_auth,    // Twenty refuses the API key: wrong, expired or revoked
    upstream_down,    // Twenty cannot be reached or answers with something else than Twenty
    upstream_timeout, // Twenty did not answer in time
    busy,             // a bounded queue of ours is full
    cancelled,        // the client took the request back
    unavailable,      // the store or the service is closing or broken
    internal,         // a bug; the message is a fixed text
};

struct error {
    errc code = errc::internal;
    std::string message; // public half: says what to change, never holds a secret
    std::string detail;  // private half: for the log
    std::optional<std::chrono::milliseconds> retry_after;

    error() = default;
    error(errc c, std::string public_text, std::string private_text = {})
        : code(c), message(std::move(public_text)), detail(std::move(private_text)) {}
};

inline error bad_request(std::string public_text) {
    return {errc::bad_request, std::move(public_text)};
}

// The stable name of a code, used in logs and in tool errors ("not_found").
std::string_view to_string(errc code) noexcept;

template <class T> class [[nodiscard]] result {
  public:
    result(T value) : state_(std::in_place_index<0>, std::move(value)) {} // NOLINT(*-explicit-*)
    result(error failure)                                                 // NOLINT(*-explicit-*)
        : state_(std::in_place_index<1>, std::move(failure)) {}

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    error& failure() & { return std::get<1>(state_); }
    const error& failure() const& { return std::get<1>(state_); }
    error&& failure() && { return std::get<1>(std::move(state_)); }

  private:
    std::variant<T, ::error> state_;
};

// "Done, nothing to return".
struct done {};

// TRY(name, expression): declares `name` as the expression's value, or returns its error.
// CO_TRY is the same inside a coroutine. CHECK_OK / CO_CHECK_OK are for result<done>.
#define TRY_CAT_(a, b) a##b
#define TRY_CAT(a, b) TRY_CAT_(a, b)
#define TRY_IMPL(tmp, ret, name, ...)                                                              \
    auto tmp = (__VA_ARGS__);                                                                      \
    if (!tmp) ret std::move(tmp).failure();                                                        \
    auto name = std::move(tmp).value()
#define TRY(name, ...) TRY_IMPL(TRY_CAT(try_, __LINE__), return, name, __VA_ARGS__)
#define CO_TRY(name, ...) TRY_IMPL(TRY_CAT(try_, __LINE__), co_return, name, __VA_ARGS__)
#define CHECK_OK(...)                                                                              \
    do {                                                                                           \
        auto check_ = (__VA_ARGS__);                                                               \
        if (!check_) return std::move(check_).failure();                                           \
    } while (false)
#define CO_CHECK_OK(...)                                                                           \
    do {                                                                                           \
        auto check_ = (__VA_ARGS__);                                                               \
        if (!check_) co_return std::move(check_).failure();                                        \
    } while (false)
