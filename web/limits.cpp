#include "web/limits.hpp"

#include "http/address_ranges.hpp"
#include "oauth/known_clients.hpp"

namespace web {

bool is_shared_egress(std::string_view peer) {
    static const auto known = http::address_ranges::of(oauth::shared_egress());
    return known.contains(peer);
}

} // namespace web
