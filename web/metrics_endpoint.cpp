#include "web/metrics_endpoint.hpp"

#include "metrics/metrics.hpp"

namespace web {

namespace {

response all_metrics() {
    response r(200, std::string(metrics::content_type), metrics::text());
    r.set("Cache-Control", "no-store");
    r.route = "/metrics";
    return r;
}

} // namespace

asio::awaitable<response> get_metrics(const admin_needs& needs, request r) {
    if (auto refused = co_await refuse_admin(needs, r)) co_return std::move(*refused);
    co_return all_metrics();
}

asio::awaitable<response> metrics_alone(request r) {
    if (r.path != "/metrics") co_return json_error(404, "not_found", "GET /metrics");
    if (r.method != "GET" && r.method != "HEAD") co_return method_not_allowed("GET, HEAD");
    co_return all_metrics();
}

} // namespace web
