// A map of bounded size that forgets what was touched longest ago. Everything that HTTP keeps
// between requests (limiter buckets, forms that were answered) lives in one of these, so that no
// amount of traffic makes the process grow.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace http {

template <class Value> class lru {
  public:
    explicit lru(std::size_t capacity) : capacity_(capacity) {}
    lru(const lru&) = delete; // the index points into the list's own keys
    lru& operator=(const lru&) = delete;

    // nullptr when absent; otherwise the entry counts as used just now.
    Value* find(std::string_view key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, at->second);
        return &at->second->second;
    }

    // The value of `key`, made from `fresh` when absent; may forget the oldest entry.
    Value& get_or_insert(std::string_view key, Value fresh) {
        if (auto* known = find(key)) return *known;
        if (entries_.size() >= capacity_) {
            index_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(std::string(key), std::move(fresh));
        index_.emplace(entries_.front().first, entries_.begin());
        return entries_.front().second;
    }

    void erase(std::string_view key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return;
        const auto entry = at->second; // the index goes first: its key lives in the entry
        index_.erase(at);
        entries_.erase(entry);
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  private:
    using entry = std::pair<const std::string, Value>;
    std::size_t capacity_;
    std::list<entry> entries_; // most recently used first
    std::unordered_map<std::string_view, typename std::list<entry>::iterator> index_;
};

} // namespace http
