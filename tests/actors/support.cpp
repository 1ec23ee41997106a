#include "tests/actors/support.hpp"

namespace actors_test {

namespace {

const std::string verifier(43, 'v');

mcp::tool_result text_result(std::string_view text) {
    mcp::tool_result out;
    json::writer w;
    w.begin_object().member("text", text).end_object();
    out.structured = w.take();
    return out;
}

mcp::task<mcp::tool_result> plain(mcp::exchange&, json::value, const mcp::call_context&) {
    co_return text_result("plain");
}

mcp::task<mcp::tool_result> version(mcp::exchange&, json::value, const mcp::call_context& c) {
    co_return text_result(c.session.protocol_version + "|" + c.session.client_info);
}

mcp::task<mcp::tool_result> fetch(mcp::exchange& slot, json::value, const mcp::call_context&) {
    twenty::request r;
    r.target = "/graphql";
    r.body = "{}";
    r.safe_to_repeat = true;
    mcp::need_twenty what(std::move(r));
    mcp::need wanted(std::move(what));
    mcp::need_awaiter<result<twenty::response>> wait(slot, std::move(wanted));
    auto answer = co_await wait;
    co_return text_result(answer ? answer->body : std::string(to_string(answer.failure().code)));
}

mcp::task<mcp::tool_result> model(mcp::exchange& slot, json::value, const mcp::call_context&) {
    mcp::need wanted(mcp::need_schema(false));
    mcp::need_awaiter<result<twenty::schema_ptr>> wait(slot, std::move(wanted));
    auto schema = co_await wait;
    co_return text_result(schema ? (*schema)->workspace_name()
                                 : std::string(to_string(schema.failure().code)));
}

mcp::task<mcp::tool_result> context(mcp::exchange& slot, json::value, const mcp::call_context&) {
    mcp::need wanted{mcp::need_primer()};
    mcp::need_awaiter<result<std::string>> wait(slot, std::move(wanted));
    auto text = co_await wait;
    co_return text_result(text ? *text : std::string(to_string(text.failure().code)));
}

mcp::task<mcp::tool_result> broken(mcp::exchange&, json::value, const mcp::call_context&) {
    throw std::runtime_error("a bug");
    co_return text_result("");
}

mcp::tool tool_of(std::string_view name, mcp::tool_handler run) {
    mcp::tool out;
    out.name = name;
    out.title = name;
    out.description = name;
    out.input_schema = R"({"type":"object"})";
    out.run = run;
    return out;
}

} // namespace

const mcp::catalogue& fixture_catalogue() {
    static const mcp::catalogue fixture([] {
        mcp::catalogue::contents offered;
        offered.tools = {tool_of("plain", plain),     tool_of("version", version),
                         tool_of("fetch", fetch),     tool_of("model", model),
                         tool_of("context", context), tool_of("broken", broken)};
        return offered;
    }());
    return fixture;
}

std::optional<result<twenty::response>> metadata_answer(const fake_transport::sent& s) {
    if (s.request.target != "/metadata") return std::nullopt;
    const auto has = [&](const char* word) {
        return s.request.body.find(word) != std::string::npos;
    };
    if (s.api_key == "dead")
        return json_response(R"({"errors":[{"message":"Token invalid.","extensions":{)"
                             R"("code":"UNAUTHENTICATED"}}]})");
    if (has("__type"))
        return json_response(
            R"({"data":{"__type":{"fields":[{"name":"id"},{"name":"nameSingular"},)"
            R"({"name":"namePlural"},{"name":"name"},{"name":"type"},{"name":"displayName"},)"
            R"({"name":"isActive"},{"name":"fieldsList"}]}}})");
    if (has("currentWorkspace"))
        return json_response(R"({"data":{"currentWorkspace":{"id":")" + workspace_id +
                             R"(","displayName":"Acme"}}})");
    return json_response(
        R"({"data":{"objects":{"pageInfo":{"hasNextPage":false},"edges":[{"node":{"id":"o1",)"
        R"("nameSingular":"person","namePlural":"people","isActive":true,"fieldsList":[)"
        R"({"id":"f1","name":"id","type":"UUID","isActive":true}]}}]}}})");
}

world::world(actors::settings s, const std::string& reopen) {
    store::options opts;
    opts.path = ":memory:";
    opts.key = secret(std::string(32, 'k'));
    opts.resource = "https://crm.example.com/mcp";
    auto opened = store::store::open(opts);
    REQUIRE(opened.ok());
    opts.path = reopen;
    system = std::make_unique<actors::system>(executor, twenty, std::move(opened).value(), opts,
                                              adapted(std::move(s)));
    executor.run();
}

actors::settings world::adapted(actors::settings s) {
    s.catalogue = &fixture_catalogue();
    s.store_on_own_thread = false;
    s.now = [this] {
        if (clock_fails) throw std::runtime_error("the clock fails");
        return wall;
    };
    s.fatal = [this](std::string why) { fatal.push_back(std::move(why)); };
    return s;
}

void world::advance(std::chrono::steady_clock::duration span) {
    wall += std::chrono::duration_cast<oauth::clock::duration>(span);
    executor.advance(span);
}

oauth::token_pair world::login(twenty::mode mode, const std::string& api_key) {
    twenty::connection c;
    c.api_key = secret(api_key);
    c.workspace.id = workspace_id;
    c.workspace.name = "Acme";
    c.mode = mode;
    oauth::new_grant grant;
    grant.request.client_id = "client";
    grant.request.redirect_uri = "https://claude.ai/cb";
    grant.request.code_challenge = text::base64url_encode(crypto::sha256(verifier));
    grant.request.resource = "https://crm.example.com/mcp";
    grant.granted.read = true;
    grant.granted.write = mode == twenty::mode::write;
    grant.props = twenty::to_props(c);
    grant.fingerprint = api_key;
    auto code = get(actors::create_grant(grant));
    REQUIRE(code.ok());
    oauth::code_exchange exchange;
    exchange.client_id = "client";
    exchange.code = std::move(code).value();
    exchange.code_verifier = verifier;
    auto pair = get(actors::redeem_code(exchange));
    REQUIRE(pair.ok());
    return std::move(pair).value();
}

actors::mcp_call world::call(const secret& token, const std::string& body,
                             const std::string& session) {
    mcp::http_headers headers;
    headers.protocol_version = "2025-06-18";
    return {token, session, mcp::classify(body, headers), headers.protocol_version};
}

box<actors::mcp_reply> world::post(const secret& token, const std::string& body,
                                   const std::string& session) {
    return ask(call(token, body, session));
}

actors::mcp_reply world::reply(const secret& token, const std::string& body,
                               const std::string& session) {
    auto answer = get(call(token, body, session));
    INFO((answer ? std::string() : answer.failure().message));
    REQUIRE(answer.ok());
    return std::move(answer).value();
}

std::string world::initialize(const secret& token) {
    const auto answer = reply(token, initialize_body);
    CHECK(answer.status == 200);
    REQUIRE_FALSE(answer.session_id.empty());
    return answer.session_id;
}

std::string tool_call(int id, const std::string& tool) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"tools/call","params":{"name":")" + tool + R"(","arguments":{}}})";
}

} // namespace actors_test
