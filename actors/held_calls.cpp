#include "actors/held_calls.hpp"

#include <utility>

namespace actors {

held_calls::hold& held_calls::hold::operator=(hold&& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(grant_, other.grant_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

void held_calls::hold::release() noexcept {
    if (!of_) return;
    of_->bytes_ -= bytes_;
    if (grant_.empty()) return;
    const auto found = of_->of_grant_.find(grant_);
    found->second -= bytes_;
    if (found->second == 0) of_->of_grant_.erase(found);
}

// Threat: a few grants fill the memory with large messages that wait for Twenty, and the process is
// killed. Defence: a grant has a part, and what is large has none of the reserve.
std::optional<held_calls::hold> held_calls::take(const std::string& grant, std::size_t bytes) {
    const auto all = bytes_ + bytes;
    if (all > (bytes <= most_.usual ? most_.total : most_.large)) return std::nullopt;
    if (bytes <= most_.small) {
        bytes_ = all;
        return hold(shared_from_this(), {}, bytes);
    }
    auto& own = of_grant_[grant];
    if (own + bytes > most_.grant) {
        if (own == 0) of_grant_.erase(grant);
        return std::nullopt;
    }
    own += bytes;
    bytes_ = all;
    return hold(shared_from_this(), grant, bytes);
}

} // namespace actors
