#include "http/eviction.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using http::networks;
using http::occupant;
using doing = http::occupant::doing;

namespace {

constexpr std::chrono::steady_clock::time_point first_moment{};

occupant one(doing what, std::size_t wide, std::size_t narrow, int since, bool known = false) {
    return {what, known, wide, narrow, first_moment + std::chrono::seconds(since)};
}

// A server's connections without sockets.
class hall {
  public:
    explicit hall(std::size_t most) : most_(most) {}

    // False: it is refused.
    bool enter(const std::string& address, doing what, bool known = false) {
        if (guests_.size() >= most_) {
            const auto seen = occupants();
            const auto leaving = http::to_evict(seen, http::connection_shares::of(most_));
            if (!leaving) return false;
            left.push_back(guests_[*leaving].address);
            guests_.erase(guests_.begin() + static_cast<std::ptrdiff_t>(*leaving));
        }
        guests_.push_back({address, networks::of(address), what, known, ++now_});
        return true;
    }
    [[nodiscard]] bool has(const std::string& address) const {
        return std::any_of(guests_.begin(), guests_.end(),
                           [&](const guest& g) { return g.address == address; });
    }
    void leave(const std::string& address) {
        std::erase_if(guests_, [&](const guest& g) { return g.address == address; });
    }
    std::vector<std::string> left;

  private:
    struct guest {
        std::string address;
        networks of;
        doing what;
        bool known;
        int since;
    };
    [[nodiscard]] std::vector<occupant> occupants() const {
        std::map<std::uint64_t, std::size_t> wide;
        std::map<std::uint64_t, std::size_t> narrow;
        for (const auto& g : guests_) {
            ++wide[g.of.wide];
            ++narrow[g.of.narrow];
        }
        std::vector<occupant> all;
        for (const auto& g : guests_)
            all.push_back(one(g.what, wide[g.of.wide], narrow[g.of.narrow], g.since, g.known));
        return all;
    }
    std::size_t most_;
    int now_ = 0;
    std::vector<guest> guests_;
};

std::string visitor(int number) { return "203.0." + std::to_string(number) + ".7"; }

} // namespace

TEST_CASE("an address belongs to its /24 or to its /48 and /56, however it is written",
          "[eviction]") {
    const auto v4 = networks::of("198.51.100.7");
    CHECK(v4 == networks::of("::ffff:198.51.100.7"));
    CHECK(v4.wide == networks::of("198.51.100.8").wide);
    CHECK(v4.narrow != networks::of("198.51.100.8").narrow);
    CHECK(v4.wide != networks::of("198.51.101.7").wide);

    const auto v6 = networks::of("2001:db8:1:ab00::1");
    CHECK(v6 == networks::of("2001:db8:1:abff:9::9"));
    CHECK(v6.wide == networks::of("2001:db8:1:ac00::1").wide);
    CHECK(v6.narrow != networks::of("2001:db8:1:ac00::1").narrow);
    CHECK(v6.wide != networks::of("2001:db8:2:ab00::1").wide);
    CHECK(networks::of("::c633:6407").wide != v4.wide);
    CHECK(networks::of("unknown") == networks::of(""));
}

TEST_CASE("the largest network loses the idle first, and then its slowest", "[eviction]") {
    const auto shares = http::connection_shares::of(16);
    const std::vector<occupant> all{
        one(doing::client, 2, 1, 1),    // slow, but of a small network
        one(doing::client, 5, 2, 2),    // the largest, yet of a smaller part of it
        one(doing::client, 5, 3, 4),    //
        one(doing::client, 5, 3, 3),    // 3: its slowest
        one(doing::server, 5, 3, 0),    // the server's own work
        one(doing::streaming, 9, 9, 0), // has its own share
    };
    CHECK(http::to_evict(all, shares) == 3U);
    auto with_idle = all;
    with_idle.push_back(one(doing::idle, 5, 3, 9));
    CHECK(http::to_evict(with_idle, shares) == with_idle.size() - 1);
}

