// The client behind an id of each kind, without an endpoint in front.
#include "web/client_directory.hpp"

#include "oauth/client.hpp"
#include "tests/web/endpoint_fixture.hpp"

using namespace std::chrono_literals;

namespace {

const std::string document_id = "https://client.example.com/oauth/client.json";

// Counts what is fetched; the document says that it is the client's.
class counting_source final : public web::document_source {
  public:
    int fetched = 0;

    boost::asio::awaitable<result<web::fetched_document>> fetch(oauth::document_url where,
                                                                web::fair_slots::slot) override {
        ++fetched;
        const auto body =
            json::make({{"client_id", where.url},
                        {"client_name", "An example"},
                        {"redirect_uris", json::list({"https://client.example.com/cb"})}});
        co_return web::fetched_document{json::dump(body), 600s};
    }
};

struct directory {
    explicit directory(oauth::document_policy taken = oauth::document_policy::any)
        : documents(io, limits, now, &source, taken) {
        oauth::client ours;
        ours.id = "claude";
        ours.kind = oauth::client_kind::configured;
        ours.name = "Our Claude";
        configured.push_back(ours);
    }

    std::string registered_id() {
        oauth::client metadata;
        metadata.name = "Registered";
        metadata.redirect_uris = {"https://app.example.com/cb"};
        return oauth::sign_client_id(metadata, now(), "random", key);
    }
    result<oauth::client> find(const std::string& id) {
        found.reset();
        boost::asio::co_spawn(io, keep(id), boost::asio::detached);
        io.restart();
        io.run();
        REQUIRE(found);
        return *found;
    }
    boost::asio::awaitable<void> keep(std::string id) {
        found = co_await clients.find(std::move(id), "203.0.113.7");
    }

    boost::asio::io_context io;
    http::limiter limits;
    web::time_source now = [] {
        return oauth::time_point(std::chrono::seconds(endpoint_test::start_time));
    };
    counting_source source;
    web::client_documents documents;
    std::vector<oauth::client> configured;
    secret key{std::string(32, 'k')};
    web::client_directory clients{configured, key, documents};
    std::optional<result<oauth::client>> found;
};

} // namespace

TEST_CASE("one question finds clients that are configured, registered, or have a document",
          "[client_directory]") {
    directory d;
    const auto configured = d.find("claude");
    REQUIRE(configured);
    CHECK(configured->name == "Our Claude");
    CHECK(configured->kind == oauth::client_kind::configured);
    const auto registered = d.find(d.registered_id());
    REQUIRE(registered);
    CHECK(registered->name == "Registered");
    CHECK(registered->kind == oauth::client_kind::registered);
    CHECK(d.source.fetched == 0);
    const auto documented = d.find(document_id);
    REQUIRE(documented);
    CHECK(documented->name == "An example");
    CHECK(documented->kind == oauth::client_kind::metadata_document);
    CHECK(d.source.fetched == 1);
}

TEST_CASE("at the token endpoint no client's document is fetched, and its id stays its own",
          "[client_directory]") {
    directory d;
    const auto unseen = d.clients.at_hand(document_id);
    REQUIRE(unseen);
    CHECK(unseen->id == document_id);
    CHECK(unseen->authentication == oauth::auth_method::none);
    CHECK(unseen->redirect_uris.empty());
    CHECK(d.source.fetched == 0);
    REQUIRE(d.find(document_id));
    CHECK(d.clients.at_hand(document_id)->redirect_uris ==
          std::vector<std::string>{"https://client.example.com/cb"});
    CHECK(d.source.fetched == 1);
    CHECK(d.clients.at_hand("claude")->name == "Our Claude");
    CHECK(d.clients.at_hand(d.registered_id())->name == "Registered");
}

TEST_CASE("an id that is unknown, of another server, or changed in one place names no client",
          "[client_directory]") {
    directory d;
    const secret other_key(std::string(32, 'o'));
    const auto foreign = oauth::sign_client_id(oauth::client{}, d.now(), "random", other_key);
    auto changed = d.registered_id();
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    for (const auto& id : {std::string(), std::string("nobody"), std::string("Claude"), foreign,
                           changed, d.registered_id() + "A"}) {
        CAPTURE(id);
        CHECK(d.find(id).failure().code == errc::invalid_client);
        CHECK(d.clients.at_hand(id).failure().code == errc::invalid_client);
    }
    CHECK(d.source.fetched == 0);
}

TEST_CASE("where clients' documents are not taken, their ids name no client on either way",
          "[client_directory]") {
    directory d(oauth::document_policy::off);
    CHECK_FALSE(d.clients.takes_documents());
    CHECK(d.find(document_id).failure().code == errc::invalid_client);
    CHECK(d.clients.at_hand(document_id).failure().code == errc::invalid_client);
    CHECK(d.source.fetched == 0);
    CHECK(d.find("claude"));
    CHECK(directory().clients.takes_documents());
}

TEST_CASE("a client that the administrator takes away is gone for the next question",
          "[client_directory]") {
    directory d;
    d.configured.clear();
    CHECK(d.find("claude").failure().code == errc::invalid_client);
    CHECK(d.clients.at_hand("claude").failure().code == errc::invalid_client);
}
