#include "actors/held_calls.hpp"

#include <utility>

namespace actors {

held_calls::hold& held_calls::hold::operator=(hold&& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(holder_, other.holder_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

void held_calls::hold::release() noexcept {
    if (!of_) return;
    --of_->calls_;
    of_->bytes_ -= bytes_;
    if (holder_.empty()) return;
    const auto found = of_->of_holder_.find(holder_);
    found->second -= bytes_;
    if (found->second == 0) of_->of_holder_.erase(found);
}

held_calls::hold held_calls::held(const std::string& holder, std::size_t bytes) {
    ++calls_;
    bytes_ += bytes;
    return {shared_from_this(), holder, bytes};
}

// Threat: a few holders fill the memory with large messages that wait for Twenty, and the process
// is killed. Defence: a holder has a part, and what is large has none of the reserve.
std::optional<held_calls::hold> held_calls::take(const std::string& holder, std::size_t bytes) {
    if (bytes_ + bytes > (bytes <= most_.usual ? most_.total : most_.large)) return std::nullopt;
    if (bytes <= most_.small) return held({}, bytes);
    auto& own = of_holder_[holder];
    if (own + bytes > most_.holder) {
        if (own == 0) of_holder_.erase(holder);
        return std::nullopt;
    }
    own += bytes;
    return held(holder, bytes);
}

} // namespace actors
