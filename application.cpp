#include "application.hpp"

#include "crm/catalogue.hpp"
#include "process.hpp"
#include "web/icons.hpp"
#include "web/limits.hpp"
#include "web/metrics_endpoint.hpp"
#include "web/router.hpp"
#include "web/server_card.hpp"

#include <boost/asio/co_spawn.hpp>

// create() does all that can fail. The constructor only connects, in the order of the members, so
// that each part outlives those that were made with it.

result<std::unique_ptr<application>>
application::create(boost::asio::io_context& io, const config& c, const std::string& database) {
    TRY(identity, oauth::make_identity(c.public_url));
    auto files = store_options(c, database, identity.resource);
    TRY(opened, actors::store_file::open(std::move(files)));

    TRY(client, http::https_client::create(io, twenty_client_options(c)));

    std::unique_ptr<http::span_exporter> spans;
    if (auto options = export_options(c)) {
        TRY(exporter, http::span_exporter::create(io, std::move(*options)));
        spans = std::move(exporter);
    }

    // Documents of clients come from anywhere, so the system's authorities vouch for their hosts.
    // The operator's own (TWENTY_MCP_CA_FILE) vouch for Twenty and the collector alone.
    TRY(public_trust, http::tls_trust::load({}));

    return std::unique_ptr<application>(
        new application(io, c, std::move(identity), std::move(client), std::move(spans),
                        std::move(public_trust), std::move(opened)));
}

namespace {

// What the program offers, with what clients may show of it.
mcp::catalogue offered_at(const config& c, const oauth::server_identity& identity) {
    auto all = crm::contents();
    all.server.website_url = c.website_url.empty() ? identity.documentation : c.website_url;
    all.server.icons = web::server_icons(identity);
    all.tool_icons = web::tool_icons(identity);
    return mcp::catalogue(std::move(all));
}

} // namespace

application::application(boost::asio::io_context& io, const config& c,
                         oauth::server_identity identity,
                         std::unique_ptr<http::https_client> client,
                         std::unique_ptr<http::span_exporter> spans, http::tls_trust public_trust,
                         actors::store_file opened)
    : io_(io), twenty_url_(c.twenty_base_url), client_(std::move(client)), spans_(std::move(spans)),
      executor_(io), instance_secret_(opened.instance_secret()), offered_(offered_at(c, identity)),
      actors_(executor_, *client_, std::move(opened), settings(c, identity, io)),
      bridge_(io, actors_), names_(io, http::ask_system, web::client_documents::max_fetches),
      documents_(io, std::move(public_trust), fetching(c)),
      site_(io, bridge_, published(c, std::move(identity))),
      server_(io, server_options(c), web::make_handler(site_), web::make_body_limit(site_)) {
    // The rules of this product for http, which knows no path and no token: which heads lead to a
    // body, which token is one, and how a refusal of the server's own looks.
    server_.check_heads_with(web::make_head_check(site_));
    server_.check_tokens_with(web::make_token_check(site_));
    server_.refuse_with(web::make_refuser(site_));
    if (auto options = metrics_options(c))
        for_metrics_ = std::make_unique<http::server>(
            io, std::move(*options),
            [](http::request r) { return web::metrics_alone(std::move(r)); },
            [](const http::request&) { return std::optional<std::size_t>(0); });
    if (auto options = admin_socket_options(c))
        for_admin_ = std::make_unique<http::server>(
            io, std::move(*options), web::make_handler(site_), web::make_body_limit(site_));
    watch();
}

result<std::uint16_t> application::start() {
    if (for_admin_)
        if (auto port = for_admin_->start(); !port) return port;
    if (for_metrics_)
        if (auto port = for_metrics_->start(); !port) return port;
    return server_.start();
}

// The last calls are written down before the actors may end: the store answers what it was asked
// behind them.
void application::stop(std::function<void()> ended) {
    if (for_admin_) for_admin_->stop({});
    server_.stop([this, ended = std::move(ended)] {
        boost::asio::co_spawn(io_, answered(), [this, ended](const std::exception_ptr&) {
            if (spans_)
                spans_->stop(ended);
            else
                ended();
        });
    });
}

