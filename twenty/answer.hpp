// Twenty's answers read: data, errors and what they mean, for every error shape that its REST
// and GraphQL ends have. Threat: stack traces, table and constraint names, HTML or tokens of
// the upstream reach a model. Defence: only messages of known shape pass, cleaned and cut.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/broken_rules.hpp"
#include "twenty/retry.hpp"
#include "twenty/transport.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// The private detail of errors about a key that is revoked or has expired.
inline constexpr std::string_view dead_key = "dead key";
// Of errors about a plan, credits or a usage limit that is used up: every further call of its kind
// fares alike, and waiting a moment does not help.
inline constexpr std::string_view used_up = "used up";

struct upstream_error {
    std::string message; // cleaned, at most 300 bytes
    std::string code;    // extensions.code, or the REST body's code or error
    std::string subcode;
    std::string path; // the root field it belongs to, when Twenty says so
    // Duplicates: the record that has the value already.
    std::string conflict_id;
    std::string conflict_object; // nameSingular
    // A field that the key's role may not read or write.
    std::string denied_field;
    std::string denied_object;
    errc meaning = errc::upstream_refused;
    // Twenty said in its own form that the key is revoked or has expired: no later answer differs.
    bool dead_key = false;
    bool used_up = false; // the plan, credits or a usage limit of the workspace
    std::vector<broken_rule> broken_rules;
    std::optional<std::chrono::milliseconds> retry_after;
    std::optional<rate> limit; // the rate limit that Twenty named
};

struct answer {
    json::value data; // null when there is none; may be partial beside errors
    std::vector<upstream_error> errors;
    // The schema that the request was built from seems out of date.
    bool stale_schema = false;
    // It has more values than anybody reads; the error is answer_too_large().
    bool unread = false;

    [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
    // The first error as ours; only when !ok().
    [[nodiscard]] error failure() const;
};

// A GraphQL answer of /graphql or /metadata; `data` is the member data.
answer read_graphql(const response& r, json::limits allowed);
answer read_graphql(const response& r); // json::upstream
// What is read of an answer about records: a page of 200 has 500 values for each.
inline constexpr json::limits of_records{128, false, true, 100'000};
// A REST answer; `data` is the whole body.
answer read_rest(const response& r);

// data, or the first error.
result<json::value> data_of(const answer& a);
// data.ROOT, an object or a list: errc::not_found when Twenty has null there without an error,
// errc::upstream_refused when it has anything else.
result<json::value> root_of(answer a, std::string_view root);

// What is said of an answer that has not the form that the request asks for.
error unexpected_form();

// First line, at most 300 bytes, no schema, constraint or path names.
std::string clean_message(std::string_view upstream);

} // namespace twenty
