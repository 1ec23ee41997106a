#include "twenty/retry.hpp"

#include <algorithm>
#include <charconv>

namespace twenty {

namespace {

constexpr int most_attempts = 3;
// A tool call has its own time, so a longer wait is left to the caller, whose error names it.
constexpr std::chrono::milliseconds longest_wait{5000};
constexpr std::chrono::milliseconds after_a_fault{250};

std::optional<int> number_after(std::string_view& text, std::string_view marker) {
    const auto at = text.find(marker);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + marker.size());
    int n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || n <= 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return n;
}

} // namespace

// parse_rate() takes numbers of a text of Twenty's, so it holds them within a day and a million:
// the token bucket multiplies and divides by them.
std::optional<rate> parse_rate(std::string_view message) noexcept {
    const auto tokens = number_after(message, "Limit reached (");
    if (!tokens) return std::nullopt;
    const auto ms = number_after(message, "tokens per ");
    if (!ms || *tokens > 1'000'000 || *ms > 86'400'000) return std::nullopt;
    return rate{*tokens, std::chrono::milliseconds(*ms)};
}

std::optional<std::chrono::milliseconds> repeat_after(const request& sent, const error& failure,
                                                      int attempt) {
    if (attempt >= most_attempts) return std::nullopt;
    switch (failure.code) {
    // 600 ms is the time in which Twenty's limiter, as it is set by default, gives back one token.
    // A write may be repeated as well, because a refused request was not run.
    case errc::rate_limited: {
        const auto wait = failure.retry_after.value_or(std::chrono::milliseconds(600)) * attempt;
        if (wait > longest_wait) return std::nullopt;
        return wait;
    }
    case errc::upstream_down:
    case errc::upstream_timeout:
        // Threat: a write runs twice. Defence: only what is marked safe is sent again.
        if (sent.is_write && !sent.safe_to_repeat) return std::nullopt;
        return after_a_fault * attempt;
    default:
        return std::nullopt;
    }
}

token_bucket::token_bucket(std::optional<rate> cap, clock::time_point start)
    : cap_(cap), last_(start) {
    adopt(cap);
}

void token_bucket::adopt(std::optional<rate> r) {
    rate_ = r;
    tokens_ = r ? r->tokens : 0;
}

token_bucket::clock::duration token_bucket::interval() const noexcept {
    return std::chrono::duration_cast<clock::duration>(rate_->per) / std::max(rate_->tokens, 1);
}

// token_bucket is in one of two states: without a pace, until Twenty refuses, or with one, which
// exhausted() sets and which ends here when no refusal came for as long as it is `remembered`. With
// a cap there is always a pace. Refilling goes by whole tokens, and last_ moves by their time
// alone, so that no fraction is lost between two calls.
void token_bucket::refill(clock::time_point now) {
    if (limited_ && now - *limited_ >= remembered) {
        limited_.reset();
        adopt(cap_);
        last_ = now;
    }
    if (!rate_ || now <= last_) return;
    const auto step = std::max(interval(), clock::duration(1));
    const auto gained = (now - last_) / step;
    if (gained >= rate_->tokens - tokens_) {
        tokens_ = rate_->tokens;
        last_ = now;
        return;
    }
    tokens_ += static_cast<int>(gained);
    last_ += step * gained;
}

std::optional<token_bucket::clock::duration> token_bucket::take(clock::time_point now) {
    refill(now);
    if (!rate_) return std::nullopt;
    if (tokens_ > 0) {
        --tokens_;
        return std::nullopt;
    }
    return std::max(last_ + interval() - now, clock::duration(1));
}

void token_bucket::exhausted(clock::time_point now, std::optional<rate> learned) {
    // The cap holds even where Twenty would allow more.
    const auto slower = [](const rate& a, const rate& b) { // a / a.per < b / b.per
        return a.tokens * b.per.count() < b.tokens * a.per.count();
    };
    const rate told = learned ? *learned : rate_ ? *rate_ : rate{};
    rate_ = cap_ && slower(*cap_, told) ? *cap_ : told;
    tokens_ = 0;
    last_ = std::max(last_, now);
    limited_ = now;
}

void token_bucket::give_back() {
    if (rate_) tokens_ = std::min(tokens_ + 1, rate_->tokens);
}

} // namespace twenty
