#include "oauth/client_document.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/client.hpp"
#include "oauth/client_metadata.hpp"
#include "oauth/known_clients.hpp"

#include <algorithm>
#include <array>

namespace oauth {

namespace {

using namespace std::chrono_literals;

// The bounds of a copy's life, whatever its host says: a document is not fetched again within five
// minutes, and a redirect URI that was taken back is good for a day at most, unless its host gives
// no new document (web/client_documents).
constexpr std::chrono::seconds shortest_life = 5min;
constexpr std::chrono::seconds longest_life = 24h;

// RFC 3986 §2: no space, control, backslash, quote or byte outside ASCII.
constexpr std::string_view uri_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                            "0123456789-._~:/?#[]@!$&'()*+,;=%";

// RFC 7517, RFC 7518 §6: what only the owner of a key may know.
constexpr std::array<std::string_view, 8> private_key_members{"d",  "p",  "q", "dp",
                                                              "dq", "qi", "k", "oth"};

error bad(std::string_view what) { return {errc::bad_request, std::string(what)}; }

bool letter_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// RFC 1123 §2.1, and with a dot. A last label without a leading letter could be read as a number
// and the whole as an address (WHATWG URL, "ends in a number").
bool is_dns_name(std::string_view lower_host) {
    if (lower_host.size() > 253) return false;
    const auto labels = text::split(lower_host, '.');
    if (labels.size() < 2 || labels.back().empty() || labels.back()[0] < 'a') return false;
    return std::all_of(labels.begin(), labels.end(), [](const std::string& label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' &&
               label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
                   return letter_or_digit(c) || c == '-';
               });
    });
}

// RFC 3986 §5.2.4, and the same with the dots encoded.
bool has_dot_segment(std::string_view path) {
    for (auto segment : text::split(text::lower(path), '/')) {
        for (auto at = segment.find("%2e"); at != std::string::npos; at = segment.find("%2e"))
            segment.replace(at, 3, ".");
        if (segment == "." || segment == "..") return true;
    }
    return false;
}

// A document is public, so that a secret in it is none; the draft forbids both members.
metadata_verdict check_no_secret(const json::value& document) {
    for (const auto name : {"client_secret", "client_secret_expires_at"})
        if (document.find(name))
            return metadata_fault{bad_metadata, std::string(name) + " must not be in a document"};
    return std::nullopt;
}

// The client must be able to go without a secret, whatever it prefers: private_key_jwt is passed
// over where `none` is offered beside it. A method with a shared secret is refused even then,
// because its client counts on a secret that nobody can have given it.
metadata_verdict check_method(const json::value& document) {
    const auto* wanted = document.find("token_endpoint_auth_method");
    if (!wanted || wanted->is_null()) return std::nullopt;
    const auto* name = wanted->if_string();
    if (!name) return metadata_fault{bad_metadata, "token_endpoint_auth_method must be a string"};
    if (*name == to_string(auth_method::none)) return std::nullopt;
    if (name->starts_with("client_secret"))
        return metadata_fault{bad_metadata,
                              "token_endpoint_auth_method must not be one with a shared secret"};
    const auto offered = read_strings(document, "token_endpoint_auth_methods_supported");
    if (offered.contains(to_string(auth_method::none))) return std::nullopt;
    return metadata_fault{bad_metadata, "token_endpoint_auth_method must be none, or none be among "
                                        "token_endpoint_auth_methods_supported"};
}

// Keys of a document are not used here. A private one is refused all the same: its owner has
// published what must stay secret, and a refusal is how that gets noticed.
metadata_verdict check_keys(const json::value& document) {
    const auto* jwks = document.find("jwks");
    if (!jwks || jwks->is_null()) return std::nullopt;
    const auto* keys = jwks->find("keys");
    const auto* list = keys ? keys->if_array() : nullptr;
    if (!list) return metadata_fault{bad_metadata, "jwks must be a JSON Web Key Set"};
    for (const auto& key : *list)
        for (const auto name : private_key_members)
            if (key.find(name)) return metadata_fault{bad_metadata, "jwks holds a private key"};
    return std::nullopt;
}

// Links are checked and forgotten: never stored, shown or fetched.
metadata_verdict check_document_links(const json::value& document) {
    for (const auto name : {"client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri"}) {
        const auto* member = document.find(name);
        if (!member || member->is_null()) continue;
        const auto* uri = member->if_string();
        if (!uri || !text::starts_with_ci(*uri, "https://"))
            return metadata_fault{bad_metadata, std::string(name) + " must be an https URL"};
    }
    return std::nullopt;
}

