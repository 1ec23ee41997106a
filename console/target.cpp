#include "console/target.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "console/refusal.hpp"
#include "console/shown.hpp"

namespace console {

result<http::base_url> read_address(std::string_view url) {
    auto read = http::parse_base_url(url);
    if (read && read->path == "/mcp") read->path.clear();
    if (!read || !read->path.empty())
        return bad_request(shown(url) +
                           " is no address of a server; example: https://mcp.example.com");
    const bool v6 = read->host.find(':') != std::string::npos;
    if (!read->tls && !uri::is_loopback_host(v6 ? "[" + read->host + "]" : read->host))
        return bad_request("a token goes to another machine over https:// alone, and not over " +
                           shown(url));
    return read;
}

// Threat: a line break in a token begins another header field. Defence: only what RFC 6750 §2.1
// lets stand behind Bearer.
result<secret> read_token(const secret& given) {
    const auto token = text::trim(given.reveal());
    if (token.empty()) return bad_request("the admin token is empty");
    if (!text::is_token68(token))
        return bad_request("the admin token holds characters that no token has");
    return secret(token);
}

result<std::unique_ptr<server>> server::create(target to) {
    TRY(trust, http::tls_trust::load(to.ca_file));
    return std::unique_ptr<server>(new server(std::move(to), std::move(trust)));
}

server::server(target to, http::tls_trust trust)
    : to_(std::move(to)),
      client_(to_.socket.empty() ? http::probe(to_.url, std::move(trust), to_.timeout)
                                 : http::probe(to_.socket, to_.timeout)) {}

result<http::probe_answer> server::ask(http::probe_request r) {
    r.bearer = to_.token;
    r.headers.emplace_back("User-Agent", "twenty-mcp-admin/" TWENTY_MCP_VERSION);
    auto answer = client_.ask(r);
    if (answer && answer->complete) return answer;
    const auto at = to_.socket.empty() ? to_.url.authority : to_.socket;
    if (answer) return cut_off(at);
    auto why = answer.failure();
    if (to_.socket.empty() && why.code == errc::not_allowed)
        why = bad_certificate(client_.certificate());
    return unreachable(why, at, !to_.socket.empty());
}

} // namespace console
