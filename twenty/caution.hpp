// How carefully a connection changes records: when its person is asked first, and how many records
// it may change. The person chooses at consent; the administrator sets what holds at least.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace twenty {

// When the person is asked before records are changed; the later the stricter.
enum class asking : std::uint8_t {
    nothing, // never, but for what is always asked for
    risky,   // deletes, merges, changes of the data model, and changes of many records
    every,   // each change
};
inline constexpr std::array<std::string_view, 3> asking_names{"nothing", "risky", "every"};

constexpr std::string_view name_of(asking a) noexcept {
    return asking_names.at(static_cast<std::size_t>(a));
}
constexpr std::optional<asking> asking_named(std::string_view name) noexcept {
    const auto* const found = std::find(asking_names.begin(), asking_names.end(), name);
    if (found == asking_names.end()) return std::nullopt;
    return static_cast<asking>(found - asking_names.begin());
}

// Records that may be changed in an hour and in a day.
struct change_quota {
    std::int64_t hour = 0;
    std::int64_t day = 0;
    bool operator==(const change_quota&) const = default;
};

// The administrator's.
struct caution_rules {
    asking floor = asking::nothing;
    std::int64_t above = 20; // records of one call: so many are not yet many
    change_quota usual{2'000, 20'000};
    change_quota most{20'000, 100'000};
};

// What holds for a connection.
struct caution {
    asking ask = asking::nothing;
    std::int64_t above = 20;
    change_quota quota;
    bool by_person = false; // the person does it themselves: nobody else is to be asked
};
// Of a quota 0 is what was not chosen. The floor and the most hold for what was chosen earlier,
// too.
constexpr caution caution_of(asking chosen, const change_quota& quota,
                             const caution_rules& rules) noexcept {
    const auto bounded = [](std::int64_t wanted, std::int64_t usual, std::int64_t most) {
        return std::min(wanted > 0 ? wanted : usual, most);
    };
    return {std::max(chosen, rules.floor),
            rules.above,
            {bounded(quota.hour, rules.usual.hour, rules.most.hour),
             bounded(quota.day, rules.usual.day, rules.most.day)},
            false};
}

// What a call is about to do, as far as it matters here.
struct planned_change {
    std::int64_t records = 0;
    bool deletes = false;
    bool alters_model = false; // objects and fields, or what nobody can tell beforehand
    bool always = false;       // it is asked for in any case
};
constexpr bool needs_asking(const caution& rules, const planned_change& plan) noexcept {
    if (rules.by_person) return false;
    if (plan.always) return true;
    switch (rules.ask) {
    case asking::nothing:
        return false;
    case asking::risky:
        return plan.deletes || plan.alters_model || plan.records > rules.above;
    case asking::every:
        return plan.records > 0 || plan.deletes || plan.alters_model;
    }
    return true;
}

} // namespace twenty
