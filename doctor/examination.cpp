#include "doctor/examination.hpp"

#include "base/crypto.hpp"
#include "base/uri.hpp"

namespace doctor {

namespace {

constexpr std::string_view both_types = "application/json, text/event-stream";

secret form_text(const text::fields& form) {
    std::size_t longest = 0;
    for (const auto& [name, value] : form)
        longest += 3 * (name.size() + value.size()) + 2;
    std::string out;
    out.reserve(longest); // never grows: no copy of a key is left behind
    for (const auto& [name, value] : form) {
        if (!out.empty()) out += '&';
        out.append(text::percent_encode(name)).append("=").append(text::percent_encode(value));
    }
    return secret(std::move(out));
}

} // namespace

result<target> read_target(std::string_view url) {
    auto read = http::parse_base_url(url);
    if (!read)
        return error{errc::bad_request, shown(url) + " is no address of a server; example: "
                                                     "https://mcp.example.com"};
    if (read->path == "/mcp") read->path.clear();
    if (!read->path.empty())
        return error{errc::bad_request,
                     "the address of a server has no path but /mcp, and not " + shown(read->path)};
    target out;
    out.origin = std::string(read->tls ? "https://" : "http://") + read->authority;
    const auto standard = read->tls ? ":443" : ":80";
    if (out.origin.ends_with(standard))
        out.origin.resize(out.origin.size() - std::string_view(standard).size());
    out.resource = out.origin + "/mcp";
    const bool v6 = read->host.find(':') != std::string::npos;
    out.loopback = uri::is_loopback_host(v6 ? "[" + read->host + "]" : read->host);
    out.url = *std::move(read);
    return out;
}

result<std::unique_ptr<examination>> examination::create(settings given) {
    TRY(trust, http::tls_trust::load(given.ca_file));
    return std::unique_ptr<examination>(new examination(std::move(given), std::move(trust)));
}

examination::examination(settings s, http::tls_trust trust)
    : given(std::move(s)), client(given.where.url, std::move(trust), given.timeout) {}

examination::~examination() {
    if (!held && !code.empty()) held = tokens_of(exchange_code());
    if (held) (void)revoke();
}

asked examination::exchange_code() {
    text::fields form;
    form.emplace_back("grant_type", "authorization_code");
    form.emplace_back("client_id", client_id);
    form.emplace_back("resource", given.where.resource);
    form.emplace_back("code", std::string(code.reveal()));
    form.emplace_back("code_verifier", verifier);
    form.emplace_back("redirect_uri", std::string(callback));
    return post_form("/token", form);
}

// Accept-Encoding: identity, so that whoever packs an answer all the same is found.
asked examination::get(std::string target) {
    http::probe_request r;
    r.target = std::move(target);
    r.headers = {{"Accept", "application/json, text/html, text/css"},
                 {"Accept-Encoding", "identity"}};
    return client.ask(r);
}

asked examination::post_form(std::string target, const text::fields& form) {
    http::probe_request r;
    r.method = "POST";
    r.target = std::move(target);
    r.headers = {{"Accept", "application/json"}};
    r.form = form_text(form);
    return client.ask(r);
}

asked examination::call(std::string_view method, json::value params, const secret& bearer,
                        std::vector<std::pair<std::string, std::string>> headers) {
    http::probe_request r;
    r.method = "POST";
    r.target = "/mcp";
    r.headers = std::move(headers);
    r.headers.emplace_back("Accept", both_types);
    r.headers.emplace_back("Accept-Encoding", "identity");
    r.headers.emplace_back("Content-Type", "application/json");
    r.bearer = bearer;
    auto message = json::make({{"jsonrpc", "2.0"}, {"method", method}});
    auto& members = *message.if_object();
    if (!method.starts_with("notifications/")) members.set("id", ++last_id_);
    if (!params.is_null()) members.set("params", std::move(params));
    r.body = json::dump(message);
    return client.ask(r);
}

asked examination::mcp(std::string method, const secret& bearer) {
    http::probe_request r;
    r.method = std::move(method);
    r.target = "/mcp";
    r.headers = {{"Accept", std::string(both_types)}};
    if (!session_id.empty()) r.headers.emplace_back("Mcp-Session-Id", session_id);
    r.bearer = bearer;
    return client.ask(r);
}

std::string examination::authorize_target(std::string_view client_id_given,
                                          std::string_view redirect_uri,
                                          std::string_view challenge) const {
    std::string out = "/authorize?response_type=code";
    const auto add = [&out](std::string_view name, std::string_view value) {
        out.append("&").append(name).append("=").append(text::percent_encode(value));
    };
    add("client_id", client_id_given);
    add("redirect_uri", redirect_uri);
    add("state", consent_state);
    add("scope", "twenty:read");
    add("resource", given.where.resource);
    return out.append(challenge);
}

// RFC 7009 §2.1: with the refresh token the whole grant ends.
const asked& examination::revoke() {
    if (revoked_) return *revoked_;
    text::fields form;
    form.emplace_back("token", std::string(held->refresh.reveal()));
    form.emplace_back("token_type_hint", "refresh_token");
    form.emplace_back("client_id", client_id);
    auto a = post_form("/revoke", form);
    if (!a) a = post_form("/revoke", form); // on a new connection
    return revoked_.emplace(std::move(a));
}

} // namespace doctor
