// One MCP session: what was negotiated, the calls that run in it and the streams that its
// client reads. Several calls run at a time, each its own coroutine; the actor performs what a
// coroutine asks for (Twenty, schema, primer, the client) and resumes it with the answer, so
// tools never see an actor and never run at once with another. It holds nothing that the store
// cannot give back: idle sessions end and return on their next message. Grants without a session
// id have one of these for all of their calls.
#pragma once

#include "actors/approvals.hpp"
#include "actors/caf.hpp"
#include "actors/call_changes.hpp"
#include "actors/call_journal.hpp"
#include "actors/call_life.hpp"
#include "actors/call_queue.hpp"
#include "actors/open_questions.hpp"
#include "actors/session_streams.hpp"
#include "actors/settings.hpp"
#include "actors/task_table.hpp"
#include "actors/write_gate.hpp"
#include "mcp/server.hpp"
#include "mcp/session_memory.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace actors {

// Whom a session talks to.
struct session_peers {
    store_handle store;
    pool_handle pool;
    schemas_handle schemas;
    address<actor::sessions> sessions;
    secret state_key;                                 // seals requestState
    std::shared_ptr<call_journal> journal = nullptr;  // null: nobody writes calls down
    std::shared_ptr<const write_gate> gate = nullptr; // null: nobody pauses writes
    std::shared_ptr<approvals> asked = nullptr;       // null: nobody can be asked
    // Names what people are asked, so that a yes to a question of an earlier process is none.
    secret question_key{crypto::random_bytes(crypto::key_bytes)};
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
    std::shared_ptr<held_calls> held;     // of all sessions; never null
    std::shared_ptr<held_calls> answers;  // of Twenty's to those calls; never null
    std::shared_ptr<std::size_t> kept;    // bytes of events, of all sessions; never null
};

class session_logic {
  public:
    static constexpr auto home = actor::session;

    session_logic(self_ptr self, settings_ptr settings, session_peers peers, session_origin origin);
    ~session_logic();
    caf::behavior behavior();

  private:
    // One POST, from its arrival to its answer. Batches run their messages one after the other.
    struct call final : mcp::outbound {
        session_logic& session;
        const std::uint64_t number;
        call_life life;
        std::optional<owed> promise; // empty once the client has got its reply
        bearer_ptr who;
        held_calls::hold held;                 // as long as anything of the call is there
        std::vector<held_calls::hold> answers; // the large ones that it got from Twenty
        mcp::classified message;
        std::string protocol_version;       // the request's header
        std::size_t next = 0;               // index of the message after the one that runs
        deadline until;                     // from its arrival
        outlet_ptr out;                     // until its stream begins
        session_streams::number stream = 0; // 0: none has begun
        mcp::call_context context;          // outlives `coroutine`
        std::optional<mcp::run<mcp::answer>> coroutine;
        std::optional<call_changes> changes; // of the message that runs; nullopt: it made none
        mcp::answer last;
        std::vector<std::string> bodies;
        mcp_reply reply;         // its log fields; the rest comes with the answer
        mcp::call_report report; // of the message that runs, or of the one that ended last
        deadline arrived;
        deadline begun; // the message that runs
        std::string request_id;
        std::shared_ptr<const trace::context> trace; // the request's
        std::optional<tracing::place> place;         // of the message that runs; nullopt: none
        std::uint64_t waits = 0; // names the present wait: a timer of an earlier one is stale
        std::string task_id;     // of a call that became a task
        // URIs whose subscription it changed, and whether there was one before.
        std::vector<std::pair<std::string, bool>> edits;

        call(session_logic& s, std::uint64_t n, session_call m, owed p, held_calls::hold h,
             deadline d);
        [[nodiscard]] mcp::call_report report_of(const mcp::incoming& m) const;
        [[nodiscard]] std::optional<tracing::place> place_of(const mcp::incoming& m) const;
        void notify(std::string text) override;
        void announce(const mcp::change& what) override;
        void hang_up() override;
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

    // session.cpp: the session's life, and the turns of its calls
    void load();
    void loaded(result<std::optional<stored::session_record>> row);
    void accept(session_call& m);
    [[nodiscard]] mcp_reply busy(const mcp::classified& message, std::string why) const;
    void start_waiting();
    void start(call& c);
    void drop(const mcp_reply& last_words);
    void passivate_now();
    void end_if_done();
    [[nodiscard]] call* find(std::uint64_t number);
    template <class Which> std::vector<std::uint64_t> calls_that(Which which) const;

    // session_calls.cpp: a call from its first message to its answer
    void prepare(call& c);
    void begin_next(call& c);
    void drive(std::uint64_t number);
    void collect(call& c);
    void apply(call& c);
    void finish(std::uint64_t number);
    void answer(call& c);
    void save(std::uint64_t number);
    void not_saved(call& c, const error& why);
    void refuse_initialize();
    std::unique_ptr<call> take_out(std::uint64_t number, call_phase next = call_phase::over);

    // session_cancel.cpp: a call that nobody wants any more
    void take_back(const mcp::incoming& notification);
    void abandon(std::uint64_t number);

