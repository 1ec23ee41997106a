// The messages that `sessions` and its session actors send to each other and to themselves, beside
// those of interfaces.hpp, which includes this file. Their form and their rules are the same.
#pragma once

#include "actors/bearer.hpp"
#include "actors/messages.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace actors {

// sessions → session: one POST of a grant that was opened.
struct session_call {
    static constexpr auto home = actor::session;
    using reply = mcp_reply;
    bearer_ptr who;
    mcp::classified message;
    std::string protocol_version;
    outlet_ptr out;
    std::string request_id;
    std::shared_ptr<const trace::context> trace;
    session_call(bearer_ptr a, mcp::classified m, std::string version, outlet_ptr o)
        : who(std::move(a)), message(std::move(m)), protocol_version(std::move(version)),
          out(std::move(o)) {}
};
// sessions → session: GET of a grant that was opened.
struct session_stream {
    static constexpr auto home = actor::session;
    using reply = mcp_reply;
    bearer_ptr who;
    std::string last_event_id;
    outlet_ptr out;
    session_stream(bearer_ptr a, std::string last_event, outlet_ptr o)
        : who(std::move(a)), last_event_id(std::move(last_event)), out(std::move(o)) {}
};
// outlet → its session: the other side ended the stream (or, without a stream yet, the call).
struct outlet_ended {
    static constexpr auto home = actor::session;
    std::uint64_t call = 0;   // 0: none
    std::uint64_t stream = 0; // session_streams::number
    std::uint64_t reader = 0; // whose end it is: meanwhile there may be another
    outlet::ending why = outlet::ending::gone;
};
// session → itself: nobody answered the questions of this round.
struct ask_expired {
    static constexpr auto home = actor::session;
    std::uint64_t call = 0;
    std::uint64_t round = 0;
};
// session → itself: a pause, or the patience for a schema, is over.
struct call_resumes {
    static constexpr auto home = actor::session;
    std::uint64_t call = 0;
    std::uint64_t wait = 0;
};
// sessions → session: its part of things_changed.
struct session_news {
    static constexpr auto home = actor::session;
    std::string workspace_id; // empty: all of them
    mcp::change what;
};
// sessions → session: finish what runs, then end. No new call is routed to it afterwards.
struct passivate {
    static constexpr auto home = actor::session;
};
// sessions → session: answer everything open with this, then end.
struct drop_session {
    static constexpr auto home = actor::session;
    using reply = done;
    mcp_reply last_words;
    explicit drop_session(mcp_reply r) : last_words(std::move(r)) {}
};
// session → sessions: initialize failed, the id was never given out.
struct session_stillborn {
    static constexpr auto home = actor::sessions;
    std::string id;
};
// session → sessions
struct upstream_key_seen {
    static constexpr auto home = actor::sessions;
    std::string grant_id;
    key_verdict how = key_verdict::accepted;
};
// session → sessions: a call waits to be written down, and nobody has said so yet.
struct calls_wait {
    static constexpr auto home = actor::sessions;
};
// sessions → itself: the calls that wait have waited long enough.
struct flush_calls {
    static constexpr auto home = actor::sessions;
};
// sessions → itself: the database could not say what is paused.
struct pauses_unknown {
    static constexpr auto home = actor::sessions;
};
// sessions → itself, every minute: passivate the idle, forget old tokens.
struct sessions_tick {
    static constexpr auto home = actor::sessions;
};

// The messages above, once; interfaces.hpp has them in its list.
#define ACTORS_SESSION_MESSAGES(EACH)                                                              \
    EACH(session_call)                                                                             \
    EACH(session_stream)                                                                           \
    EACH(outlet_ended)                                                                             \
    EACH(ask_expired)                                                                              \
    EACH(call_resumes)                                                                             \
    EACH(session_news)                                                                             \
    EACH(passivate)                                                                                \
    EACH(drop_session)                                                                             \
    EACH(session_stillborn)                                                                        \
    EACH(upstream_key_seen)                                                                        \
    EACH(calls_wait)                                                                               \
    EACH(flush_calls)                                                                              \
    EACH(pauses_unknown)                                                                           \
    EACH(sessions_tick)

} // namespace actors
