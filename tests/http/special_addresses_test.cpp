#include "http/special_addresses.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

namespace {

namespace ip = boost::asio::ip;

bool special(const std::string& text) {
    const auto address = ip::make_address(text);
    if (address.is_v4()) return http::is_special_address(address.to_v4().to_bytes());
    return http::is_special_address(address.to_v6().to_bytes());
}

template <class Address> Address moved(const Address& from, int by) {
    auto bytes = from.to_bytes();
    for (auto i = bytes.size(); i-- > 0;) {
        const int sum = bytes[i] + by;
        bytes[i] = static_cast<unsigned char>(sum);
        by = sum < 0 ? -1 : sum > 255 ? 1 : 0;
    }
    return Address(bytes);
}

} // namespace

TEST_CASE("every range of the table is special from its first address to its last, and no more",
          "[special_addresses]") {
    int ends = 0;
    for (const auto range : http::special_ranges_v4()) {
        const auto net = ip::make_network_v4(std::string(range));
        INFO(range);
        CHECK(net.is_subnet_of(ip::make_network_v4("0.0.0.0/0")));
        CHECK(net == net.canonical());
        const auto last = ip::address_v4(net.network().to_uint() | ~net.netmask().to_uint());
        CHECK(special(net.network().to_string()));
        CHECK(special(last.to_string()));
        // As IPv6 networks write them, too.
        CHECK(special("::ffff:" + last.to_string()));
        CHECK(special("::ffff:0:" + last.to_string()));
        CHECK(special("64:ff9b::" + last.to_string()));
        for (const auto& beside : {moved(net.network(), -1), moved(last, 1)}) {
            bool in_another = false;
            for (const auto other : http::special_ranges_v4()) {
                const auto wide = ip::make_network_v4(std::string(other));
                in_another =
                    in_another || ip::network_v4(beside, wide.prefix_length()).canonical() == wide;
            }
            INFO(beside.to_string());
            CHECK(special(beside.to_string()) == in_another);
            ends += in_another ? 0 : 1;
        }
    }
    CHECK(ends > 20); // most ranges border on public addresses
    for (const auto range : http::special_ranges_v6()) {
        const auto net = ip::make_network_v6(std::string(range));
        INFO(range);
        CHECK(net == net.canonical());
        CHECK(special(net.network().to_string()));
        auto bytes = net.network().to_bytes();
        for (unsigned bit = net.prefix_length(); bit < 128; ++bit)
            bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] | 0x80U >> bit % 8);
        CHECK(http::is_special_address(bytes));
    }
}

TEST_CASE("public addresses are not special, in whichever form", "[special_addresses]") {
    for (const auto* text :
         {"1.1.1.1", "8.8.8.8", "160.79.104.10", "172.15.255.255", "172.32.0.0", "100.63.255.255",
          "100.128.0.0", "223.255.255.255", "2606:4700::6810:1", "2607:6bc0::10",
          "2a00:1450:4001::8a", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"}) {
        INFO(text);
        CHECK_FALSE(special(text));
    }
}

TEST_CASE("an address that carries a special one inside is special", "[special_addresses]") {
    for (const auto* text :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1",
          "64:ff9b::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "::127.0.0.1",
          "::8.8.8.8", "::1", "::", "2001:0:808:808::1", "64:ff9b:1::808:808", "fd00::1", "fe80::1",
          "ff02::1"}) {
        INFO(text);
        CHECK(special(text));
    }
}

TEST_CASE("bytes that are no address count as special", "[special_addresses]") {
    const std::vector<std::uint8_t> some(17, 8);
    for (const std::size_t size : {0U, 1U, 3U, 5U, 15U, 17U})
        CHECK(http::is_special_address(std::span(some).first(size)));
}
