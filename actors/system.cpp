#include "actors/system.hpp"

#include "actors/key_checks.hpp"
#include "actors/schema_cache.hpp"
#include "actors/sessions.hpp"
#include "actors/store.hpp"
#include "actors/supervisor.hpp"
#include "actors/system_inside.hpp"
#include "actors/twenty_pool.hpp"
#include "base/crypto.hpp"

namespace actors {

namespace {

using children = supervisor_logic::handles;

template <actor Which> handle<Which> find(const children& all) {
    return handle<Which>(all[static_cast<std::size_t>(Which)]);
}

// starters() says of each child what it is built on. A starter runs again at each restart, so it
// holds only what outlives the child: settings, the transport, the opener, the key. Handles of
// siblings come as an argument, because those of the last life are dead.
std::vector<supervisor_logic::starter> starters(const settings_ptr& s, store_opener open,
                                                twenty::transport* net, const secret& id_key) {
    std::vector<supervisor_logic::starter> out(supervised_actors);
    const auto starts = [&](actor which) -> auto& { return out[static_cast<std::size_t>(which)]; };
    starts(actor::store) = [=](self_ptr self, const children&) {
        const address<actor::supervisor> me(self);
        // `detached`: SQLite blocks, and a COMMIT waits for the disk.
        return (s->store_on_own_thread
                    ? start<store_logic, caf::monitored + caf::detached>(*self, s, open, me)
                    : start<store_logic, caf::monitored>(*self, s, open, me))
            .untyped();
    };
    starts(actor::pool) = [=](self_ptr self, const children&) {
        return start<pool_logic, caf::monitored>(*self, s, net).untyped();
    };
    starts(actor::schemas) = [=](self_ptr self, const children& h) {
        const address<actor::supervisor> me(self);
        return start<schema_cache_logic, caf::monitored>(*self, s, find<actor::pool>(h), me)
            .untyped();
    };
    starts(actor::checks) = [=](self_ptr self, const children& h) {
        return start<key_checks_logic, caf::monitored>(*self, s, find<actor::pool>(h),
                                                       find<actor::schemas>(h))
            .untyped();
    };
    starts(actor::sessions) = [=](self_ptr self, const children& h) {
        return start<sessions_logic, caf::monitored>(*self, s, id_key, find<actor::store>(h),
                                                     find<actor::pool>(h), find<actor::schemas>(h))
            .untyped();
    };
    return out;
}

} // namespace

system::system(executor& where, twenty::transport& net, store_file database, settings s)
    : where_(where), inside_(std::make_unique<inside>(where)) {
    const auto shared = std::make_shared<const settings>(std::move(s));
    // From the instance's secret and not from the server key: session ids survive a change of that
    // key, and a restart.
    const auto id_key = crypto::derive(database.instance_secret(), "session ids");
    // Posted, because `fatal` may stop and destroy what calls it: an actor's handler is no place
    // for that.
    auto give_up = [&where, shared](std::string reason) {
        where.post([shared, reason = std::move(reason)] { shared->fatal(reason); });
    };
    inside_->supervisor = start<supervisor_logic>(
        inside_->actors, shared, starters(shared, std::move(database).opener(), &net, id_key),
        std::function<void(std::string)>(std::move(give_up)));
}

system::~system() { stop(); }

void system::stop() {
    if (!inside_) return;
    caf::anon_send_exit(std::exchange(inside_->supervisor, {}).untyped(),
                        caf::exit_reason::user_shutdown);
    // The supervisor ends its children one by one, and each end is a message: somebody has to run
    // the executor for it. The store's COMMIT is part of its end (~store_logic).
    while (inside_->actors.registry().running() > 0)
        where_.run_ready(std::chrono::milliseconds(5));
    inside_.reset();
}

} // namespace actors
