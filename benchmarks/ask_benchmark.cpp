// What does it cost a connection's coroutine to ask the actors? The whole way of a request to
// /mcp without HTTP and without Twenty: bridge, supervisor, sessions, session, and back.
#include "actors/system.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "crm/catalogue.hpp"
#include "http/asio_executor.hpp"
#include "http/caf_bridge.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

namespace asio = boost::asio;

class no_twenty final : public twenty::transport {
  public:
    ticket send(twenty::request, secret, std::chrono::milliseconds, completion) override {
        return 0;
    }
    void cancel(ticket) override {}
};

template <class T> T must(result<T> r) {
    if (r) return std::move(r).value();
    std::cerr << r.failure().message << '\n';
    std::exit(1);
}

stored::options memory() {
    stored::options out;
    out.path = ":memory:";
    out.key = secret(std::string(32, 'k'));
    out.resource = "https://crm.example.com/mcp";
    return out;
}

// A grant that Twenty was not asked about.
asio::awaitable<secret> login(http::caf_bridge& actors) {
    const std::string verifier(43, 'v');
    twenty::connection c;
    c.api_key = secret(std::string_view("key"));
    c.workspace.id = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    c.mode = twenty::mode::write;
    oauth::new_grant grant;
    grant.request.client_id = "client";
    grant.request.redirect_uri = "https://claude.ai/cb";
    grant.request.code_challenge = text::base64url_encode(crypto::sha256(verifier));
    grant.request.resource = "https://crm.example.com/mcp";
    grant.granted = {true, true, false};
    grant.props = twenty::to_props(c);
    actors::create_grant make(std::move(grant));
    oauth::code_exchange exchange;
    exchange.client_id = "client";
    exchange.code = must(co_await actors.ask(std::move(make)));
    exchange.code_verifier = verifier;
    actors::redeem_code redeem(std::move(exchange));
    auto pair = must(co_await actors.ask(std::move(redeem)));
    co_return pair.access_token;
}

struct service {
    asio::io_context io{1};
    http::asio_executor executor{io};
    no_twenty twenty;
    secret token;
    std::unique_ptr<actors::system> system;
    std::unique_ptr<http::caf_bridge> bridge;

    service() {
        auto database = must(actors::store_file::open(memory()));
        actors::settings settings;
        settings.catalogue = &crm::catalogue();
        settings.calls_per_session = 64; // all of the asks below share one session
        system = std::make_unique<actors::system>(executor, twenty, std::move(database),
                                                  std::move(settings));
        bridge = std::make_unique<http::caf_bridge>(io, *system);
        asio::co_spawn(io, login(*bridge), [this](std::exception_ptr, secret made) {
            token = std::move(made);
            io.stop();
        });
        io.run();
        io.restart();
    }
};

actors::mcp_call message(const secret& token, const char* body) {
    return {token, "", mcp::classify(body, {}), ""};
}

asio::awaitable<void> ask_often(service& s, const char* body, std::size_t times,
                                std::size_t& running) {
    for (std::size_t i = 0; i < times; ++i) {
        actors::mcp_call call = message(s.token, body);
        auto answer = co_await s.bridge->ask(std::move(call));
        if (!answer || answer->status != 200) {
            std::cerr << "unexpected answer\n";
            std::exit(1);
        }
    }
    if (--running == 0) s.io.stop();
}

void run(benchmark::State& state, const char* body) {
    service s;
    const auto in_flight = static_cast<std::size_t>(state.range(0));
    constexpr std::size_t each = 256;
    const auto round = [&] {
        std::size_t running = in_flight;
        for (std::size_t i = 0; i < in_flight; ++i)
            asio::co_spawn(s.io, ask_often(s, body, each, running), asio::detached);
        s.io.restart();
        s.io.run();
    };
    round(); // opens the token
    for (auto unused : state) {
        (void)unused;
        round();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(
        static_cast<std::uint64_t>(state.iterations()) * in_flight * each));
    s.system->stop();
}

void ping(benchmark::State& state) { run(state, R"({"jsonrpc":"2.0","id":1,"method":"ping"})"); }
void tools_list(benchmark::State& state) {
    run(state, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
}
BENCHMARK(ping)->Arg(1)->Arg(32);
BENCHMARK(tools_list)->Arg(1)->Arg(32);

// What of it is the parsing of the message, and what a bare turn of the io_context.
void classify_only(benchmark::State& state) {
    for (auto unused : state) {
        (void)unused;
        auto read = mcp::classify(R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {});
        benchmark::DoNotOptimize(read);
    }
}
BENCHMARK(classify_only);

asio::awaitable<void> post_often(asio::io_context& io, std::size_t times) {
    for (std::size_t i = 0; i < times; ++i)
        co_await asio::post(io, asio::use_awaitable);
}
void post_only(benchmark::State& state) {
    asio::io_context io(1);
    for (auto unused : state) {
        (void)unused;
        asio::co_spawn(io, post_often(io, 256), asio::detached);
        io.restart();
        io.run();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 256));
}
BENCHMARK(post_only);

} // namespace

int main(int argc, char** argv) {
    if (!crypto::start()) return 1;
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
