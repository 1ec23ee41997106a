// A world of actors without time, network or threads: the executor and its clock are turned by
// the test, Twenty is a list of requests that the test answers, the store lives in memory.
#pragma once

#include "actors/system_inside.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mcp/catalogue.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actors_test {

using namespace std::chrono_literals;

class manual_executor final : public actors::executor {
  public:
    void post(work what) override {
        {
            const std::scoped_lock hold(mutex_);
            ready_.push_back(std::move(what));
        }
        arrived_.notify_one();
    }
    void post_at(time_point when, work what) override {
        const std::scoped_lock hold(mutex_);
        timers_.emplace(when, std::move(what));
    }
    time_point now() const noexcept override { return now_; }
    void run_ready(std::chrono::milliseconds patience) override {
        {
            std::unique_lock hold(mutex_);
            arrived_.wait_for(hold, patience, [&] { return !ready_.empty(); });
        }
        run();
    }

    bool run_one() {
        work next;
        {
            const std::scoped_lock hold(mutex_);
            if (ready_.empty()) return false;
            next = std::move(ready_.front());
            ready_.pop_front();
        }
        next();
        return true;
    }
    void run() {
        while (run_one()) {
        }
    }
    // Runs everything that happens within `span`, each thing at its time.
    void advance(std::chrono::steady_clock::duration span) {
        const auto end = now_ + span;
        run();
        for (;;) {
            work due;
            {
                const std::scoped_lock hold(mutex_);
                if (timers_.empty() || timers_.begin()->first > end) break;
                now_ = std::max(now_, timers_.begin()->first);
                due = std::move(timers_.begin()->second);
                timers_.erase(timers_.begin());
            }
            due();
            run();
        }
        now_ = end;
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<work> ready_;
    std::multimap<time_point, work> timers_;
    time_point now_{std::chrono::hours(24)};
};

class fake_transport final : public twenty::transport {
  public:
    struct sent {
        twenty::request request;
        std::string api_key;
        std::chrono::milliseconds deadline;
        completion done; // empty once answered
        bool cancelled = false;
    };
    // 1, 2, …: index + 1 in `all`
    ticket send(twenty::request r, secret key, std::chrono::milliseconds deadline,
                completion done) override {
        all.push_back({std::move(r), std::string(key.reveal()), deadline, std::move(done)});
        if (automatic)
            if (auto r2 = automatic(all.back())) answer(all.size() - 1, std::move(*r2));
        return all.size();
    }
    void cancel(ticket t) override {
        all.at(t - 1).cancelled = true;
        all.at(t - 1).done = nullptr;
    }
    void answer(std::size_t index, result<twenty::response> with) {
        auto done = std::exchange(all.at(index).done, nullptr);
        REQUIRE(done);
        done(std::move(with));
    }
    // The only open one.
    std::size_t open() const {
        std::size_t n = 0;
        for (const auto& s : all)
            n += s.done ? 1U : 0U;
        return n;
    }

    std::vector<sent> all;
    // What answers at once, if anything.
    std::function<std::optional<result<twenty::response>>(const sent&)> automatic;
};

// The other end of a stream: what its client would have read.
class fake_outlet final : public actors::outlet {
  public:
    struct event {
        std::string id;
        std::string json;
    };
    void send(std::string_view id, std::string_view json) override {
        if (!over()) events.push_back({std::string(id), std::string(json)});
    }
    void prime(std::string_view id, std::chrono::milliseconds) override { primed.emplace_back(id); }
    void end() override { ended = true; }
    void lasts() noexcept override { lasting = true; }
    void note(std::vector<logging::pair> pairs) override { noted = std::move(pairs); }
    void watch(std::function<void(ending)> tell) override {
        tell_ = std::move(tell);
        if (tell_ && happened_) tell_(*happened_);
    }

    void happens(ending why) {
        happened_ = why;
        if (tell_) tell_(why);
    }
    [[nodiscard]] bool watched() const { return tell_ != nullptr; }
    [[nodiscard]] bool has(std::string_view part) const {
        return std::ranges::any_of(
            events, [&](const event& e) { return e.json.find(part) != std::string::npos; });
    }

    std::vector<event> events;
    std::vector<std::string> primed;
    std::vector<logging::pair> noted;
    bool ended = false;
    bool lasting = false;

  private:
    [[nodiscard]] bool over() const {
        return ended || (happened_ && *happened_ != ending::stopping);
    }
    std::function<void(ending)> tell_;
    std::optional<ending> happened_;
};
using reader = std::shared_ptr<fake_outlet>;

inline twenty::response json_response(std::string body, int status = 200) {
    twenty::response r;
    r.status = status;
    r.content_type = "application/json";
    r.body = std::move(body);
    return r;
}

inline const std::string workspace_id = "20202020-1c25-4d02-bf25-6aeccf7ea419";

// A server with one object, for schema_loader and key_check; nullopt: no metadata request.
std::optional<result<twenty::response>> metadata_answer(const fake_transport::sent& s);

// Tools that need nothing, Twenty, the schema, the primer, or their client.
const mcp::catalogue& fixture_catalogue();

template <class T> using box = std::shared_ptr<std::optional<result<T>>>;

// Asks from an actor of its own; the box is filled when the answer came. `to` takes the message
// whatever it is: the supervisor, or an actor that a test puts in somebody's place.
template <class Message>
box<typename Message::reply> ask_from(caf::actor_system& system, const caf::actor& to,
                                      Message message) {
    using reply = typename Message::reply;
    auto out = std::make_shared<std::optional<result<reply>>>();
    system.spawn<caf::hidden>(
        [to, out](caf::event_based_actor* self, Message m) {
            actors::ask(self, actors::handle<Message::home>(to), std::move(m),
                        [out](result<reply> r) { out->emplace(std::move(r)); });
        },
        std::move(message));
    return out;
}

// Actors on a manual executor.
struct stage {
    manual_executor executor;
    fake_transport net; // outlives the actors that use it
    caf::actor_system_config config;
    std::unique_ptr<caf::actor_system> system;
    std::vector<caf::actor> cast; // ended with the stage

