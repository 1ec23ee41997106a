#include "oauth/client_authentication.hpp"

#include "base/crypto.hpp"
#include "oauth/client.hpp"

#include <algorithm>

namespace oauth {

namespace {

error authentication_failed() { return {errc::invalid_client, "Client authentication failed"}; }

// RFC 6749 §2.3.1: form-urlencoded id and secret, joined by a colon, in base64.
result<client_credentials> read_basic(std::string_view authorization) {
    const auto encoded = text::trim(authorization.substr(5));
    const secret decoded(text::base64_decode(encoded).value_or(std::string()));
    const auto plain = decoded.reveal();
    // The first colon divides: inside an id it would be %3A.
    const auto colon = plain.find(':');
    if (colon == std::string_view::npos) return authentication_failed();
    auto id = text::percent_decode(plain.substr(0, colon), true);
    auto password = text::percent_decode(plain.substr(colon + 1), true);
    // The password becomes a secret even where the id is bad, because only a secret is wiped.
    const bool whole = id && password && !id->empty();
    client_credentials out;
    out.method = auth_method::client_secret_basic;
    if (password) out.client_secret = secret(*std::move(password));
    if (!whole) return authentication_failed();
    out.client_id = *std::move(id);
    return out;
}

// Threat: how long a comparison takes tells how much of a secret was right, or how long it is.
// Defence: what is compared are keyed hashes.
bool same_secret(const secret& a, const secret& b, const secret& key) {
    return crypto::equal(crypto::keyed_hash(key.reveal(), a.reveal()),
                         crypto::keyed_hash(key.reveal(), b.reveal()));
}

} // namespace

result<text::fields> read_form(std::string_view content_type, std::string_view body) {
    // The whole value must be this one media type: a list of two types is no form.
    const auto media_type = text::trim(content_type.substr(0, content_type.find(';')));
    if (!text::iequals(media_type, "application/x-www-form-urlencoded"))
        return error{errc::bad_request, "Send the request as application/x-www-form-urlencoded"};
    TRY(form, text::parse_form(body));
    // RFC 6749 §3.2: no parameter twice, none without a value; `resource` may repeat (RFC 8707 §2).
    // parse_form() takes 64 fields at most, so that comparing all pairs stays cheap.
    for (std::size_t i = 0; i < form.size(); ++i)
        for (std::size_t j = i + 1; j < form.size(); ++j)
            if (form[i].first == form[j].first && form[i].first != "resource")
                return error{errc::bad_request, "A parameter is repeated"};
    std::erase_if(form, [](const auto& field) { return field.second.empty(); });
    return form;
}

result<client_credentials> read_credentials(const text::fields& form,
                                            std::string_view authorization) {
    const auto* id = text::find(form, "client_id");
    const auto* password = text::find(form, "client_secret");
    if (text::starts_with_ci(authorization, "basic ")) {
        TRY(basic, read_basic(authorization));
        // RFC 6749 §2.3: one method a request. A repeated id without a secret is harmless.
        if (password || (id && *id != basic.client_id))
            return error{errc::bad_request, "Use one way of client authentication, not two"};
        return basic;
    }
    // Another scheme is not client authentication: proxies and SDKs add such headers to every
    // request.
    if (!id) return error{errc::invalid_client, "The client is not named: send client_id"};
    client_credentials out;
    out.client_id = *id;
    if (password) {
        out.method = auth_method::client_secret_post;
        out.client_secret = secret(*password);
    }
    return out;
}

// Threat: a client id is public; sent without its secret it would pass for that of a public client.
// Defence: the method must be the registered one (RFC 6749 §3.2.1). One answer for every failure
// tells nobody whether method or secret was wrong. A configured client never chose a method: both
// are taken.
result<done> authenticate(const client& known, const client_credentials& presented,
                          const secret& key) {
    if (known.id != presented.client_id) return authentication_failed();
    if (!known.own_secret.empty()) {
        const bool sent = presented.method != auth_method::none;
        if (!sent || !same_secret(known.own_secret, presented.client_secret, key))
            return authentication_failed();
        return done{};
    }
    // RFC 6749 §2.3.1: an empty secret may be left out; some libraries send Basic with none for
    // clients that have none.
    if (known.authentication == auth_method::none && presented.client_secret.empty()) return done{};
    if (known.authentication != presented.method) return authentication_failed();
    const auto expected = client_secret(known.id, key);
    if (!same_secret(expected, presented.client_secret, key)) return authentication_failed();
    return done{};
}

} // namespace oauth