    // session_reports.cpp: what is told of a call
    void tell_of(call& c, mcp::call_report told);
    void tell_of_refused(call& c, errc why);
    void tell_span(const call& c, const mcp::call_report& told) const;
    void tell_if_slow(const call& c, const mcp::call_report& told);
    void note(const call& c, const mcp::call_report& told);

    // session_needs.cpp: what the coroutines wait for
    void perform(std::uint64_t number, mcp::need what);
    void perform(std::uint64_t number, mcp::need_twenty what);
    void perform(std::uint64_t number, const mcp::need_schema& what);
    void perform(std::uint64_t number, const mcp::need_primer& what);
    void perform(std::uint64_t number, const mcp::need_skills& what);
    void perform(std::uint64_t number, const mcp::need_skill& what);
    void perform(std::uint64_t number, const mcp::need_pause& what);
    template <class T> void resume(std::uint64_t number, result<T> with);
    void wait_is_over(const call_resumes& m);
    result<twenty::response> held(call& c, result<twenty::response> answer);
    void add_wait(std::uint64_t number, deadline since);
    [[nodiscard]] std::function<std::optional<error>()> write_veto(const call& of) const;
    void watch_key(key_verdict how);

    // session_asks.cpp: questions to the client, and tasks
    void perform(std::uint64_t number, mcp::need_input what);
    void perform(std::uint64_t number, const mcp::need_task& what);
    void perform(std::uint64_t number, const mcp::need_task_record& what);
    void answered(mcp::incoming& response);
    void questions_done(std::uint64_t number, result<json::value> with);
    void take_back_questions(const call& c);
    void give_up_questions(const std::vector<std::uint64_t>& calls);
    void end_task(call& c, mcp::task_record::state how);
    void forget_tasks();

    // session_changes.cpp: the journal of changes
    void perform(std::uint64_t number, mcp::need_change_begun what);
    void perform(std::uint64_t, const mcp::need_change_ended&) {} // drive() has ended it
    bool ends_change(call& c, mcp::need& what);
    void perform(std::uint64_t number, mcp::need_approval what);
    void perform(std::uint64_t number, const mcp::need_quota_left&);
    [[nodiscard]] twenty::caution caution_of(const call& c) const;
    void add_caution(call& c) const; // to its context
    void perform(std::uint64_t number, mcp::need_changes what);
    [[nodiscard]] call_changes& changes_of(call& c);

    // session_talk.cpp: streams and subscriptions
    void accept_stream(session_stream& request);
    void open_waiting();
    std::function<void(outlet::ending)> teller(std::uint64_t call, session_streams::number stream);
    bool begin_stream(call& c);
    void begin_listening(call& c);
    void catch_up();
    void end_listens();
    void ended(const outlet_ended& m);
    void wind_down(session_streams::number stream);
    void changed(const session_news& m);

    // What this session knows of what was negotiated under its id.
    //
    //     unknown ──▶ asked ──▶ known
    //        ▲          │ ├───▶ erased    by DELETE, long ago: no call finds it
    //        └──────────┘                 the store failed: the next call asks again
    //
    // A fresh session and a grant's own begin as `known`. Calls start and streams open in `known`
    // alone; in `erased` they are told so.
    enum class memory { unknown, asked, known, erased };

    self_of<home> self_;
    settings_ptr settings_;
    session_peers peers_;
    session_origin origin_;
    mcp::session_state negotiated_;
    std::vector<std::string> subscriptions_; // resources/subscribe
    mcp::session_memory learnt_;
    std::string holder_;    // of the API key (actors/lane); empty: no call has come yet
    std::string workspace_; // of the grant, once a call said so
    memory memory_ = memory::known;
    // Told to passivate: nobody is asked any more, and the actor ends with its last call. Calls
    // that were delegated to it before still come, and run.
    bool leaving_ = false;
    std::uint64_t last_number_ = 0;
    // Every call that is not over, but for those in call_phase::saving: they belong to their
    // question to the store, and `saving_` counts them.
    std::unordered_map<std::uint64_t, std::unique_ptr<call>> calls_;
    std::size_t saving_ = 0;
    call_queue queue_;
    open_questions questions_;
    task_table tasks_;
    std::vector<opening> opening_;
    session_streams streams_;
    std::unordered_map<session_streams::number, listener> listeners_;
};

template <class Which> std::vector<std::uint64_t> session_logic::calls_that(Which which) const {
    std::vector<std::uint64_t> out;
    for (const auto& [number, c] : calls_)
        if (which(*c)) out.push_back(number);
    return out;
}

template <class T> void session_logic::resume(std::uint64_t number, result<T> with) {
    call* c = find(number);
    if (!c) return; // cancelled meanwhile
    if (c->life.phase() != call_phase::running) c->life.enter(call_phase::running);
    c->coroutine->resume(mcp::reply(std::move(with)));
    drive(number);
}

// The answer to a token that opens nothing (any more).
mcp_reply unauthenticated();
// The answer to a session id that is unknown, ended or of another grant.
mcp_reply session_not_found(const mcp::classified& message);

} // namespace actors
