#include "stored/calls.hpp"

#include "base/number.hpp"
#include "base/text.hpp"

namespace stored {

namespace {

// A point in time can hold no seconds far beyond it.
constexpr std::int64_t latest_second = std::int64_t{1} << 32;

} // namespace

const std::array<call_column, 14>& call_columns() noexcept {
    static const std::array<call_column, 14> columns{{
        {"id", [](const call_record& r) { return std::to_string(r.id); }, true},
        {"time", [](const call_record& r) { return oauth::iso_time(r.at); }},
        {"connection", [](const call_record& r) { return r.grant_id; }},
        {"label", [](const call_record& r) { return r.label; }},
        {"key", [](const call_record& r) { return r.key_id; }},
        {"client", [](const call_record& r) { return r.client; }},
        {"tool", [](const call_record& r) { return r.tool; }},
        {"object", [](const call_record& r) { return r.object; }},
        {"ids", [](const call_record& r) { return r.ids; }},
        {"rows", [](const call_record& r) { return std::to_string(r.rows); }, true},
        {"outcome", [](const call_record& r) { return r.outcome; }},
        {"bytes", [](const call_record& r) { return std::to_string(r.bytes); }, true},
        {"ms", [](const call_record& r) { return std::to_string(r.ms); }, true},
        {"request", [](const call_record& r) { return r.request_id; }},
    }};
    return columns;
}

std::string call_break::why() const {
    return broken_at == 0 ? "the head was not signed by this server"
                          : "call " + std::to_string(broken_at) + " was not as it was written";
}

std::string call_chain::signed_text() const {
    auto out = "twenty-mcp calls " + std::to_string(first) + ' ' + text::hex_encode(before) + ' ' +
               std::to_string(last) + ' ' + text::hex_encode(hash);
    if (anew)
        out += " anew " + std::to_string(anew->ended) + ' ' + std::to_string(anew->broken_at) +
               ' ' + std::to_string(anew->at.time_since_epoch() / std::chrono::seconds(1));
    return out;
}

std::optional<call_chain> read_signed_text(std::string_view text) {
    const auto words = text::split(text, ' ');
    if (words.size() != 6 && words.size() != 10) return std::nullopt;
    const auto first = text::number<std::int64_t>(words[2]);
    const auto before = text::hex_decode(words[3]);
    const auto last = text::number<std::int64_t>(words[4]);
    const auto hash = text::hex_decode(words[5]);
    if (!first || !before || !last || !hash) return std::nullopt;
    call_chain out;
    out.first = *first;
    out.last = *last;
    out.before = *before;
    out.hash = *hash;
    if (words.size() == 10) {
        const auto ended = text::number<std::int64_t>(words[7]);
        const auto broken = text::number<std::int64_t>(words[8]);
        const auto at = text::number<std::int64_t>(words[9]);
        if (!ended || !broken || !at || *at < 0 || *at > latest_second) return std::nullopt;
        out.anew = call_break{*ended, *broken, oauth::time_point(std::chrono::seconds(*at))};
    }
    // Said again in the same words, so that there is one text for a head.
    return out.signed_text() == text ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace stored
