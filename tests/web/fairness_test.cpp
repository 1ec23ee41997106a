// Crowds at the consent page, and the people who must get past them: slow documents of clients, and
// made-up API keys.
#include "tests/web/endpoint_fixture.hpp"

#include <algorithm>

using namespace endpoint_test;
using namespace std::chrono_literals;

namespace {

// One address of each of many networks.
std::string network_peer(int i) {
    return "198." + std::to_string(18 + i / 250) + "." + std::to_string(i % 250) + ".1";
}
// Many addresses of one: another IPv6 /64 each, and another household's.
std::string crowd_peer(int i) {
    return "2001:db8:1:" + text::hex_encode(std::string{char(i), '\0'}) + "::1";
}

std::string slow_host(int i) { return "https://slow-" + std::to_string(i) + ".example.com/c"; }
std::string return_of(const std::string& id) { return id + "/back"; }

// Good documents, after a while.
class slow_source final : public web::document_source {
  public:
    boost::asio::awaitable<result<web::fetched_document>> fetch(oauth::document_url where,
                                                                web::fair_slots::slot) override {
        co_await http::pause(50ms);
        web::fetched_document got;
        got.lifetime = 600s;
        got.body = json::dump(json::make({{"client_id", where.url},
                                          {"client_name", "An example"},
                                          {"redirect_uris", json::list({return_of(where.url)})}}));
        co_return got;
    }
};

struct crowded_documents : endpoints {
    crowded_documents() { s.documents.source = &source; }
    slow_source source;

    static http::request visit(const std::string& id, std::string from) {
        auto r = make("GET", authorize_target(id, return_of(id)));
        r.peer = std::move(from);
        return r;
    }
    http::response token_for(const std::string& id) {
        return send(make("POST", "/token", form_type,
                         encode({{"grant_type", "refresh_token"},
                                 {"client_id", id},
                                 {"refresh_token", "twr_OLD"}})));
    }
};

std::ptrdiff_t with_status(const std::vector<http::response>& all, int status) {
    return std::count_if(all.begin(), all.end(),
                         [&](const auto& one) { return one.status == status; });
}

struct crowded_keys : endpoints {
    crowded_keys() : target(authorize_target(register_client(*this))) {
        refused = []() -> result<actors::checked_key> {
            return error{errc::upstream_auth, "Twenty refuses this key."};
        };
        good = actors.on_key;
    }
    // A form is answered once, so each person opens one of their own.
    http::request answer(std::string from, form_fields fields) {
        peer = from;
        auto r = consent_post(*this, open_consent(*this, target), std::move(fields));
        r.peer = std::move(from);
        return r;
    }
    http::request paste(std::string from, std::string key = api_key()) {
        return answer(std::move(from), approval(std::move(key)));
    }
    int status_of(std::string from, std::string key = api_key()) {
        return send(paste(std::move(from), std::move(key))).status;
    }

    std::string target;
    std::function<result<actors::checked_key>()> refused, good;
};

} // namespace

// -- Documents of clients -------------------------------------------------------------------------

TEST_CASE("a client is looked up while another network names as many slow hosts as it can",
          "[fairness]") {
    crowded_documents e;
    std::vector<http::request> together;
    for (int i = 0; i < 100; ++i)
        together.push_back(e.visit(slow_host(i), crowd_peer(i)));
    together.push_back(e.visit("https://client.example.com/c", "203.0.113.7"));
    const auto pages = e.send_together(std::move(together));
    CHECK(pages.back().status == 200);
    CHECK(with_status(pages, 200) == 5);
    CHECK(with_status(pages, 503) == 96);
}

TEST_CASE("a host whose clients got tokens here is asked while strangers hold all slots",
          "[fairness]") {
    crowded_documents e;
    e.actors.on_refresh = [](const auto&) -> result<oauth::token_pair> {
        oauth::token_pair pair;
        pair.access_token = secret(std::string("twa_ACCESS"));
        pair.expires_in = 3600s;
        return pair;
    };
    const std::string in_use = "https://in-use.example.com/c";
    const std::string another = "https://another.example.com/c";
    CHECK(e.token_for(in_use).status == 200);
    e.actors.on_refresh = [](const auto&) -> result<oauth::token_pair> {
        return error{errc::invalid_grant, "unknown"};
    };
    CHECK(e.token_for(another).status == 400);

    std::vector<http::request> together;
    for (int i = 0; i < 40; ++i)
        together.push_back(e.visit(slow_host(i), network_peer(i)));
    together.push_back(e.visit(another, "203.0.113.7"));
    // From one of the strangers' own networks, too.
    together.push_back(e.visit(in_use, network_peer(0)));
    together.push_back(e.visit("https://chatgpt.com/oauth/real/client.json", "203.0.113.8"));
    const auto pages = e.send_together(std::move(together));
    CHECK(with_status(pages, 200) == 10);
    CHECK(pages[40].status == 503);
    CHECK(pages[41].status == 200);
    CHECK(pages[42].status == 200);
}

