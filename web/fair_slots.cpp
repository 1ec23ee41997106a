#include "web/fair_slots.hpp"

#include "http/eviction.hpp"
#include "http/shares.hpp"

#include <cstdint>
#include <utility>

namespace web {

namespace {

using by_network = http::tally_of<std::uint64_t>;

} // namespace

struct fair_slots::holders {
    std::size_t taken = 0;
    by_network wide;   // IPv4 /24, IPv6 /48
    by_network narrow; // IPv4 addresses, IPv6 /56

    // One slot, as its copies hold it.
    struct part {
        part(std::shared_ptr<holders> all, by_network::slot in_wide, by_network::slot in_narrow)
            : of(std::move(all)), wide(std::move(in_wide)), narrow(std::move(in_narrow)) {
            ++of->taken;
        }
        ~part() { --of->taken; }
        part(const part&) = delete;
        part& operator=(const part&) = delete;

        std::shared_ptr<holders> of; // first, so that it outlives the other two
        by_network::slot wide;
        by_network::slot narrow;
    };
};

fair_slots::fair_slots(std::size_t slots) : slots_(slots), holders_(std::make_shared<holders>()) {}

std::size_t fair_slots::taken() const noexcept { return holders_->taken; }

// take() rounds both shares up: a network can use slots however few there are.
fair_slots::slot fair_slots::take(std::string_view peer) {
    if (holders_->taken >= slots_) return nullptr;
    const auto from = http::networks::of(peer);
    auto wide = holders_->wide.take(from.wide, (slots_ + 1) / 2);
    if (!wide) return nullptr;
    auto narrow = holders_->narrow.take(from.narrow, (slots_ + 3) / 4);
    if (!narrow) return nullptr;
    return std::make_shared<holders::part>(holders_, *std::move(wide), *std::move(narrow));
}

} // namespace web
