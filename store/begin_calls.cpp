#include "store/begin_calls.hpp"

#include "store/chain_check.hpp"
#include "store/keyring.hpp"
#include "stored/audit.hpp"

#include <algorithm>

namespace store {

namespace {

// The largest id that a call ever had, as the chain, the rows or SQLite know it.
result<std::int64_t> last_call(database& db, const stored::call_chain& chain) {
    TRY(row, db.query("SELECT max((SELECT coalesce(max(id), 0) FROM calls), coalesce((SELECT seq "
                      "FROM sqlite_sequence WHERE name = 'calls'), 0))"));
    TRY(found, row.next());
    return std::max(chain.last, found ? row.integer(0) : 0);
}

result<done> note_break(database& db, const stored::call_break& what) {
    CHECK_OK(db.run("INSERT INTO audit (at, last_at, kind, grant_id, source, detail) VALUES (?1, "
                    "?1, ?2, '', '', ?3)",
                    seconds(what.at), stored::rule_of(stored::audit_kind::calls_begun_anew).name,
                    what.why() + "; calls up to " + std::to_string(what.ended) + " prove nothing"));
    return done{};
}

result<stored::call_break> begin(database& db, const crypto::signing_key& key, std::int64_t now) {
    TRY(found, check_chain(db, key.public_half()));
    if (!found.broken_at && found.signed_by_key)
        return error{errc::conflict, "the trail of calls is whole, so it is not begun anew"};
    TRY(chain, read_chain(db));
    TRY(last, last_call(db, chain));
    stored::call_break what;
    what.ended = last;
    what.broken_at = found.broken_at.value_or(0);
    what.at = oauth::time_point(std::chrono::seconds(now));
    CHECK_OK(note_break(db, what));
    chain = {};
    chain.last = last;
    chain.before = chain.hash = std::string(link_bytes, '\0');
    chain.anew = what;
    sign(chain, key);
    CHECK_OK(write_chain(db, chain));
    return what;
}

} // namespace

// Threat: whoever can write to the database alone begins anew, and what they changed is forgotten.
// Defence: the new head needs the server's key, and says under its signature what it is.
result<stored::call_break> begin_calls_anew(database& db, const secret& instance,
                                            oauth::time_point now) {
    CHECK_OK(db.script("BEGIN IMMEDIATE"));
    auto begun = begin(db, chain_key(instance), seconds(now));
    if (!begun) {
        (void)db.script("ROLLBACK");
        return begun;
    }
    CHECK_OK(db.script("COMMIT"));
    return begun;
}

} // namespace store
