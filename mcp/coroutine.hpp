// Tools as sans-I/O coroutines. A tool awaits what it needs (a Twenty exchange, the schema,
// the primer, a person's answer) and reads from top to bottom; whoever runs it (a session
// actor, a unit test with recordings) performs each need and resumes it with the reply. The
// coroutine sees no socket, no actor and no clock.
//
// g++ 12: build every awaited argument in a named local first (CONTRIBUTING.md).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "mcp/approval.hpp"
#include "mcp/call_report.hpp"
#include "mcp/changes.hpp"
#include "twenty/caution.hpp"
#include "twenty/schema.hpp"
#include "twenty/transport.hpp"

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

// -- What a tool may need, and what it gets ------------------------------------------------

struct need_twenty { // reply: result<twenty::response>
    twenty::request request;
    explicit need_twenty(twenty::request r) : request(std::move(r)) {}
};
// How new a schema must be. Twenty's metadata version tells cheaply whether a copy still holds;
// servers without one are asked for the whole schema instead, for `checked` only now and then.
enum class freshness {
    cached,  // the copy at hand, perhaps an hour old
    checked, // a copy that held two seconds ago, at the longest
    changed, // the call itself changed the workspace's objects or fields: compared now
};
struct need_schema { // reply: result<twenty::schema_ptr>
    freshness wanted = freshness::cached;
    // How long the reply may take; zero: as long as the call may. errc::upstream_timeout.
    std::chrono::milliseconds patience{0};
    explicit need_schema(freshness f) : wanted(f) {}
};
struct need_primer { // reply: result<std::string>, the admin's text or the bundled one
    int unused = 0;
    need_primer() {}
};
struct need_skills { // reply: result<std::vector<std::string>>, what was written with each upload
    int unused = 0;
    need_skills() {}
};
struct need_skill { // reply: result<std::string>, the text of one; errc::not_found
    std::string name;
    explicit need_skill(std::string n) : name(std::move(n)) {}
};
// One question to the client; its answer comes back under `key`.
struct input_request {
    std::string key;
    std::string method; // elicitation/create, sampling/createMessage or roots/list
    json::value params; // an object
};
// reply: result<json::value>, an object with one result for each key. Session era only; see
// ask() in mcp/interaction.hpp.
struct need_input {
    std::vector<input_request> questions;
    explicit need_input(std::vector<input_request> q) : questions(std::move(q)) {}
};
struct need_pause { // reply: result<done>
    std::chrono::milliseconds time;
    explicit need_pause(std::chrono::milliseconds t) : time(t) {}
};
// The tasks extension (mcp/tasks.hpp): the call goes on as a task. reply: result<done>
struct need_task {
    int unused = 0;
    need_task() {}
};
// reply: result<std::string>, the result of tasks/get, update or cancel
struct need_task_record {
    enum class kind { get, update, cancel };
    kind what;
    std::string id;
    json::value responses;
    need_task_record(kind k, std::string task) : what(k), id(std::move(task)) {}
};
// The journal of changes (mcp/changes.hpp). reply: result<std::string>, the id of the change, which
// is on the disk by then; empty: the journal is switched off. errc::too_large: the body has more
// than most_change_body, or than its connection may hold, which may be less: a smaller one may fit.
// Any other failure: it could not be written down, and nothing may be sent.
struct need_change_begun {
    change_begun what;
    explicit need_change_begun(change_begun c) : what(std::move(c)) {}
};
// reply: result<done>, at once: nobody waits for the disk. An empty id is nobody's.
struct need_change_ended {
    change_ended what;
    explicit need_change_ended(change_ended c) : what(std::move(c)) {}
};
// reply: result<std::vector<change_record>>, the newest first, of this grant alone.
// errc::not_found: `before` names none; unsupported: the journal is switched off
struct need_changes {
    change_query query;
    explicit need_changes(change_query q) : query(std::move(q)) {}
};
// The person's yes to what a call is about to do, where the client cannot ask. reply:
// result<approval>. errc::unsupported: nobody can be asked here; busy: too many questions are open.
struct need_approval {
    approval_question what;
    explicit need_approval(approval_question q) : what(std::move(q)) {}
};
// How many records may still be changed. reply: result<twenty::change_quota>
struct need_quota_left {
    int unused = 0;
    need_quota_left() {}
};
using need = std::variant<need_twenty, need_schema, need_primer, need_skills, need_skill,
                          need_input, need_pause, need_task, need_task_record, need_change_begun,
                          need_change_ended, need_changes, need_approval, need_quota_left>;
using reply = std::variant<std::monostate, result<twenty::response>, result<twenty::schema_ptr>,
                           result<std::string>, result<std::vector<std::string>>,
                           result<json::value>, result<done>, result<std::vector<change_record>>,
                           result<approval>, result<twenty::change_quota>>;