TEST_CASE("known hosts may have everybody's slots too", "[fairness]") {
    crowded_documents e;
    std::vector<http::request> together;
    for (int i = 0; i < 5; ++i)
        together.push_back(e.visit(
            "https://chatgpt.com/oauth/" + std::to_string(i) + "/client.json", "203.0.113.7"));
    CHECK(with_status(e.send_together(std::move(together)), 200) == 3); // one of four, two of eight
}

TEST_CASE("nonsense that is asked of a host in use does not keep its clients out", "[fairness]") {
    crowded_documents e;
    const std::string host = "https://in-use.example.com/";
    const auto many = [&] {
        for (int i = 0; i < 12; ++i)
            (void)e.send(e.visit(host + std::to_string(i), network_peer(i)));
        return e.send(e.visit(host + "c", "203.0.113.7")).status;
    };
    CHECK(many() == 503);
    e.time += 60;
    e.s.documents.gave_tokens_to(host + "c");
    CHECK(many() == 200);
}

// -- API keys -------------------------------------------------------------------------------------

TEST_CASE("a person connects while a network pastes made-up keys from hundreds of addresses",
          "[fairness]") {
    crowded_keys e;
    e.actors.on_key = e.refused;
    for (int i = 0; i < 500; ++i)
        (void)e.status_of("2001:db8:1:" + std::to_string(i) + "::1");
    CHECK(e.actors.key_checks == 30);
    e.actors.on_key = e.good;
    CHECK(e.status_of("203.0.113.7") == 303);
}

TEST_CASE("a person connects while a network holds all questions about keys that it can get",
          "[fairness]") {
    crowded_keys e;
    e.actors.key_takes = 50ms;
    std::vector<http::request> together;
    for (int i = 0; i < 100; ++i)
        together.push_back(e.paste(crowd_peer(i)));
    together.push_back(e.paste("203.0.113.7"));
    const auto pages = e.send_together(std::move(together));
    CHECK(e.actors.key_checks == 7);
    CHECK(with_status(pages, 503) == 94);
    CHECK(pages.back().status != 503);
}

TEST_CASE("an address without a refused key is checked while forty networks paste made-up ones",
          "[fairness]") {
    crowded_keys e;
    e.actors.on_key = e.refused;
    for (int round = 0; round < 4; ++round)
        for (int i = 0; i < 40; ++i)
            (void)e.status_of(network_peer(i));
    CHECK(e.actors.key_checks == 40 + 60); // one each, and what those that failed share a minute
    CHECK(e.status_of(network_peer(1)) == 429);

    // The same at once.
    e.time += 60;
    const auto before = e.actors.key_checks;
    e.actors.key_takes = 50ms;
    std::vector<http::request> together;
    for (int i = 0; i < 40; ++i)
        together.push_back(e.paste(network_peer(i)));
    together.push_back(e.paste("203.0.113.7"));
    const auto pages = e.send_together(std::move(together));
    CHECK(e.actors.key_checks == before + 3);
    CHECK(pages.back().status == 422);
}

TEST_CASE("who has shown a good key goes on from a network that pastes made-up ones",
          "[fairness]") {
    crowded_keys e;
    CHECK(e.send(e.answer("198.18.0.9", {{"api_key", api_key()}, {"action", "check"}})).status ==
          200);
    e.actors.on_key = e.refused;
    for (int i = 0; i < 100; ++i)
        (void)e.status_of(network_peer(i % 20), api_key(1'830'000'000 + i));
    CHECK(e.status_of("198.18.0.10", api_key(1'830'000'100)) == 429);
    e.actors.on_key = e.good;
    CHECK(e.status_of("198.18.0.9") == 303);
}
