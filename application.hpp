// Everything between a configuration and an open port, for the service and the demo alike.
#pragma once

#include "actors/store_file.hpp"
#include "actors/system.hpp"
#include "config.hpp"
#include "http/asio_executor.hpp"
#include "http/caf_bridge.hpp"
#include "http/https_client.hpp"
#include "http/name_lookup.hpp"
#include "http/server.hpp"
#include "http/span_exporter.hpp"
#include "mcp/catalogue.hpp"
#include "metrics/metrics.hpp"
#include "web/document_fetch.hpp"
#include "web/site.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

// Members are made in the order of need and destroyed in reverse.
class application {
  public:
    // `database` is a file's path, or ":memory:". An error says what of the database, of Twenty's
    // address or of the system's certificates cannot be used.
    static result<std::unique_ptr<application>> create(boost::asio::io_context& io, const config& c,
                                                       const std::string& database);

    // The port, or why it cannot listen.
    result<std::uint16_t> start();
    // Calls `ended` once no connection is left and the last spans are sent or given up; run the
    // context until then.
    void stop(std::function<void()> ended);
    // From then on; errors as of http::tls_trust::load(), and then nothing changes.
    result<done> trust_anew(const std::string& ca_file);
    void set_clients(std::vector<oauth::client> by_hand);
    // Asks Twenty whether it is there, and says so in the log.
    boost::asio::awaitable<void> greet_twenty();
    // Comes back once the actors and the store's thread have answered a question, be it with a no.
    boost::asio::awaitable<void> answered();
    // After the context has stopped: ends the actors, so that what was written is committed.
    void close() { actors_.stop(); }

    // Why the actors gave up and stopped the context; empty unless they did.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

  private:
    application(boost::asio::io_context& io, const config& c, oauth::server_identity identity,
                std::unique_ptr<http::https_client> client,
                std::unique_ptr<http::span_exporter> spans, http::tls_trust public_trust,
                actors::store_file opened);

    actors::settings settings(const config& c, const oauth::server_identity& identity,
                              boost::asio::io_context& io);
    web::site_settings published(const config& c, oauth::server_identity identity);
    web::document_fetch_options fetching(const config& c);
    void watch();

    boost::asio::io_context& io_;
    std::string failure_;
    std::string twenty_url_;
    std::unique_ptr<http::https_client> client_;
    std::unique_ptr<http::span_exporter> spans_; // null: no collector is set
    http::asio_executor executor_;
    secret instance_secret_;
    mcp::catalogue offered_;
    actors::system actors_;
    http::caf_bridge bridge_;
    http::name_lookup names_;
    web::document_fetcher documents_;
    web::site site_;
    http::server server_;
    std::unique_ptr<http::server> for_metrics_; // null: there is no such listener, as the next
    std::unique_ptr<http::server> for_admin_;
    std::vector<std::unique_ptr<metrics::sampled>> gauges_;
};
