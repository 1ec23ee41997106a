#include "oauth/configured_client.hpp"

#include "oauth/client.hpp"
#include "oauth/client_metadata.hpp"

#include <algorithm>
#include <array>

namespace oauth {

namespace {

constexpr std::array<std::string_view, 4> members{"client_id", "client_name", "redirect_uris",
                                                  "client_secret"};

// "entry 2 (claude)"
error wrong(std::size_t at, std::string_view id, std::string_view what) {
    auto where = "entry " + std::to_string(at + 1);
    if (!id.empty()) where.append(" (").append(id).append(")");
    return {errc::bad_request, where + ": " + std::string(what)};
}

// RFC 6749 appendix A.1, A.2: visible ASCII. Many clients skip the form encoding that §2.3.1 wants
// in front of Basic; `%`, `+` and `:` would then arrive as something else, so they are not allowed.
bool is_plain(std::string_view word) noexcept {
    return std::all_of(word.begin(), word.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '%' && c != '+' && c != ':';
    });
}

result<client> read_one(json::value& entry, std::size_t at) {
    auto* object = entry.if_object();
    if (!object) return wrong(at, {}, "must be an object");
    client out;
    out.kind = client_kind::configured;
    const auto id = entry.text("client_id");
    // Threat: an entry takes the place of another client's id. Defence: neither form is taken.
    if (kind_of(id) != client_kind::configured)
        return wrong(at, {}, "client_id must not look like a registered one or an https URL");
    if (id.empty() || id.size() > max_configured_id_bytes || !is_plain(id))
        return wrong(at, {}, "client_id must have 1 to 255 visible ASCII characters, none of %+:");
    out.id = id;
    // A misspelt client_secret, passed over, would leave a client that needs none.
    for (const auto& [name, value] : *object)
        if (std::find(members.begin(), members.end(), name) == members.end())
            return wrong(at, id, "has only client_id, client_name, redirect_uris, client_secret");
    out.name = clean_client_name(entry.text("client_name"));
    if (out.name.empty()) return wrong(at, id, "client_name is missing");
    if (const auto fault = read_redirect_uris(entry, out)) return wrong(at, id, fault->description);
    auto* password = object->find("client_secret");
    if (!password) return out;
    if (!password->is_string()) return wrong(at, id, "client_secret must be a string");
    // The secret is moved out of the parsed document, which would not wipe it.
    out.own_secret = secret(std::move(*password->if_string()));
    if (out.own_secret.size() < min_configured_secret_bytes)
        return wrong(at, id, "client_secret must have at least 32 characters");
    if (out.own_secret.size() > max_configured_secret_bytes || !is_plain(out.own_secret.reveal()))
        return wrong(at, id,
                     "client_secret must have at most 255 visible ASCII characters, none of %+:");
    out.authentication = auth_method::client_secret_basic;
    return out;
}

} // namespace

result<std::vector<client>> read_configured_clients(std::string_view document) {
    auto parsed = json::parse(document, client_metadata_limits);
    auto* entries = parsed ? parsed->if_array() : nullptr;
    if (!entries) return error{errc::bad_request, "must be a JSON array of objects"};
    std::vector<client> out;
    for (std::size_t at = 0; at < entries->size(); ++at) {
        TRY(one, read_one((*entries)[at], at));
        for (const auto& other : out)
            if (other.id == one.id) return wrong(at, one.id, "client_id is there twice");
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace oauth
