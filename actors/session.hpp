// One MCP session: what was negotiated, the calls that run in it and the streams that its
// client reads. Several calls run at a time, each its own coroutine; the actor performs what a
// coroutine asks for (Twenty, schema, primer, the client) and resumes it with the answer, so
// tools never see an actor and never run at once with another. It holds nothing that the store
// cannot give back: idle sessions end and return on their next message. Grants without a session
// id have one of these for all of their calls.
#pragma once

#include "actors/caf.hpp"
#include "actors/session_streams.hpp"
#include "actors/settings.hpp"
#include "mcp/server.hpp"
#include "mcp/session_memory.hpp"
#include "mcp/tasks.hpp"

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
    secret state_key; // seals requestState
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
    std::shared_ptr<std::size_t> streams; // connected ones, for the session table
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
        deadline until; // from its arrival: who waits too long is told so and never run
        waiting(session_call c, owed p, deadline d)
            : call(std::move(c)), promise(std::move(p)), until(d) {}
    };
    // One POST. Batches run their messages one after the other.
    struct running final : mcp::outbound {
        session_logic& session;
        std::uint64_t number;
        std::optional<owed> promise; // empty once the answer has begun as a stream
        access_ptr who;
        mcp::classified message;
        std::size_t next = 0; // index of the message after the one that runs
        deadline until;
        outlet_ptr out;                     // until its stream begins
        session_streams::number stream = 0; // 0: none has begun
        mcp::call_context context;          // outlives `task`
        std::optional<mcp::run<mcp::answer>> task;
        mcp::answer last;
        std::vector<std::string> bodies;
        mcp_reply reply;         // its log fields; the rest comes with the answer
        std::uint64_t waits = 0; // counts pauses, patience and rounds of questions
        bool patient = false;    // the schema is waited for, no longer than `waits` says
        json::object answers;    // to the questions of this round
        std::size_t open_questions = 0;
        std::string task_id;       // of a call that became a task
        bool asking = false;       // waits for its person, and leaves its place to others
        bool heavy = true;         // counts among those that may ask Twenty
        bool edited = false;       // has changed the subscriptions
        bool unanswerable = false; // the server stops: no answer can reach it any more

        running(session_logic& s, std::uint64_t n, waiting w);
        void notify(std::string text) override;
        void announce(const mcp::change& what) override;
        void hang_up() override;
    };
    struct question {
        std::uint64_t call;
        std::string key;
    };
    struct listener {
        std::string id; // raw, of the listen request
        mcp::interest wants;
    };
    struct opening {
        session_stream request;
        owed promise;
        opening(session_stream r, owed p) : request(std::move(r)), promise(std::move(p)) {}
    };

    // session.cpp: life, and what waits for its turn
    void load();
    void loaded(result<std::optional<stored::session_record>> row);
    void accept(session_call& call);
    void accept_stream(session_stream& request);
    void open_waiting();
    void start_waiting();
    [[nodiscard]] bool may_start(const waiting& w) const;
    void start(waiting w);
    void drop(const mcp_reply& last_words);
    void passivate_now();
    void end_if_done();

    // session_calls.cpp: running calls
    void begin_next(running& r);
    void drive(std::uint64_t number);
    void collect(running& r);
    void finish(std::uint64_t number);
    void answer(running& r);
    void apply(running& r);
    void save(std::unique_ptr<running> r);
    void not_saved(running& r, const error& why);
    void refuse_initialize();
    void take_back(const mcp::incoming& notification);
    void abandon(std::uint64_t number);
    void perform(std::uint64_t number, mcp::need what);
    void perform(std::uint64_t number, mcp::need_twenty what);
    void perform(std::uint64_t number, const mcp::need_schema& what);
    void perform(std::uint64_t number, const mcp::need_primer& what);
    void perform(std::uint64_t number, mcp::need_input what);
    void perform(std::uint64_t number, const mcp::need_pause& what);
    void perform(std::uint64_t number, const mcp::need_task& what);
    void perform(std::uint64_t number, const mcp::need_task_record& what);
    template <class T> void resume(std::uint64_t number, result<T> with);
    void wait_is_over(const call_resumes& m);
    void watch_key(key_verdict how);
    [[nodiscard]] running* find(std::uint64_t number);

    // session_tasks.cpp
    void end_task(running& r, mcp::task_record::state how);
    void forget_tasks();
    void ask_through_task(running& r, mcp::need_input what);

    // session_talk.cpp: streams, questions to the client, subscriptions
    std::function<void(outlet::ending)> teller(std::uint64_t call, session_streams::number stream);
    bool begin_stream(running& r);
    void answered(mcp::incoming& response);
    void questions_done(std::uint64_t number, result<json::value> with);
    void forget_questions(running& r);
    void give_up_questions(const std::vector<std::uint64_t>& calls);
    void begin_listening(std::unique_ptr<running> r);
    void catch_up();
    void end_listens();
    void ended(const outlet_ended& m);
    void wind_down(session_streams::number stream);
    void changed(const things_changed& m);

    self_ptr self_;
    settings_ptr settings_;
    session_peers peers_;
    session_origin origin_;
    mcp::session_state negotiated_;
    std::vector<std::string> subscriptions_; // resources/subscribe
    mcp::session_memory learnt_;
    std::string workspace_; // of the grant, once a call said so
    enum class memory { unknown, asked, known } memory_ = memory::known; // what was negotiated
    std::size_t saving_ = 0; // answers that wait for COMMIT
    bool ended_ = false;     // by DELETE, long ago
    bool leaving_ = false;   // told to passivate
    std::uint64_t last_number_ = 0;
    std::size_t heavy_ = 0; // running calls that may ask Twenty
    std::unordered_map<std::uint64_t, std::unique_ptr<running>> running_;
    std::deque<waiting> waiting_;
    std::vector<opening> opening_;
    session_streams streams_;
    std::unordered_map<std::string, question> questions_; // by the raw id of our request
    std::unordered_map<session_streams::number, listener> listeners_;
    struct task {
        mcp::task_record record;
        std::uint64_t call = 0;
        deadline keep_until;
    };
    std::unordered_map<std::string, task> tasks_;
};

template <class T> void session_logic::resume(std::uint64_t number, result<T> with) {
    running* r = find(number);
    if (!r) return; // cancelled meanwhile
    r->task->resume(mcp::reply(std::move(with)));
    drive(number);
}

// The answer to a token that opens nothing (any more).
mcp_reply unauthenticated();
// The answer to a session id that is unknown, ended or of another grant.
mcp_reply session_not_found(const mcp::classified& message);

} // namespace actors