// The file vouches for Twenty and for the collector alike, so it is read once.
result<done> application::trust_anew(const std::string& ca_file) {
    TRY(trust, http::tls_trust::load(ca_file));
    client_->trust_anew(trust);
    if (spans_) spans_->trust_anew(trust);
    return done{};
}

void application::set_clients(std::vector<oauth::client> by_hand) {
    site_.configured_clients = std::move(by_hand);
}

// What only the process knows of itself.
void application::watch() {
    using metrics::id;
    const auto gauge = [this](id what, std::vector<std::string> labels, auto read) {
        gauges_.push_back(
            std::make_unique<metrics::sampled>(what, std::move(labels), std::move(read)));
    };
    const auto started = static_cast<double>(oauth::clock::to_time_t(oauth::clock::now()));
    gauge(id::build, {TWENTY_MCP_VERSION}, [] { return 1.0; });
    gauge(id::start_time, {}, [started] { return started; });
    gauge(id::cpu, {}, [] { return process::read_vitals().cpu_seconds; });
    gauge(id::memory, {}, [] { return process::read_vitals().resident_bytes; });
    gauge(id::open_files, {}, [] { return process::read_vitals().open_files; });
    gauge(id::most_files, {}, [] { return process::read_vitals().most_files; });
    for (const auto& rule : stored::audit_rules())
        metrics::prepare(id::audit_events, {rule.name});
    for (const auto* rule : web::limit::all)
        metrics::prepare(id::limited, {rule->name});
    for (const auto name : {http::requests_per_client, http::connections_per_client})
        metrics::prepare(id::limited, {name});
    for (const auto* outcome : {"ok", "failed"})
        metrics::prepare(id::store_commit, {outcome});
    for (const auto& tool : offered_.tools())
        metrics::prepare(id::slow_calls, {tool.name});
    for (std::size_t who = 0; who < actors::supervised_actors; ++who)
        metrics::prepare(id::actor_restarts, {actors::name_of(static_cast<actors::actor>(who))});
    for (const auto state : stored::change_state_names)
        metrics::prepare(id::changes, {state});
    metrics::prepare(id::calls_lost);
    metrics::prepare(id::store_failures);
    for (const auto* direction : {"forward", "back"})
        metrics::prepare(id::clock_set, {direction});
    gauge(id::log_dropped, {}, [] { return static_cast<double>(logging::dropped_lines()); });
}

boost::asio::awaitable<void> application::greet_twenty() {
    actors::probe_twenty question;
    const auto begun = std::chrono::steady_clock::now();
    const auto found = co_await bridge_.ask(std::move(question));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - begun)
                        .count();
    if (found)
        logging::event(logging::level::info, "twenty_found", {{"url", twenty_url_}, {"ms", ms}});
    else
        logging::event(logging::level::warning, "twenty_not_found",
                       {{"url", twenty_url_},
                        {"why", found.failure().message},
                        {"detail", found.failure().detail}});
}

boost::asio::awaitable<void> application::answered() {
    actors::get_status question; // the store is asked for it, too
    (void)co_await bridge_.ask(std::move(question));
}

actors::settings application::settings(const config& c, const oauth::server_identity& identity,
                                       boost::asio::io_context& io) {
    auto s = actor_settings(c);
    s.approve_url = identity.issuer + "/approve";
    s.catalogue = &offered_;
    s.spans = spans_.get();
    // The supervisor gives up (actors/supervisor): the context stops, startup::run() reports the
    // reason, and the service manager starts the process anew.
    s.fatal = [this, &io](const std::string& reason) {
        failure_ = reason;
        io.stop();
    };
    return s;
}

web::site_settings application::published(const config& c, oauth::server_identity identity) {
    auto given = site_settings(c);
    given.identity = std::move(identity);
    given.instance_secret = instance_secret_;
    given.documents = &documents_;
    given.files_used_up = process::files_used_up;
    for (const auto& tool : offered_.tools())
        given.tools.emplace_back(tool.name);
    if (c.server_card) given.card = web::make_card(given.identity, offered_.server());
    return given;
}

web::document_fetch_options application::fetching(const config& c) {
    auto options = document_options(c);
    options.resolve = [this](std::string host, std::chrono::steady_clock::time_point until,
                             web::fair_slots::slot slot) {
        return names_.find(std::move(host), until, std::move(slot));
    };
    return options;
}
