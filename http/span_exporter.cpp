#include "http/span_exporter.hpp"

#include "base/log.hpp"

#include <utility>

namespace http {

namespace {

using clock = std::chrono::steady_clock;
using tracing::loss;
using tracing::otlp::answer;

// The client speaks of Twenty, which is at its other end everywhere else.
std::string of_collector(std::string text) {
    constexpr std::string_view other = "Twenty";
    return text.starts_with(other) ? "The collector" + text.substr(other.size()) : text;
}

} // namespace

result<std::unique_ptr<span_exporter>> span_exporter::create(boost::asio::io_context& io,
                                                             export_options options) {
    TRY(net, https_client::create(io, options.collector));
    auto* const client = net.get();
    auto trust = [client](tls_trust next) { client->trust_anew(std::move(next)); };
    return std::make_unique<span_exporter>(io, std::move(options), std::move(net),
                                           std::move(trust));
}

span_exporter::span_exporter(boost::asio::io_context& io, export_options options,
                             std::unique_ptr<twenty::transport> net,
                             std::function<void(tls_trust)> trust)
    : options_(std::move(options)), queue_(options_.limits, options_.who), timer_(io), last_(io),
      trust_(std::move(trust)), net_(std::move(net)) {
    using metrics::id;
    const auto count = [this](id what, std::vector<std::string> labels, auto read) {
        counted_.push_back(std::make_unique<metrics::sampled>(
            what, std::move(labels), [read] { return static_cast<double>(read()); }));
    };
    count(id::spans_exported, {}, [this] { return queue_.exported(); });
    for (std::size_t why = 0; why < tracing::loss_names.size(); ++why)
        count(id::spans_dropped, {std::string(tracing::loss_names[why])},
              [this, why] { return queue_.dropped(static_cast<loss>(why)); });
    count(id::budget, {"spans"}, [this] { return queue_.bytes(); });
    count(id::budget_limit, {"spans"}, [this] { return queue_.limits().bytes; });
}

bool span_exporter::admits() { return queue_.admits(clock::now()); }

void span_exporter::add(const tracing::span& s) {
    queue_.add(s, clock::now());
    arm();
}

// arm() has one timer, for the next request. It is moved forwards alone: where it comes too early,
// pump() finds nothing due and sets it anew.
void span_exporter::arm() {
    const auto when = queue_.next();
    if (!when || (armed_ && *armed_ <= *when)) return;
    armed_ = when;
    timer_.expires_at(*when);
    timer_.async_wait(
        [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& moved) {
            if (moved || alive.expired()) return;
            armed_.reset();
            pump();
        });
}

// Twice the same span is the same span to a collector, so a request may be repeated on a new
// connection when a kept one was closed.
void span_exporter::pump() {
    if (auto body = queue_.due(clock::now())) {
        twenty::request r;
        r.target = tracing::otlp::traces_path;
        r.body = std::move(*body);
        r.safe_to_repeat = true;
        under_way_ =
            net_->send(std::move(r), {}, options_.deadline,
                       [this](result<twenty::response> answer) { answered(std::move(answer)); });
    }
    arm();
}

void span_exporter::answered(result<twenty::response> answer) {
    tracing::otlp::answer how;
    if (answer)
        how = tracing::otlp::read(answer->status, answer->body, answer->retry_after);
    else
        how.why = of_collector(answer.failure().message);
    const auto lost_before = queue_.dropped(loss::rejected);
    const auto news = queue_.answered(how, clock::now());
    tell(news, how.why, answer ? std::string() : answer.failure().detail);
    if (const auto lost = queue_.dropped(loss::rejected) - lost_before;
        lost > 0 && !std::exchange(told_rejected_, true))
        logging::event(logging::level::warning, "spans_rejected",
                       {{"spans", lost}, {"why", how.why}});
    pump();
    end_if_idle();
}

void span_exporter::tell(tracing::export_queue::news what, const std::string& why,
                         const std::string& detail) {
    using news = tracing::export_queue::news;
    if (what == news::lost)
        logging::event(logging::level::warning, "collector_failed",
                       {{"why", why}, {"detail", detail}});
    if (what == news::back) logging::event(logging::level::info, "collector_back");
}

void span_exporter::stop(std::function<void()> ended) {
    ended_ = std::move(ended);
    queue_.close();
    last_.expires_after(options_.last_flush);
    last_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& moved) {
        if (moved || alive.expired()) return;
        net_->cancel(under_way_);
        queue_.abandon();
        end_if_idle();
    });
    pump();
    end_if_idle();
}

void span_exporter::end_if_idle() {
    if (!ended_ || queue_.waiting() > 0) return;
    queue_.abandon();
    timer_.cancel();
    last_.cancel();
    std::exchange(ended_, nullptr)();
}

} // namespace http
