#include "twenty/error_meaning.hpp"

#include "twenty/broken_rules.hpp"

#include <algorithm>
#include <array>

namespace twenty {

namespace {

// meanings maps codes of GraphQL's extensions and of REST bodies. The first match decides, whether
// it is the code or the subcode, so the order counts: FORBIDDEN is the code of a role's refusal and
// of a revoked key, and stands behind the two subcodes that tell these apart.
struct code_meaning {
    std::string_view code;
    errc meaning;
};
constexpr code_meaning meanings[] = {
    {"LIMIT_REACHED", errc::rate_limited},
    {"RATE_LIMITED", errc::rate_limited},
    {"PERMISSION_DENIED", errc::not_allowed},
    {"UNAUTHENTICATED", errc::upstream_auth},
    {"FORBIDDEN_EXCEPTION", errc::upstream_auth}, // revoked key, or none arrived
    {"RECORD_NOT_FOUND", errc::not_found},
    {"NOT_FOUND", errc::not_found},
    {"NotFoundException", errc::not_found},
    {"CONFLICT", errc::conflict},
    {"TIMEOUT", errc::upstream_timeout},
    {"FORBIDDEN", errc::not_allowed},
    {rule_violation, errc::bad_request},
    {rule_failure, errc::upstream_refused},
    {"INTERNAL_SERVER_ERROR", errc::upstream_refused},
    {"InternalServerErrorException", errc::upstream_refused},
};

// Usage limits, in GraphQL under HTTP 200, in REST under 402 (allowances), 409 (what is stored) or
// 429 (limits of a period), and what billing refuses, FORBIDDEN in GraphQL [Twenty 2.44 to 2.47].
constexpr std::array<std::string_view, 6> used_up_codes{
    "QUOTA_EXHAUSTED",           "STOCK_EXHAUSTED",
    "BILLING_CREDITS_EXHAUSTED", "BILLING_SUBSCRIPTION_INACTIVE",
    "BILLING_PAYMENT_REQUIRED",  "BILLING_PLAN_REQUIRED"};

// Threat: a text of Twenty's inside (a connection string, a stack trace, an instruction planted
// for a model) is passed on because nobody knew its code. Defence: a text is the caller's to read
// only under a code that says "your input", or in the words of GraphQL's own validation, which
// carry no code (GraphQL June 2018 §7.1.2).
bool concerns_the_input(const upstream_error& e) {
    static constexpr std::string_view codes[] = {
        "BAD_USER_INPUT",       "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED", "BAD_REQUEST",
        "BadRequestException",  "HttpException",
        "Bad Request",          "Error"};
    static constexpr std::string_view families[] = {"INVALID_", "_NOT_FOUND", "VALIDATION"};
    static constexpr std::string_view beginnings[] = {"Cannot query field",
                                                      "Syntax Error",
                                                      "Unknown ",
                                                      "Variable \"",
                                                      "Field \"",
                                                      "Expected ",
                                                      "Must provide",
                                                      "Fragment \"",
                                                      "Scalar field",
                                                      "There can be",
                                                      "Argument \"",
                                                      "Int cannot represent",
                                                      "Float cannot",
                                                      "String cannot",
                                                      "Boolean cannot",
                                                      "ID cannot",
                                                      "Enum \"",
                                                      "Value \"",
                                                      "Directive \"",
                                                      "Query too complex",
                                                      "Duplicate root",
                                                      "Invalid cursor",
                                                      "Invalid UUID",
                                                      "First argument",
                                                      "Object ",
                                                      "Can only perform",
                                                      "Batching is not",
                                                      "GraphQL introspection",
                                                      "Cannot spread",
                                                      "Subscription "};
    if (e.code.empty())
        return std::ranges::any_of(beginnings,
                                   [&](auto start) { return e.message.starts_with(start); });
    return std::ranges::find(codes, std::string_view(e.code)) != std::end(codes) ||
           std::ranges::any_of(families, [&](auto part) { return mentions(e.code, part); });
}

} // namespace

// meaning_of() asks for the plan first, because billing says FORBIDDEN, which would read as the
// role's refusal. Duplicates, the rate limit and permissions are known by their words before the
// table, because Twenty 2.19 sends the first two under BAD_USER_INPUT, and in REST without a code
// of their own. What nothing explains is a refusal whose text stays inside.
errc meaning_of(const upstream_error& e) {
    if (says_used_up(e.code) || says_used_up(e.subcode)) return errc::upstream_refused;
    if (!e.conflict_id.empty() || mentions(e.message, "duplicate entry")) return errc::conflict;
    if (e.message.starts_with("Limit reached (")) return errc::rate_limited;
    if (mentions(e.message, "does not have permission")) return errc::not_allowed;
    for (const auto& [code, meaning] : meanings)
        if (e.subcode == code || e.code == code) return meaning;
    if (e.message == "Record not found") return errc::not_found;
    return concerns_the_input(e) ? errc::bad_request : errc::upstream_refused;
}

bool says_used_up(std::string_view code) noexcept {
    return std::ranges::find(used_up_codes, code) != used_up_codes.end();
}

bool mentions(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

} // namespace twenty
