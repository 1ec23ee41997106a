#include "tests/cost/counted.hpp"

#include "tests/support/small_stack.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <malloc.h>
#include <new>

namespace {

thread_local counted::cost* counting = nullptr;
thread_local std::size_t held = 0;
thread_local std::size_t allowed = SIZE_MAX;

[[noreturn]] void stop() {
    counting = nullptr;
    std::fprintf(stderr, "broken promise: no more work than %zu\n", allowed);
    std::abort();
}

void* allocate(std::size_t bytes, std::size_t alignment) {
    void* out = alignment > alignof(std::max_align_t)
                    ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                    : std::malloc(std::max<std::size_t>(bytes, 1));
    if (out && counting) {
        ++counting->allocations;
        counting->bytes += bytes;
        if (counted::work(*counting) > allowed) stop();
        held += malloc_usable_size(out);
        counting->peak = std::max(counting->peak, held);
    }
    return out;
}
void* allocate_or_throw(std::size_t bytes, std::size_t alignment) {
    if (auto* out = allocate(bytes, alignment)) return out;
    throw std::bad_alloc();
}
void release(void* what) noexcept {
    if (what && counting) {
        const auto size = malloc_usable_size(what);
        held -= std::min(held, size);
    }
    std::free(what);
}

double cpu_ms() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

} // namespace

void* operator new(std::size_t n) { return allocate_or_throw(n, 1); }
void* operator new[](std::size_t n) { return allocate_or_throw(n, 1); }
void* operator new(std::size_t n, std::align_val_t a) {
    return allocate_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
    return allocate_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, 1); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n, 1); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { release(p); }

namespace counted {

cost here(const std::function<void()>& what, std::size_t most) {
    cost spent;
    const auto from = cpu_ms();
    held = 0;
    allowed = most;
    counting = &spent;
    try {
        what();
    } catch (...) {
        counting = nullptr;
        throw;
    }
    counting = nullptr;
    spent.cpu_ms = cpu_ms() - from;
    return spent;
}

cost of(const std::function<void()>& what) {
    cost spent;
    support::on_small_stack([&] { spent = here(what); });
    return spent;
}

} // namespace counted