    explicit stage(std::size_t throughput = 0) {
        actors::use_executor(config, executor);
        if (throughput != 0) config.set("scheduler.max-throughput", throughput);
        system = std::make_unique<caf::actor_system>(config);
    }
    ~stage() {
        for (const auto& a : cast)
            caf::anon_send_exit(a, caf::exit_reason::kill);
        cast.clear();
        executor.run();
        system.reset();
    }
    template <class Logic, class... Args> auto add(Args... args) {
        auto started = actors::start<Logic>(*system, std::move(args)...);
        cast.push_back(started.untyped());
        return started;
    }
    template <class Message> auto ask(const caf::actor& to, Message m) {
        return ask_from(*system, to, std::move(m));
    }
    template <actors::actor Home, actors::lives_in<Home> Message>
    auto ask(const actors::handle<Home>& to, Message m) {
        return ask_from(*system, to.untyped(), std::move(m));
    }
};

// The whole system with a real store in memory.
struct world {
    manual_executor executor;
    fake_transport twenty;
    oauth::time_point wall{std::chrono::seconds(1'800'000'000)};
    bool clock_fails = false; // the wall clock throws: whoever asks it fails
    std::vector<std::string> fatal;
    std::unique_ptr<actors::system> system;

    explicit world(actors::settings s = {},
                   const std::string& reopen = ":memory:", stored::change_bounds journal = {});

    actors::settings adapted(actors::settings s);
    void advance(std::chrono::steady_clock::duration span);

    template <class Message> auto ask(Message m) {
        auto& parts = *system->parts();
        auto out = ask_from(parts.actors, parts.supervisor.untyped(), std::move(m));
        executor.run();
        return out;
    }
    // Asks and expects the answer at once.
    template <class Message> auto get(Message m) {
        auto out = ask(std::move(m));
        REQUIRE(out->has_value());
        return std::move(**out);
    }

    // A grant with its tokens.
    oauth::token_pair login(twenty::mode mode = twenty::mode::write,
                            const std::string& api_key = "key-of-ada",
                            const std::string& workspace = workspace_id,
                            std::optional<std::int64_t> key_expires_at = {});
    // One message as a client posts it.
    actors::mcp_call call(const secret& token, const std::string& body,
                          const std::string& session = {});
    box<actors::mcp_reply> post(const secret& token, const std::string& body,
                                const std::string& session = {});
    actors::mcp_reply reply(const secret& token, const std::string& body,
                            const std::string& session = {});
    std::string initialize(const secret& token); // the session id
    // Of a client that answers questions and speaks `version`.
    std::string initialize_asker(const secret& token, const std::string& version = "2025-11-25");

    // The same with a client that takes streams.
    struct talk {
        box<actors::mcp_reply> reply;
        reader out = std::make_shared<fake_outlet>();
        [[nodiscard]] bool streams() const {
            return reply->has_value() && (*reply)->ok() && (*reply)->value().streaming;
        }
    };
    talk converse(const secret& token, const std::string& body, const std::string& session);
    // GET
    talk listen(const secret& token, const std::string& session, const std::string& last_id = {});
    // MCP 2026-07-28; `params` are the members of params beside _meta, each with a comma behind.
    talk stateless(const secret& token, const std::string& method, const std::string& name,
                   const std::string& params = {}, int id = 1, const std::string& session = {});
};

inline constexpr const char* initialize_body =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
    R"("capabilities":{},"clientInfo":{"name":"probe","version":"1"}}})";

std::string tool_call(int id, const std::string& tool);

inline constexpr const char* ping = R"({"jsonrpc":"2.0","id":7,"method":"ping"})";

inline std::string cancel(int id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
           std::to_string(id) + "}}";
}

inline int status_of(const box<actors::mcp_reply>& r) {
    REQUIRE(r->has_value());
    REQUIRE((*r)->ok());
    return (*r)->value().status;
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What the access log says under this name; empty: nothing.
inline std::string said_in(const std::vector<logging::pair>& log, std::string_view key) {
    for (const auto& pair : log)
        if (pair.key == key) return pair.value;
    return {};
}

// A session whose client answers questions.
struct dialog : world {
    secret token = login().access_token;
    std::string id;
    explicit dialog(const actors::settings& s = {}, const std::string& version = "2025-11-25")
        : world(s), id(initialize_asker(token, version)) {}
    talk call(int number, const std::string& tool) {
        return converse(token, tool_call(number, tool), id);
    }
    int say(const std::string& body) { return reply(token, body, id).status; }
};

} // namespace actors_test
