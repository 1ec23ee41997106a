#include "tests/support/fault_point.hpp"

#include "base/fault_point.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <unistd.h>

namespace {

constexpr useconds_t others_get_on = 20'000;

struct trap {
    std::mutex lock; // the store has a thread of its own
    std::string point;
    int passings = 0;
    const char* file = std::getenv("FAULT_POINT_FILE");
};
trap& the_trap() {
    static trap one;
    return one;
}

// An unlinked file that is half written would name no point; writers put it there by rename.
void read_file(trap& t) {
    std::ifstream file(t.file);
    if (!(file >> t.point >> t.passings)) t.point.clear();
}

} // namespace

namespace faults {

void arm(const std::string& point, int passing) {
    const std::lock_guard hold(the_trap().lock);
    the_trap().point = point;
    the_trap().passings = passing;
}

} // namespace faults

void fault_point(std::string_view name) noexcept {
    auto& t = the_trap();
    {
        const std::lock_guard hold(t.lock);
        if (t.point.empty() && t.file) read_file(t);
        if (name != t.point || --t.passings > 0) return;
        if (t.file) ::unlink(t.file);
        t.point.clear();
    }
    // What another thread was told too early gets out meanwhile, and is found out.
    if (t.file) ::usleep(others_get_on);
    ::kill(::getpid(), SIGKILL);
    for (;;)
        ::pause(); // the signal is on its way; no step follows
}
