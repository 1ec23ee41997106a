// What the log and the metrics are told of an exchange.
#include "http/connection.hpp"
#include "metrics/metrics.hpp"

#include <array>

namespace http {

namespace {

// OpenTelemetry, http.request.method: _OTHER stands for what anybody may have made up.
std::string_view known_method(std::string_view method) {
    for (const std::string_view known : {"POST", "GET", "HEAD", "DELETE", "PUT", "OPTIONS"})
        if (method == known) return known;
    return "_OTHER";
}

// Statuses as text, made once.
std::string_view status_text(int status) {
    static const auto all = [] {
        std::array<std::string, 600> made;
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = std::to_string(i);
        return made;
    }();
    return status >= 0 && static_cast<std::size_t>(status) < all.size()
               ? std::string_view(all[static_cast<std::size_t>(status)])
               : metrics::other;
}

} // namespace

// Never a header's value nor a query: they hold tokens.
void connection::log(const response& a) const {
    if (!context_->options.access_log || !logging::wanted(logging::level::info)) return;
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - now_.begun);
    auto said = a.source ? a.source->said() : std::vector<logging::pair>();
    if (said.empty()) said = a.log;
    std::vector<logging::pair> pairs;
    pairs.reserve(7 + said.size());
    pairs.emplace_back("method", std::string_view(now_.method).substr(0, 16));
    pairs.emplace_back("path", std::string_view(now_.path).substr(0, 128));
    pairs.emplace_back("status", a.status);
    pairs.emplace_back("ms", taken.count());
    pairs.emplace_back("bytes", now_.bytes);
    pairs.emplace_back("id", now_.id);
    pairs.emplace_back("peer", now_.peer.empty() ? log_peer_ : now_.peer);
    for (auto& pair : said)
        pairs.push_back(std::move(pair));
    logging::event(logging::level::info, "request", pairs);
}

// Of a stream the head counts: how long it stays open says nothing of the server.
void connection::measure(const response& a) const {
    const auto taken = std::chrono::duration<double>(clock::now() - now_.begun).count();
    metrics::observe(metrics::id::http_request,
                     {known_method(now_.method), a.route.empty() ? metrics::other : a.route,
                      status_text(a.status)},
                     taken);
}

} // namespace http
