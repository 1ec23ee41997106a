// The tools that the sample data is written with: chance, and records with everything that the
// server itself would have added.
#pragma once

#include "demo/clock.hpp"
#include "demo/input.hpp"
#include "demo/schema.hpp"
#include "demo/store.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace demo {

class sample_maker {
  public:
    sample_maker(const schema& model, store& data, std::uint64_t seed, time_point now)
        : model_(model), data_(data), state_(seed), now_(now) {}

    // splitmix64; below(0) is 0.
    std::uint64_t random();
    int below(int n) {
        return n > 0 ? static_cast<int>(random() % static_cast<std::uint64_t>(n)) : 0;
    }
    bool chance(int percent) { return below(100) < percent; }
    template <class T, std::size_t n> const T& any(const std::array<T, n>& from) {
        return from[static_cast<std::size_t>(below(static_cast<int>(n)))];
    }

    // "person" 17 -> its id.
    static std::string id_of(std::string_view object, int number) {
        return uuid_of(std::string(object) + ":" + std::to_string(number));
    }
    // A record of the object with its standard fields; created that many days ago.
    record start(std::string_view object, int number, int days_ago);
    void add(std::string_view object, record made);

    [[nodiscard]] std::string days_from_now(int days, int hour = 10) const;
    [[nodiscard]] std::string date_from_now(int days) const {
        return iso_date(now_ + std::chrono::days(days));
    }

    static json::value link(std::string_view url, std::string_view label = {});
    static json::value money(std::int64_t units, std::string_view currency = "USD");
    static json::value rich_text(std::string_view markdown);
    // A list of one stored file, with the signed address that Twenty adds.
    static json::value file(std::string_view label, std::string_view extension);

  private:
    const schema& model_;
    store& data_;
    std::uint64_t state_;
    time_point now_;
};

inline constexpr int member_count = 6;

} // namespace demo
