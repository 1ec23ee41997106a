#include "http/caf_bridge.hpp"

#include "actors/system_inside.hpp"

#include <atomic>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {

namespace asio = boost::asio;

namespace {

// reply_actor stands where CAF expects the asking actor, and turns the one answer into the
// resumption of a coroutine. Its owners are the message on its way and then the promise of whoever
// has to answer; when the last of them lets go of it unanswered, it answers errc::unavailable
// itself. So a coroutine that asks is always resumed.
template <class Reply> class reply_actor final : public caf::abstract_actor {
  public:
    using handler = asio::any_completion_handler<void(result<Reply>)>;

    reply_actor(caf::actor_config& config, asio::io_context& io, handler resume)
        : caf::abstract_actor(config), io_(io), resume_(std::move(resume)) {}

    void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
        if (!what->mid.is_response()) return;
        auto& content = what->content();
        if (content.template match_elements<Reply>())
            fire(std::move(content.template get_mutable_as<Reply>(0)));
        else if (content.template match_elements<caf::error>())
            fire(actors::from_caf(content.template get_as<caf::error>(0)));
        else
            fire(error(errc::internal, "Something went wrong inside the server.",
                       "unexpected reply type"));
    }
    void on_destroy() override {
        fire(actors::unavailable());
        caf::abstract_actor::on_destroy();
    }

    // Nobody links to it or watches it.
    void attach(caf::attachable_ptr) override {}
    std::size_t detach(const caf::attachable::token&) override { return 0; }
    void add_link(caf::abstract_actor*) override {}
    void remove_link(caf::abstract_actor*) override {}
    bool add_backlink(caf::abstract_actor*) override { return false; }
    bool remove_backlink(caf::abstract_actor*) override { return false; }

  private:
    // Any thread: the store answers from its own. Posted, never called at once, so that no
    // connection runs inside an actor's handler.
    void fire(result<Reply> outcome) {
        if (fired_.exchange(true)) return;
        asio::post(io_, [resume = std::move(resume_), outcome = std::move(outcome)]() mutable {
            std::move(resume)(std::move(outcome));
        });
    }

    asio::io_context& io_;
    handler resume_;
    std::atomic<bool> fired_{false};
};

struct pending {
    std::size_t& count;
    explicit pending(std::size_t& c) : count(c) { ++count; }
    pending(const pending&) = delete;
    pending& operator=(const pending&) = delete;
    ~pending() { --count; }
};

// send_question is the initiation of an asynchronous operation: it sends the message with a
// reply_actor as sender. It knows no cancellation: when the connection of a question is given up,
// its coroutine still waits here for the answer, and ends with it.
template <class Message> struct send_question {
    using reply = typename Message::reply;

    asio::io_context* io;
    actors::system::inside* parts;

    send_question(asio::io_context& i, actors::system::inside* p) : io(&i), parts(p) {}

    void operator()(asio::any_completion_handler<void(result<reply>)> resume,
                    Message message) const {
        caf::actor_config config;
        auto& actors = parts->actors;
        auto asker = caf::make_actor<reply_actor<reply>, caf::strong_actor_ptr>(
            actors.next_actor_id(), actors.node(), &actors, config, *io, std::move(resume));
        if (!parts->supervisor) return; // the asker dies and answers
        auto* receiver = caf::actor_cast<caf::abstract_actor*>(parts->supervisor.untyped());
        // An id makes it a request. One is enough: each reply_actor asks once.
        receiver->enqueue(caf::make_mailbox_element(std::move(asker), caf::make_message_id(1), {},
                                                    std::move(message)),
                          nullptr);
    }
};

} // namespace

struct caf_bridge::state {
    asio::io_context& io;
    actors::system& system;
    std::size_t max_pending;
    std::size_t open = 0;

    state(asio::io_context& i, actors::system& s, std::size_t most)
        : io(i), system(s), max_pending(most) {}
};

caf_bridge::caf_bridge(asio::io_context& io, actors::system& system, std::size_t max_pending)
    : state_(std::make_shared<state>(io, system, max_pending)) {}

caf_bridge::~caf_bridge() = default;

// send() counts a question from here until its answer has come, in `counted`: whichever way the
// coroutine ends, the place is free again.
template <class Message> eventually<typename Message::reply> caf_bridge::send(Message message) {
    using reply = typename Message::reply;
    const auto mine = state_; // outlives the bridge while a question is open
    if (mine->open >= mine->max_pending)
        co_return error(errc::busy, "The server is busy; try again in a moment.");
    if (!mine->system.parts()) co_return actors::unavailable();
    const pending counted(mine->open);
    send_question<Message> initiate(mine->io, mine->system.parts());
    result<reply> outcome =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(result<reply>)>(
            std::move(initiate), asio::use_awaitable, std::move(message));
    co_return outcome;
}

#define ASK(message)                                                                               \
    eventually<actors::message::reply> caf_bridge::ask(actors::message m) {                        \
        return send(std::move(m));                                                                 \
    }
ACTORS_QUESTIONS(ASK)
#undef ASK

} // namespace http