TEST_CASE("who waits for the server is not pushed out, and if all do, the next one is refused",
          "[eviction]") {
    const std::vector<occupant> all{one(doing::server, 9, 9, 0), one(doing::streaming, 9, 9, 1)};
    CHECK_FALSE(http::to_evict(all, http::connection_shares::of(2)));
    CHECK_FALSE(http::to_evict({}, http::connection_shares::of(0)));
}

TEST_CASE("requests with a known token have a share that nobody pushes out", "[eviction]") {
    const auto shares = http::connection_shares::of(8);
    REQUIRE(shares.known == 2);
    std::vector<occupant> all{one(doing::client, 9, 9, 1, true), one(doing::client, 9, 9, 2, true),
                              one(doing::client, 1, 1, 3)};
    CHECK(http::to_evict(all, shares) == 2U);
    // More than that are as others are.
    all.push_back(one(doing::client, 9, 9, 4, true));
    CHECK(http::to_evict(all, shares) == 0U);
}

TEST_CASE("of more lasting streams than their share the one that was quiet longest ends",
          "[eviction]") {
    const auto shares = http::connection_shares::of(4);
    REQUIRE(shares.streams == 2);
    std::vector<occupant> all{one(doing::streaming, 1, 1, 5), one(doing::streaming, 9, 9, 2),
                              one(doing::client, 9, 9, 0), one(doing::server, 9, 9, 0)};
    CHECK_FALSE(http::stream_to_end(all, shares));
    all.push_back(one(doing::streaming, 1, 1, 3));
    CHECK(http::stream_to_end(all, shares) == 1U);
}

TEST_CASE("honest visitors are served while four or forty networks hold all they can get",
          "[eviction]") {
    constexpr std::size_t most = 64;
    struct row {
        const char* name;
        int attackers;
        std::string (*address)(int which, int of);
        bool known;
    };
    const row rows[] = {
        {"four addresses", 4,
         [](int i, int of) { return "198.51." + std::to_string(i % of) + ".9"; }, false},
        {"one IPv6 /62", 4,
         [](int i, int of) { return "2001:db8:1:" + std::to_string(i % of) + "::9"; }, false},
        {"one IPv6 /48, another /56 each time", 256,
         [](int i, int of) {
             static constexpr char digits[] = "0123456789abcdef";
             const auto n = static_cast<unsigned>(i % of);
             return std::string("2001:db8:1:") + digits[n >> 4] + digits[n & 15] + "00::9";
         },
         false},
        {"forty networks", 40,
         [](int i, int of) {
             return "198.51." + std::to_string(i % of) + "." + std::to_string(i % 250);
         },
         false},
        {"forty networks whose tokens are good, reading slowly", 40,
         [](int i, int of) { return "198.51." + std::to_string(i % of) + ".9"; }, true},
    };
    for (const auto& r : rows) {
        INFO(r.name);
        hall h(most);
        int turn = 0;
        for (int i = 0; i < 200; ++i)
            REQUIRE(h.enter(r.address(turn++, r.attackers), doing::client, r.known));
        // While each visitor sends and reads, a hundred more of the others come.
        int served = 0;
        for (int v = 0; v < 20; ++v) {
            if (!h.enter(visitor(v), doing::client)) continue;
            for (int i = 0; i < 100; ++i)
                REQUIRE(h.enter(r.address(turn++, r.attackers), doing::client, r.known));
            if (h.has(visitor(v))) ++served;
            h.leave(visitor(v));
        }
        CHECK(served == 20);
        CHECK(std::none_of(h.left.begin(), h.left.end(),
                           [](const auto& a) { return a.starts_with("203.0."); }));
    }
}

TEST_CASE("a crowd's known tokens leave room for strangers, and the other way round",
          "[eviction]") {
    constexpr std::size_t most = 64;
    hall h(most);
    // People of one office, each with a good token.
    for (int i = 0; i < 16; ++i)
        REQUIRE(h.enter("192.0.2.1", doing::client, true));
    for (int i = 0; i < 500; ++i)
        REQUIRE(h.enter("198.51.100." + std::to_string(i % 4), doing::client));
    CHECK(
        std::none_of(h.left.begin(), h.left.end(), [](const auto& a) { return a == "192.0.2.1"; }));
}
