// What the text of a variable must look like, one function a kind of value. The error's message is
// the end of a sentence that begins with the variable's name.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/client_document.hpp"
#include "oauth/types.hpp"
#include "twenty/caution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config_values {

// 32 bytes in hexadecimal, not all alike.
result<secret> server_key(std::string_view hex);
result<std::vector<secret>> server_keys(std::string_view list);
result<secret> admin_token(std::string_view given);

struct endpoint {
    std::string address; // a numeric one
    std::uint16_t port = 0;
};
// "127.0.0.1:8787", "[::1]:8787", "localhost:8787".
result<endpoint> listen(std::string_view given);
// Whether two such texts mean the same; false where one is none.
bool same_endpoint(std::string_view a, std::string_view b);
bool is_loopback(const std::string& address);

// Without a trailing slash and in lower case where that means nothing; nullopt: no such URL.
std::optional<std::string> twenty_url(std::string_view given);
// The end of such a URL that names one of Twenty's endpoints, as "/graphql"; empty: none.
std::string_view twenty_endpoint(std::string_view url);
// A collector's address, in the form of twenty_url(); the path of traces at its end is left out.
result<std::string> collector_url(std::string_view given);
// "name=value,name=value" with values percent-encoded (OTEL_EXPORTER_OTLP_HEADERS), as fields of a
// head: each "\r\nname: value".
result<secret> header_fields(std::string_view list);
result<std::string> public_url(std::string_view given);
// http or https with a host and without a user, of the characters of RFC 3986; as it was given.
result<std::string> web_address(std::string_view given);

result<std::vector<std::string>> proxies(std::string_view list);
result<std::vector<std::string>> origins(std::string_view list);
result<std::vector<std::string>> hosts_with_port(std::string_view list);
result<std::vector<std::string>> hosts(std::string_view list);

// A whole number between two bounds, both allowed.
result<std::int64_t> whole_number(std::string_view given, std::int64_t least, std::int64_t most);
template <class Number, Number Least, Number Most> result<Number> whole(std::string_view given) {
    TRY(number, whole_number(given, Least, Most));
    return static_cast<Number>(number);
}
result<double> ratio(std::string_view given); // from 0 to 1
result<bool> on_or_off(std::string_view given);
result<logging::level> log_level(std::string_view given);
result<twenty::asking> asking_floor(std::string_view given);
result<std::optional<logging::format>> log_format(std::string_view given); // nullopt: auto
result<oauth::document_policy> document_policy(std::string_view given);
result<oauth::reuse_policy> reuse_policy(std::string_view given);

} // namespace config_values
