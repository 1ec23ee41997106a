#include "oauth/client.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <array>

namespace oauth {

namespace {

// id_prefix tells signed ids from the two other kinds (kind_of()) and names the payload's version.
// 16 bytes of MAC are beyond guessing; a longer one would only lengthen every authorization URL.
constexpr std::string_view id_prefix = "twc1.";
constexpr std::size_t mac_bytes = 16;

constexpr std::array<auth_method_row, 3> methods{{
    {auth_method::none, "none", 'n'},
    {auth_method::client_secret_basic, "client_secret_basic", 'b'},
    {auth_method::client_secret_post, "client_secret_post", 'p'},
}};

const auth_method_row& row_of(auth_method method) noexcept {
    return methods[static_cast<std::size_t>(method)];
}

// The payload of a client id: lines, because neither a redirect URI nor a cleaned name can
// hold a line end. Line 1: two flag characters and the time; 2: random; 3: name; then URIs.
enum payload_line : std::size_t { line_flags, line_random, line_name, line_first_uri };

// mac() and client_secret() share a key; the word in front keeps them apart, so that no answer of
// one is ever a valid answer of the other.
std::string mac(std::string_view payload, const secret& key) {
    return crypto::keyed_hash(key.reveal(), "client id|" + std::string(payload), mac_bytes);
}

// find_client() has checked the MAC, so a payload that does not read is one of another version of
// this program. The time is not read back: registrations have no end, because clients keep their id
// for years, and an unknown one fails on a page where no program can register anew.
std::optional<client> read_payload(std::string_view payload) {
    auto lines = text::split(payload, '\n');
    if (lines.size() <= line_first_uri || lines[line_flags].size() < 2) return std::nullopt;
    client out;
    bool known = false;
    for (const auto& row : methods) {
        if (lines[line_flags][0] != row.letter) continue;
        out.authentication = row.method;
        known = true;
    }
    if (!known) return std::nullopt;
    out.may_refresh = lines[line_flags][1] == 'r';
    out.name = std::move(lines[line_name]);
    out.redirect_uris.assign(std::make_move_iterator(lines.begin() + line_first_uri),
                             std::make_move_iterator(lines.end()));
    return out;
}

} // namespace

secret client_key(const secret& instance_secret) {
    return crypto::derive(instance_secret, "client");
}

std::span<const auth_method_row> auth_methods() noexcept { return methods; }

std::string_view to_string(auth_method method) noexcept { return row_of(method).name; }

// Threat: hidden characters make a name pass for another one on the consent page; a line end in it
// adds a redirect URI to the signed payload. Defence: without_invisible() takes both away.
std::string clean_client_name(std::string_view name) {
    if (!text::valid_utf8(name)) return {};
    const auto visible = text::without_invisible(name, false);
    auto cleaned = text::trim(visible);
    if (text::code_points(cleaned) <= max_client_name_code_points) return std::string(cleaned);
    std::size_t points = 0;
    std::size_t end = 0;
    // The loop stops in front of the code point whose place the ellipsis takes.
    while (end < cleaned.size()) {
        if ((cleaned[end] & 0xC0) != 0x80 && ++points == max_client_name_code_points) break;
        ++end;
    }
    return std::string(cleaned.substr(0, end)) + "\u2026";
}

std::string sign_client_id(const client& metadata, time_point issued_at, std::string_view random,
                           const secret& key) {
    std::string payload;
    payload += row_of(metadata.authentication).letter;
    payload += metadata.may_refresh ? 'r' : '-';
    payload += std::to_string(clock::to_time_t(issued_at));
    payload.append("\n").append(text::base64url_encode(random));
    payload.append("\n").append(metadata.name);
    for (const auto& uri : metadata.redirect_uris)
        payload.append("\n").append(uri);
    return std::string(id_prefix) + text::base64url_encode(payload) + '.' +
           text::base64url_encode(mac(payload, key));
}

result<client> find_client(std::string_view client_id, const secret& key) {
    const error unknown{errc::invalid_client, "Unknown client, register again"};
    if (client_id.size() > max_client_id_bytes || !client_id.starts_with(id_prefix)) return unknown;
    const auto body = client_id.substr(id_prefix.size());
    const auto dot = body.find('.');
    if (dot == std::string_view::npos) return unknown;
    // base64url_decode() refuses other spellings of the same bytes: a registration has one id, and
    // grants are bound to it byte by byte. Nothing of the payload is looked at before its MAC.
    const auto payload = text::base64url_decode(body.substr(0, dot));
    const auto tag = text::base64url_decode(body.substr(dot + 1));
    if (!payload || !tag || !crypto::equal(*tag, mac(*payload, key))) return unknown;
    auto found = read_payload(*payload);
    if (!found) return unknown;
    found->id = std::string(client_id);
    return *std::move(found);
}

client_kind kind_of(std::string_view client_id) noexcept {
    if (text::starts_with_ci(client_id, "https://")) return client_kind::metadata_document;
    return client_id.starts_with(id_prefix) ? client_kind::registered : client_kind::configured;
}

secret client_secret(std::string_view client_id, const secret& key) {
    return secret(text::base64url_encode(
        crypto::keyed_hash(key.reveal(), "client secret|" + std::string(client_id))));
}

} // namespace oauth
