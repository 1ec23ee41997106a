#include "tests/actors/support.hpp"

#include "mcp/interaction.hpp"
#include "mcp/tasks.hpp"

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

mcp::async<mcp::tool_result> plain(mcp::call_slot&, json::value, const mcp::call_context&) {
    co_return text_result("plain");
}

mcp::async<mcp::tool_result> version(mcp::call_slot&, json::value, const mcp::call_context& c) {
    co_return text_result(c.session.protocol_version + "|" + c.session.client_info);
}

mcp::async<mcp::tool_result> send(mcp::call_slot& slot, bool is_write) {
    twenty::request r;
    r.target = "/graphql";
    r.body = "{}";
    r.is_write = is_write;
    r.safe_to_repeat = true;
    mcp::need_twenty what(std::move(r));
    mcp::need wanted(std::move(what));
    mcp::need_awaiter<result<twenty::response>> wait(slot, std::move(wanted));
    auto answer = co_await wait;
    if (answer) co_return text_result(answer->body);
    const bool unsent = answer.failure().detail.starts_with(twenty::not_sent);
    co_return text_result(std::string(to_string(answer.failure().code)) +
                          (unsent ? ": not sent" : ""));
}

mcp::async<mcp::tool_result> fetch(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    return send(slot, false);
}

mcp::async<mcp::tool_result> write(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    return send(slot, true);
}

mcp::async<mcp::tool_result> model(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    mcp::need wanted = mcp::need_schema(mcp::freshness::cached);
    mcp::need_awaiter<result<twenty::schema_ptr>> wait(slot, std::move(wanted));
    auto schema = co_await wait;
    co_return text_result(schema ? (*schema)->workspace_name()
                                 : std::string(to_string(schema.failure().code)));
}

mcp::async<mcp::tool_result> context(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    mcp::need wanted{mcp::need_primer()};
    mcp::need_awaiter<result<std::string>> wait(slot, std::move(wanted));
    auto text = co_await wait;
    co_return text_result(text ? *text : std::string(to_string(text.failure().code)));
}

mcp::async<mcp::tool_result> broken(mcp::call_slot&, json::value, const mcp::call_context&) {
    throw std::runtime_error("a bug");
    co_return text_result("");
}

// -- Tools that speak with their client ---------------------------------------------------------

mcp::input_request which_one(std::string key) {
    return mcp::form(std::move(key), "Which one?", json::make({{"type", "object"}}));
}

mcp::async<mcp::tool_result> ask_all(mcp::call_slot& slot, const mcp::call_context& context,
                                     std::vector<mcp::input_request> questions) {
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    co_return text_result(answers ? json::dump(*answers)
                                  : std::string(to_string(answers.failure().code)));
}

mcp::async<mcp::tool_result> ask(mcp::call_slot& slot, json::value, const mcp::call_context& c) {
    std::vector<mcp::input_request> one;
    one.push_back(which_one("one"));
    return ask_all(slot, c, std::move(one));
}

mcp::async<mcp::tool_result> ask_two(mcp::call_slot& slot, json::value,
                                     const mcp::call_context& c) {
    std::vector<mcp::input_request> two;
    two.push_back(which_one("one"));
    two.push_back(which_one("two"));
    return ask_all(slot, c, std::move(two));
}

mcp::async<mcp::tool_result> sure(mcp::call_slot& slot, json::value, const mcp::call_context& c) {
    const auto said = co_await mcp::confirm(slot, c, "Sure?");
    co_return text_result(said == mcp::verdict::accepted    ? "accepted"
                          : said == mcp::verdict::declined  ? "declined"
                          : said == mcp::verdict::cancelled ? "cancelled"
                                                            : "impossible");
}

mcp::async<mcp::tool_result> ask_and_write(mcp::call_slot& slot, json::value v,
                                           const mcp::call_context& c) {
    const auto said = co_await mcp::confirm(slot, c, "Sure?");
    if (said != mcp::verdict::accepted) co_return text_result("not accepted");
    auto done = co_await write(slot, std::move(v), c);
    co_return done;
}

// Says something, asks Twenty, ends.
mcp::async<mcp::tool_result> chatty(mcp::call_slot& slot, json::value v,
                                    const mcp::call_context& c) {
    if (slot.out) slot.out->notify(R"({"note":"begun"})");
    return fetch(slot, std::move(v), c);
}

