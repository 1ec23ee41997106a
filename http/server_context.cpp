#include "http/server_context.hpp"

#include "base/crypto.hpp"
#include "http/header_values.hpp"

#include <chrono>
#include <cstring>

namespace http {

// splitmix64 over a random start.
std::string server_context::next_id() {
    if (seed_ == 0) {
        const auto bytes = crypto::random_bytes(sizeof seed_);
        std::memcpy(&seed_, bytes.data(), sizeof seed_);
    }
    auto x = seed_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    x ^= x >> 31;
    static constexpr char digits[] = "0123456789abcdef";
    std::string id(12, '0');
    for (auto& c : id) {
        c = digits[x & 15];
        x >>= 4;
    }
    return id;
}

const std::string& server_context::date() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    if (now != date_second_) {
        date_second_ = now;
        date_ = http_date(now);
    }
    return date_;
}

} // namespace http
