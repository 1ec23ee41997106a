#include "base/trace_context.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <random>

namespace trace {

namespace {

constexpr std::size_t id_digits = 32;
constexpr std::size_t span_digits = 16;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && std::ranges::any_of(text, [](char c) { return c != '0'; });
}

// Ids have to differ, not to be secret: a generator that is seeded once asks the kernel for
// nothing.
std::mt19937_64 seeded() {
    const auto drawn = crypto::random_bytes(32);
    std::seed_seq seed(drawn.begin(), drawn.end());
    return std::mt19937_64(seed);
}

// `count` is a multiple of 16.
std::string random_digits(std::size_t count) {
    static constexpr char hex[] = "0123456789abcdef";
    thread_local auto generator = seeded();
    std::string digits;
    digits.reserve(count);
    while (digits.size() < count) {
        auto drawn = generator();
        for (std::size_t i = 0; i < span_digits; ++i, drawn >>= 4)
            digits.push_back(hex[drawn & 15]);
    }
    return digits;
}

} // namespace

// W3C Trace Context §3.2.2: version-id-span-flags. A later version may have more behind the flags;
// version ff is none.
std::optional<context> parse(std::string_view traceparent) {
    constexpr std::size_t size = 2 + 1 + id_digits + 1 + span_digits + 1 + 2;
    if (traceparent.size() < size || traceparent.size() > 256) return std::nullopt;
    const auto version = traceparent.substr(0, 2);
    const auto id = traceparent.substr(3, id_digits);
    const auto span = traceparent.substr(4 + id_digits, span_digits);
    const auto flags = traceparent.substr(5 + id_digits + span_digits, 2);
    const bool dashes = traceparent[2] == '-' && traceparent[3 + id_digits] == '-' &&
                        traceparent[4 + id_digits + span_digits] == '-';
    if (!dashes || !is_hex(version) || version == "ff" || !is_id(id) || !is_id(span) ||
        !is_hex(flags))
        return std::nullopt;
    if (traceparent.size() > size && (version == "00" || traceparent[size] != '-'))
        return std::nullopt;
    const char last = flags[1];
    const int nibble = text::is_digit(last) ? last - '0' : last - 'a' + 10;
    return context{std::string(id), std::string(span), (nibble & 1) != 0};
}

context child_of(const context& parent) {
    return {parent.id, random_digits(span_digits), parent.sampled};
}

context begin(bool sampled) {
    return {random_digits(id_digits), random_digits(span_digits), sampled};
}

std::string traceparent(const context& of) {
    return "00-" + of.id + '-' + of.span + (of.sampled ? "-01" : "-00");
}

} // namespace trace
