// The three parts of CAF's scheduler that are replaced: `unit` runs actors, `clock` keeps timeouts,
// `coordinator` is what CAF 0.17 asks for both. All of them hand work to one executor; no thread is
// started here.
#include "actors/scheduler.hpp"

#include <atomic>
#include <caf/all.hpp>
#include <caf/detail/simple_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <memory>
#include <mutex>
#include <optional>

namespace actors {

namespace {

// -- Work --------------------------------------------------------------------------------------

class unit final : public caf::execution_unit {
  public:
    unit(caf::actor_system& system, executor& where, std::size_t throughput)
        : caf::execution_unit(&system), where_(where), throughput_(throughput) {}

    // CAF hands over one reference with each resumable. Any thread.
    void exec_later(caf::resumable* actor) override {
        ++posted_;
        where_.post([this, actor] { resume(actor); });
    }
    [[nodiscard]] bool idle() const noexcept { return posted_ == 0; }

  private:
    // resume() posts an actor again before it counts this piece of work as done, so that idle()
    // never says yes in between. The reference that came with the actor goes along with the next
    // piece, or is given back when there is none.
    void resume(caf::resumable* actor) {
        switch (actor->resume(this, throughput_)) {
        case caf::resumable::resume_later:
            exec_later(actor);
            break;
        case caf::resumable::done:
        case caf::resumable::awaiting_message:
            caf::intrusive_ptr_release(actor);
            break;
        // CAF's own workers are stopped by it; nobody sends it here.
        case caf::resumable::shutdown_execution_unit:
            break;
        }
        --posted_;
    }

    executor& where_;
    std::size_t throughput_;
    // Atomic because the store's thread posts, too.
    std::atomic<std::size_t> posted_{0};
};

// -- Time --------------------------------------------------------------------------------------

// CAF's own table of timeouts, driven by one timer of the executor instead of a thread. The
// store's thread uses it too, hence the lock; recursive, because delivering a message may end
// an actor, which cancels its timeouts.
class clock final : public caf::detail::simple_actor_clock {
  public:
    using super = caf::detail::simple_actor_clock;
    using lock = std::scoped_lock<std::recursive_mutex>;

    explicit clock(executor& where) : where_(where) {}

    time_point now() const noexcept override { return where_.now(); }

    void set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                              std::uint64_t id) override {
        const lock hold(mutex_);
        super::set_ordinary_timeout(t, self, type, id);
        arm();
    }
    void set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) override {
        const lock hold(mutex_);
        super::set_request_timeout(t, self, id);
        arm();
    }
    void set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                           std::uint64_t id) override {
        const lock hold(mutex_);
        super::set_multi_timeout(t, self, type, id);
        arm();
    }
    // The cancel functions leave the executor's timer as it is: fire() then finds nothing due.
    void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override {
        const lock hold(mutex_);
        super::cancel_ordinary_timeout(self, type);
    }
    void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override {
        const lock hold(mutex_);
        super::cancel_request_timeout(self, id);
    }
    void cancel_timeouts(caf::abstract_actor* self) override {
        const lock hold(mutex_);
        super::cancel_timeouts(self);
    }
    void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                          caf::mailbox_element_ptr content) override {
        const lock hold(mutex_);
        super::schedule_message(t, std::move(receiver), std::move(content));
        arm();
    }
    void schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                          caf::message content) override {
        const lock hold(mutex_);
        super::schedule_message(t, std::move(target), std::move(sender), std::move(content));
        arm();
    }
    void cancel_all() override {
        const lock hold(mutex_);
        super::cancel_all();
    }

  private:
    // arm() only ever sets the timer to something earlier; one that comes for nothing does nothing.
    void arm() {
        if (schedule_.empty()) return;
        const auto next = schedule_.begin()->first;
        if (armed_ && *armed_ <= next) return;
        armed_ = next;
        where_.post_at(next, [this, alive = std::weak_ptr<int>(alive_), next] {
            if (alive.lock()) fire(next);
        });
    }
    // fire() may come from a timer that an earlier one has overtaken; only the timer that `armed_`
    // names clears it, or arm() would post one for the same time again.
    void fire(time_point due) {
        const lock hold(mutex_);
        if (armed_ == due) armed_.reset();
        trigger_expired_timeouts();
        arm();
    }

    executor& where_;
    std::recursive_mutex mutex_;
    std::optional<time_point> armed_;
    // Timers outlive the system; fire() runs on the thread that destroys it.
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

// -- The coordinator ---------------------------------------------------------------------------

// CAF wants an actor that prints for others; ours print through base/log.
class silent_printer final : public caf::event_based_actor {
  public:
    explicit silent_printer(caf::actor_config& config) : caf::event_based_actor(config) {}
    caf::behavior make_behavior() override {
        set_default_handler(caf::drop);
        return {[](const std::string&) {}};
    }
};

class coordinator final : public caf::scheduler::abstract_coordinator {
  public:
    using super = caf::scheduler::abstract_coordinator;

    coordinator(caf::actor_system& system, executor& where)
        : super(system), where_(where), clock_(where) {}

    bool detaches_utility_actors() const override { return false; }
    caf::actor_clock& clock() noexcept override { return clock_; }

  protected:
    void start() override {
        unit_ = std::make_unique<unit>(system_, where_, max_throughput_);
        utility_actors_[printer_id] = system_.spawn<silent_printer, caf::hidden>();
    }
    // stop() waits for `unit_`: what is posted points to it. The executor is run from here, because
    // nobody else runs it any more (executor.hpp).
    void stop() override {
        caf::anon_send_exit(utility_actors_[printer_id], caf::exit_reason::user_shutdown);
        utility_actors_[printer_id] = nullptr;
        clock_.cancel_all();
        while (!unit_->idle())
            where_.run_ready(milliseconds(1));
    }
    void enqueue(caf::resumable* actor) override { unit_->exec_later(actor); }

  private:
    using milliseconds = std::chrono::milliseconds;

    executor& where_;
    actors::clock clock_;
    std::unique_ptr<unit> unit_;
};

} // namespace

void use_executor(caf::actor_system_config& config, executor& where) {
    config.module_factories.emplace_back(
        [&where](caf::actor_system& system) -> caf::actor_system::module* {
            return new coordinator(system, where); // the system owns it
        });
}

} // namespace actors
