// What does a message cost inside the protocol core, without actors and sockets?
#include "crm/catalogue.hpp"
#include "mcp/server.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace {

void run(benchmark::State& state, const char* body, mcp::http_headers headers) {
    twenty::connection connection;
    connection.mode = twenty::mode::write;
    mcp::call_context context;
    context.connection = &connection;
    context.catalogue = &crm::catalogue();
    context.scope_write = true;
    std::size_t bytes = 0;
    for (auto unused : state) {
        (void)unused;
        auto read = mcp::classify(body, headers);
        auto* good = std::get_if<mcp::classified>(&read);
        if (!good) std::abort();
        mcp::run<mcp::answer> call([&](mcp::call_slot& slot) {
            return mcp::handle(slot, std::move(good->messages.front()), context);
        });
        call.start();
        if (!call.finished()) std::abort();
        const auto answer = call.take();
        if (answer.http_status != 200) std::abort();
        bytes += answer.body.size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void ping(benchmark::State& state) {
    run(state, R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {});
}
BENCHMARK(ping);

void tools_list(benchmark::State& state) {
    run(state, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", {});
}
BENCHMARK(tools_list);

void tools_list_stateless(benchmark::State& state) {
    mcp::http_headers headers;
    headers.protocol_version = "2026-07-28";
    headers.method = "tools/list";
    run(state,
        R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
        R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
        R"("io.modelcontextprotocol/clientCapabilities":{},)"
        R"("io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}}}})",
        headers);
}
BENCHMARK(tools_list_stateless);

} // namespace

BENCHMARK_MAIN();
