#include "base/signals.hpp"

#include <csignal>

void take_no_signals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}
