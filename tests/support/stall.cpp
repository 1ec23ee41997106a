// Loaded before the C library (LD_PRELOAD): while the file that STALL_FILE names holds the word
// "disk", nothing gets to the disk, and while it holds "resolver", no name is resolved; whoever
// asks waits, as with a device or a name server that does not answer.
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

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

} // namespace

extern "C" {

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
