#include "doctor/examination.hpp"
#include "doctor/looks.hpp"
#include "doctor/machine.hpp"
#include "twenty/schema_query.hpp"

namespace doctor {

namespace {

// "0.0.0.0" and "::" are listened on, and connected to as this machine.
boost::asio::ip::address listener(const machine& here) {
    boost::system::error_code none;
    auto at = boost::asio::ip::make_address(here.listen_address, none);
    if (!at.is_unspecified()) return at;
    if (at.is_v6()) return boost::asio::ip::address_v6::loopback();
    return boost::asio::ip::address_v4::loopback();
}

// The network of the request that was written down last; whoever came over the socket has none.
std::string last_source(const asked& a) {
    if (!a || a->status != 200) return {};
    const auto page = json::parse(a->body);
    const auto* list = page ? page->find("events") : nullptr;
    const auto* events = list ? list->if_array() : nullptr;
    std::string_view latest;
    std::string source;
    for (const auto& row : events ? *events : json::array()) {
        const auto at = row.text("last", row.text("time"));
        if (at <= latest || row.text("source").starts_with("uid ")) continue; // the newest first
        latest = at;
        source = row.text("source");
    }
    return source;
}

http::probe_request to_twenty(const twenty::request& wanted, const secret& key) {
    http::probe_request r;
    r.method = wanted.method;
    r.target = wanted.target;
    r.headers = {{"Accept", "application/json"}};
    if (!wanted.body.empty()) r.headers.emplace_back("Content-Type", "application/json");
    r.body = wanted.body;
    r.bearer = key;
    return r;
}

} // namespace

finding look_settings(examination& e) {
    if (!*e.given.here) return failed(e.given.here->failure().message);
    return ok("good");
}

// Past the proxy, by the name that people use.
finding look_listener(examination& e) {
    const auto& here = e.here();
    auto trust = http::tls_trust::load({});
    if (!trust) return failed(trust.failure().message);
    http::base_url url;
    url.tls = false;
    url.host = here.listen_address;
    url.port = std::to_string(here.listen_port);
    url.authority = e.given.where.url.authority;
    http::probe direct(std::move(url), std::move(trust).value(), e.given.timeout);
    direct.use(listener(here));
    http::probe_request r;
    r.target = "/readyz";
    const auto came = direct.ask(r);
    auto found = judge_ready(came);
    if (found.is != state::skipped) return found;
    return failed("another program answers at " + here.listen_address + ":" +
                  std::to_string(here.listen_port));
}

finding look_trusted_proxies(examination& e) {
    return judge_trusted_proxies(listener(e.here()).is_loopback() &&
                                     e.here().listen_address != "0.0.0.0" &&
                                     e.here().listen_address != "::",
                                 e.here().only_loopback_trusted);
}

// The audit says of each call of the admin API from which network it came.
finding look_forwarded(examination& e) {
    if (!e.here().admin_token)
        return skipped("ADMIN_TOKEN is not set, so the server cannot be asked");
    http::probe_request r;
    r.target = "/admin/audit?kind=admin_called&limit=20";
    r.bearer = *e.here().admin_token;
    const auto came = e.client.ask(r);
    return judge_forwarded(last_source(came), e.client.own_address());
}

finding look_folder(examination& e) {
    return judge_folder(e.here().data_dir, look_at(e.here().data_dir), own_user());
}

finding look_disk(examination& e) {
    if (!look_at(e.here().data_dir).there) return skipped("there is no data folder yet");
    return judge_disk(free_bytes(e.here().data_dir));
}

finding look_database(examination& e) {
    const auto file = look_at(e.here().data_dir + "/twenty-mcp.db");
    if (!file.there) return judge_database(file, std::string());
    return judge_database(file, e.here().examine_database());
}

finding look_key_file(examination& e) {
    return judge_key_file(e.given.key_path, look_at(e.given.key_path));
}

finding look_collector(examination& e) {
    if (!e.here().ask_collector) return skipped("TWENTY_MCP_OTLP_ENDPOINT is not set");
    return judge_collector(e.here().ask_collector(e.given.timeout));
}

finding look_key_files(examination& e) {
    std::vector<std::pair<std::string, file_facts>> seen;
    for (const auto& path : e.here().key_files)
        seen.emplace_back(path, look_at(path));
    return judge_key_files(seen);
}

finding look_twenty(examination& e) {
    auto url = http::parse_base_url(e.here().twenty_url);
    auto trust = http::tls_trust::load(e.here().twenty_ca_file);
    if (!url || !trust) return failed(url ? trust.failure().message : url.failure().message);
    e.twenty = std::make_unique<http::probe>(std::move(url).value(), std::move(trust).value(),
                                             e.given.timeout);
    http::probe_request r;
    r.target = "/healthz";
    const auto came = e.twenty->ask(r);
    return judge_twenty(came, e.twenty->certificate());
}

finding look_twenty_api(examination& e) {
    twenty::request r;
    r.target = "/graphql";
    r.body = R"({"query":"{__typename}"})";
    return judge_twenty_api(e.twenty->ask(to_twenty(r, secret())));
}

finding look_twenty_kind(examination& e) {
    http::probe_request r;
    r.target = "/client-config";
    const auto url = http::parse_base_url(e.here().twenty_url);
    return judge_twenty_kind(e.twenty->ask(r), url ? url->host : std::string());
}

finding look_twenty_key(examination& e) {
    auto facts = twenty::read_key(e.key(), 0);
    if (!facts) return failed(facts.failure().message);
    twenty::key_check steps(std::move(facts).value());
    while (const auto wanted = steps.next()) {
        const auto came = e.twenty->ask(to_twenty(*wanted, e.key()));
        if (!came) return failed(told(came));
        twenty::response r;
        r.status = came->status;
        r.content_type = came->header("content-type");
        r.body = came->body;
        if (const auto fed = steps.feed(r); !fed) return failed(shown(fed.failure().message, 200));
        if (steps.finished()) break;
    }
    const auto& name = steps.found().name;
    return ok("good" + (name.empty() ? "" : " for the workspace " + shown(name, 60)));
}

finding look_role(examination& e) {
    for (const auto name : {"companies", "people", "opportunities"}) {
        twenty::request r;
        r.method = "GET";
        r.target = "/rest/" + std::string(name) + "?limit=1&depth=0";
        e.reads.push_back({name, e.twenty->ask(to_twenty(r, e.key()))});
    }
    return judge_role(e.reads);
}

// Twenty's own MCP server lists the tools that the role may use; nothing else of it tells what a
// key may write without a write.
finding look_writes(examination& e) {
    twenty::request r;
    r.target = "/mcp";
    r.body = R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
             R"("params":{"name":"get_tool_catalog","arguments":{}}})";
    return judge_writes(e.twenty->ask(to_twenty(r, e.key())));
}

finding look_rate(examination& e) { return judge_rate(e.reads, e.here().calls_per_minute); }

} // namespace doctor