mcp::async<mcp::tool_result> flood(mcp::call_slot& slot, json::value v,
                                   const mcp::call_context& c) {
    for (int i = 0; slot.out && i < 100'000; ++i)
        slot.out->notify(R"({"note":"one of very many"})");
    return fetch(slot, std::move(v), c);
}

mcp::async<mcp::tool_result> polls(mcp::call_slot& slot, json::value v,
                                   const mcp::call_context& c) {
    if (slot.out) slot.out->hang_up();
    return fetch(slot, std::move(v), c);
}

// Becomes a task that asks Twenty.
mcp::async<mcp::tool_result> lasting(mcp::call_slot& slot, json::value v,
                                     const mcp::call_context& c) {
    const auto taken = co_await mcp::become_task(slot);
    if (!taken) co_return text_result("no task");
    auto done = co_await fetch(slot, std::move(v), c);
    co_return done;
}

// Asks Twenty, becomes a task, and asks once more.
mcp::async<mcp::tool_result> grows(mcp::call_slot& slot, json::value v,
                                   const mcp::call_context& c) {
    auto first = co_await fetch(slot, v, c);
    auto rest = co_await lasting(slot, std::move(v), c);
    co_return rest;
}

mcp::async<mcp::tool_result> fetch_twice(mcp::call_slot& slot, json::value v,
                                         const mcp::call_context& c) {
    auto first = co_await fetch(slot, v, c);
    auto second = co_await fetch(slot, std::move(v), c);
    co_return text_result(first.structured + second.structured);
}

mcp::async<mcp::tool_result> changes(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    mcp::change what;
    what.what = mcp::source::schema;
    if (slot.out) slot.out->announce(what);
    co_return text_result("changed");
}

// -- Tools that keep the journal of changes ------------------------------------------------------

mcp::async<result<std::string>> begin_change(mcp::call_slot& slot) {
    mcp::change_begun begun;
    begun.object = "person";
    begun.effect = "update";
    begun.ids = {"20202020-b000-4485-94de-70c2a98daef2"};
    begun.body = "before";
    mcp::need wanted = mcp::need_change_begun(std::move(begun));
    mcp::need_awaiter<result<std::string>> wait(slot, std::move(wanted));
    auto id = co_await wait;
    co_return id;
}

mcp::async<result<done>> end_change(mcp::call_slot& slot, std::string id, std::string body) {
    mcp::change_ended ended;
    ended.id = std::move(id);
    ended.state = mcp::change_state::done;
    ended.body = std::move(body);
    mcp::need wanted = mcp::need_change_ended(std::move(ended));
    mcp::need_awaiter<result<done>> wait(slot, std::move(wanted));
    auto told = co_await wait;
    co_return told;
}

// Answers with the id of its change.
mcp::async<mcp::tool_result> change(mcp::call_slot& slot, json::value v,
                                    const mcp::call_context& c) {
    auto id = co_await begin_change(slot);
    if (!id) co_return text_result(to_string(id.failure().code));
    auto answer = co_await write(slot, std::move(v), c);
    auto first = co_await end_change(slot, *id, "after");
    auto second = co_await end_change(slot, *id, "again");
    co_return text_result(id->empty() ? "no journal" : *id);
}

// Begins two, and says the end of none.
mcp::async<mcp::tool_result> open_changes(mcp::call_slot& slot, json::value v,
                                          const mcp::call_context& c) {
    auto one = co_await begin_change(slot);
    auto two = co_await begin_change(slot);
    auto answer = co_await write(slot, std::move(v), c);
    co_return answer;
}

mcp::async<mcp::tool_result> read_changes(mcp::call_slot& slot, json::value,
                                          const mcp::call_context&) {
    mcp::need wanted = mcp::need_changes(mcp::change_query());
    mcp::need_awaiter<result<std::vector<mcp::change_record>>> wait(slot, std::move(wanted));
    auto found = co_await wait;
    if (!found) co_return text_result(to_string(found.failure().code));
    std::string text;
    for (const auto& one : *found)
        text.append(one.id + " " + one.call + " " + one.tool + " ")
            .append(mcp::to_string(one.state))
            .append(" " + one.begun + " " + one.ended + ";");
    co_return text_result(text);
}

// The schema soon or not at all; then Twenty.
mcp::async<mcp::tool_result> patient(mcp::call_slot& slot, json::value v,
                                     const mcp::call_context& c) {
    mcp::need_schema soon(mcp::freshness::cached);
    soon.patience = 2s;
    mcp::need wanted(std::move(soon));
    mcp::need_awaiter<result<twenty::schema_ptr>> wait(slot, std::move(wanted));
    auto schema = co_await wait;
    auto done = co_await fetch(slot, std::move(v), c);
    co_return text_result((schema ? "model " : "no model ") + done.structured);
}

mcp::async<result<mcp::resource_content>> read_nothing(mcp::call_slot&, std::vector<std::string>,
                                                       const mcp::call_context&) {
    mcp::resource_content out;
    out.mime_type = "text/plain";
    co_return out;
}

mcp::resource resource_of(std::string_view uri, mcp::source depends_on) {
    mcp::resource out;
    out.uri = uri;
    out.name = uri;
    out.mime_type = "text/plain";
    out.read = read_nothing;
    out.depends_on = depends_on;
    return out;
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
        offered.tools = {tool_of("plain", plain),
                         tool_of("version", version),
                         tool_of("fetch", fetch),
                         tool_of("model", model),
                         tool_of("context", context),
                         tool_of("broken", broken),
                         tool_of("ask", ask),
                         tool_of("ask_two", ask_two),
                         tool_of("sure", sure),
                         tool_of("chatty", chatty),
                         tool_of("flood", flood),
                         tool_of("polls", polls),
                         tool_of("lasting", lasting),
                         tool_of("changes", changes),
                         tool_of("patient", patient),
                         tool_of("grows", grows),
                         tool_of("fetch_twice", fetch_twice),
                         tool_of("read_changes", read_changes),
                         tool_of("change", change),
                         tool_of("open_changes", open_changes),
                         tool_of("ask_and_write", ask_and_write),
                         tool_of("write", write),
                         tool_of("strict", fetch)};
        for (auto from : {2U, 3U, 4U, 5U})
            offered.tools[offered.tools.size() - from].what = mcp::effect::update;
        offered.tools.back().input_schema =
            R"({"type":"object","properties":{"limit":{"type":"integer"}},"additionalProperties":false})";
        offered.resources = {resource_of("test://primer", mcp::source::primer),
                             resource_of("test://schema/{object}", mcp::source::schema),
                             resource_of("test://fixed", mcp::source::none)};
        offered.changing.resources = true;
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

world::world(actors::settings s, const std::string& reopen, stored::change_bounds journal) {
    stored::options opts;
    opts.changes = journal;
    opts.path = ":memory:";
    opts.key = secret(std::string(32, 'k'));
    opts.resource = "https://crm.example.com/mcp";
    auto opened = actors::store_file::open(opts);
    REQUIRE(opened.ok());
    opened->open_next(reopen);
    system = std::make_unique<actors::system>(executor, twenty, std::move(opened).value(),
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

oauth::token_pair world::login(twenty::mode mode, const std::string& api_key,
                               const std::string& workspace,
                               std::optional<std::int64_t> key_expires_at) {
    twenty::connection c;
    c.key_expires_at = key_expires_at;
    c.api_key = secret(api_key);
    c.workspace.id = workspace;
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
    // Only the oldest version has batches.
    headers.protocol_version = body.starts_with('[') ? "2025-03-26" : "2025-06-18";
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

std::string world::initialize_asker(const secret& token, const std::string& version) {
    const auto answer = reply(
        token, R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
                   version +
                   R"(","capabilities":{"elicitation":{}},"clientInfo":{"name":"asker",)"
                   R"("version":"1"}}})");
    REQUIRE_FALSE(answer.session_id.empty());
    return answer.session_id;
}

world::talk world::converse(const secret& token, const std::string& body,
                            const std::string& session) {
    talk out;
    auto message = call(token, body, session);
    message.out = out.out;
    out.reply = ask(std::move(message));
    return out;
}

world::talk world::listen(const secret& token, const std::string& session,
                          const std::string& last_id) {
    talk out;
    out.reply = ask(actors::open_stream(token, session, last_id, out.out));
    return out;
}

world::talk world::stateless(const secret& token, const std::string& method,
                             const std::string& name, const std::string& params, int id,
                             const std::string& session) {
    mcp::http_headers headers;
    headers.protocol_version = "2026-07-28";
    headers.method = method;
    headers.name = name;
    const auto body =
        R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
        R"(","params":{)" + params +
        R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
        R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{},"extensions":)"
        R"({"io.modelcontextprotocol/tasks":{}}}}}})";
    talk out;
    actors::mcp_call message(token, session, mcp::classify(body, headers),
                             headers.protocol_version);
    message.out = out.out;
    out.reply = ask(std::move(message));
    return out;
}

std::string tool_call(int id, const std::string& tool) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"tools/call","params":{"name":")" + tool + R"(","arguments":{}}})";
}

} // namespace actors_test
