// What an administrator sees of the way to Twenty.
#include "actors/twenty_pool.hpp"
#include "actors/upstream.hpp"

namespace actors {

namespace {

std::int64_t ms_of(deadline::duration d) {
    return std::chrono::duration_cast<milliseconds>(d).count();
}

double seconds_of(deadline::duration d) { return std::chrono::duration<double>(d).count(); }

// Which of Twenty's APIs it is.
std::string_view kind_of(std::string_view target) {
    for (const std::string_view kind : {"/graphql", "/metadata", "/rest"})
        if (target.starts_with(kind)) return kind.substr(1);
    return metrics::other;
}

std::string_view reason_of(const waiting_call& w) {
    if (w.paced) return "pace";
    return w.attempt > 1 ? "repeat" : "slot";
}

} // namespace

void pool_logic::measure_wait(const waiting_call& w) {
    metrics::observe(metrics::id::twenty_wait, {reason_of(w)},
                     seconds_of(w.sent_at - w.waits_since));
}

// Every attempt counts: what Twenty answered, or how it was lost.
void pool_logic::measure(const waiting_call& w, const result<twenty::response>& outcome,
                         const std::optional<error>& failure) {
    const auto taken = now() - w.sent_at;
    const auto status = outcome ? std::to_string(outcome->status) : std::string();
    const auto code = failure ? to_string(failure->code) : std::string_view();
    const auto kind = kind_of(w.call.request.target);
    metrics::observe(metrics::id::twenty_request, {kind, status, code}, seconds_of(taken));
    if (logging::wanted(logging::level::debug))
        logging::event(logging::level::debug, "twenty_exchange",
                       {{"kind", kind},
                        {"status", status},
                        {"error", code},
                        {"attempt", w.attempt},
                        {"ms", ms_of(taken)},
                        {"waited_ms", ms_of(w.sent_at - w.waits_since)},
                        {"bytes", outcome ? outcome->body.size() : 0}});
    tell_span(w, outcome ? outcome->status : 0, code);
    note_reachable(outcome, failure);
}

// OpenTelemetry, semantic conventions for HTTP client spans. Without url.full: a target holds ids
// of records, and filters hold what they contain.
void pool_logic::tell_span(const waiting_call& w, int status, std::string_view error) const {
    if (!settings_->spans || !w.span || !w.span->own.sampled) return;
    const auto& request = w.call.request;
    const auto kind = kind_of(request.target);
    const auto name = request.method + " " + std::string(kind);
    const auto answered = std::to_string(status);
    std::vector<tracing::attribute> of{{"http.request.method", request.method},
                                       {"server.address", settings_->upstream_host},
                                       {"server.port", settings_->upstream_port},
                                       {"twenty.api", kind},
                                       {"twenty_mcp.wait_ms", ms_of(w.sent_at - w.waits_since)}};
    if (status > 0) of.push_back({"http.response.status_code", status});
    if (w.attempt > 1) of.push_back({"http.request.resend_count", w.attempt - 1});
    if (error.empty() && status >= 400) error = answered;
    const auto ended = settings_->now();
    const auto taken = now() - w.sent_at;
    settings_->spans->add({*w.span, tracing::kind::client, name,
                           ended - std::chrono::duration_cast<oauth::time_point::duration>(taken),
                           ended, error, of});
}

// What Twenty itself says, a refusal too, shows that it is there.
void pool_logic::note_reachable(const result<twenty::response>& outcome,
                                const std::optional<error>& failure) {
    const bool no_answer = failure && (failure->code == errc::upstream_down ||
                                       failure->code == errc::upstream_timeout);
    switch (twenty_.note(no_answer ? std::optional(failure->code) : std::nullopt, now())) {
    case reachability::news::none:
        return;
    case reachability::news::lost:
        logging::event(logging::level::warning, "twenty_unreachable",
                       {{"why", failure->message}, {"detail", what_came(outcome)}});
        return;
    case reachability::news::back:
        logging::event(logging::level::info, "twenty_back", {{"away_s", twenty_.away().count()}});
        return;
    }
}

} // namespace actors
