// Loaded before the C library (LD_PRELOAD): while the file that STALL_FILE names holds the word
// "disk", nothing gets to the disk, and while it holds "resolver", no name is resolved; whoever
// asks waits, as with a device or a name server that does not answer. The wall clock is ahead by
// the seconds that the file of CLOCK_FILE says.
#include <dlfcn.h>
#include <netdb.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

constexpr useconds_t look_again = 5'000;

void wait_while(const char* what) {
    const char* file = std::getenv("STALL_FILE");
    for (std::string word; file; ::usleep(look_again), word.clear()) {
        std::ifstream(file) >> word;
        if (word != what) return;
    }
}

template <class Function> Function* real(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

using clock_getter = int(clockid_t, timespec*);

// The file is read every 2 ms at most: everybody asks for the time again and again.
time_t seconds_ahead() {
    static std::atomic<long> read_at{0};
    static std::atomic<time_t> ahead{0};
    timespec steady{};
    real<clock_getter>("clock_gettime")(CLOCK_MONOTONIC, &steady);
    const long now = steady.tv_sec * 500 + steady.tv_nsec / 2'000'000;
    if (read_at.exchange(now) == now) return ahead;
    const char* file = std::getenv("CLOCK_FILE");
    time_t said = 0;
    if (file && std::ifstream(file) >> said) ahead = said;
    return ahead;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* out) {
    static auto* const system = real<clock_getter>("clock_gettime");
    const int failed = system(which, out);
    if (failed == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        out->tv_sec += seconds_ahead();
    return failed;
}

time_t time(time_t* out) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(timeval* out, void*) {
    timespec now{};
    const int failed = clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return failed;
}

int fsync(int file) {
    wait_while("disk");
    return real<int(int)>("fsync")(file);
}

int fdatasync(int file) {
    wait_while("disk");
    return real<int(int)>("fdatasync")(file);
}

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
    if (!hints || !(hints->ai_flags & AI_NUMERICHOST)) wait_while("resolver");
    return real<int(const char*, const char*, const addrinfo*, addrinfo**)>("getaddrinfo")(
        host, service, hints, found);
}
}
