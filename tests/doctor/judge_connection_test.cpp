#include "doctor/judge_connection.hpp"

#include "tests/support/catch.hpp"

using namespace doctor;
using http::certificate_fault;

namespace {

constexpr std::int64_t now = 1'800'000'000; // 2027-01-15T08:00:00Z
constexpr std::int64_t day = 86'400;

boost::asio::ip::address at(const char* text) { return boost::asio::ip::make_address(text); }
const result<done> came = done{};
const result<done> refused = error(errc::upstream_down, "Connection refused");
const result<done> no_way = error(errc::unavailable, "Network is unreachable");

http::certificate_facts certificate(std::vector<certificate_fault> faults = {}) {
    http::certificate_facts c;
    c.faults = std::move(faults);
    c.names = "mcp.example.com";
    c.issuer = "/CN=R11";
    c.sent = 2;
    c.expires_at = now + 60 * day;
    return c;
}

} // namespace

TEST_CASE("a name without addresses fails with the resolver's words", "[judge_connection]") {
    CHECK(judge_names("x", {{at("192.0.2.1"), at("2001:db8::1")}, {}}).seen ==
          "192.0.2.1, 2001:db8::1");
    const auto none = judge_names("no.example", {{}, "Name or service not known"});
    CHECK(none.is == state::failed);
    CHECK(none.seen == "no.example: Name or service not known");
}

TEST_CASE("plain http is for a machine's own clients alone", "[judge_connection]") {
    CHECK(judge_scheme(true, false).is == state::ok);
    CHECK(judge_scheme(false, true).is == state::ok);
    CHECK(judge_scheme(false, false).is == state::failed);
}

TEST_CASE("one address that takes a connection is a port that is open", "[judge_connection]") {
    CHECK(judge_port("443", {{at("192.0.2.1"), refused}, {at("192.0.2.2"), came}}).is == state::ok);
    const auto closed =
        judge_port("443", {{at("2001:db8::1"), no_way}, {at("192.0.2.1"), refused}});
    CHECK(closed.is == state::failed);
    CHECK(closed.seen == "192.0.2.1 port 443: Connection refused");
}

TEST_CASE("each family that the name has must answer, unless this machine has no way there",
          "[judge_connection]") {
    const reached both{{at("192.0.2.1"), came}, {at("2001:db8::1"), refused}};
    CHECK(judge_family(family::v4, both, false).is == state::ok);
    CHECK(judge_family(family::v6, both, false).is == state::failed);
    CHECK(judge_family(family::v6, both, true).is == state::skipped);
    CHECK(judge_family(family::v6, {{at("192.0.2.1"), came}}, false).is == state::skipped);
    CHECK(judge_family(family::v6, {{at("2001:db8::1"), no_way}}, false).is == state::skipped);
}

TEST_CASE("each fault of a certificate is the matter of one check", "[judge_connection]") {
    CHECK(judge_chain(certificate()).is == state::ok);
    CHECK(judge_name("mcp.example.com", certificate()).is == state::ok);
    CHECK(judge_expiry(certificate(), now).is == state::ok);

    for (const auto fault : {certificate_fault::self_signed, certificate_fault::unknown_authority,
                             certificate_fault::other}) {
        CHECK(judge_chain(certificate({fault})).is == state::failed);
        CHECK(judge_name("mcp.example.com", certificate({fault})).is == state::ok);
        CHECK(judge_expiry(certificate({fault}), now).is == state::ok);
    }
    const auto other = certificate({certificate_fault::other_name});
    CHECK(judge_chain(other).is == state::ok);
    CHECK(judge_name("crm.example.com", other).seen ==
          "made for mcp.example.com, not for crm.example.com");

    auto alone = certificate({certificate_fault::unknown_authority});
    alone.sent = 1;
    CHECK(judge_chain(alone).advice.find("fullchain") != std::string::npos);
}

TEST_CASE("a certificate warns two weeks before its end, and fails at it", "[judge_connection]") {
    auto c = certificate();
    c.expires_at = now + 14 * day;
    CHECK(judge_expiry(c, now).is == state::ok);
    c.expires_at = now + 14 * day - 1;
    CHECK(judge_expiry(c, now).is == state::warning);
    c.expires_at = now;
    CHECK(judge_expiry(c, now).is == state::failed);
    CHECK(judge_expiry(certificate({certificate_fault::expired}), now).is == state::failed);
    CHECK(judge_expiry(certificate({certificate_fault::not_yet_valid}), now).is == state::failed);
}

TEST_CASE("a clock warns beyond a minute, and fails beyond five, before and behind",
          "[judge_connection]") {
    const std::string date = "Fri, 15 Jan 2027 08:00:00 GMT";
    CHECK(judge_clock(date, now).seen == "the same time here and there");
    for (const std::int64_t sign : {-1, 1}) {
        CHECK(judge_clock(date, now + sign * 60).is == state::ok);
        CHECK(judge_clock(date, now + sign * 61).is == state::warning);
        CHECK(judge_clock(date, now + sign * 300).is == state::warning);
        CHECK(judge_clock(date, now + sign * 301).is == state::failed);
    }
    CHECK(judge_clock(date, now + 100).seen == "100 s behind this machine");
    CHECK(judge_clock("", now).is == state::skipped);
    CHECK(judge_clock("yesterday", now).is == state::warning);
}

TEST_CASE("a handshake that fails says why", "[judge_connection]") {
    CHECK(judge_handshake(came, certificate()).is == state::ok);
    const auto bad = judge_handshake(error(errc::upstream_down, "the TLS handshake failed"), {});
    CHECK((bad.is == state::failed && bad.seen == "the TLS handshake failed"));
}
