#include "base/locked_memory.hpp"

#include "base/secret.hpp"

#include <array>
#include <functional>
#include <mutex>
#include <new>
#include <sodium.h>

namespace locked_memory {

namespace {

constexpr std::size_t slot_bytes = 1024; // an API key, a grant's sealed content
// Every connection may hold an Authorization value, and every call a key. Slots of one size need no
// search and leave no gaps.
constexpr std::size_t slots = 2048;

// A slot that is not taken, or was given back, holds the way to the next one.
union slot {
    slot* next;
    std::array<char, slot_bytes> bytes;
};

// Constant-initialised and never destroyed: secrets may live longer than any object here.
constinit std::array<slot, slots> block{};
constinit std::mutex guard;
constinit std::size_t begun = 0; // slots that were taken at least once
constinit slot* given_back = nullptr;

// std::less orders pointers that do not point into one array; `<` does not promise to.
bool inside(const void* place) noexcept {
    const auto* at = static_cast<const slot*>(place);
    return !std::less<>()(at, block.data()) && std::less<>()(at, block.data() + block.size());
}

} // namespace

bool start() { return sodium_mlock(block.data(), sizeof block) == 0; }

void* take(std::size_t bytes) {
    if (bytes <= slot_bytes) {
        const std::lock_guard lock(guard);
        if (given_back) {
            auto* const place = given_back;
            given_back = place->next;
            return place;
        }
        if (begun < slots) return &block[begun++];
    }
    return ::operator new(bytes);
}

void give_back(void* place, std::size_t bytes) noexcept {
    // Wiped before it is anybody's: the heap keeps what it gets back, and a slot waits for its next
    // owner.
    wipe(place, bytes);
    if (!inside(place)) return ::operator delete(place);
    auto* const freed = static_cast<slot*>(place);
    const std::lock_guard lock(guard);
    freed->next = given_back;
    given_back = freed;
}

} // namespace locked_memory
