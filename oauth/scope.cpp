#include "oauth/scope.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace oauth {

namespace {

struct known_scope {
    std::string_view name;
    bool scope_set::*member;
    bool of_resource; // named in the protected resource's document and in challenges
};
constexpr std::array<known_scope, 3> known_scopes{{
    {"twenty:read", &scope_set::read, true},
    {"twenty:write", &scope_set::write, true},
    {"offline_access", &scope_set::offline, false},
}};

std::vector<std::string_view> names(bool resource_only) {
    std::vector<std::string_view> out;
    for (const auto& known : known_scopes)
        if (known.of_resource || !resource_only) out.push_back(known.name);
    return out;
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
bool scope_character(char c) noexcept { return c >= 0x21 && c <= 0x7E && c != '"' && c != '\\'; }

} // namespace

const std::vector<std::string_view>& resource_scopes() {
    static const auto list = names(true);
    return list;
}

const std::vector<std::string_view>& authorization_server_scopes() {
    static const auto list = names(false);
    return list;
}

result<scope_set> parse_scope(std::string_view value) {
    if (!std::all_of(value.begin(), value.end(),
                     [](char c) { return c == ' ' || scope_character(c); }))
        return error{errc::invalid_scope, "scope holds a character that RFC 6749 does not allow"};
    scope_set out;
    for (const auto& token : text::split(value, ' '))
        for (const auto& known : known_scopes)
            if (token == known.name) out.*known.member = true;
    return out;
}

std::string to_string(const scope_set& scope) {
    std::string out;
    for (const auto& known : known_scopes) {
        if (!(scope.*known.member)) continue;
        if (!out.empty()) out += ' ';
        out += known.name;
    }
    return out;
}

// RFC 6749 §3.3 allows a default where no scope is asked for. Ours is both permissions: the request
// only bounds what the person may choose on the consent page.
scope_set requested_scope(scope_set parsed) {
    if (!parsed.read && !parsed.write) parsed.read = parsed.write = true;
    if (parsed.write) parsed.read = true;
    return parsed;
}

result<scope_set> granted_scope(const scope_set& requested, bool write) {
    if (write && !requested.write)
        return error{errc::not_allowed, "This application asked for reading only. Choose Read."};
    scope_set out = requested;
    out.read = true;
    out.write = write;
    return out;
}

// RFC 6749 §6: never more than was granted. Asking for more is no error here: SDKs do so after a
// 403, and an error would cost them the login. token_json() tells them what they have
// (RFC 6749 §3.3). Read stays where only write is asked for, because write implies it.
scope_set narrowed_scope(const scope_set& granted, const std::optional<scope_set>& asked) {
    if (!asked || (!asked->read && !asked->write)) return granted;
    scope_set out = granted;
    out.write = granted.write && asked->write;
    return out;
}

} // namespace oauth
