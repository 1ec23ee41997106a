// What is read from headers (the first line) and what is written to them (the rest). Promises: an
// address is an address, and no value ever becomes more than its own line (response splitting).
#include "http/header_values.hpp"

#include "base/text.hpp"
#include "http/address_ranges.hpp"
#include "http/respond.hpp"
#include "http/response_head.hpp"
#include "http/trusted_proxies.hpp"
#include "oauth/metadata.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string>

namespace {

void check_client(std::string_view forwarded_for) {
    static const auto proxies = *http::trusted_proxies::parse({"127.0.0.1", "10.0.0.0/8", "::1"});
    const auto client = proxies.client("10.0.0.1", forwarded_for);
    boost::system::error_code no_address;
    boost::asio::ip::make_address(client, no_address);
    fuzz::must(!no_address, "a client's address is an address");
    fuzz::must(proxies.client("203.0.113.9", forwarded_for) == "203.0.113.9",
               "who is no proxy says nothing about the address");
    // Whatever a client writes stands left of what the proxy adds.
    fuzz::must(proxies.client("10.0.0.1", std::string(forwarded_for) + ", 203.0.113.7") ==
                   "203.0.113.7",
               "the right-most address counts");
    fuzz::must(!http::address_group(client).empty() && !http::address_prefix(client).empty(),
               "every client has a group");
}

void check_retry_after(std::string_view value) {
    const auto wait = http::parse_retry_after(value, 1'000'000'000);
    if (wait)
        fuzz::must(*wait >= std::chrono::seconds(0) && *wait <= std::chrono::hours(24),
                   "a wait is between nothing and a day");
}

void check_head(std::string_view name, std::string_view value) {
    http::response answer(200, "text/plain", "x");
    answer.set(std::string(name), std::string(value));
    std::string head;
    http::response_facts facts{"id", "Thu, 01 Jan 1970 00:00:00 GMT", true, 11};
    if (!http::write_response_head(head, answer, facts)) return;
    const auto lines = std::count(head.begin(), head.end(), '\n');
    const auto returns = std::count(head.begin(), head.end(), '\r');
    const auto framing = text::lower(name) == "content-length" ||
                         text::lower(name) == "connection" ||
                         text::lower(name) == "transfer-encoding";
    const auto nosniff = text::lower(name) == "x-content-type-options";
    // Status, Content-Type, ours unless it is framing, nosniff, id, date, length, end.
    fuzz::must(lines == (framing || nosniff ? 7 : 8) && returns == lines,
               "a field is one line of the head");
    fuzz::must(head.find("\r\n\r\n") == head.size() - 4, "the head ends where it ends");
    fuzz::must(head.find('\0') == std::string::npos, "a head holds no NUL");
}

} // namespace

void fuzz::header_values(std::string_view bytes) {
    const auto line = take_line(bytes);
    check_client(line);
    check_retry_after(line);
    check_head("X-Name", line);
    check_head("X-Name", bytes);
    check_head(line, bytes);
    (void)text::is_token68(line);
    must(!http::safe_target(bytes) || bytes.find_first_of("\r\n ") == std::string_view::npos,
         "a request to Twenty stays one line");

    http::request r;
    r.headers.emplace_back("content-type", line);
    (void)http::has_media_type(r, "application/json");
    (void)http::trusted_proxies::parse({std::string(line)});
}
