// A refusal of Twenty is worded four ways: HTTP status and class for REST, code and subcode for
// GraphQL. An error of the demo carries its row of `refusals` in its detail, as JSON, so that
// whoever found the fault need not know which way it leaves.
#include "demo/errors.hpp"

#include "base/text.hpp"

#include <array>
#include <utility>

namespace demo {

namespace {

struct row {
    refusal kind;
    errc code;
    int status;
    std::string_view rest_class;
    std::string_view rest_code; // empty: none
    std::string_view graphql_code;
    std::string_view sub_code; // empty: none
    std::string_view user;
};

constexpr std::string_view bad_request = "BadRequestException";
constexpr std::string_view any_error = "An error occurred.";
constexpr std::string_view user_input = "BAD_USER_INPUT";

constexpr std::array<row, 29> refusals{{
    {refusal::bad_filter, errc::bad_request, 400, bad_request, "", user_input,
     "INVALID_ARGS_FILTER", any_error},
    {refusal::bad_data, errc::bad_request, 400, bad_request, "", user_input, "INVALID_ARGS_DATA",
     any_error},
    {refusal::bad_cursor, errc::bad_request, 400, bad_request, "", user_input, "INVALID_CURSOR",
     any_error},
    {refusal::bad_first, errc::bad_request, 400, bad_request, "", user_input, "INVALID_ARGS_FIRST",
     any_error},
    {refusal::args_conflict, errc::bad_request, 400, bad_request, "", user_input, "ARGS_CONFLICT",
     any_error},
    {refusal::bad_query, errc::bad_request, 400, bad_request, "", user_input, "INVALID_QUERY_INPUT",
     any_error},
    {refusal::bad_input, errc::bad_request, 400, bad_request, "", user_input, "", any_error},
    {refusal::unknown_field, errc::bad_request, 400, "Error", "FIELD_NOT_FOUND", user_input,
     "FIELD_NOT_FOUND", any_error},
    {refusal::bad_phone, errc::bad_request, 400, "Error", "INVALID_PHONE_NUMBER", user_input,
     "INVALID_PHONE_NUMBER", "Invalid phone number."},
    {refusal::bad_country, errc::bad_request, 400, "Error", "INVALID_PHONE_COUNTRY_CODE",
     user_input, "INVALID_PHONE_COUNTRY_CODE", any_error},
    {refusal::bad_calling_code, errc::bad_request, 400, "Error", "INVALID_PHONE_CALLING_CODE",
     user_input, "INVALID_PHONE_CALLING_CODE", any_error},
    {refusal::conflicting_country, errc::bad_request, 400, "Error",
     "CONFLICTING_PHONE_COUNTRY_CODE", user_input, "CONFLICTING_PHONE_COUNTRY_CODE", any_error},
    {refusal::conflicting_calling_code, errc::bad_request, 400, "Error",
     "CONFLICTING_PHONE_CALLING_CODE", user_input, "CONFLICTING_PHONE_CALLING_CODE", any_error},
    {refusal::bad_url, errc::bad_request, 400, "Error", "INVALID_URL", user_input, "INVALID_URL",
     "Invalid URL format."},
    {refusal::duplicate, errc::conflict, 400, bad_request, "", user_input, "", any_error},
    {refusal::database, errc::bad_request, 400, bad_request, "", user_input, "", any_error},
    {refusal::data_corrupt, errc::internal, 500, "InternalServerErrorException", "",
     "INTERNAL_SERVER_ERROR", "", ""},
    {refusal::type_error, errc::bad_request, 400, "TypeError", "", "INTERNAL_SERVER_ERROR", "", ""},
    {refusal::too_many, errc::too_large, 400, "Error", "TOO_MANY_RECORDS_TO_UPDATE", user_input, "",
     "You can only update up to 200 records at once."},
    {refusal::too_complex, errc::bad_request, 400, bad_request, "", user_input, "TOO_COMPLEX_QUERY",
     any_error},
    {refusal::no_time_zone, errc::bad_request, 400, bad_request, "", user_input,
     "MISSING_TIMEZONE_FOR_DATE_GROUP_BY", any_error},
    {refusal::broken_rule, errc::bad_request, 400, bad_request, "VALIDATION_RULE_VIOLATION",
     user_input, "VALIDATION_RULE_VIOLATION", any_error},
    {refusal::not_allowed, errc::not_allowed, 403, "Error", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN",
     "You do not have permission to perform this workflow action."},
    {refusal::no_user, errc::not_allowed, 401, "Error", "INVALID_AUTH_CONTEXT", "UNAUTHENTICATED",
     "INVALID_AUTH_CONTEXT", "You must be authenticated to manage blocklist."},
    {refusal::bad_order, errc::bad_request, 400, bad_request, "", user_input, "", ""},
    {refusal::too_many_created, errc::too_large, 400, bad_request, "", user_input,
     "TOO_MANY_RECORDS_TO_UPDATE", any_error},
    {refusal::not_found, errc::not_found, 404, "NotFoundException", "", "NOT_FOUND",
     "RECORD_NOT_FOUND", "This record does not exist or has been deleted."},
    {refusal::no_permission, errc::not_allowed, 400, "Error", "PERMISSION_DENIED", "FORBIDDEN",
     "PERMISSION_DENIED", "User does not have permission."},
    {refusal::rate_limited, errc::rate_limited, 429, "HttpException", "", user_input,
     "LIMIT_REACHED", "Rate limit reached. Please try again later."},
}};

const row& row_of(refusal kind) {
    for (const auto& r : refusals)
        if (r.kind == kind) return r;
    return refusals.front();
}

json::value detail_of(const error& e) {
    auto parsed = json::parse(e.detail);
    return parsed ? *std::move(parsed) : json::value();
}

const row& row_of(const json::value& detail) {
    const json::value* kind = detail.find("kind");
    const auto index = kind ? kind->as_int() : std::nullopt;
    return row_of(index ? static_cast<refusal>(*index) : refusal::type_error);
}

} // namespace

error refuse(refusal kind, std::string message, std::string user, json::object more) {
    const row& r = row_of(kind);
    json::object detail;
    detail.append("kind", static_cast<int>(kind));
    detail.append("user", user.empty() ? std::string(r.user) : std::move(user));
    detail.append("more", std::move(more));
    return {r.code, std::move(message), json::dump(std::move(detail))};
}

error missing_record() { return refuse(refusal::not_found, "Record not found"); }

error no_permission(std::string_view what) {
    std::string message = "Entity performing the request does not have permission";
    if (!what.empty()) message += ": no permission to " + std::string(what);
    return refuse(refusal::no_permission, std::move(message));
}

error unknown_field(std::string_view object, std::string_view field, refusal kind) {
    const std::string tail = "doesn't have any \"" + std::string(field) + "\" field.";
    std::string user;
    if (kind == refusal::bad_filter)
        user = "Invalid filter : " + std::string(object) + " object " + tail;
    return refuse(kind, "Object " + std::string(object) + " " + tail, std::move(user));
}

int rest_status(const error& e) { return row_of(detail_of(e)).status; }

json::value rest_body(const error& e) { return rest_body(e, rest_status(e)); }

json::value rest_body(const error& e, int status) {
    const json::value detail = detail_of(e);
    const row& r = row_of(detail);
    json::object body;
    body.append("statusCode", status);
    body.append("error", r.rest_class);
    body.append("messages", json::list({e.message}));
    if (!r.rest_code.empty()) body.append("code", r.rest_code);
    return body;
}

json::value graphql_error(const error& e) {
    const json::value detail = detail_of(e);
    const row& r = row_of(detail);
    json::object extensions;
    if (!r.sub_code.empty()) extensions.append("subCode", r.sub_code);
    if (!detail.text("user").empty()) extensions.append("userFriendlyMessage", detail.text("user"));
    if (const auto* more = detail.find("more"); more && more->if_object())
        for (const auto& [name, value] : *more->if_object())
            extensions.append(name, value);
    extensions.append("code", r.graphql_code);
    return json::make({{"message", e.message}, {"extensions", std::move(extensions)}});
}

std::string inspected(const json::value& v) {
    if (const auto* s = v.if_string()) return "'" + *s + "'";
    if (const auto* list = v.if_array(); list && !list->empty()) {
        std::vector<std::string> items;
        for (const auto& item : *list)
            items.push_back(inspected(item));
        return "[ " + text::join(items, ", ") + " ]";
    }
    return json::dump(v);
}

} // namespace demo
