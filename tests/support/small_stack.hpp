// A test's body on a thread with little stack, so that code that recurses as deep as its input
// asks for ends the test program.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <pthread.h>
#include <stdexcept>

namespace support {

// A sanitizer puts red zones around each local: its frames are many times as large.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t small_stack = 8 * 256 * 1024;
#else
inline constexpr std::size_t small_stack = 256 * 1024;
#endif

// Runs `work` on a thread whose stack has 256 KiB, and throws again what it throws.
inline void on_small_stack(const std::function<void()>& work) {
    struct job {
        const std::function<void()>& work;
        std::exception_ptr failed;
    } what{work, nullptr};
    pthread_attr_t small{};
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, small_stack);
    pthread_t thread{};
    const int refused = pthread_create(
        &thread, &small,
        [](void* argument) -> void* {
            auto& given = *static_cast<job*>(argument);
            try {
                given.work();
            } catch (...) {
                given.failed = std::current_exception();
            }
            return nullptr;
        },
        &what);
    pthread_attr_destroy(&small);
    if (refused != 0) throw std::runtime_error("no thread");
    pthread_join(thread, nullptr);
    if (what.failed) std::rethrow_exception(what.failed);
}

} // namespace support
