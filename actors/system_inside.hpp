// The CAF side of actors/system: for http/caf_bridge.cpp, which asks the supervisor, and for tests.
#pragma once

#include "actors/caf.hpp"
#include "actors/scheduler.hpp"
#include "actors/system.hpp"

namespace actors {

struct system::inside {
    caf::actor_system_config config;
    caf::actor_system actors;
    supervisor_handle supervisor;

    explicit inside(executor& where) : actors(configured(config, where)) {}

  private:
    static caf::actor_system_config& configured(caf::actor_system_config& c, executor& where) {
        use_executor(c, where);
        // After so many messages an actor lets the others, and the connections, have a turn.
        c.set("scheduler.max-throughput", 64);
        return c;
    }
};

} // namespace actors
