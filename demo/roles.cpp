#include "demo/roles.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

struct key_row {
    role who;
    std::string_view name;
    bool over; // expired long ago
};

constexpr std::array<key_row, 9> key_rows{{
    {role::full, "Demo key, full access", false},
    {role::read_only, "Demo key, read only", false},
    {role::limited, "Demo key, people and companies", false},
    {role::rw_nodestroy, "Demo key, no destroy", false},
    {role::no_delete, "Demo key, no delete", false},
    {role::people, "Demo key, people", false},
    {role::fields, "Demo key, some fields", false},
    {role::revoked, "Demo key, revoked", false},
    {role::expired, "Demo key, expired", true},
}};

constexpr std::int64_t issued_at = 1'767'225'600;             // 2026-01-01
constexpr std::int64_t lifetime = 100LL * 365 * 24 * 60 * 60; // what Twenty gives "never"
constexpr std::size_t signature_bytes = 64;                   // ES256

struct object_rule {
    role who;
    std::string_view object;
    action what;
};
// `object_rules` say what the roles may do that are not open to all objects.
constexpr std::array<object_rule, 7> object_rules{{
    {role::limited, "person", action::read},
    {role::limited, "company", action::read},
    {role::limited, "company", action::update},
    {role::people, "person", action::read},
    {role::people, "person", action::update},
    {role::people, "company", action::read},
    {role::people, "workspaceMember", action::read},
}};

struct field_rule {
    role who;
    std::string_view object;
    std::string_view field;
    bool read; // false: writing
};
constexpr std::array<field_rule, 5> closed_fields{{
    {role::limited, "person", "jobTitle", true},
    {role::limited, "company", "employees", false},
    {role::fields, "company", "linkedinLink", true},
    {role::fields, "company", "linkedinLink", false},
    {role::fields, "company", "employees", false},
}};

bool is_closed(role who, const object& on, const field& f, bool read) {
    return std::any_of(closed_fields.begin(), closed_fields.end(), [&](const auto& rule) {
        return rule.who == who && rule.object == on.singular && rule.field == f.name &&
               rule.read == read;
    });
}

// Workflows need a permission of their own, which only administrators have.
bool is_workflow(const object& on) {
    static constexpr std::array<std::string_view, 3> kinds{"workflow", "workflowRun",
                                                           "workflowVersion"};
    return std::find(kinds.begin(), kinds.end(), on.singular) != kinds.end();
}

// signature_of() has the length of ES256 and proves nothing: a key counts by being in the ring
// (key_ring::find), as nothing here holds a private key.
std::string signature_of(std::string_view text) {
    std::string out;
    for (int i = 0; out.size() < signature_bytes; ++i)
        out += *text::hex_decode(
            text::join(text::split(uuid_of(std::to_string(i) + std::string(text)), '-'), ""));
    return text::base64url_encode(out);
}

std::string token_of(const key_row& row, std::string_view workspace, std::string_view key_id,
                     std::uint64_t seed) {
    const auto header = json::make(
        {{"alg", "ES256"}, {"typ", "JWT"}, {"kid", uuid_of("kid:" + std::to_string(seed))}});
    const auto claims = json::make({{"sub", workspace},
                                    {"type", "API_KEY"},
                                    {"workspaceId", workspace},
                                    {"iat", row.over ? issued_at - 2 * 86'400 : issued_at},
                                    {"exp", row.over ? issued_at - 86'400 : issued_at + lifetime},
                                    {"jti", key_id}});
    const std::string head = text::base64url_encode(json::dump(header)) + "." +
                             text::base64url_encode(json::dump(claims));
    return head + "." + signature_of(std::to_string(seed) + head);
}

} // namespace

bool permissions::may(action what, const object& on) const {
    if (is_workflow(on) && role_ != role::full) return false;
    if (on.system && on.singular != "workspaceMember") return true;
    switch (role_) {
    case role::full:
    case role::fields:
        return true;
    case role::read_only:
        return what == action::read;
    case role::rw_nodestroy:
        return what != action::destroy;
    case role::no_delete:
        return what == action::read || what == action::update;
    case role::limited:
    case role::people:
        return std::any_of(object_rules.begin(), object_rules.end(), [&](const auto& rule) {
            return rule.who == role_ && rule.object == on.singular && rule.what == what;
        });
    case role::revoked:
    case role::expired:
        return false;
    }
    return false;
}

bool permissions::may_read(const object& on, const field& f) const {
    return !is_closed(role_, on, f, true);
}

bool permissions::may_write(const object& on, const field& f) const {
    return !is_closed(role_, on, f, false);
}

key_ring::key_ring(std::string workspace_id, std::uint64_t seed) {
    for (const auto& row : key_rows) {
        const std::string id = uuid_of("key:" + std::to_string(seed) + std::string(row.name));
        keys_.push_back(
            {row.who, id, std::string(row.name), token_of(row, workspace_id, id, seed)});
    }
}

const api_key& key_ring::of(role who) const {
    return *std::find_if(keys_.begin(), keys_.end(), [who](const auto& k) { return k.who == who; });
}

const api_key* key_ring::find(std::string_view token) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(),
                                    [token](const auto& k) { return k.token == token; });
    return found == keys_.end() ? nullptr : &*found;
}

} // namespace demo
