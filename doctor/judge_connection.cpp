#include "doctor/judge_connection.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace doctor {

namespace {

using http::certificate_fault;

std::string day_of(std::int64_t unix_seconds) { return text::iso_time(unix_seconds).substr(0, 10); }

bool belongs(const boost::asio::ip::address& one, family which) {
    return which == family::v6 ? one.is_v6() : one.is_v4();
}

} // namespace

finding judge_names(std::string_view host, const http::looked_up& found) {
    if (found.all.empty()) return failed(shown(host) + ": " + shown(found.failed));
    std::vector<std::string> all;
    for (const auto& one : found.all)
        all.push_back(one.to_string());
    if (all.size() > 4) {
        all.resize(4);
        all.emplace_back("...");
    }
    return ok(text::join(all, ", "));
}

// OAuth 2.1 §1.5 and MCP's authorization want TLS everywhere but on the person's own machine.
finding judge_scheme(bool tls, bool loopback) {
    if (tls) return ok("https");
    if (loopback) return ok("http, on this machine alone");
    return failed("http");
}

finding judge_port(std::string_view port, const reached& tried) {
    std::string why;
    for (const auto& [address, came] : tried) {
        if (came) return ok("port " + std::string(port) + " of " + address.to_string());
        if (why.empty() || came.failure().code != errc::unavailable)
            why = address.to_string() + " port " + std::string(port) + ": " +
                  shown(came.failure().message);
    }
    return failed(why);
}

finding judge_family(family which, const reached& tried, bool loopback) {
    const std::string name = which == family::v6 ? "IPv6" : "IPv4";
    std::vector<std::string> good;
    std::string bad;
    bool none = true;
    for (const auto& [address, came] : tried) {
        if (!belongs(address, which)) continue;
        none = false;
        if (came)
            good.push_back(address.to_string());
        else if (came.failure().code == errc::unavailable)
            return skipped("this machine has no way to " + name + " addresses");
        else
            bad = address.to_string() + ": " + shown(came.failure().message);
    }
    if (none) return skipped("the name has no " + name + " address");
    if (bad.empty()) return ok(text::join(good, ", "));
    if (loopback) return skipped("a name of this machine: the other family is enough");
    return failed(bad);
}

finding judge_handshake(const result<done>& connected, const http::certificate_facts& seen) {
    if (connected) return ok(seen.version);
    return failed(shown(connected.failure().message));
}

finding judge_chain(const http::certificate_facts& seen) {
    if (seen.has(certificate_fault::self_signed))
        return failed("issued by itself or by an authority that this machine does not know: " +
                          shown(seen.issuer),
                      "Get a certificate of a public authority (Let's Encrypt). claude.ai and "
                      "other hosted clients take no other one.");
    if (seen.has(certificate_fault::unknown_authority)) {
        const auto issuer = ", issuer " + shown(seen.issuer);
        if (seen.sent <= 1)
            return failed("the server sends its own certificate alone" + issuer,
                          "Give the proxy the full chain: the intermediate certificate is missing "
                          "(fullchain.pem, not cert.pem).");
        return failed("the chain ends at an unknown authority" + issuer);
    }
    if (seen.has(certificate_fault::other)) return failed(shown(seen.other));
    return ok("issuer " + shown(seen.issuer));
}

finding judge_name(std::string_view host, const http::certificate_facts& seen) {
    const auto names = seen.names.empty() ? "no name" : shown(seen.names);
    if (seen.has(certificate_fault::other_name))
        return failed("made for " + names + ", not for " + shown(host));
    return ok(names);
}

finding judge_expiry(const http::certificate_facts& seen, std::int64_t now) {
    constexpr std::int64_t day = 86'400;
    const auto end = day_of(seen.expires_at);
    if (seen.has(certificate_fault::not_yet_valid))
        return failed("not valid yet", "Set the clock of this machine right, or of the one that "
                                       "made the certificate.");
    if (seen.has(certificate_fault::expired) || seen.expires_at <= now)
        return failed("expired on " + end);
    const auto left = (seen.expires_at - now) / day;
    const auto text = "until " + end + ", " + std::to_string(left) + " days left";
    return left < 14 ? warning(text) : ok(text);
}

// RFC 9110 §5.6.7: the one form that is sent today. A proxy may put its own time here, which
// clients see as well.
finding judge_clock(std::string_view date, std::int64_t now) {
    if (date.empty()) return skipped("the answer has no Date");
    std::tm read{};
    const std::string text(date);
    if (!::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &read))
        return warning("Date cannot be read: " + shown(date));
    const auto off = static_cast<std::int64_t>(::timegm(&read)) - now;
    const auto far = std::abs(off);
    const auto seen = far <= 2 ? std::string("the same time here and there")
                               : std::to_string(far) + " s " + (off < 0 ? "behind" : "ahead of") +
                                     " this machine";
    if (far > 300) return failed(seen);
    return far > 60 ? warning(seen) : ok(seen);
}

} // namespace doctor
