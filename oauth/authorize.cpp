#include "oauth/authorize.hpp"

#include "base/uri.hpp"
#include "oauth/scope.hpp"
#include "oauth/token.hpp"

#include <algorithm>

namespace oauth {

namespace {

std::size_t count(const text::fields& parameters, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(parameters.begin(), parameters.end(),
                      [&](const auto& field) { return field.first == name; }));
}

// RFC 6749 appendix A.5: state = 1*VSCHAR
bool valid_state(std::string_view state) noexcept {
    return state.size() <= max_state_bytes &&
           std::all_of(state.begin(), state.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

// percent_encode() leaves nothing but unreserved characters, so no value (the client's own state,
// for one) can bring a parameter or a fragment of its own into the URL.
void add_parameter(std::string& url, std::string_view name, std::string_view value) {
    // RFC 6749 §3.1.2: a query of the redirect URI's own is kept.
    if (url.find('?') == std::string::npos)
        url += '?';
    else if (url.back() != '?' && url.back() != '&')
        url += '&';
    url.append(name).append("=").append(text::percent_encode(value));
}

struct fault {
    std::string_view code;
    std::string_view description;
};

using checked = std::optional<fault>;

// RFC 6749 §3.1.1. OAuth 2.1 has no other type: an implicit grant would put the token itself into a
// URL. Another response_mode is refused and not passed over, because its client looks for the
// answer in a fragment or a posted form, and would wait there for ever.
checked check_response_type(const text::fields& parameters) {
    const auto* type = text::find(parameters, "response_type");
    if (!type) return fault{"invalid_request", "response_type is missing"};
    if (*type != "code") return fault{"unsupported_response_type", "response_type must be code"};
    const auto* mode = text::find(parameters, "response_mode");
    if (mode && *mode != "query") return fault{"invalid_request", "response_mode must be query"};
    return std::nullopt;
}

// RFC 7636 §4.4.1, asked of every client (OAuth 2.1 §7.5.1). Threat: a thief of the code redeems
// it, or plants it in another person's login (RFC 9700 §4.5). Defence: S256 alone. "plain", which
// an absent method means (RFC 7636 §4.3), shows the verifier to the same thief.
checked check_challenge(const text::fields& parameters, authorization_request& out) {
    const auto* challenge = text::find(parameters, "code_challenge");
    if (!challenge) return fault{"invalid_request", "code_challenge is missing, PKCE is required"};
    const auto* method = text::find(parameters, "code_challenge_method");
    if (!method || *method != "S256")
        return fault{"invalid_request", "code_challenge_method must be S256"};
    if (!valid_code_challenge(*challenge))
        return fault{"invalid_request", "code_challenge must be 43 characters of base64url"};
    out.code_challenge = *challenge;
    return std::nullopt;
}

// RFC 8707 §2. Absent: this server; clients of MCP 2025-03-26 do not send it. Several may be sent,
// but all must mean this server: a grant has one audience. The grant gets the identity's own
// spelling, which the store compares by bytes with that of its own configuration.
checked check_resource(const text::fields& parameters, const server_identity& identity,
                       authorization_request& out) {
    for (const auto& [name, value] : parameters)
        if (name == "resource" && !canonical_resource(identity, value))
            return fault{"invalid_target", "resource is not this server"};
    out.resource = identity.resource;
    return std::nullopt;
}

// RFC 6749 §3.3 lets a server ignore scopes that it does not know, and clients do send those of
// other servers ("claudeai", "openid"). Only a character outside of the grammar is a fault.
checked check_scope(const text::fields& parameters, authorization_request& out) {
    const auto* scope = text::find(parameters, "scope");
    const auto parsed = parse_scope(scope ? std::string_view(*scope) : std::string_view{});
    if (!parsed) return fault{"invalid_scope", "scope holds a character that is not allowed"};
    out.scope = requested_scope(*parsed);
    return std::nullopt;
}

// check_state() runs before all other checks, because every later error gives the state back
// (RFC 6749 §4.1.2.1). A state that is itself at fault is not given back.
checked check_state(const text::fields& parameters, authorization_request& out) {
    if (count(parameters, "state") > 1) return fault{"invalid_request", "state is repeated"};
    const auto* state = text::find(parameters, "state");
    if (!state) return std::nullopt;
    if (!valid_state(*state))
        return fault{"invalid_request", "state is too long or holds a character that is not "
                                        "printable ASCII"};
    out.state = *state;
    return std::nullopt;
}

// RFC 6749 §3.1; `resource` alone may repeat (RFC 8707 §2). Threat: whoever inspects the request on
// its way judges one of two values, and this server takes the other. Defence: none is taken.
checked check_repeated(const text::fields& parameters) {
    for (const auto& [name, value] : parameters)
        if (name != "resource" && count(parameters, name) > 1)
            return fault{"invalid_request", "A parameter is repeated"};
    return std::nullopt;
}

// The order decides which of several faults a client is told. Repetition comes before everything
// that text::find() reads, since that takes the first of two.
checked check_parameters(const text::fields& parameters, const server_identity& identity,
                         authorization_request& out) {
    if (auto bad = check_state(parameters, out)) return bad;
    if (auto bad = check_repeated(parameters)) return bad;
    if (auto bad = check_response_type(parameters)) return bad;
    if (auto bad = check_challenge(parameters, out)) return bad;
    if (auto bad = check_resource(parameters, identity, out)) return bad;
    return check_scope(parameters, out);
}

client_error deliverable(const server_identity& identity, const authorization_request& request,
                         const fault& what, const std::vector<std::string>& trusted_hosts) {
    client_error out;
    out.url = error_url(identity, request, what.code, what.description);
    out.how = error_delivery(request.redirect_uri, trusted_hosts);
    out.code = what.code;
    out.description = what.description;
    out.host = uri::display_host(request.redirect_uri);
    return out;
}

// shown_place() puts an unregistered address into words for a page: its host alone, cut, and
// without characters that hide or turn round what stands beside them, because whoever made the link
// wrote it.
std::string shown_place(std::string_view uri) {
    const auto visible = text::without_invisible(uri::display_host(uri), false);
    if (visible.empty()) return "an address";
    return std::string(text::cut_utf8(visible, 80));
}

// RFC 6749 §3.1.2.3: may be left out when only one is registered.
result<std::string> choose_redirect_uri(const text::fields& parameters, const client& who) {
    const auto* wanted = text::find(parameters, "redirect_uri");
    if (!wanted) {
        if (who.redirect_uris.size() == 1) return who.redirect_uris.front();
        return error{errc::bad_request, "The application did not say where to return to "
                                        "(redirect_uri is missing)."};
    }
    if (!redirect_uri_matches(who.redirect_uris, *wanted))
        return error{errc::bad_request, "The application asked to return to " +
                                            shown_place(*wanted) +
                                            ", which it did not register (redirect_uri)."};
    return *wanted;
}

} // namespace

result<authorize_query> read_authorize_query(std::string_view raw_query) {
    if (raw_query.size() > max_authorize_query_bytes)
        return error{errc::bad_request, "The authorization request is too long."};
    TRY(parameters, text::parse_form(raw_query));
    // Repetition is looked for before empty values go (RFC 6749 §3.1: they count as omitted), so
    // that `client_id=&client_id=x` is no way around it.
    for (const auto name : {"client_id", "redirect_uri"})
        if (count(parameters, name) > 1)
            return error{errc::bad_request,
                         std::string("The authorization request repeats ") + name + "."};
    std::erase_if(parameters, [](const auto& field) { return field.second.empty(); });
    const auto* id = text::find(parameters, "client_id");
    if (!id) return error{errc::bad_request, "The authorization request names no client_id."};
    authorize_query out;
    out.client_id = *id;
    out.parameters = std::move(parameters);
    return out;
}

authorize_outcome check_authorize(const authorize_query& query, const client& who,
                                  const server_identity& identity,
                                  const std::vector<std::string>& trusted_hosts) {
    auto redirect_uri = choose_redirect_uri(query.parameters, who);
    if (!redirect_uri) return std::move(redirect_uri).failure();

    // From here on the redirect URI is known to be the client's, and faults go there. Any fault
    // before this line stays on a page of ours, or this server would be an open redirector
    // (RFC 6749 §10.15).
    authorization_request out;
    out.client_id = who.id;
    out.kind = who.kind;
    out.client_name = who.name;
    out.redirect_uri = *std::move(redirect_uri);
    if (const auto bad = check_parameters(query.parameters, identity, out))
        return deliverable(identity, out, *bad, trusted_hosts);
    return out;
}

// Threat: a client of several authorization servers is brought to send our code to another one
// (mix-up, RFC 9700 §4.4). Defence: every response, errors too, says whose it is.
std::string success_url(const server_identity& identity, const authorization_request& request,
                        const secret& code) {
    auto url = request.redirect_uri;
    add_parameter(url, "code", code.reveal());
    if (request.state) add_parameter(url, "state", *request.state);
    add_parameter(url, "iss", identity.issuer); // RFC 9207 §2
    return url;
}

std::string error_url(const server_identity& identity, const authorization_request& request,
                      std::string_view code, std::string_view description) {
    auto url = request.redirect_uri;
    add_parameter(url, "error", code);
    if (!description.empty()) add_parameter(url, "error_description", description);
    if (request.state) add_parameter(url, "state", *request.state);
    add_parameter(url, "iss", identity.issuer); // RFC 9207 §2
    return url;
}

client_error access_denied(const server_identity& identity, const authorization_request& request,
                           const std::vector<std::string>& trusted_hosts) {
    return deliverable(identity, request, {"access_denied", "The person refused"}, trusted_hosts);
}

} // namespace oauth
