// The table of the admin API.
#include "web/admin_api.hpp"

#include "web/admin_connections.hpp"
#include "web/admin_openapi.hpp"
#include "web/admin_primer.hpp"
#include "web/admin_skills.hpp"

#include <limits>

namespace web {

namespace {

using location = admin_parameter::location;
using type = admin_parameter::type;

constexpr auto any_number = std::numeric_limits<std::int64_t>::max();

admin_parameter connection_id() {
    return {.name = "id", .in = location::path, .is = type::uuid, .meaning = "of the connection"};
}

admin_parameter skill_name() {
    return {.name = "name", .in = location::path, .meaning = "of the skill", .most = 64};
}

admin_parameter earlier_version() {
    return {.name = "version",
            .in = location::body,
            .is = type::whole,
            .meaning = "the number of the version to go back to",
            .required = true,
            .most = any_number};
}

constexpr admin_answer no_skill{404, "No such skill is uploaded.", "Error"};
constexpr admin_answer other_skill{412, "The skill is not the one that If-Match names.", "Error"};
constexpr admin_answer no_connection{404, "No such connection.", "Error"};
constexpr admin_answer no_version{404, "That version is not kept.", "Error"};
constexpr admin_answer changed{412, "The primer is not the one that If-Match names.", "Error"};

std::vector<admin_operation> build() {
    return {
        {.id = "index",
         .method = "GET",
         .path = "/admin",
         .summary = "List these endpoints",
         .answers = {{200, "All of them.", "Index"}},
         .answer = get_admin_index},
        {.id = "openapi",
         .method = "GET",
         .path = "/admin/openapi.json",
         .summary = "This document",
         .answers = {{200, "OpenAPI 3.1.", "Document"}},
         .answer = get_admin_openapi},
        {.id = "read_primer",
         .method = "GET",
         .path = "/admin/primer",
         .summary = "Read the primer that was uploaded; If-None-Match is honoured",
         .answers = {{200, "The primer, with its ETag.", "", "text/markdown"},
                     {304, "It is the one that If-None-Match names.", "", ""},
                     {404, "None was uploaded; the bundled one is in use.", "Error"}},
         .answer = get_primer},
        {.id = "write_primer",
         .method = "PUT",
         .path = "/admin/primer",
         .summary = "Upload the primer that every connection reads; If-Match is honoured, and "
                    "If-None-Match: *",
         .body = admin_body::markdown,
         .answers = {{200, "Stored; ETag names it.", "Done"},
                     changed,
                     {413, "More than 100,000 bytes.", "Error"},
                     {415, "Neither text/markdown nor text/plain.", "Error"}},
         .answer = put_primer},
        {.id = "lint_primer",
         .method = "POST",
         .path = "/admin/primer/lint",
         .summary = "Find what is probably wrong in a primer, by the data models that are kept; "
                    "nothing is stored",
         .body = admin_body::markdown,
         .answers = {{200, "What was found.", "PrimerFindings"},
                     {413, "More than 100,000 bytes.", "Error"},
                     {415, "Neither text/markdown nor text/plain.", "Error"}},
         .answer = lint_primer},
        {.id = "clear_primer",
         .method = "DELETE",
         .path = "/admin/primer",
         .summary = "Go back to the bundled primer; If-Match is honoured",
         .answers = {{200, "Done, also when none was uploaded.", "Done"}, changed},
         .answer = delete_primer},
        {.id = "list_primers",
         .method = "GET",
         .path = "/admin/primer/history",
         .summary = "List the primer's last ten versions, the newest first",
         .answers = {{200, "The versions that are kept.", "PrimerHistory"}},
         .answer = get_primer_history},
        {.id = "read_primer_version",
         .method = "GET",
         .path = "/admin/primer/history/{version}",
         .summary = "Read one of them",
         .parameters = {{.name = "version",
                         .in = location::path,
                         .is = type::whole,
                         .meaning = "its number",
                         .most = any_number}},
         .answers = {{200, "Its text, with its ETag.", "", "text/markdown"}, no_version},
         .answer = get_primer_version},
        {.id = "roll_back_primer",
         .method = "POST",
         .path = "/admin/primer/rollback",
         .summary = "Take an earlier version back into use, as a new version; If-Match is honoured",
         .parameters = {earlier_version()},
         .body = admin_body::json,
         .answers = {{200, "The new version.", "PrimerVersion"},
                     no_version,
                     changed,
                     {415, "Not application/json.", "Error"}},
         .answer = roll_back_primer},
        {.id = "list_skills",
         .method = "GET",
         .path = "/admin/skills",
         .summary = "List the skills that were uploaded",
         .answers = {{200, "All of them.", "Skills"}},
         .answer = list_skills},
        {.id = "read_skill",
         .method = "GET",
         .path = "/admin/skills/{name}",
         .summary = "Read a skill's files; If-None-Match is honoured",
         .parameters = {skill_name(),
                        {.name = "version",
                         .is = type::whole,
                         .meaning = "an earlier one that is kept",
                         .most = any_number}},
         .answers = {{200, "Its files, with its ETag.", "SkillText"},
                     {304, "It is the one that If-None-Match names.", "", ""},
                     no_skill},
         .answer = get_skill},
        {.id = "write_skill",
         .method = "PUT",
         .path = "/admin/skills/{name}",
         .summary = "Upload a skill, its files or its SKILL.md alone, in place of the one that is "
                    "there; If-Match is honoured, and If-None-Match: *",
         .parameters = {skill_name()},
         .body = admin_body::skill,
         .answers = {{200, "Stored; ETag names it.", "Skill"},
                     other_skill,
                     {413, "More than 32 files, 100,000 bytes or 32 skills.", "Error"},
                     {415, "Neither application/json nor text/markdown nor text/plain.", "Error"}},
         .answer = put_skill},
        {.id = "remove_skill",
         .method = "DELETE",
         .path = "/admin/skills/{name}",
         .summary = "Remove a skill; a bundled one of its name is back; If-Match is honoured",
         .parameters = {skill_name()},
         .answers = {{200, "Done, also when there was none.", "Done"}, other_skill},
         .answer = delete_skill},
        {.id = "list_skill_versions",
         .method = "GET",
         .path = "/admin/skills/{name}/history",
         .summary = "List a skill's last ten versions, the newest first",
         .parameters = {skill_name()},
         .answers = {{200, "The versions that are kept.", "SkillHistory"}},
         .answer = get_skill_history},
        {.id = "roll_back_skill",
         .method = "POST",
         .path = "/admin/skills/{name}/rollback",
         .summary = "Take an earlier version back into use, as a new version; If-Match is honoured",
         .parameters = {skill_name(), earlier_version()},
         .body = admin_body::json,
         .answers = {{200, "The new version.", "SkillVersion"},
                     no_version,
                     other_skill,
                     {415, "Not application/json.", "Error"}},
         .answer = roll_back_skill},
        {.id = "list_connections",
         .method = "GET",
         .path = "/admin/connections",
         .summary = "Find connections, the newest first",
         .parameters =
             {{.name = "client",
               .meaning = "in the client's name or address, the redirect URI or the label"},
              {.name = "mode",
               .is = type::word,
               .meaning = "what it may do",
               .words = {"read", "write"}},
              {.name = "object", .meaning = "nameSingular of an object that it may reach"},
              {.name = "key", .meaning = "of this API key, as the list names it", .most = 64},
              {.name = "unused_since",
               .is = type::time,
               .meaning = "its client has not fetched tokens since then"},
              {.name = "limit", .is = type::whole, .meaning = "of a page; 50", .most = 200},
              {.name = "cursor", .meaning = "next_cursor of the page before", .most = 128}},
         .answers = {{200, "A page of them.", "Connections"}},
         .answer = list_connections},
        {.id = "revoke_connections",
         .method = "POST",
         .path = "/admin/connections/revoke",
         .summary = "End all connections of a key, of a client, or all; exactly one is to be named",
         .parameters =
             {{.name = "key",
               .in = location::body,
               .meaning = "those of this API key, as the list names it",
               .most = 64},
              {.name = "client_id",
               .in = location::body,
               .meaning = "those of this client",
               .most = 8192},
              {.name = "all", .in = location::body, .is = type::yes, .meaning = "everybody's"}},
         .body = admin_body::json,
         .answers = {{200, "How many ended; their sessions and streams are closed.", "Count"},
                     {415, "Not application/json.", "Error"}},
         .answer = revoke_connections},
        {.id = "read_connection",
         .method = "GET",
         .path = "/admin/connections/{id}",
         .summary = "Look at one connection",
         .parameters = {connection_id()},
         .answers = {{200, "The connection.", "Connection"}, no_connection},
         .answer = get_connection},
        {.id = "revoke_connection",
         .method = "DELETE",
         .path = "/admin/connections/{id}",
         .summary = "End one connection",
         .parameters = {connection_id()},
         .answers = {{200, "It has ended; its sessions and streams are closed.", "Count"},
                     no_connection},
         .answer = delete_connection},
    };
}

} // namespace

const std::vector<admin_operation>& admin_operations() {
    static const auto table = [] {
        auto all = build();
        for (auto& row : server_operations())
            all.push_back(std::move(row));
        return all;
    }();
    return table;
}

} // namespace web