// client_name is required here, because a person has to judge by it.
metadata_verdict read_name(const json::value& document, client& out) {
    out.name = clean_client_name(document.text("client_name"));
    if (out.name.empty()) return metadata_fault{bad_metadata, "client_name is missing"};
    return std::nullopt;
}

} // namespace

std::optional<document_policy> document_policy_named(std::string_view name) noexcept {
    if (name == "any") return document_policy::any;
    if (name == "trusted") return document_policy::trusted;
    if (name == "off") return document_policy::off;
    return std::nullopt;
}

bool allows_document_of(document_policy policy, std::string_view host) noexcept {
    if (policy == document_policy::trusted) return is_known_host(host);
    return policy == document_policy::any;
}

result<document_url> read_document_url(std::string_view client_id) {
    if (client_id.size() > max_document_url_bytes)
        return bad("The application's address is longer than 512 characters");
    if (client_id.find_first_not_of(uri_characters) != std::string_view::npos)
        return bad("The application's address holds a character that no URL has");
    const auto parts = uri::split(client_id);
    if (!parts || !parts->has_authority || !text::iequals(parts->scheme, "https"))
        return bad("The application's address is not an https URL");
    if (parts->has_userinfo) return bad("The application's address holds a user name");
    if (parts->has_fragment) return bad("The application's address holds a fragment");
    if (parts->has_port && parts->port != "443")
        return bad("The application's address names a port other than 443");
    document_url out;
    out.host = text::lower(parts->host);
    if (!is_dns_name(out.host))
        return bad("The application's address has no full host name such as client.example.com");
    if (parts->path.empty()) return bad("The application's address has no path");
    if (has_dot_segment(parts->path)) return bad("The application's address has a dot segment");
    if (!text::percent_decode(parts->path) || !text::percent_decode(parts->query))
        return bad("The application's address has a bad percent sign");
    out.url = client_id;
    out.target = parts->path;
    if (parts->has_query) out.target.append("?").append(parts->query);
    return out;
}

std::string document_host(std::string_view client_id) {
    auto url = read_document_url(client_id);
    return url ? std::move(url->host) : std::string();
}

result<client> read_client_document(std::string_view url, std::string_view body) {
    if (body.size() > max_document_bytes) return bad("it is too large");
    const auto document = json::parse(body, client_metadata_limits);
    if (!document) return bad("it is not a JSON document of the allowed form");
    if (!document->is_object()) return bad("it is not a JSON object");
    // Threat: a host serves a copy of another client's document as its own. Defence: the
    // document names its own address, and bytes are compared.
    if (document->text("client_id") != url) return bad("its client_id is not its own address");
    client made;
    made.id = url;
    made.kind = client_kind::metadata_document;
    // All checks run, in the order of the list, and the first fault is the one that is told.
    // made.authentication stays `none`: a client with a document has no secret to prove itself by.
    for (const auto& fault :
         {read_name(*document, made), read_redirect_uris(*document, made),
          check_no_secret(*document), check_method(*document), read_grant_types(*document, made),
          check_keys(*document), check_document_links(*document)})
        if (fault) return bad(fault->description);
    return made;
}

std::optional<client> find_known_document(std::string_view client_id) {
    for (const auto& one : known_documents()) {
        if (one.client_id != client_id) continue;
        client out;
        out.id = client_id;
        out.kind = client_kind::metadata_document;
        out.name = one.name;
        out.redirect_uris.assign(one.redirect_uris.begin(), one.redirect_uris.end());
        return out;
    }
    return std::nullopt;
}

// RFC 9111 §5.2.2.1; recipients ought to read the quoted form as well (§5.2). A value that is no
// number counts as none. no-store and no-cache change nothing: five minutes are the least for every
// document.
std::chrono::seconds document_lifetime(std::string_view cache_control) {
    for (const auto& directive : text::split(cache_control, ',')) {
        const auto item = text::trim(directive);
        const auto equals = item.find('=');
        if (!text::iequals(text::trim(item.substr(0, equals)), "max-age")) continue;
        if (equals == std::string_view::npos) break;
        auto digits = text::trim(item.substr(equals + 1));
        if (digits.size() > 1 && digits.front() == '"' && digits.back() == '"')
            digits = digits.substr(1, digits.size() - 2);
        std::chrono::seconds life{0};
        for (const char c : digits) {
            if (c < '0' || c > '9') return shortest_life;
            life = std::min(longest_life, life * 10 + std::chrono::seconds(c - '0'));
        }
        return std::max(shortest_life, life);
    }
    return shortest_life;
}

} // namespace oauth
