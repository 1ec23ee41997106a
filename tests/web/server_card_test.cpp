// The server card, the catalogue that leads to it, and the pictures.
#include "tests/web/endpoint_fixture.hpp"

#include "crm/catalogue.hpp"
#include "web/icons.hpp"
#include "web/server_card.hpp"

#include <tuple>

using namespace endpoint_test;

namespace {

std::optional<web::card_documents> documents_at(const std::string& url) {
    return web::make_card(*oauth::make_identity(url),
                          {"twenty-mcp",
                           "Twenty CRM",
                           "1.2.3",
                           "A CRM.",
                           "https://example.org",
                           {{"https://crm.example.com/i.png", "image/png", "96x96"}}});
}

std::string name_at(const std::string& url) {
    return std::string(json::parse(documents_at(url)->card.text)->text("name"));
}

} // namespace

TEST_CASE("the server card says who and where the server is, as the draft has it",
          "[server_card]") {
    const auto card = json::parse(documents_at("https://mcp.example.com")->card.text).value();
    CHECK(card.text("$schema") ==
          "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json");
    CHECK(card.text("name") == "com.example.mcp/twenty-mcp");
    CHECK(card.text("version") == "1.2.3");
    CHECK(card.text("title") == "Twenty CRM");
    CHECK(card.text("websiteUrl") == "https://example.org");
    const auto& remote = card.find("remotes")->if_array()->front();
    CHECK(remote.text("type") == "streamable-http");
    CHECK(remote.text("url") == "https://mcp.example.com/mcp");
    CHECK(remote.find("supportedProtocolVersions")->if_array()->size() ==
          mcp::supported_versions().size());
    CHECK(card.at("_meta")->text("twenty-mcp/follows").find("draft") != std::string_view::npos);
    CHECK(name_at("https://mcp.example.com:8443") == "com.example.mcp/twenty-mcp");
    CHECK(name_at("http://localhost:8787") == "localhost/twenty-mcp");
    CHECK(name_at("http://127.0.0.1:8787") == "localhost/twenty-mcp");
    CHECK(name_at("http://[::1]:8787") == "localhost/twenty-mcp");
    CHECK(name_at("https://[2001:db8::1]") == "localhost/twenty-mcp");
    CHECK(name_at("https://10.0.0.5") == "localhost/twenty-mcp");
    CHECK(name_at("https://mcp.example.com.") == "com.example.mcp/twenty-mcp");
    CHECK(name_at("https://xn--bcher-kva.example") == "example.xn--bcher-kva/twenty-mcp");
    // What makes no name that a card may have makes no card.
    CHECK_FALSE(documents_at("https://a_b.example.com"));
    const std::string label(60, 'a');
    CHECK(documents_at("https://" + label + "." + label + "." + label + ".com"));
    CHECK_FALSE(documents_at("https://" + label + "." + label + "." + label + "." + label));
    for (const auto* url : {"http://[::1]:8787", "https://10.0.0.5"})
        CHECK(json::parse(documents_at(url)->catalog.text)
                  ->find("entries")
                  ->if_array()
                  ->front()
                  .text("identifier") == "urn:air:localhost:mcp:twenty-mcp");

    const auto catalog = json::parse(documents_at("https://mcp.example.com")->catalog.text).value();
    const auto& entry = catalog.find("entries")->if_array()->front();
    CHECK(entry.text("identifier") == "urn:air:mcp.example.com:mcp:twenty-mcp");
    CHECK(entry.text("type") == "application/mcp-server-card+json");
    CHECK(entry.text("url") == "https://mcp.example.com/mcp/server-card");
}

TEST_CASE("the card and its catalogue are for everybody and may be kept", "[server_card]") {
    endpoints e;
    for (const auto& [path, type, text] :
         {std::tuple{std::string("/mcp/server-card"), "application/mcp-server-card+json",
                     e.s.card->card.text},
          std::tuple{std::string("/.well-known/ai-catalog.json"), "application/ai-catalog+json",
                     e.s.card->catalog.text}}) {
        const auto r = e.send(make("GET", path));
        CHECK(r.status == 200);
        CHECK(r.body == text);
        CHECK(header(r, "Content-Type") == type);
        CHECK(header(r, "Cache-Control") == "public, max-age=3600");
        CHECK(header(r, "Access-Control-Allow-Origin") == "*");
        const auto etag = header(r, "ETag");
        CHECK(etag.size() == 34);
        for (const auto& known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
            const auto again = e.send(make("GET", path, {{"if-none-match", known}}));
            CHECK(again.status == 304);
            CHECK(again.body.empty());
            CHECK(header(again, "ETag") == etag);
            CHECK(header(again, "Content-Type").empty());
        }
        CHECK(e.send(make("GET", path, {{"if-none-match", "\"x\""}})).status == 200);
        CHECK(e.send(make("POST", path)).status == 405);
    }
    e.s.card.reset();
    CHECK(e.send(make("GET", "/mcp/server-card")).status == 404);
    CHECK(e.send(make("GET", "/.well-known/ai-catalog.json")).status == 404);
}

TEST_CASE("every icon that the server names is there, and runs nothing", "[server_card]") {
    endpoints e;
    const auto who = *oauth::make_identity("https://crm.example.com");
    std::vector<std::string> urls;
    for (const auto& icon : web::server_icons(who))
        urls.push_back(icon.src);
    auto all = crm::contents();
    all.tool_icons = web::tool_icons(who);
    const mcp::catalogue offered(std::move(all));
    const auto tools = json::parse(offered.tools_list(true, true)).value();
    for (const auto& tool : *tools.find("tools")->if_array())
        urls.emplace_back(tool.find("icons")->if_array()->front().text("src"));
    for (const auto& url : urls) {
        INFO(url);
        REQUIRE(url.starts_with(who.issuer));
        const auto r = e.send(make("GET", url.substr(who.issuer.size())));
        CHECK(r.status == 200);
        CHECK(r.body.size() > 100);
        const bool drawn = url.ends_with(".svg");
        CHECK(header(r, "Content-Type") == (drawn ? "image/svg+xml" : "image/png"));
        if (!drawn) CHECK(r.body.starts_with("\x89PNG"));
        CHECK(contains(header(r, "Content-Security-Policy"), "default-src 'none'"));
        CHECK(header(r, "X-Content-Type-Options") == "nosniff");
    }
    CHECK(e.send(make("GET", "/icons/other.png")).status == 404);
}
