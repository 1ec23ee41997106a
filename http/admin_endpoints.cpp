#include "http/admin_endpoints.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "http/respond.hpp"

#include <algorithm>

namespace http {

namespace asio = boost::asio;

namespace {

// Threat: the time of a comparison tells how much of a guess was right, or its length.
// Defence: a constant-time comparison of hashes under a key that nobody knows.
bool same_secret(std::string_view given, const secret& expected) {
    static const auto key = crypto::random_bytes(crypto::key_bytes);
    return crypto::equal(crypto::keyed_hash(key, given),
                         crypto::keyed_hash(key, expected.reveal()));
}

// nullopt: the caller is the administrator. Looks at no byte of the body.
std::optional<response> refuse(services& s, const request& r) {
    if (!s.admin_token) return admin_disabled();
    // Threat: a web page uses a browser that reaches this address. Defence: what a page sends
    // carries an Origin or says that it navigates; an administrator's tool does neither.
    if (r.has("origin") || r.header("sec-fetch-mode") == "navigate")
        return json_error(403, "forbidden", "The admin API can't be used from a browser.");
    if (const auto wait = s.limits.peek(limit::failed_admin, r.peer, s.now())) {
        auto limited = json_error(429, "rate_limited", "Too many wrong admin tokens.");
        set_retry_after(limited, *wait);
        return limited;
    }
    const auto given = bearer_of(r);
    if (given.what == bearer::kind::present && same_secret(given.token, *s.admin_token))
        return std::nullopt;
    if (given.what != bearer::kind::absent)
        (void)s.limits.take(limit::failed_admin, r.peer, s.now());
    auto unauthorized = json_error(401, "unauthorized", "Send Authorization: Bearer ADMIN_TOKEN.");
    unauthorized.set("WWW-Authenticate", "Bearer realm=\"admin\"");
    return unauthorized;
}

// What the primer may be: every model of every connection reads it.
result<done> check_primer(const request& r) {
    if (r.body.size() > max_primer_bytes)
        return error{errc::too_large, "The primer may have 100,000 bytes at most."};
    if (!text::valid_utf8(r.body)) return error{errc::bad_request, "The primer must be UTF-8."};
    if (text::trim(r.body).empty())
        return error{errc::bad_request, "The primer is blank; use DELETE to restore the default."};
    const auto control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
    };
    if (std::any_of(r.body.begin(), r.body.end(), control))
        return error{errc::bad_request, "The primer holds control characters."};
    return done{};
}

} // namespace

response admin_disabled() {
    return json_error(503, "admin_disabled", "Set ADMIN_TOKEN to use the admin API.");
}

asio::awaitable<response> put_primer(services& s, request r) {
    if (auto refused = refuse(s, r)) co_return std::move(*refused);
    if (!has_media_type(r, "text/markdown") && !has_media_type(r, "text/plain"))
        co_return json_error(415, "unsupported_media_type",
                             "Content-Type must be text/markdown or text/plain.");
    if (const auto fit = check_primer(r); !fit) co_return plain_error(fit.failure());
    const auto bytes = r.body.size();
    actors::write_primer question(std::move(r.body));
    const auto written = co_await s.actors.ask(std::move(question));
    if (!written) co_return plain_error(written.failure());
    json::writer w;
    w.begin_object().member("ok", true).member("bytes", bytes).end_object();
    auto answer = json_response(200, w.take());
    answer.set("ETag", written->etag);
    co_return answer;
}

asio::awaitable<response> get_primer(services& s, request r) {
    if (auto refused = refuse(s, r)) co_return std::move(*refused);
    actors::read_primer question;
    auto found = co_await s.actors.ask(std::move(question));
    if (!found) co_return plain_error(found.failure());
    if (!found->has_value())
        co_return json_error(404, "not_found", "No primer is set; the bundled one is in use.");
    auto& primer = **found;
    response answer;
    if (r.header("if-none-match") == primer.etag) { // RFC 9110 §13.1.2
        answer.status = 304;
    } else {
        answer = response(200, "text/markdown; charset=utf-8", std::move(primer.markdown));
    }
    answer.set("ETag", primer.etag).set("Cache-Control", "no-store");
    co_return answer;
}

asio::awaitable<response> delete_primer(services& s, request r) {
    if (auto refused = refuse(s, r)) co_return std::move(*refused);
    actors::clear_primer question;
    const auto cleared = co_await s.actors.ask(std::move(question));
    if (!cleared) co_return plain_error(cleared.failure());
    co_return json_response(200, "{\"ok\":true}");
}

} // namespace http
