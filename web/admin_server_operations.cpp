// The rows of the admin API that are about the server itself: its schemas, keys, log and what
// happened.
#include "base/log.hpp"
#include "web/admin_api.hpp"
#include "web/admin_calls.hpp"
#include "web/admin_server.hpp"
#include "web/admin_writes.hpp"

#include <limits>

namespace web {

namespace {

using location = admin_parameter::location;
using type = admin_parameter::type;

constexpr auto any_id = std::numeric_limits<std::int64_t>::max();

std::vector<std::string_view> audit_kinds() {
    std::vector<std::string_view> out;
    for (const auto& rule : stored::audit_rules())
        out.push_back(rule.name);
    return out;
}

// Built once: the meanings of the kinds, for the document.
std::string_view kinds_explained() {
    static const std::string text = [] {
        std::string out = "only this kind:";
        for (const auto& rule : stored::audit_rules())
            out.append(out.back() == ':' ? " " : "; ")
                .append(rule.name)
                .append(": ")
                .append(rule.meaning);
        return out;
    }();
    return text;
}

std::vector<admin_parameter> calls_parameters() {
    return {{.name = "since", .is = type::time, .meaning = "nothing before that"},
            {.name = "until", .is = type::time, .meaning = "nothing after that"},
            {.name = "connection", .is = type::uuid, .meaning = "of this connection"},
            {.name = "key", .meaning = "of this API key, by its id in Twenty", .most = 80},
            {.name = "tool", .meaning = "of this tool", .most = 64},
            {.name = "object", .meaning = "nameSingular of what was worked on", .most = 128},
            {.name = "outcome", .meaning = "ok, input_required or an error's code", .most = 64},
            {.name = "format",
             .is = type::word,
             .meaning = "of the answer; json",
             .words = {"json", "ndjson", "csv"}},
            {.name = "limit", .is = type::whole, .meaning = "of a page; 100", .most = 1000},
            {.name = "before",
             .is = type::whole,
             .meaning = "next_before of the page before",
             .most = any_id},
            {.name = "after",
             .is = type::whole,
             .meaning = "the oldest first, behind this id: to follow what happens; 0: from the "
                        "first on",
             .most = any_id,
             .least = 0}};
}

std::vector<admin_parameter> pause_parameters(bool with_reason) {
    std::vector<admin_parameter> out{
        {.name = "connection",
         .in = location::body,
         .is = type::uuid,
         .meaning = "those of this connection"},
        {.name = "key",
         .in = location::body,
         .meaning = "those of this API key, as the list of connections names it",
         .most = 64},
        {.name = "all", .in = location::body, .is = type::yes, .meaning = "everybody's"}};
    if (with_reason)
        out.push_back({.name = "reason",
                       .in = location::body,
                       .meaning = "is told to the models and people whose writes are refused",
                       .most = stored::longest_pause_reason});
    return out;
}

} // namespace

std::vector<admin_operation> server_operations() {
    return {
        {.id = "read_status",
         .method = "GET",
         .path = "/admin/status",
         .summary = "Look at the server: whether it can work, who uses it, what is paused",
         .answers = {{200, "What is so at present.", "Status"}},
         .answer = get_admin_status},
        {.id = "list_pauses",
         .method = "GET",
         .path = "/admin/writes",
         .summary = "List whose writes are paused",
         .answers = {{200, "All pauses, the oldest first.", "Pauses"}},
         .answer = list_pauses},
        {.id = "pause_writes",
         .method = "POST",
         .path = "/admin/writes/pause",
         .summary = "Pause the writes of a connection, of a key, or everybody's, until they are "
                    "resumed; exactly one is to be named. From the answer on no such write begins "
                    "to be sent",
         .parameters = pause_parameters(true),
         .body = admin_body::json,
         .answers = {{200, "All pauses.", "Pauses"},
                     {404, "No such connection or key.", "Error"},
                     {413, "More than 1,000 pauses.", "Error"},
                     {415, "Not application/json.", "Error"}},
         .answer = pause_writes},
        {.id = "resume_writes",
         .method = "POST",
         .path = "/admin/writes/resume",
         .summary = "End the pause of the same name; others stay",
         .parameters = pause_parameters(false),
         .body = admin_body::json,
         .answers = {{200, "The pauses that are left; also when there was no such pause.",
                      "Pauses"},
                     {415, "Not application/json.", "Error"}},
         .answer = resume_writes},
        {.id = "refresh_schema",
         .method = "POST",
         .path = "/admin/schema/refresh",
         .summary = "Forget the data models of workspaces; each is loaded anew when it is needed",
         .parameters = {{.name = "workspace",
                         .in = location::body,
                         .is = type::uuid,
                         .meaning = "only this one's"}},
         .body = admin_body::json,
         .answers = {{200, "How many were kept.", "Count"},
                     {415, "Not application/json.", "Error"}},
         .answer = refresh_schema},
        {.id = "list_keys",
         .method = "GET",
         .path = "/admin/keys",
         .summary = "Show what is still sealed under which COOKIE_ENCRYPTION_KEY",
         .answers = {{200, "The keys.", "Keys"}},
         .answer = get_keys},
        {.id = "read_audit",
         .method = "GET",
         .path = "/admin/audit",
         .summary = "Read what happened, the newest first",
         .parameters =
             {{.name = "since", .is = type::time, .meaning = "nothing before that"},
              {.name = "kind",
               .is = type::word,
               .meaning = kinds_explained(),
               .words = audit_kinds()},
              {.name = "limit", .is = type::whole, .meaning = "of a page; 100", .most = 1000},
              {.name = "before",
               .is = type::whole,
               .meaning = "next_before of the page before",
               .most = any_id},
              {.name = "after",
               .is = type::whole,
               .meaning = "the oldest first, behind this id: to follow what happens; 0: from the "
                          "first on",
               .most = any_id,
               .least = 0}},
         .answers = {{200, "A page of events.", "Audit"}},
         .answer = get_audit},
        {.id = "read_calls",
         .method = "GET",
         .path = "/admin/calls",
         .summary = "Read who called which tool, the newest first",
         .parameters = calls_parameters(),
         .answers = {{200, "A page of calls, or a line a call (application/x-ndjson, text/csv).",
                      "Calls"}},
         .answer = get_calls},
        {.id = "read_call_chain",
         .method = "GET",
         .path = "/admin/calls/chain",
         .summary = "Read where the chain of calls begins and ends, and its signature",
         .answers = {{200, "The head of the chain.", "CallChain"}},
         .answer = get_call_chain},
        {.id = "read_log_level",
         .method = "GET",
         .path = "/admin/log-level",
         .summary = "Read how much is logged",
         .answers = {{200, "The level.", "LogLevel"}},
         .answer = get_log_level},
        {.id = "write_log_level",
         .method = "PUT",
         .path = "/admin/log-level",
         .summary = "Change how much is logged, until the next start",
         .parameters = {{.name = "level",
                         .in = location::body,
                         .is = type::word,
                         .meaning = "events below it are left out",
                         .required = true,
                         .words = {logging::level_names.begin(), logging::level_names.end()}}},
         .body = admin_body::json,
         .answers = {{200, "The level.", "LogLevel"}, {415, "Not application/json.", "Error"}},
         .answer = put_log_level},
    };
}

} // namespace web
