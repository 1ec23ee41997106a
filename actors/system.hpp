// Everything that lives in CAF, started and stopped as one. the application makes one,
// http/caf_bridge asks it. What is inside is for caf_bridge.cpp and the tests:
// actors/system_inside.hpp.
#pragma once

#include "actors/executor.hpp"
#include "actors/settings.hpp"
#include "actors/store_file.hpp"
#include "twenty/transport.hpp"

#include <memory>

namespace actors {

class system {
  public:
    struct inside;

    // `where` runs everything but the store; it and `net` must outlive the system. Should the
    // store fail later, `database` is opened anew. Nothing runs before the executor does.
    system(executor& where, twenty::transport& net, store_file database, settings s);
    ~system();
    system(const system&) = delete;
    system& operator=(const system&) = delete;

    // Ends the actors in the order sessions, …, store, so that what was written is committed.
    // On the executor's thread, once nobody runs it any more; drives it until all have ended.
    // Questions that are still open are answered with errc::unavailable.
    void stop();

    // nullptr once stopped.
    [[nodiscard]] inside* parts() noexcept { return inside_.get(); }

  private:
    executor& where_;
    std::unique_ptr<inside> inside_;
};

} // namespace actors
