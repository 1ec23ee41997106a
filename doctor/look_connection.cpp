#include "doctor/examination.hpp"
#include "doctor/looks.hpp"

#include <boost/asio/ip/address.hpp>

namespace doctor {

namespace {

std::int64_t seconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

} // namespace

// An address in the place of a name is its own look-up.
finding look_names(examination& e) {
    const auto& host = e.given.where.url.host;
    boost::system::error_code none;
    const auto plain = boost::asio::ip::make_address(host, none);
    if (!none)
        e.names.all = {plain};
    else
        e.names = http::ask_system(host);
    return judge_names(host, e.names);
}

finding look_scheme(examination& e) {
    return judge_scheme(e.given.where.url.tls, e.given.where.loopback);
}

// The first address that takes a connection is the one that everything else is asked of.
finding look_port(examination& e) {
    bool used = false;
    for (const auto& address : e.names.all) {
        auto came = e.client.reach(address);
        if (came && !used) {
            e.client.use(address);
            used = true;
        }
        e.tried.emplace_back(address, std::move(came));
        if (e.tried.size() == 8) break;
    }
    return judge_port(e.given.where.url.port, e.tried);
}

finding look_v4(examination& e) {
    return judge_family(family::v4, e.tried, e.given.where.loopback);
}
finding look_v6(examination& e) {
    return judge_family(family::v6, e.tried, e.given.where.loopback);
}

finding look_handshake(examination& e) {
    const auto connected = e.client.connect();
    if (!e.given.where.url.tls) return skipped("plain http");
    return judge_handshake(connected, e.client.certificate());
}

finding look_chain(examination& e) {
    if (!e.given.where.url.tls) return skipped("plain http");
    return judge_chain(e.client.certificate());
}

finding look_name(examination& e) {
    if (!e.given.where.url.tls) return skipped("plain http");
    return judge_name(e.given.where.url.host, e.client.certificate());
}

finding look_expiry(examination& e) {
    if (!e.given.where.url.tls) return skipped("plain http");
    return judge_expiry(e.client.certificate(), seconds_now());
}

} // namespace doctor
