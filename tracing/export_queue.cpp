#include "tracing/export_queue.hpp"

#include <algorithm>

namespace tracing {

// add() looks for room before it writes the span: with the collector away a call pays for nothing.
void export_queue::add(const span& s, time_point now) {
    if (over_) return lose(loss::stopped, 1);
    if (queue_.size() >= limits_.spans || bytes_ >= limits_.bytes) return lose(loss::full, 1);
    queue_.push_back({otlp::encode(s), now});
    bytes_ += queue_.back().json.size();
}

bool export_queue::admits(time_point now) {
    if (traces_counted_) {
        const std::chrono::duration<double> since = now - *traces_counted_;
        traces_left_ = std::min(limits_.traces_at_once,
                                traces_left_ + since.count() * limits_.traces_per_second);
    }
    traces_counted_ = now;
    if (traces_left_ < 1) {
        lose(loss::rate, 1);
        return false;
    }
    traces_left_ -= 1;
    return true;
}

std::optional<export_queue::time_point> export_queue::next() const {
    if (sent_ > 0 || queue_.empty()) return std::nullopt;
    const auto since = queue_.front().since;
    if (closing_) return since;
    const bool full = queue_.size() >= limits_.batch;
    return std::max(full ? since : since + limits_.longest_wait, rests_until_);
}

std::optional<std::string> export_queue::due(time_point now) {
    const auto when = next();
    if (!when || *when > now) return std::nullopt;
    sent_ = std::min(queue_.size(), limits_.batch);
    if (!tried_since_) tried_since_ = now;
    std::size_t size = begun_.size() + otlp::end.size() + sent_;
    for (std::size_t i = 0; i < sent_; ++i)
        size += queue_[i].json.size();
    std::string body;
    body.reserve(size);
    body += begun_;
    for (std::size_t i = 0; i < sent_; ++i) {
        if (i > 0) body += ',';
        body += queue_[i].json;
    }
    body += otlp::end;
    return body;
}

std::chrono::milliseconds export_queue::pause_after(const otlp::answer& how) const {
    auto pause = limits_.first_pause;
    for (int i = 1; i < failures_ && pause < limits_.longest_pause; ++i)
        pause *= 2;
    const std::chrono::milliseconds asked =
        std::min<std::chrono::milliseconds>(how.pause, limits_.longest_asked);
    return std::max(std::min(pause, limits_.longest_pause), asked);
}

export_queue::news export_queue::answered(const otlp::answer& how, time_point now) {
    using fate = otlp::answer::fate;
    const bool failed_before = failures_ > 0;
    if (how.how == fate::taken) {
        const auto rejected = std::min(how.rejected, sent_);
        exported_ += sent_ - rejected;
        lose(loss::rejected, rejected);
        forget_sent();
        failures_ = 0;
        return failed_before ? news::back : news::none;
    }
    ++failures_;
    if (how.how == fate::refused) {
        lose(loss::refused, sent_);
        forget_sent();
    } else {
        rests_until_ = now + pause_after(how);
        if (now - *tried_since_ >= limits_.patience) {
            lose(loss::late, sent_);
            forget_sent();
        }
    }
    sent_ = 0;
    if (closing_ && how.how == fate::again) abandon();
    return failed_before ? news::none : news::lost;
}

void export_queue::forget_sent() {
    for (; sent_ > 0; --sent_) {
        bytes_ -= queue_.front().json.size();
        queue_.pop_front();
    }
    tried_since_.reset();
}

void export_queue::abandon() {
    over_ = true;
    lose(loss::stopped, queue_.size());
    queue_.clear();
    bytes_ = 0;
    sent_ = 0;
}

} // namespace tracing
