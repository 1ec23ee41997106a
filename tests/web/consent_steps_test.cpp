// Consent as a person goes through it: first the key, then the choices.
#include "tests/web/endpoint_fixture.hpp"

#include "twenty/connection.hpp"

using namespace endpoint_test;

namespace {

std::string hidden(const std::string& page, const std::string& name) {
    const auto mark = "name=\"" + name + "\" value=\"";
    const auto at = page.find(mark);
    REQUIRE(at != std::string::npos);
    const auto from = at + mark.size();
    return page.substr(from, page.find('"', from) - from);
}

twenty::schema_ptr large_schema() {
    std::vector<twenty::object> objects;
    const auto add = [&](std::string name, std::string label, std::string source, bool system) {
        twenty::object o;
        o.name_singular = name;
        o.name_plural = name + "s";
        o.label_singular = label;
        o.label_plural = label + "s";
        o.source = std::move(source);
        o.is_system = system;
        objects.push_back(std::move(o));
    };
    add("company", "Company", "standard", false);
    add("noteTarget", "Note Target", "standard", true);
    add("rocket", "Rocket", "custom", false);
    for (int i = 0; i < 300; ++i)
        add("thing" + std::to_string(i), "Thing " + std::to_string(i), "standard", false);
    return std::make_shared<const twenty::schema>("20202020-1c25-4d02-bf25-6aeccf7ea419", "Acme",
                                                  std::move(objects));
}

struct steps {
    explicit steps(std::string scope = "twenty:read twenty:write") {
        const auto client = register_client(e);
        page = open_consent(e, authorize_target(client, callback, {{"scope", scope}}));
        e.actors.on_key = [] {
            actors::checked_key key;
            key.workspace = {"20202020-1c25-4d02-bf25-6aeccf7ea419", "Acme"};
            key.facts.expires_at = 1'830'000'000; // 2027-12-28
            key.schema = large_schema();
            return key;
        };
    }
    http::response post(form_fields fields) { return e.send(consent_post(e, page, fields)); }
    // The second page; its key is taken along by second().
    http::response first(std::string key = api_key()) {
        auto r = post({{"api_key", std::move(key)}, {"action", "check"}});
        if (r.status == 200) held = hidden(r.body, "held_key");
        return r;
    }
    http::response second(form_fields fields) {
        fields.insert(fields.begin(), {"held_key", held});
        return post(std::move(fields));
    }

    endpoints e;
    open_page page;
    std::string held;
};

} // namespace

TEST_CASE("after the key the page shows the workspace, the key's end and the real objects",
          "[consent_steps]") {
    steps it;
    const auto r = it.first();
    CHECK(r.status == 200);
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK(contains(header(r, "Content-Security-Policy"), "frame-ancestors 'none'"));
    CHECK(contains(r.body, "<strong>Acme</strong>"));
    CHECK(contains(r.body, "expires on <strong>2027-12-28</strong>"));
    CHECK(contains(r.body, "Standard objects (301)"));
    CHECK(contains(r.body, "Custom objects and those of apps (1)"));
    CHECK(contains(r.body, "internal objects (1)"));
    CHECK(contains(r.body, "name=\"objects\" value=\"rocket\""));
    CHECK(contains(r.body, "value=\"read\" checked"));
    CHECK(contains(r.body, "id=\"reach_all\" name=\"reach\" value=\"all\" checked"));
    CHECK(it.e.actors.key_checks == 1);
    CHECK(it.e.actors.grants.empty());
}

TEST_CASE("the second step makes the grant that was chosen, without the key being typed again",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    const auto r = it.second({{"mode", "write"},
                              {"reach", "chosen"},
                              {"objects", "rocket"},
                              {"objects", "company"},
                              {"label", "Desk"},
                              {"lifetime", "30"},
                              {"filter", ""},
                              {"action", "approve"}});
    INFO(r.body);
    CHECK(r.status == 303);
    CHECK(contains(header(r, "Location"), "code=twk_THECODE"));
    REQUIRE(it.e.actors.grants.size() == 1);
    const auto& grant = it.e.actors.grants[0];
    CHECK(grant.lives == std::chrono::hours(24 * 30));
    CHECK(grant.objects == "company,rocket");
    CHECK(grant.label == "Desk");
    const auto connection = twenty::from_props(grant.props);
    REQUIRE(connection);
    CHECK(connection->api_key.reveal() == api_key());
    CHECK(connection->mode == twenty::mode::write);
    CHECK(connection->objects == std::set<std::string>{"company", "rocket"});
    CHECK(it.e.actors.key_checks == 2); // what was good minutes ago is asked again
}

