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
class tally {
  public:
    class slot {
      public:
        slot(tally& of, std::string key) : of_(&of), key_(std::move(key)) {}
        slot(slot&& other) noexcept
            : of_(std::exchange(other.of_, nullptr)), key_(std::move(other.key_)) {}
        slot& operator=(slot&& other) noexcept {
            std::swap(of_, other.of_);
            std::swap(key_, other.key_);
            return *this;
        }
        ~slot() {
            if (of_) of_->leave(key_);
        }

      private:
        tally* of_;
        std::string key_;
    };

    // nullopt: `most` are taken.
    std::optional<slot> take(std::string key, std::size_t most) {
        auto& taken = counts_[key];
        if (taken >= most) {
            if (taken == 0) counts_.erase(key);
            return std::nullopt;
        }
        ++taken;
        return slot(*this, std::move(key));
    }
    [[nodiscard]] std::size_t count(const std::string& key) const {
        const auto found = counts_.find(key);
        return found == counts_.end() ? 0 : found->second;
    }
    [[nodiscard]] bool empty() const noexcept { return counts_.empty(); }

  private:
    void leave(const std::string& key) noexcept {
        const auto found = counts_.find(key);
        if (found != counts_.end() && --found->second == 0) counts_.erase(found);
    }
    std::unordered_map<std::string, std::size_t> counts_;
};

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
    void release() noexcept { taken_ -= std::exchange(held_, 0); }

  private:
    std::size_t& taken_;
    std::size_t held_ = 0;
};

} // namespace http
