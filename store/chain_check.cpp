#include "store/chain_check.hpp"

#include "base/crypto.hpp"

#include <limits>

namespace store {

stored::call_record read_call(const statement& row) {
    stored::call_record r;
    r.id = row.integer(0);
    r.at = oauth::time_point(std::chrono::seconds(row.integer(1)));
    r.grant_id = row.text(2);
    r.label = row.text(3);
    r.key_id = row.text(4);
    r.client = row.text(5);
    r.tool = row.text(6);
    r.object = row.text(7);
    r.ids = row.text(8);
    r.rows = row.integer(9);
    r.outcome = row.text(10);
    r.bytes = row.integer(11);
    r.ms = row.integer(12);
    r.request_id = row.text(13);
    return r;
}

result<stored::call_chain> read_chain(database& db) {
    stored::call_chain out;
    out.before = out.hash = std::string(link_bytes, '\0');
    TRY(row, db.query("SELECT * FROM call_chain"));
    TRY(found, row.next());
    if (!found) return out;
    out.first = row.integer(1);
    out.last = row.integer(2);
    out.before = row.text(3);
    out.hash = row.text(4);
    out.signature = row.text(5);
    // A file of version 8 that is only looked at has no such columns.
    if (row.columns() > 6 && row.integer(8) != 0)
        out.anew = stored::call_break{row.integer(6), row.integer(7),
                                      oauth::time_point(std::chrono::seconds(row.integer(8)))};
    return out;
}

result<done> write_chain(database& db, const stored::call_chain& chain) {
    const auto anew = chain.anew.value_or(stored::call_break{});
    CHECK_OK(db.run("INSERT OR REPLACE INTO call_chain (id, first, last, before, hash, signature, "
                    "ended, broken_at, begun_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
                    chain.first, chain.last, blob{chain.before}, blob{chain.hash},
                    blob{chain.signature}, anew.ended, anew.broken_at, seconds(anew.at)));
    return done{};
}

// SQLite keeps the last id that it gave out, also when no row is left.
result<bool> had_calls(database& db) {
    TRY(row,
        db.query("SELECT (SELECT count(*) FROM sqlite_sequence WHERE name = 'calls') + (SELECT "
                 "count(*) FROM calls)"));
    TRY(found, row.next());
    return found && row.integer(0) > 0;
}

namespace {

// What is known of a kept head before a call was looked at. Where its call is the last one that has
// gone, or none was there yet, the chain begins with its hash.
kept_head_found at_beginning(const stored::call_chain& chain, const kept_head& kept) {
    const auto gone = chain.first == 0 ? chain.last : chain.first - 1;
    if (chain.anew && kept.last <= chain.anew->ended && kept.hash != chain.before)
        return kept_head_found::before;
    if (kept.last == gone)
        return kept.hash == chain.before || (chain.first == 0 && kept.hash == chain.hash)
                   ? kept_head_found::yes
                   : kept_head_found::no;
    return kept.last < gone ? kept_head_found::too_old : kept_head_found::no;
}

} // namespace

// Every row is hashed again, from the first that is kept to the head.
result<chain_check> check_chain(database& db, std::string_view public_key,
                                const std::optional<kept_head>& kept) {
    chain_check out;
    TRY(chain, read_chain(db));
    out.first = chain.first;
    out.last = chain.last;
    TRY(begun, had_calls(db));
    out.signed_by_key = chain.signature.empty()
                            ? !begun
                            : crypto::is_signed(public_key, chain.signed_text(), chain.signature);
    out.anew = chain.anew;
    auto link = chain.before;
    if (kept) out.kept = at_beginning(chain, *kept);
    auto expected = chain.first == 0 ? chain.last + 1 : chain.first;
    TRY(row, db.query("SELECT id, at, grant_id, label, key_id, client, tool, object, ids, rows, "
                      "outcome, bytes, ms, request, hash FROM calls WHERE id > ? ORDER BY id",
                      chain.anew ? chain.anew->ended : std::numeric_limits<std::int64_t>::min()));
    for (;;) {
        TRY(more, row.next());
        if (!more) break;
        const auto r = read_call(row);
        link = link_of(link, r);
        // Of a call that is missing the next one says so.
        if (r.id != expected || link != row.text(14)) {
            out.broken_at = r.id > expected ? expected : r.id;
            return out;
        }
        if (kept && kept->last == r.id)
            out.kept = link == kept->hash ? kept_head_found::yes : kept_head_found::no;
        ++expected;
        ++out.calls;
    }
    if (expected != chain.last + 1 || (chain.first != 0 && link != chain.hash))
        out.broken_at = expected;
    return out;
}

} // namespace store
