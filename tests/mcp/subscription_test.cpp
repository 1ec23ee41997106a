#include "mcp/subscription.hpp"

#include "tests/mcp/support/talk.hpp"

using namespace mcp_test;

namespace {

mcp::async<result<mcp::resource_content>> nothing(mcp::call_slot&, std::vector<std::string>,
                                                  const mcp::call_context&) {
    co_return mcp::resource_content();
}

mcp::resource resource_of(std::string_view uri, mcp::source depends_on) {
    mcp::resource out;
    out.uri = uri;
    out.name = uri;
    out.read = nothing;
    out.depends_on = depends_on;
    return out;
}

const mcp::catalogue& offered() {
    static const mcp::catalogue own([] {
        mcp::catalogue::contents all;
        all.resources = {resource_of("t://primer", mcp::source::primer),
                         resource_of("t://both", mcp::source::primer | mcp::source::schema),
                         resource_of("t://schema/{object}", mcp::source::schema),
                         resource_of("t://fixed", mcp::source::none)};
        all.changing.resources = true;
        return all;
    }());
    return own;
}

result<mcp::interest> read(const std::string& params) {
    return mcp::read_interest(json::parse(params).value(), offered());
}

mcp::change changed(mcp::source what) {
    mcp::change out;
    out.what = what;
    return out;
}

} // namespace

TEST_CASE("a listen is granted the part that the catalogue can honour", "[subscription]") {
    const auto all = read(
        R"({"notifications":{"toolsListChanged":true,"promptsListChanged":true,)"
        R"("resourcesListChanged":true,"unknown":5,)"
        R"("resourceSubscriptions":["t://primer","t://fixed","t://none","t://schema/person","t://primer"]}})");
    REQUIRE(all.ok());
    CHECK_FALSE(all->tools);
    CHECK_FALSE(all->prompts);
    CHECK(all->resources);
    CHECK(all->uris == std::vector<std::string>{"t://primer", "t://schema/person"});
    const auto none = read(R"({"notifications":{"resourcesListChanged":false}})");
    REQUIRE(none.ok());
    CHECK_FALSE(none->resources);
    CHECK(none->uris.empty());
}

TEST_CASE("a listen with a part of the wrong kind is refused", "[subscription]") {
    for (const auto* params : {"{}", R"({"notifications":null})", R"({"notifications":[]})",
                               R"({"notifications":{"toolsListChanged":1}})",
                               R"({"notifications":{"resourceSubscriptions":"t://primer"}})",
                               R"({"notifications":{"resourceSubscriptions":[5]}})"}) {
        INFO(params);
        CHECK_FALSE(read(params).ok());
    }
    std::string many = R"({"notifications":{"resourceSubscriptions":["t://primer")";
    for (std::size_t i = 0; i < mcp::max_subscriptions; ++i)
        many += R"(,"t://primer")";
    CHECK_FALSE(read(many + "]}}").ok());
}

TEST_CASE("a change is told for every URI that depends on it and for each list that changed",
          "[subscription]") {
    mcp::interest wants;
    wants.resources = true;
    wants.uris = {"t://primer", "t://both", "t://schema/person", "t://gone"};
    const auto primer = mcp::notifications_for(changed(mcp::source::primer), wants, offered(), {});
    CHECK(primer ==
          std::vector<std::string>{R"({"jsonrpc":"2.0","method":"notifications/resources/updated",)"
                                   R"("params":{"uri":"t://primer"}})",
                                   R"({"jsonrpc":"2.0","method":"notifications/resources/updated",)"
                                   R"("params":{"uri":"t://both"}})"});
    auto schema = changed(mcp::source::schema);
    schema.resources = true;
    schema.tools = true; // nobody asked for it
    const auto told = mcp::notifications_for(schema, wants, offered(), "\"id\"");
    REQUIRE(told.size() == 3);
    CHECK(told[0] ==
          R"({"jsonrpc":"2.0","method":"notifications/resources/list_changed","params":{"_meta":)"
          R"({"io.modelcontextprotocol/subscriptionId":"id"}}})");
    CHECK(told[2].find(R"("uri":"t://schema/person","_meta")") != std::string::npos);
    CHECK(mcp::notifications_for(changed(mcp::source::none), wants, offered(), {}).empty());
    CHECK(mcp::notifications_for(schema, {}, offered(), {}).empty());
}

TEST_CASE("a list that changed is told to a session without params", "[subscription]") {
    const auto wants = mcp::session_interest(offered(), {});
    CHECK(wants.resources);
    CHECK_FALSE(wants.tools);
    mcp::change all;
    all.tools = all.prompts = all.resources = true;
    CHECK(mcp::notifications_for(all, wants, offered()) ==
          std::vector<std::string>{
              R"({"jsonrpc":"2.0","method":"notifications/resources/list_changed"})"});
}

TEST_CASE("a listen stream begins with what is honoured and ends with a result of its own id",
          "[subscription]") {
    mcp::interest honoured;
    CHECK(mcp::acknowledgement(honoured, "1") ==
          R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":)"
          R"({"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":1}}})");
    honoured.resources = true;
    honoured.uris = {"t://primer"};
    CHECK(mcp::acknowledgement(honoured, "1")
              .find(R"({"resourcesListChanged":true,"resourceSubscriptions":["t://primer"]})") !=
          std::string::npos);
    const auto end = json::parse(mcp::listen_result(crm::catalogue(), "\"x\"")).value();
    CHECK(end.text("id") == "x");
    CHECK(end.find("result")->text("resultType") == "complete");
    CHECK(end.at("result", "_meta", mcp::meta::server_info));
    CHECK(end.at("result", "_meta", mcp::meta::subscription_id));
}

TEST_CASE("a session subscribes to what exists, however it is spelt, and to nothing else",
          "[subscription]") {
    script s;
    s.context.catalogue = &offered();
    const auto subscribe = [&](const json::value& uri, const char* how = "resources/subscribe") {
        return s.send(how, json::make({{"uri", uri}}));
    };
    const auto taken = subscribe("t://schema/person");
    REQUIRE(taken.subscription);
    CHECK(taken.subscription->uri == "t://schema/person");
    CHECK(taken.subscription->on);
    CHECK_FALSE(subscribe("t://primer", "resources/unsubscribe").subscription->on);
    CHECK(subscribe("t://fixed").subscription); // never updated, and no error
    for (const auto& uri : {json::value("t://none"), json::value(5), json::value(nullptr),
                            json::value("t://schema/a\nt://primer"), json::value("t://schema/a b"),
                            json::value("t://schema/" + std::string(600, 'x'))}) {
        const auto refused = subscribe(uri);
        CHECK_FALSE(refused.subscription);
        CHECK(error_code(refused) == -32602);
    }
}
