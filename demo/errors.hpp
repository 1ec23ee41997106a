// What Twenty answers when it refuses: one table of the kinds, rendered for REST and GraphQL.
// A refusal travels as the project's ordinary error; its Twenty half rides in error::detail as
// one JSON object that only this file writes and reads.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace demo {

enum class refusal {
    bad_filter,
    bad_data,
    bad_cursor,
    bad_first,
    args_conflict, // both ends of a page
    bad_query,     // sort order, paging arguments
    bad_input,     // other arguments, without a sub-code
    unknown_field, // a sort field that does not exist
    bad_phone,
    bad_country, // of a phone
    bad_calling_code,
    conflicting_country,
    conflicting_calling_code,
    bad_url,
    duplicate,
    database,     // what the database itself refuses
    data_corrupt, // HTTP 500
    type_error,   // a JavaScript exception that leaks out
    too_many,     // more than 200 records in one update
    too_many_created,
    too_complex, // a list in a list
    bad_order,   // of groups
    no_time_zone,
    not_allowed, // of workflows
    no_user,
    broken_rule, // of a newer Twenty
    not_found,
    no_permission,
    rate_limited,
};

// `user` is the userFriendlyMessage where it is not the kind's own; `more` are further GraphQL
// extensions.
error refuse(refusal kind, std::string message, std::string user = {}, json::object more = {});
error missing_record();
error no_permission(std::string_view what = {});
error unknown_field(std::string_view object, std::string_view field, refusal kind);

// {"statusCode":400,"error":"BadRequestException","messages":[...],"code":...}
int rest_status(const error& e);
json::value rest_body(const error& e);
// The same with another status, for REST metadata.
json::value rest_body(const error& e, int status);
// {"message":...,"extensions":{...}}
json::value graphql_error(const error& e);

// A value as Node prints it in messages: 'text', 42, undefined.
std::string inspected(const json::value& v);

} // namespace demo
