// What strangers may send: registrations, documents of clients, requests to authorize, forms.
#include "base/text.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client.hpp"
#include "oauth/client_document.hpp"
#include "tests/cost/counted.hpp"
#include "tests/cost/entrances.hpp"
#include "tests/support/catch.hpp"

using entrances::json_text;
using entrances::numbered;
using entrances::repeated;

namespace {

constexpr const char* document_url = "https://client.example.com/client.json";

void check(const char* name, std::size_t limit, const std::function<void(std::size_t)>& run) {
    INFO(name);
    run(100); // what is made once
    const auto work = [&](std::size_t n) {
        const auto spent = counted::of([&] { run(n); });
        CHECK(spent.allocations < 30'000);
        CHECK(spent.bytes < 8'000'000);
        return counted::work(spent);
    };
    for (auto n = limit / 8; 2 * n <= limit; n *= 2)
        CHECK(2 * work(2 * n) < 5 * work(n));
}

// What may stand in a client's metadata, each as long as it gets.
std::string metadata(const std::string& member, std::size_t n) {
    const std::string head = R"({"client_id":")" + std::string(document_url) +
                             R"(","redirect_uris":["https://client.example.com/cb"],)";
    if (member == "redirect_uris")
        return R"({"client_id":")" + std::string(document_url) + R"(","redirect_uris":[)" +
               numbered("\"https://c.example/", "\"", n) + "]}";
    if (member == "members") return head + numbered("\"k", "\":0", n) + "}";
    if (member == "lists") return head + R"("contacts":[)" + repeated("[],", n) + "1]}";
    return head + json_text(member) + ":" + json_text(repeated("x", n)) + "}";
}

} // namespace

TEST_CASE("what a registration or a client's document costs grows no faster than it",
          "[oauth_cost][cost]") {
    const secret key(std::string(32, 'k'));
    for (const auto* member :
         {"redirect_uris", "members", "lists", "client_name", "client_uri", "logo_uri", "scope",
          "token_endpoint_auth_method", "grant_types", "software_id", "jwks_uri"}) {
        check(member, oauth::max_registration_bytes - 200, [&](std::size_t n) {
            oauth::register_client("application/json", metadata(member, n), key,
                                   oauth::time_point());
        });
        check(member, oauth::max_document_bytes - 200, [&](std::size_t n) {
            (void)oauth::read_client_document(document_url, metadata(member, n));
        });
    }
}

TEST_CASE("what a request to authorize or a form costs grows no faster than it",
          "[oauth_cost][cost]") {
    struct row {
        const char* name;
        std::string (*text)(std::size_t n);
    };
    for (const auto& r : {
             row{"names", [](std::size_t n) { return numbered("k", "=v", n, "&"); }},
             row{"one name", [](std::size_t n) { return repeated("a=1&", n); }},
             row{"no names", [](std::size_t n) { return repeated("&", n); }},
             row{"a long value", [](std::size_t n) { return "state=" + repeated("x", n); }},
             row{"escapes", [](std::size_t n) { return "state=" + repeated("%41", n); }},
             row{"a long scope", [](std::size_t n) { return "scope=" + repeated("a+", n); }},
             row{"a client", [](std::size_t n) { return "client_id=" + repeated("x", n); }},
         }) {
        check(r.name, oauth::max_authorize_query_bytes,
              [&](std::size_t n) { (void)oauth::read_authorize_query(r.text(n)); });
        check(r.name, std::size_t{64} * 1024, [&](std::size_t n) {
            (void)text::parse_form(r.text(n));       // /token
            (void)text::parse_form(r.text(n), 1000); // the consent form
        });
    }
}
