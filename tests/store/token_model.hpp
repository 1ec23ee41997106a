// What may still be done with the code and the tokens of a grant, in as few rules as they take:
// written after docs/threat-model.md and RFC 9700, beside store/, and compared with it step by step
// (tests/store/token_history.hpp). Times are seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store_tests {

struct issued_pair {
    std::string access;
    std::string refresh; // empty: the client takes none
    std::int64_t access_end = 0;
    std::int64_t refresh_end = 0;
    std::int64_t changed = 0;         // when the refresh token became current, spent or retired
    std::optional<std::int64_t> used; // the first use of the access token
    bool access_gone = false;
};

enum class answer {
    refused, // and nothing changes
    new_pair,
    same_pair, // what was given for this token before
    end,       // refused, and the grant has ended
};

class grant_model {
  public:
    std::string id;
    std::string client;
    std::string fingerprint;
    bool may_refresh = true;
    std::int64_t end = 0;
    std::string code;
    std::int64_t code_end = 0;
    bool code_used = false;
    bool code_forgotten = false;
    bool ended = false;
    std::vector<issued_pair> pairs; // as they were issued: the last is current

    [[nodiscard]] answer redeem(std::int64_t now) const {
        if (ended || code_forgotten) return answer::refused;
        if (code_used) return answer::end;
        return now < code_end ? answer::new_pair : answer::refused;
    }

    [[nodiscard]] bool opens(std::size_t pair, std::int64_t now) const {
        return !ended && !pairs[pair].access_gone && now < pairs[pair].access_end;
    }

    [[nodiscard]] answer refresh(std::size_t pair, std::int64_t now) const {
        if (ended || now >= end) return answer::refused;
        const auto& p = pairs[pair];
        const auto last = pairs.size() - 1;
        if (pair == last) return now < p.refresh_end ? answer::new_pair : answer::refused;
        if (pair != exchanged_) return now - p.changed < grace ? answer::refused : answer::end;
        if (now >= p.refresh_end) return answer::refused;
        const auto& used = pairs[last].used;
        if (!used && now - p.changed > grace) return answer::new_pair; // the answer was lost
        if (!used || now - *used <= race)
            return opens(last, now) ? answer::same_pair : answer::refused;
        return now - p.changed <= grace ? answer::refused : answer::end;
    }

    void use(std::size_t pair, std::int64_t now) {
        if (!pairs[pair].used) pairs[pair].used = now;
    }

    // `from`: whose refresh token was exchanged for it; nullopt: it came with the code.
    void add(issued_pair made, std::optional<std::size_t> from, std::int64_t now) {
        made.changed = now;
        if (from) {
            auto& replaced = from == exchanged_ ? pairs.back() : pairs[exchanged_.value_or(*from)];
            replaced.changed = now;
            if (from == exchanged_) replaced.access_gone = true;
            pairs[*from].changed = now;
            exchanged_ = from;
        }
        pairs.push_back(std::move(made));
        std::size_t alive = 0;
        for (auto p = pairs.rbegin(); p != pairs.rend(); ++p)
            if (!p->access_gone && ++alive > most_alive) p->access_gone = true;
    }

    // What a sweep of the database forgets.
    void sweep(std::int64_t now) {
        if (now >= code_end + replay_window) code_forgotten = true;
    }
    // Nothing is left that could open the grant or prolong it.
    [[nodiscard]] bool dead(std::int64_t now) const {
        if (now >= end) return true;
        if (!code_used && now < code_end) return false;
        for (std::size_t i = 0; i < pairs.size(); ++i)
            if (opens(i, now)) return false;
        return pairs.empty() || !may_refresh || now >= pairs.back().refresh_end;
    }

  private:
    static constexpr std::int64_t grace = 60;
    static constexpr std::int64_t race = 10;
    static constexpr std::int64_t replay_window = 600;
    static constexpr std::size_t most_alive = 5;

    std::optional<std::size_t> exchanged_; // the pair that gave way to the current one
};

} // namespace store_tests
