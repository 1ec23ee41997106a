// The thin place between us and CAF 0.17: its headers, which types may travel in messages, and
// the few helpers that all actors share. Nothing else of CAF is used than what is used here
// and in the actors' behaviours, so that a newer CAF has one door to come in by.
#pragma once

#include "actors/errors.hpp"
#include "actors/interfaces.hpp"
#include "base/log.hpp"

#include <caf/all.hpp>
#include <memory>
#include <utility>

// Messages stay inside this process: none has an inspect(), so none can be serialised or
// printed. Threat: a token in a CAF log line. Defence: it prints as "<unprintable>".
#define TRAVELS(...) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(__VA_ARGS__)

TRAVELS(::done)
TRAVELS(::error)
TRAVELS(::secret)
TRAVELS(oauth::token_pair)
TRAVELS(oauth::opened_grant)
TRAVELS(std::vector<oauth::grant_summary>)
TRAVELS(std::vector<std::string>)
TRAVELS(std::optional<std::string>)
TRAVELS(std::optional<stored::primer_record>)
TRAVELS(std::optional<stored::session_record>)
TRAVELS(stored::primer_record)
TRAVELS(stored::primer_version)
TRAVELS(std::vector<stored::primer_version>)
TRAVELS(stored::grant_page)
TRAVELS(std::vector<stored::key_use>)
TRAVELS(std::vector<stored::audit_row>)
TRAVELS(twenty::response)
TRAVELS(twenty::schema_ptr)

TRAVELS(actors::mcp_call)
TRAVELS(actors::mcp_reply)
TRAVELS(actors::open_stream)
TRAVELS(actors::end_session)
TRAVELS(actors::check_token)
TRAVELS(actors::check_key)
TRAVELS(actors::checked_key)
TRAVELS(actors::create_grant)
TRAVELS(actors::redeem_code)
TRAVELS(actors::refresh_token)
TRAVELS(actors::revoke_token)
TRAVELS(actors::list_grants)
TRAVELS(actors::end_grants)
TRAVELS(actors::read_primer)
TRAVELS(actors::write_primer)
TRAVELS(actors::clear_primer)
TRAVELS(actors::roll_back_primer)
TRAVELS(actors::list_primers)
TRAVELS(actors::find_grants)
TRAVELS(actors::end_chosen)
TRAVELS(actors::list_keys)
TRAVELS(actors::note_audit)
TRAVELS(actors::read_audit)
TRAVELS(actors::drop_schemas)
TRAVELS(actors::get_status)
TRAVELS(actors::status)

TRAVELS(actors::open_token)
TRAVELS(actors::end_token)
TRAVELS(actors::end_grant)
TRAVELS(actors::save_session)
TRAVELS(actors::load_session)
TRAVELS(actors::erase_session)
TRAVELS(actors::check_store)
TRAVELS(actors::flush_writes)
TRAVELS(actors::grants_ended)
TRAVELS(actors::sweep_expired)
TRAVELS(actors::twenty_call)
TRAVELS(actors::cancel_call)
TRAVELS(actors::exchange_done)
TRAVELS(actors::pool_tick)
TRAVELS(actors::get_schema)
TRAVELS(actors::check_expired)
TRAVELS(actors::session_call)
TRAVELS(actors::passivate)
TRAVELS(actors::drop_session)
TRAVELS(actors::session_stillborn)
TRAVELS(actors::session_stream)
TRAVELS(actors::outlet_ended)
TRAVELS(actors::ask_expired)
TRAVELS(actors::call_resumes)
TRAVELS(actors::things_changed)
TRAVELS(actors::upstream_key_seen)
TRAVELS(actors::sessions_tick)

#undef TRAVELS

namespace actors {

using self_ptr = caf::event_based_actor*;

// An answer that is owed. A promise of CAF that is dropped never answers and its asker waits
// for ever; this one answers errc::unavailable when it dies unanswered.
class owed {
  public:
    // Takes over the answer to the message that `self` is handling.
    explicit owed(self_ptr self) : promise_(self->make_response_promise()) {}
    owed(owed&& other) noexcept : promise_(std::move(other.promise_)) {}
    owed& operator=(owed&& other) noexcept {
        std::swap(promise_, other.promise_);
        return *this;
    }
    ~owed() {
        if (promise_.pending()) promise_.deliver(to_caf(unavailable()));
    }

    template <class T> void answer(T value) { promise_.deliver(std::move(value)); }
    void answer(error failure) { promise_.deliver(to_caf(std::move(failure))); }
    template <class T> void answer(result<T> outcome) {
        if (outcome)
            answer(std::move(outcome).value());
        else
            answer(std::move(outcome).failure());
    }
    // `to` answers in our place.
    template <class Message> void delegate(const caf::actor& to, Message message) {
        promise_.delegate(to, std::move(message));
    }

  private:
    caf::response_promise promise_;
};

// Asks `to` and calls `then(result<Message::reply>)` inside `self`; never, once self has
// ended. Without a time limit: deadlines stand at the edges (CAF 0.17 keeps the timer of
// every answered request).
template <class Message, class Then>
void ask(self_ptr self, const caf::actor& to, Message message, Then then) {
    using reply = typename Message::reply;
    auto shared = std::make_shared<Then>(std::move(then));
    self->request(to, caf::infinite, std::move(message))
        .then([shared](reply& value) { (*shared)(result<reply>(std::move(value))); },
              [shared](caf::error& e) { (*shared)(result<reply>(from_caf(e))); });
}

// -- Actors as classes -------------------------------------------------------------------------

// The logic of an actor is a class with `static constexpr const char* name`, a constructor
// (self, …) and `caf::behavior behavior()`. It dies when the actor ends, not when its last
// handle goes, which breaks the cycles of promises.
template <class Logic> struct holder {
    static constexpr const char* name = Logic::name;
    std::unique_ptr<Logic> logic;
};

template <class Logic, class... Args>
caf::behavior run_actor(caf::stateful_actor<holder<Logic>>* self, Args... args) {
    self->set_default_handler(caf::drop);
    // Exceptions mean a bug or an exhausted machine: the actor ends, its supervisor decides.
    self->set_exception_handler([self](std::exception_ptr& failure) -> caf::error {
        std::string what = "unknown";
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            what = e.what();
        } catch (...) {
        }
        logging::event(logging::level::error, "actor_failed",
                       {{"actor", self->name()}, {"what", what}});
        return caf::sec::runtime_error;
    });
    self->state.logic = std::make_unique<Logic>(self, std::move(args)...);
    return self->state.logic->behavior();
}

// `spawner` is an actor or the actor_system.
template <class Logic, caf::spawn_options Options = caf::no_spawn_options, class Spawner,
          class... Args>
caf::actor start(Spawner& spawner, Args... args) {
    return spawner.template spawn<Options>(run_actor<Logic, Args...>, std::move(args)...);
}

} // namespace actors
