// The use of each server key: how much is still sealed under it, so that an operator knows when an
// old one can go.
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

// `uses` counts only rows that somebody may still open. A predecessor of a refresh token needs the
// key of its wrap, and that of its rotation to be answered alike once more.
constexpr const char* uses =
    "SELECT 'instance', kid, count(*) FROM instance GROUP BY kid UNION ALL "
    "SELECT 'codes', kid, count(*) FROM codes WHERE wrap IS NOT NULL AND expires_at > ?1 GROUP BY "
    "kid UNION ALL "
    "SELECT 'access_tokens', kid, count(*) FROM access_tokens WHERE expires_at > ?1 GROUP BY kid "
    "UNION ALL "
    "SELECT 'refresh_tokens', kid, count(*) FROM (SELECT id, kid FROM refresh_tokens WHERE wrap IS "
    "NOT NULL AND expires_at > ?1 UNION SELECT id, rotation_kid FROM refresh_tokens WHERE "
    "rotation_kid IS NOT NULL AND expires_at > ?1) GROUP BY kid";

} // namespace

result<std::vector<stored::key_use>> store::key_uses(oauth::time_point now) {
    auto& p = *parts_;
    std::vector<stored::key_use> out;
    for (const auto& key : p.keys.all())
        out.push_back({text::hex_encode(key.id),
                       out.empty() ? stored::key_use::age::current : stored::key_use::age::previous,
                       {}});
    TRY(row, p.db.query(uses, seconds(now)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        const auto id = text::hex_encode(row.text(1));
        auto found = std::ranges::find(out, id, &stored::key_use::id);
        if (found == out.end())
            found = out.insert(out.end(), {id, stored::key_use::age::unknown, {}});
        found->rows.emplace_back(row.text(0), row.integer(2));
    }
}

} // namespace store
