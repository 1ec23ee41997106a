#include "web/site.hpp"

#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

TEST_CASE("a site answers as what it is given, besides its own name and the known clients",
          "[site]") {
    endpoints e;
    auto given = endpoints::settings("https://crm.example.org");
    given.host_names = {"inside.example.org"};
    given.origins = {"https://tools.example.org"};
    given.document_policy = oauth::document_policy::off;
    const web::site s(e.io, e.actors, std::move(given));
    CHECK(s.host_names == std::vector<std::string>{"crm.example.org", "inside.example.org"});
    CHECK(s.origins.front() == "https://crm.example.org");
    CHECK(s.origins.back() == "https://tools.example.org");
    CHECK(s.origins.size() > 2);
    CHECK_FALSE(s.on_loopback);
    CHECK_FALSE(s.clients.takes_documents());
}

TEST_CASE("a host's name is read without its port", "[site]") {
    CHECK(web::host_name("Example.com:8443") == "example.com");
    CHECK(web::host_name("[::1]:80") == "[::1]");
    CHECK(web::host_name("localhost") == "localhost");
}
