// One MCP session: what was negotiated, and the calls that run in it. Several calls run at a
// time, each its own coroutine; the actor performs what a coroutine asks for (Twenty, schema,
// primer) and resumes it with the answer, so tools never see an actor and never run at once
// with another. It holds nothing that the store cannot give back: idle sessions end and return
// on their next message. Grants without a session id have one of these for all of their calls.
#pragma once

#include "actors/caf.hpp"
#include "actors/settings.hpp"
#include "mcp/server.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace actors {

// Whom a session talks to.
struct session_peers {
    caf::actor store;
    caf::actor pool;
    caf::actor schemas;
    caf::actor_addr sessions;
};

struct session_origin {
    enum class kind {
        fresh,   // made for an `initialize` that is about to come
        rebuilt, // its id was given out before: the store knows what was negotiated
        own,     // the grant's own, for messages without a session
    };
    kind how = kind::own;
    std::string id; // empty for own
    std::string grant_id;
};

class session_logic {
  public:
    static constexpr const char* name = "session";

    session_logic(self_ptr self, settings_ptr settings, session_peers peers, session_origin origin);
    ~session_logic();
    caf::behavior behavior();

  private:
    struct waiting {
        session_call call;
        owed promise;
        waiting(session_call c, owed p) : call(std::move(c)), promise(std::move(p)) {}
    };
    // One POST. Batches run their messages one after the other.
    struct running {
        owed promise;
        access_ptr who;
        mcp::classified message;
        std::size_t next = 0; // index of the message after the one that runs
        deadline until;
        mcp::call_context context; // outlives `task`
        std::optional<mcp::run<mcp::answer>> task;
        mcp::answer last;
        std::vector<std::string> bodies;
        mcp_reply reply; // its log fields; the rest comes with the answer
        running(waiting w, deadline d);
    };

    void load();
    void loaded(result<std::optional<store::session_record>> row);
    void accept(session_call& call);
    void start_waiting();
    void start(waiting w);
    void begin_next(running& r);
    void drive(std::uint64_t number);
    void collect(running& r);
    void finish(std::uint64_t number);
    void save(owed promise, mcp_reply reply);
    void refuse_initialize();
    void take_back(const mcp::incoming& notification);
    void abandon(std::uint64_t number);
    void drop(const mcp_reply& last_words);
    void end_if_done();

    void perform(std::uint64_t number, mcp::need what);
    void perform(std::uint64_t number, mcp::need_twenty what);
    void perform(std::uint64_t number, const mcp::need_schema& what);
    void perform(std::uint64_t number, const mcp::need_primer& what);
    void perform(std::uint64_t number, const mcp::need_answer& what);
    template <class T> void resume(std::uint64_t number, result<T> with);
    void watch_key(std::string_view target, const result<twenty::response>& answer);
    [[nodiscard]] running* find(std::uint64_t number);

    self_ptr self_;
    settings_ptr settings_;
    session_peers peers_;
    session_origin origin_;
    mcp::session_state negotiated_;
    enum class memory { unknown, asked, known } memory_ = memory::known; // what was negotiated
    std::size_t saving_ = 0; // initialize answers that wait for COMMIT
    bool ended_ = false;     // by DELETE, long ago
    bool leaving_ = false;   // told to passivate
    int key_refusals_ = 0;
    std::uint64_t last_number_ = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<running>> running_;
    std::deque<waiting> waiting_;
};

// The answer to a token that opens nothing (any more).
mcp_reply unauthenticated();
// The answer to a session id that is unknown, ended or of another grant.
mcp_reply session_not_found(const mcp::classified& message);

} // namespace actors
