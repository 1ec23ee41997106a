// The thin place between us and CAF 0.17: its headers, which types may travel in messages, and
// the few helpers that all actors share. Nothing else of CAF is used than what is used here
// and in the actors' behaviours, so that a newer CAF has one door to come in by.
#pragma once

#include "actors/errors.hpp"
#include "actors/typed.hpp"
#include "base/log.hpp"

#include <caf/all.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

// Messages stay inside this process: none has an inspect(), so none can be serialised or
// printed. Threat: a token in a CAF log line. Defence: it prints as "<unprintable>".
template <class T>
requires actors::message<T> || actors::answer<T>
struct caf::allowed_unsafe_message_type<T> : std::true_type {
};

namespace actors {

using self_ptr = caf::event_based_actor*;

// -- Who is told or asked ----------------------------------------------------------------------

// An actor that takes the messages which live in it, and no other: what is told to the wrong one
// does not compile.
template <actor Home> class handle {
  public:
    handle() = default; // nobody; check before use, what is told to nobody is lost
    explicit handle(caf::actor a) : actor_(std::move(a)) {}
    explicit operator bool() const noexcept { return static_cast<bool>(actor_); }
    // To end it, watch it or find it in a table; not to send by.
    [[nodiscard]] const caf::actor& untyped() const noexcept { return actor_; }

  private:
    caf::actor actor_;
};
using store_handle = handle<actor::store>;
using pool_handle = handle<actor::pool>;
using schemas_handle = handle<actor::schemas>;
using sessions_handle = handle<actor::sessions>;
using session_handle = handle<actor::session>;
using supervisor_handle = handle<actor::supervisor>;

// Knows an actor without keeping it alive.
template <actor Home> class address {
  public:
    address() = default;
    explicit address(self_ptr self) : address_(caf::actor_cast<caf::actor_addr>(self)) {}
    // Nobody, once it has ended.
    [[nodiscard]] handle<Home> find() const {
        return handle<Home>(caf::actor_cast<caf::actor>(address_));
    }

  private:
    caf::actor_addr address_;
};

// The actor that a logic runs in.
template <actor Home> class self_of {
  public:
    explicit self_of(self_ptr self) : self_(self) {}
    operator self_ptr() const noexcept { return self_; } // as CAF and the functions below want it
    self_ptr operator->() const noexcept { return self_; }

  private:
    self_ptr self_;
};

// Tells without an answer. Nothing happens when `to` is nobody or has ended.
template <actor Home, lives_in<Home> Message>
requires(!asked<Message>) void tell(const handle<Home>& to, Message message) {
    caf::anon_send(to.untyped(), std::move(message));
}
template <actor Home, lives_in<Home> Message>
requires(!asked<Message>) void tell(const address<Home>& to, Message message) {
    tell(to.find(), std::move(message));
}
// The actor tells itself, now or later.
template <actor Home, lives_in<Home> Message>
requires(!asked<Message>) void tell(self_of<Home> self, Message message) {
    const self_ptr me = self;
    me->send(me, std::move(message));
}
template <actor Home, lives_in<Home> Message, class Rep, class Period>
requires(!asked<Message>) void tell_later(self_of<Home> self,
                                          std::chrono::duration<Rep, Period> delay,
                                          Message message) {
    const self_ptr me = self;
    me->delayed_send(me, delay, std::move(message));
}

// -- Answers -----------------------------------------------------------------------------------

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
    template <actor Home, lives_in<Home> Message>
    requires asked<Message>
    void delegate(const handle<Home>& to, Message message) {
        promise_.delegate(to.untyped(), std::move(message));
    }

  private:
    caf::response_promise promise_;
};

// Asks `to` and calls `then(result<Message::reply>)` inside `self`; never, once self has
// ended. Without a time limit: deadlines stand at the edges (CAF 0.17 keeps the timer of
// every answered request).
template <actor Home, lives_in<Home> Message, class Then>
requires asked<Message>
void ask(self_ptr self, const handle<Home>& to, Message message, Then then) {
    using reply = typename Message::reply;
    auto shared = std::make_shared<Then>(std::move(then));
    self->request(to.untyped(), caf::infinite, std::move(message))
        .then([shared](reply& value) { (*shared)(result<reply>(std::move(value))); },
              [shared](caf::error& e) { (*shared)(result<reply>(from_caf(e))); });
}

// -- Actors as classes -------------------------------------------------------------------------

// The logic of an actor is a class with `static constexpr auto home`, the actor that it is, a
// constructor (self, …) and `caf::behavior behavior()`. It dies when the actor ends, not when its
// last handle goes, which breaks the cycles of promises.
template <class Logic> struct holder {
    static constexpr const char* name = name_of(Logic::home);
    std::unique_ptr<Logic> logic;
};

template <class Result, class Class, class Message>
std::decay_t<Message> handled_by(Result (Class::*)(Message) const);

// The behaviour of the actor `Home`: one function for each message that lives there. A message
// without its function, and a function for a message that lives elsewhere, do not compile.
template <actor Home> struct handlers {
    template <class... Functions>
    handlers(Functions... functions) : behavior{std::move(functions)...} { // NOLINT: as a list
#define HANDLED(message)                                                                           \
    static_assert(                                                                                 \
        message::home != Home ||                                                                   \
            (std::is_same_v<message, decltype(handled_by(&Functions::operator()))> || ...),        \
        #message " has no handler in its home");
        ACTORS_QUESTIONS(HANDLED)
        ACTORS_NEWS(HANDLED)
        ACTORS_INNER_MESSAGES(HANDLED)
#undef HANDLED
        static_assert((lives_in<decltype(handled_by(&Functions::operator())), Home> && ...),
                      "a handler is for a message that lives in another actor");
    }
    operator caf::behavior() && { return std::move(behavior); }

    caf::behavior behavior;
};

// A message that no handler takes is a mistake of ours: the log has it, with how many of them this
// actor has met. Never what it carries.
void note_unhandled(const char* actor, const caf::message_view& what, std::size_t count);

template <class Logic, class... Args>
caf::behavior run_actor(caf::stateful_actor<holder<Logic>>* self, Args... args) {
    self->set_default_handler(
        [self, count = std::size_t{0}](
            caf::scheduled_actor*, caf::message_view& what) mutable -> caf::result<caf::message> {
            note_unhandled(self->name(), what, ++count);
            return caf::sec::unexpected_message; // what a request is answered with
        });
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
handle<Logic::home> start(Spawner& spawner, Args... args) {
    return handle<Logic::home>(
        spawner.template spawn<Options>(run_actor<Logic, Args...>, std::move(args)...));
}

} // namespace actors
