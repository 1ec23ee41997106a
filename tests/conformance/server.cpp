// The protocol core, the session actors and the HTTP server of the product with the conformance
// suite's fixtures in place of the CRM. The suite can send no Authorization, so every request
// gets the token of a grant that is made at the start; with "x-fixture-grant: second", of
// another one. SIGUSR1 lets a quarter of an hour and a minute pass. Loopback only; never
// installed.
// usage: conformance_server PORT
#include "http/server.hpp"
#include "actors/system.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/asio_executor.hpp"
#include "http/caf_bridge.hpp"
#include "tests/conformance/fixtures.hpp"
#include "web/router.hpp"
#include "web/site.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <vector>

namespace {

namespace asio = boost::asio;

// There is no workspace behind the fixtures.
class no_transport final : public twenty::transport {
  public:
    ticket send(twenty::request, secret, std::chrono::milliseconds, completion done) override {
        done(error(errc::upstream_down, "There is no Twenty behind the fixtures."));
        return 1;
    }
    void cancel(ticket) override {}
};

asio::awaitable<secret> login(http::actor_bridge& actors, const std::string& resource) {
    const std::string verifier(43, 'v');
    twenty::connection c;
    c.api_key = secret(std::string("none"));
    c.workspace.id = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    c.mode = twenty::mode::write;
    oauth::new_grant grant;
    grant.request.client_id = "conformance";
    grant.request.redirect_uri = "http://localhost/callback";
    grant.request.code_challenge = text::base64url_encode(crypto::sha256(verifier));
    grant.request.resource = resource;
    grant.granted.read = grant.granted.write = true;
    grant.props = twenty::to_props(c);
    actors::create_grant create(std::move(grant));
    auto code = co_await actors.ask(std::move(create));
    if (!code) throw std::runtime_error(code.failure().message);
    oauth::code_exchange exchange;
    exchange.client_id = "conformance";
    exchange.code = std::move(code).value();
    exchange.code_verifier = verifier;
    actors::redeem_code redeem(std::move(exchange));
    auto pair = co_await actors.ask(std::move(redeem));
    if (!pair) throw std::runtime_error(pair.failure().message);
    co_return pair->access_token;
}

asio::awaitable<std::vector<secret>> login_twice(http::actor_bridge& actors,
                                                 const std::string& resource) {
    std::vector<secret> tokens;
    for (int i = 0; i < 2; ++i) {
        secret made = co_await login(actors, resource);
        tokens.push_back(std::move(made));
    }
    co_return tokens;
}

int run(std::uint16_t port) {
    const auto url = "http://localhost:" + std::to_string(port);
    asio::io_context io(1);
    no_transport net;
    http::asio_executor executor(io);
    stored::options files;
    files.path = ":memory:";
    files.key = secret(crypto::random_bytes(crypto::key_bytes));
    auto identity = oauth::make_identity(url).value();
    const auto resource = identity.resource;
    files.resource = resource;
    auto opened = actors::store_file::open(files);
    if (!opened) throw std::runtime_error(opened.failure().message);
    const secret instance = opened->instance_secret();
    actors::settings s;
    s.catalogue = &conformance::fixtures();
    std::atomic<int> minutes_ahead = 0; // the store's thread reads the clock too
    s.now = [&] { return oauth::clock::now() + std::chrono::minutes(minutes_ahead); };
    actors::system actors(executor, net, std::move(opened).value(), std::move(s));
    http::caf_bridge bridge(io, actors);
    web::site_settings given;
    given.identity = std::move(identity);
    given.instance_secret = instance;
    given.server_keys = {files.key};
    web::site site(io, bridge, std::move(given));

    std::vector<secret> tokens;
    const auto handle = web::make_handler(site);
    const auto with_token = [&](http::request r) {
        const auto& token = tokens.at(r.header("x-fixture-grant") == "second" ? 1 : 0);
        r.headers.emplace_back("authorization", "Bearer " + std::string(token.reveal()));
        return handle(std::move(r));
    };
    http::server_options where;
    where.port = port;
    where.access_log = false;
    http::server server(io, where, with_token, web::make_body_limit(site));

    asio::signal_set signals(io, SIGTERM, SIGINT);
    asio::signal_set later(io, SIGUSR1);
    std::function<void(boost::system::error_code, int)> wait = [&](auto failed, int) {
        if (failed) return;
        minutes_ahead += 16;
        later.async_wait(wait);
    };
    later.async_wait(wait);
    signals.async_wait([&](boost::system::error_code, int) { server.stop([&] { io.stop(); }); });
    const auto logged_in = [&](std::exception_ptr failed, std::vector<secret> made) {
        if (failed) std::rethrow_exception(failed);
        tokens = std::move(made);
        const auto started = server.start();
        if (!started) throw std::runtime_error(started.failure().message);
        std::cout << "conformance fixtures on " << url << "/mcp" << std::endl;
    };
    asio::co_spawn(io, login_twice(bridge, resource), logged_in);
    io.run();
    actors.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (!crypto::start() || argc != 2) return 2;
    try {
        return run(static_cast<std::uint16_t>(std::atoi(argv[1])));
    } catch (const std::exception& e) {
        std::cerr << "conformance_server: " << e.what() << '\n';
        return 1;
    }
}
