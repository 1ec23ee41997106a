// Every message that HTTP may send to the actors, with its reply. Plain structs: no CAF here,
// so http/ never includes it. Each message names its home, the actor that answers it, and its
// reply: the answer to `bridge.ask(m)` is a result<M::reply>. A new one also stands in the list at
// the end. Messages have no inspect(): CAF cannot print them, secrets stay unprinted.
#pragma once

#include "actors/actor.hpp"
#include "actors/admin_messages.hpp"
#include "actors/approval_messages.hpp"
#include "actors/outlet.hpp"
#include "actors/replies.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/trace_context.hpp"
#include "mcp/server.hpp"
#include "oauth/types.hpp"
#include "stored/change.hpp"
#include "stored/upload.hpp"
#include "twenty/connection.hpp"
#include "twenty/transport.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace actors {

// -- MCP -------------------------------------------------------------------------------------

// One POST /mcp. `message` was parsed before; its refusal counts only once the token is good
// (a 401 wins over a 400).
struct mcp_call {
    static constexpr auto home = actor::sessions;
    using reply = mcp_reply;
    secret access_token;
    std::string session_id; // Mcp-Session-Id, empty when absent
    std::variant<mcp::classified, mcp::refusal> message;
    std::string protocol_version; // header, empty when absent
    outlet_ptr out;               // null: nobody can be sent anything, nor leave
    std::string request_id;       // for the log
    std::shared_ptr<const trace::context>
        trace; // the header's; the message may have one of its own

    mcp_call(secret token, std::string session, std::variant<mcp::classified, mcp::refusal> m,
             std::string version)
        : access_token(std::move(token)), session_id(std::move(session)), message(std::move(m)),
          protocol_version(std::move(version)) {}
};

// GET /mcp: the session's own stream, or the rest of one that broke off.
struct open_stream {
    static constexpr auto home = actor::sessions;
    using reply = mcp_reply;
    secret access_token;
    std::string session_id;
    std::string last_event_id; // empty: nothing to resume
    outlet_ptr out;

    open_stream(secret token, std::string session, std::string last_event, outlet_ptr o)
        : access_token(std::move(token)), session_id(std::move(session)),
          last_event_id(std::move(last_event)), out(std::move(o)) {}
};

// DELETE /mcp.
struct end_session {
    static constexpr auto home = actor::sessions;
    using reply = mcp_reply;
    secret access_token;
    std::string session_id;

    end_session(secret token, std::string session)
        : access_token(std::move(token)), session_id(std::move(session)) {}
};

// Is this access token good? For paths that need only the yes or no.
struct check_token {
    static constexpr auto home = actor::sessions;
    using reply = done;
    secret access_token;
    explicit check_token(secret token) : access_token(std::move(token)) {}
};

// -- Consent and tokens -----------------------------------------------------------------------

// Asks Twenty whether the key is good (currentWorkspace) and for the workspace's schema.
struct check_key {
    static constexpr auto home = actor::checks;
    using reply = checked_key;
    secret api_key;
    explicit check_key(secret key) : api_key(std::move(key)) {}
};
struct create_grant {
    static constexpr auto home = actor::store;
    using reply = secret; // the authorization code
    oauth::new_grant grant;
    explicit create_grant(oauth::new_grant g) : grant(std::move(g)) {}
};
struct redeem_code {
    static constexpr auto home = actor::store;
    using reply = oauth::token_pair;
    oauth::code_exchange exchange;
    explicit redeem_code(oauth::code_exchange e) : exchange(std::move(e)) {}
};
struct refresh_token {
    static constexpr auto home = actor::store;
    using reply = oauth::token_pair;
    oauth::refresh_exchange exchange;
    explicit refresh_token(oauth::refresh_exchange e) : exchange(std::move(e)) {}
};
struct revoke_token {
    static constexpr auto home = actor::sessions;
    using reply = done;
    oauth::token_revocation revocation;
    explicit revoke_token(oauth::token_revocation r) : revocation(std::move(r)) {}
};

// What one person connected, by the fingerprint of the API key.
struct list_grants {
    static constexpr auto home = actor::store;
    using reply = std::vector<oauth::grant_summary>;
    std::string fingerprint;
    explicit list_grants(std::string key) : fingerprint(std::move(key)) {}
};
struct end_grants {
    static constexpr auto home = actor::store;
    using reply = std::vector<std::string>; // their ids
    std::string fingerprint;
    std::string id; // empty: all
    end_grants(std::string key, std::string one)
        : fingerprint(std::move(key)), id(std::move(one)) {}
};