TEST_CASE("ticked objects count only together with the choice of some objects", "[consent_steps]") {
    steps it;
    (void)it.first();
    const auto none = it.second({{"reach", "chosen"}, {"action", "approve"}});
    CHECK(none.status == 422);
    CHECK(contains(none.body, "Tick at least one object"));
    CHECK(contains(none.body, "autofocus"));
    CHECK(it.second({{"reach", "some"}, {"action", "approve"}}).status == 422);
    CHECK(it.e.actors.grants.empty());
    const auto all = it.second({{"reach", "all"}, {"objects", "company"}, {"action", "approve"}});
    CHECK(all.status == 303);
    CHECK(it.e.actors.grants[0].objects.empty());
    CHECK_FALSE(twenty::from_props(it.e.actors.grants[0].props)->objects);
}

TEST_CASE("every object of a large workspace may be ticked", "[consent_steps]") {
    steps it;
    (void)it.first();
    form_fields fields{{"reach", "chosen"}, {"action", "approve"}};
    const auto large = large_schema();
    for (const auto& object : large->objects())
        fields.emplace_back("objects", object.name_singular);
    CHECK(it.second(fields).status == 303);
    CHECK(twenty::from_props(it.e.actors.grants[0].props)->objects->size() == 303);
}

TEST_CASE("a filter shortens the list, keeps every choice, and asks Twenty nothing",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    const auto r = it.second({{"mode", "write"},
                              {"reach", "chosen"},
                              {"objects", "company"},
                              {"label", "Desk"},
                              {"lifetime", "7"},
                              {"filter", " ROCK "},
                              {"action", "filter"}});
    CHECK(r.status == 200);
    CHECK(contains(r.body, "1 of 303 objects match"));
    CHECK(contains(r.body, "name=\"objects\" value=\"rocket\">"));
    CHECK(contains(r.body, "name=\"objects\" value=\"company\" checked"));
    CHECK_FALSE(contains(r.body, "value=\"thing7\""));
    CHECK(contains(r.body, "value=\"write\" checked"));
    CHECK(contains(r.body, "value=\"chosen\" checked"));
    CHECK(contains(r.body, "value=\"Desk\""));
    CHECK(contains(r.body, "value=\"7\" selected"));
    CHECK(contains(r.body, "name=\"filter\" value=\"ROCK\""));
    CHECK(it.e.actors.key_checks == 1);
    const auto hostile = it.second({{"filter", "\"><script>"}, {"action", "filter"}});
    CHECK_FALSE(contains(hostile.body, "<script"));
    it.e.time += 601; // forgotten by now
    CHECK(it.second({{"filter", "rock"}, {"action", "filter"}}).status == 200);
    CHECK(it.e.actors.key_checks == 2);
}

TEST_CASE("a mistake in the choices is told without losing them or asking for the key",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    const auto r = it.second({{"reach", "chosen"},
                              {"objects", "company"},
                              {"label", std::string(65, 'x')},
                              {"lifetime", "365"},
                              {"action", "approve"}});
    CHECK(r.status == 422);
    CHECK(contains(r.body, "64 characters at most"));
    CHECK(contains(r.body, "Choose one of the offered ends."));
    CHECK(contains(r.body, "value=\"company\" checked"));
    CHECK_FALSE(contains(r.body, "type=\"password\""));
    CHECK(contains(r.body, "role=\"alert\""));
    CHECK(it.second({{"action", "approve"}}).status == 303);
}

