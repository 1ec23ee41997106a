// Sends the spans of calls to a collector (OTLP over HTTP with JSON), beside the calls: nobody
// waits for it, and what it cannot send it drops and counts. When a request is due, and what an
// answer means, are rules of tracing/; this has the clock, the timer and the connection.
#pragma once

#include "base/result.hpp"
#include "http/https_client.hpp"
#include "metrics/metrics.hpp"
#include "tracing/export_queue.hpp"
#include "twenty/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace http {

struct export_options {
    client_options collector;
    tracing::otlp::resource who;
    tracing::export_limits limits;
    std::chrono::milliseconds deadline{10'000}; // of one request
    std::chrono::milliseconds last_flush{2000}; // of all requests when the server stops
};

class span_exporter final : public tracing::sink {
  public:
    // errc::bad_request: the URL or the CA file cannot be used. Opens no connection yet.
    static result<std::unique_ptr<span_exporter>> create(boost::asio::io_context& io,
                                                         export_options options);
    // `trust` exchanges what `net` takes for a certificate; empty: nothing does.
    span_exporter(boost::asio::io_context& io, export_options options,
                  std::unique_ptr<twenty::transport> net,
                  std::function<void(tls_trust)> trust = {});

    // As of https_client.
    void trust_anew(tls_trust trust) {
        if (trust_) trust_(std::move(trust));
    }

    bool admits() override;
    void add(const tracing::span& s) override;
    // Sends what waits and calls `ended`, within `last_flush`. What is added until then goes along.
    void stop(std::function<void()> ended);

  private:
    void arm();
    void pump();
    void answered(result<twenty::response> answer);
    void tell(tracing::export_queue::news what, const std::string& why, const std::string& detail);
    void end_if_idle();

    export_options options_;
    tracing::export_queue queue_;
    boost::asio::steady_timer timer_;
    std::optional<std::chrono::steady_clock::time_point> armed_;
    boost::asio::steady_timer last_;
    std::function<void()> ended_;
    bool told_rejected_ = false;
    twenty::transport::ticket under_way_ = 0; // of the latest request
    std::vector<std::unique_ptr<metrics::sampled>> counted_;
    // A timer's handler may run once more when this is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::function<void(tls_trust)> trust_;
    std::unique_ptr<twenty::transport> net_; // ends first: it calls this
};

} // namespace http