struct incoming;
struct call_context;
struct change;

// What a call may send before its result. The runner implements it, for as long as the call
// runs.
class outbound {
  public:
    virtual ~outbound() = default;
    // A JSON-RPC notification on the call's own stream.
    virtual void notify(std::string message) = 0;
    // To everybody who subscribed to it.
    virtual void announce(const change& what) = 0;
    // Ends the response before its time; the client comes back for the rest (SEP-1699).
    virtual void hang_up() = 0;
};

// The slot between a suspended tool and its runner. One a run; the runner owns it.
class call_slot {
  public:
    std::optional<need> pending;
    reply answer;
    std::coroutine_handle<> waiting;

    const incoming* request = nullptr; // the message that is being handled
    const call_context* context = nullptr;
    outbound* out = nullptr; // null: nobody listens
    // 2026-07-28: what was answered in earlier rounds, and which of it was asked for.
    json::object answers;
    std::vector<std::string> answered;
    bool is_task = false; // its client was answered already
    // What this call has begun to change, as the change journal has it, and which earlier change
    // the next ones take back (empty: none).
    std::vector<own_change> changes;
    std::string undoes;
    // Set where it was judged whether the person has to be asked: how many records may be written
    // now. Nothing is written before.
    std::optional<std::int64_t> cleared;
    std::set<std::string, std::less<>> written; // ids of records that writes were begun for
    std::size_t written_unnamed = 0;            // and others, whose ids Twenty gives
    std::string approved;                       // the digest that the person has said yes to
    call_report told;                           // the tool's part of it is the tool's to fill in
};

// -- async<T>: lazily started, awaitable by another ---------------------------------------

template <class T> class [[nodiscard]] async {
  public:
    struct promise_type {
        std::optional<T> value;
        std::exception_ptr failure;
        std::coroutine_handle<> continuation = std::noop_coroutine();

        async get_return_object() {
            return async(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        struct final_awaiter {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept {
                return h.promise().continuation;
            }
            void await_resume() noexcept {}
        };
        final_awaiter final_suspend() noexcept { return {}; }
        template <class U> void return_value(U&& v) { value.emplace(std::forward<U>(v)); }
        void unhandled_exception() noexcept { failure = std::current_exception(); }
    };

    explicit async(std::coroutine_handle<promise_type> h) noexcept : handle_(h) {}
    async(async&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    async& operator=(async&& other) noexcept {
        if (this != &other) {
            if (handle_) handle_.destroy();
            handle_ = std::exchange(other.handle_, {});
        }
        return *this;
    }
    ~async() {
        if (handle_) handle_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        handle_.promise().continuation = awaiting;
        return handle_;
    }
    T await_resume() {
        if (handle_.promise().failure) std::rethrow_exception(handle_.promise().failure);
        return std::move(*handle_.promise().value);
    }

    [[nodiscard]] std::coroutine_handle<promise_type> handle() const noexcept { return handle_; }
    [[nodiscard]] bool finished() const noexcept { return handle_.done(); }
    // Only once finished.
    T take() { return await_resume(); }

  private:
    std::coroutine_handle<promise_type> handle_;
};

// -- Awaiting a need -------------------------------------------------------------------------

template <class Reply> struct need_awaiter {
    call_slot& slot;
    need what;
    need_awaiter(call_slot& s, need n) : slot(s), what(std::move(n)) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
        slot.pending.emplace(std::move(what));
        slot.waiting = h;
    }
    Reply await_resume() { return std::get<Reply>(std::exchange(slot.answer, reply{})); }
};

// -- Running -----------------------------------------------------------------------------------

// Owns the coroutine at the root and its call_slot. start() or resume() runs the coroutine to its
// next need or its end; while pending() is set the runner owes a resume(). Destroying a run that is
// suspended is how a call is cancelled.
template <class T> class run {
  public:
    // The factory gets the call_slot that the whole tree of coroutines will use.
    template <class Factory>
    explicit run(Factory make) : slot_(std::make_unique<call_slot>()), root_(make(*slot_)) {}

    void start() { root_.handle().resume(); }
    [[nodiscard]] bool finished() const noexcept { return root_.finished(); }
    void listen(outbound* out) noexcept { slot_->out = out; }
    // Moves the need out; call once for each suspension.
    need take_need() {
        need n = std::move(*slot_->pending);
        slot_->pending.reset();
        return n;
    }
    void resume(reply with) {
        slot_->answer = std::move(with);
        std::exchange(slot_->waiting, {}).resume();
    }
    T take() { return root_.take(); }
    // What is known of the call so far.
    [[nodiscard]] call_report take_told() { return std::move(slot_->told); }

  private:
    std::unique_ptr<call_slot> slot_;
    async<T> root_;
};

} // namespace mcp
