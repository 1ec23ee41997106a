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

std::vector<supervisor_logic::starter> starters(const settings_ptr& s, store_opener open,
                                                twenty::transport* net, const secret& id_key) {
    using logic = supervisor_logic;
    using handles = logic::handles;
    std::vector<logic::starter> out(logic::child_count);
    out[logic::store] = [=](self_ptr self, const handles&) {
        const auto me = caf::actor_cast<caf::actor_addr>(self);
        return s->store_on_own_thread
                   ? start<store_logic, caf::monitored + caf::detached>(*self, s, open, me)
                   : start<store_logic, caf::monitored>(*self, s, open, me);
    };
    out[logic::pool] = [=](self_ptr self, const handles&) {
        return start<pool_logic, caf::monitored>(*self, s, net);
    };
    out[logic::schemas] = [=](self_ptr self, const handles& h) {
        const auto me = caf::actor_cast<caf::actor_addr>(self);
        return start<schema_cache_logic, caf::monitored>(*self, s, h[logic::pool], me);
    };
    out[logic::checks] = [=](self_ptr self, const handles& h) {
        return start<key_checks_logic, caf::monitored>(*self, s, h[logic::pool], h[logic::schemas]);
    };
    out[logic::sessions] = [=](self_ptr self, const handles& h) {
        return start<sessions_logic, caf::monitored>(*self, s, id_key, h[logic::store],
                                                     h[logic::pool], h[logic::schemas]);
    };
    return out;
}

} // namespace

system::system(executor& where, twenty::transport& net, store_file database, settings s)
    : where_(where), inside_(std::make_unique<inside>(where)) {
    const auto shared = std::make_shared<const settings>(std::move(s));
    const auto id_key = crypto::derive(database.instance_secret(), "session ids");
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
    caf::anon_send_exit(std::exchange(inside_->supervisor, nullptr),
                        caf::exit_reason::user_shutdown);
    while (inside_->actors.registry().running() > 0)
        where_.run_ready(std::chrono::milliseconds(5));
    inside_.reset();
}

} // namespace actors
