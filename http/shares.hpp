// What many connections share and one must not take alone: slots counted by a key (a peer, a
// client), and bytes of one budget. Whoever holds some gives them back by ending.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace http {

// How many slots each key holds. Outlives the slots.
template <class Key> class tally_of {
    using counts = std::unordered_map<Key, std::size_t>;

  public:
    class slot {
      public:
        slot(counts& of, typename counts::value_type& held) : of_(&of), held_(&held) {}
        slot(slot&& other) noexcept : of_(std::exchange(other.of_, nullptr)), held_(other.held_) {}
        slot& operator=(slot&& other) noexcept {
            std::swap(of_, other.of_);
            std::swap(held_, other.held_);
            return *this;
        }
        ~slot() {
            if (of_ && --held_->second == 0) of_->erase(of_->find(held_->first));
        }
        // All slots of its key.
        [[nodiscard]] std::size_t count() const noexcept { return held_->second; }

      private:
        counts* of_;
        typename counts::value_type* held_; // stays where it is until it is erased
    };

    // nullopt: `most` are taken.
    std::optional<slot> take(const Key& key, std::size_t most) {
        if (most == 0) return std::nullopt;
        auto& held = *counts_.try_emplace(key, 0).first;
        if (held.second >= most) return std::nullopt;
        ++held.second;
        return slot(counts_, held);
    }
    slot enter(const Key& key) {
        auto& held = *counts_.try_emplace(key, 0).first;
        ++held.second;
        return slot(counts_, held);
    }
    [[nodiscard]] std::size_t count(const Key& key) const {
        const auto found = counts_.find(key);
        return found == counts_.end() ? 0 : found->second;
    }
    [[nodiscard]] bool empty() const noexcept { return counts_.empty(); }

  private:
    counts counts_;
};
using tally = tally_of<std::string>;

// One holder's bytes of a budget. The budget outlives its holders.
class share {
  public:
    explicit share(std::size_t& taken) noexcept : taken_(taken) {}
    ~share() { release(); }
    share(const share&) = delete;
    share& operator=(const share&) = delete;

    // False: the budget has no room for it, and nothing changes.
    [[nodiscard]] bool grow_to(std::size_t bytes, std::size_t most) noexcept {
        if (bytes > held_ && taken_ + (bytes - held_) > most) return false;
        taken_ = taken_ - held_ + bytes;
        held_ = bytes;
        return true;
    }
    [[nodiscard]] std::size_t held() const noexcept { return held_; }
    void release() noexcept { taken_ -= std::exchange(held_, 0); }

  private:
    std::size_t& taken_;
    std::size_t held_ = 0;
};

} // namespace http