// A call of a tool by the person themselves, at a page of this server that was shown the API key of
// the connection `grant_id`; whoever sends this has made sure that it is one of that key. The call
// is the connection's, but for what its person chose for the model.
struct person_call {
    static constexpr auto home = actor::sessions;
    using reply = mcp_reply;
    std::string grant_id;
    std::string key_id;
    secret api_key;
    mcp::classified message;
    std::string protocol_version;
    std::string request_id; // for the log

    person_call(std::string grant, std::string key, secret api, mcp::classified m,
                std::string version)
        : grant_id(std::move(grant)), key_id(std::move(key)), api_key(std::move(api)),
          message(std::move(m)), protocol_version(std::move(version)) {}
};

// What connections may still change. Those that changed nothing in the last day are left out.
struct list_quotas {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::quota_use>;
    std::vector<std::string> grant_ids;
    explicit list_quotas(std::vector<std::string> ids) : grant_ids(std::move(ids)) {}
};

// -- Uploads and health ------------------------------------------------------------------------

// By name, as in stored/upload.
struct read_upload {
    static constexpr auto home = actor::store;
    using reply = std::optional<stored::upload_record>;
    std::string name;
    explicit read_upload(std::string_view n) : name(n) {}
};
struct list_uploads {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::upload_version>;
    std::string name;
    explicit list_uploads(std::string_view n) : name(n) {}
};
// The skills in use.
struct list_skills {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::skill_row>;
    int unused = 0;
    list_skills() {}
};
// These three: errc::conflict when the condition does not hold; errc::too_large: too many skills.
// `source` is written down.
struct write_upload {
    static constexpr auto home = actor::store;
    using reply = stored::upload_record;
    std::string name;
    std::string text;
    stored::upload_condition condition;
    std::string source;
    std::string about; // of a skill
    write_upload(std::string_view n, std::string t, stored::upload_condition c = {},
                 std::string from = {})
        : name(n), text(std::move(t)), condition(std::move(c)), source(std::move(from)) {}
};
struct clear_upload {
    static constexpr auto home = actor::store;
    using reply = bool; // was there one?
    std::string name;
    stored::upload_condition condition;
    std::string source;
    explicit clear_upload(std::string_view n, stored::upload_condition c = {},
                          std::string from = {})
        : name(n), condition(std::move(c)), source(std::move(from)) {}
};
struct roll_back_upload {
    static constexpr auto home = actor::store;
    using reply = stored::upload_version;
    std::string name;
    std::int64_t version;
    stored::upload_condition condition;
    std::string source;
    roll_back_upload(std::string_view n, std::int64_t v, stored::upload_condition c,
                     std::string from)
        : name(n), version(v), condition(std::move(c)), source(std::move(from)) {}
};
struct get_status {
    static constexpr auto home = actor::sessions;
    using reply = status;
    int unused = 0;
    get_status() {}
};

// Asks Twenty for nothing, to find out whether it is there. upstream_down, upstream_timeout, busy.
struct probe_twenty {
    static constexpr auto home = actor::sessions;
    using reply = done;
    int unused = 0;
    probe_twenty() {}
};

// The messages above and those of the administrator, once: all that must exist for each of them is
// made from this list (that it may travel, that the supervisor passes it on, that endpoints may ask
// it, that tests answer it).
#define ACTORS_QUESTIONS(EACH)                                                                     \
    EACH(mcp_call)                                                                                 \
    EACH(open_stream)                                                                              \
    EACH(end_session)                                                                              \
    EACH(check_token)                                                                              \
    EACH(check_key)                                                                                \
    EACH(create_grant)                                                                             \
    EACH(redeem_code)                                                                              \
    EACH(refresh_token)                                                                            \
    EACH(revoke_token)                                                                             \
    EACH(list_grants)                                                                              \
    EACH(end_grants)                                                                               \
    EACH(person_call)                                                                              \
    EACH(list_quotas)                                                                              \
    EACH(read_upload)                                                                              \
    EACH(write_upload)                                                                             \
    EACH(clear_upload)                                                                             \
    EACH(roll_back_upload)                                                                         \
    EACH(list_uploads)                                                                             \
    EACH(list_skills)                                                                              \
    EACH(get_status)                                                                               \
    EACH(probe_twenty)                                                                             \
    ACTORS_APPROVAL_QUESTIONS(EACH)                                                                \
    ACTORS_ADMIN_QUESTIONS(EACH)

} // namespace actors