TEST_CASE("the key is carried sealed: by this browser, for this request, for a short time",
          "[consent_steps]") {
    steps it;
    const auto page = it.first();
    CHECK_FALSE(contains(page.body, "PLANTED"));
    CHECK_FALSE(contains(*text::base64url_decode(it.held), "PLANTED"));
    for (const auto& [name, value] : page.headers)
        CHECK_FALSE(contains(value, "PLANTED"));

    const auto refused = [&](const open_page& where, const std::string& held) {
        const auto r =
            it.e.send(consent_post(it.e, where, {{"held_key", held}, {"action", "approve"}}));
        CHECK(r.status == 422);
        CHECK(contains(r.body, "Paste it again."));
        CHECK(contains(r.body, "type=\"password\""));
    };
    const auto client = register_client(it.e);
    refused(open_consent(it.e, authorize_target(client), it.page.cookie), it.held); // another tab
    auto elsewhere = open_consent(it.e, authorize_target(client)); // another browser
    refused(elsewhere, it.held);
    auto bent = it.held;
    bent[40] = bent[40] == 'A' ? 'B' : 'A';
    refused(it.page, bent);
    refused(it.page, "x");
    refused(it.page, it.page.txn);
    CHECK(it.e.actors.grants.empty());
    it.e.time += 901;
    CHECK(it.second({{"action", "approve"}}).status == 400); // the request itself is over
}

TEST_CASE("who goes back to the key finds the choices again after the next one",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    const auto back = it.second({{"mode", "write"},
                                 {"reach", "chosen"},
                                 {"objects", "company"},
                                 {"objects", "rocket"},
                                 {"label", "Desk"},
                                 {"lifetime", "90"},
                                 {"action", "back"}});
    CHECK(back.status == 200);
    CHECK(contains(back.body, "type=\"password\""));
    CHECK_FALSE(contains(back.body, "held_key"));
    form_fields kept{{"api_key", api_key()}, {"action", "check"}};
    for (const auto* name : {"mode", "reach", "objects", "label", "lifetime"})
        kept.emplace_back(name, hidden(back.body, name));
    const auto again = it.post(kept);
    CHECK(contains(again.body, "value=\"company\" checked"));
    CHECK(contains(again.body, "value=\"rocket\" checked"));
    CHECK(contains(again.body, "value=\"write\" checked"));
    CHECK(contains(again.body, "value=\"Desk\""));
    CHECK(contains(again.body, "value=\"90\" selected"));
}

TEST_CASE("a key that Twenty refuses between the steps is asked for again, and is forgotten",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    it.e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_timeout, "slow"};
    };
    const auto slow = it.second({{"label", "Desk"}, {"action", "approve"}});
    CHECK(slow.status == 503);
    CHECK(contains(slow.body, "held_key")); // still at the choices
    it.e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "Twenty refuses this key."};
    };
    const auto refused = it.second({{"label", "Desk"}, {"action", "approve"}});
    CHECK(refused.status == 422);
    CHECK(contains(refused.body, "type=\"password\""));
    CHECK(it.second({{"action", "filter"}}).status == 422);
    CHECK(it.e.actors.grants.empty());
}

TEST_CASE("who clicks Connect twice at the second step gets one grant", "[consent_steps]") {
    steps it;
    (void)it.first();
    const form_fields choices{{"mode", "read"}, {"reach", "all"}, {"action", "approve"}};
    const auto one = it.second(choices), two = it.second(choices);
    CHECK(header(one, "Location") == header(two, "Location"));
    CHECK(it.e.actors.grants.size() == 1);
    CHECK(it.second({{"reach", "all"}, {"action", "filter"}}).status == 400);
    CHECK(it.first().status == 400);
}

TEST_CASE("a pasted key counts against its address, filtering does not use that up",
          "[consent_steps]") {
    steps it;
    (void)it.first();
    for (int i = 0; i < 30; ++i)
        CHECK(it.second({{"filter", "x"}, {"action", "filter"}}).status == 200);
    for (int i = 1; i < 20; ++i)
        CHECK(it.first().status == 200);
    CHECK(it.first().status == 429);
    CHECK(it.second({{"action", "approve"}}).status == 303);
}
