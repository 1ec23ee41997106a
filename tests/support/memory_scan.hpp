// Looks for bytes in everything that this process may write to: its heap with what was freed of
// it, its stacks and its data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace support {

// A text that stands nowhere in memory as itself. The caller wipes what it makes of it.
class hidden_text {
  public:
    explicit hidden_text(std::string_view made_of) {
        for (const char c : made_of) // reversed, so the literal is no occurrence either
            bytes_.insert(bytes_.begin(), static_cast<char>(c ^ mask));
    }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] char operator[](std::size_t i) const noexcept {
        return static_cast<char>(bytes_[i] ^ mask);
    }
    [[nodiscard]] bool starts_at(const char* place) const noexcept {
        for (std::size_t i = 0; i < size(); ++i)
            if (place[i] != (*this)[i]) return false;
        return true;
    }

  private:
    static constexpr char mask = 0x55;
    std::string bytes_;
};

// How often the text stands in writable memory. The block that is read into is left out.
inline std::size_t count_in_memory(const hidden_text& wanted) {
    constexpr std::size_t most = std::size_t{1} << 28U; // no sanitizer's shadow
    static std::array<char, std::size_t{1} << 16U> block;
    const auto own = reinterpret_cast<std::uintptr_t>(block.data());
    std::ifstream maps("/proc/self/maps");
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    std::size_t found = 0;
    for (std::string line; memory >= 0 && std::getline(maps, line);) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        char dash = 0;
        std::string rights;
        std::istringstream(line) >> std::hex >> from >> dash >> to >> rights;
        if (!rights.starts_with("rw") || to - from > most) continue;
        while (from < to) {
            const auto n = pread(memory, block.data(), block.size(), static_cast<off_t>(from));
            if (n < static_cast<ssize_t>(wanted.size())) break;
            const auto last = static_cast<std::size_t>(n) - wanted.size();
            for (std::size_t i = 0; i <= last; ++i) {
                const auto at = from + i;
                const bool in_block = at + wanted.size() > own && at < own + block.size();
                if (!in_block && wanted.starts_at(block.data() + i)) ++found;
            }
            from += last + 1; // an occurrence may stand across two blocks
        }
    }
    if (memory >= 0) close(memory);
    block.fill(0);
    return memory >= 0 ? found : SIZE_MAX;
}

} // namespace support
