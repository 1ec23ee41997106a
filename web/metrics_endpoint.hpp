// The metrics for whoever scrapes them: at /metrics with the admin token, or on a listener of their
// own.
#pragma once

#include "http/server.hpp"
#include "web/admin_access.hpp"
#include "web/http.hpp"

namespace web {

asio::awaitable<response> get_metrics(const admin_needs& needs, request r);

// Answers GET /metrics to whoever can connect, and nothing else: for a listener that only the
// scraper reaches.
asio::awaitable<response> metrics_alone(request r);

} // namespace web
