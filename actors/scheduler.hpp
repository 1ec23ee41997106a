// Runs CAF's actors on our executor instead of CAF's own worker threads: a question and its
// answer then cost under a microsecond instead of some forty, nothing polls, and the code of
// all actors runs on one thread.
#pragma once

#include "actors/executor.hpp"

#include <caf/actor_system_config.hpp>

namespace actors {

// Makes every actor_system built from `config` run on `where`, which must outlive it.
void use_executor(caf::actor_system_config& config, executor& where);

} // namespace actors
