// Where every secret keeps its bytes: one block that is locked into memory at start.
// Threat: keys reach the disk by way of the swap or a core file, or stay in freed memory.
// Defence: the block is never swapped out nor dumped, and what is given back is wiped.
#pragma once

#include <cstddef>

namespace locked_memory {

// False: the system refused (RLIMIT_MEMLOCK); secrets then live in memory like any other.
[[nodiscard]] bool start();

// A slot of the block; from the heap what is larger than a slot, or when none is free.
void* take(std::size_t bytes);
void give_back(void* place, std::size_t bytes) noexcept;

template <class T> struct allocator {
    using value_type = T;
    allocator() = default;
    template <class U> explicit allocator(const allocator<U>&) noexcept {}
    T* allocate(std::size_t n) { return static_cast<T*>(take(n * sizeof(T))); }
    void deallocate(T* p, std::size_t n) noexcept { give_back(p, n * sizeof(T)); }
    friend bool operator==(const allocator&, const allocator&) noexcept { return true; }
};

} // namespace locked_memory
