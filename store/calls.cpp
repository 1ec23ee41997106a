// The trail of calls: written in batches, read by pages, cut at its beginning alone.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "store/chain_check.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

// Of both orders the same columns and conditions; ?9 is where the page begins, ?10 its length.
#define CALLS_WHERE                                                                                \
    "SELECT id, at, grant_id, label, key_id, client, tool, object, ids, rows, outcome, bytes, "    \
    "ms, "                                                                                         \
    "request, hash FROM calls WHERE at >= ?1 AND at <= ?2 AND (?3 = '' OR grant_id = ?3) AND (?4 " \
    "= '' OR key_id = ?4) AND (?5 = '' OR tool = ?5) AND (?6 = '' OR object = ?6) AND (?7 = '' "   \
    "OR "                                                                                          \
    "outcome = ?7) "
constexpr const char* newest_first =
    CALLS_WHERE "AND (?8 = 0 OR id < ?8) ORDER BY id DESC LIMIT ?9";
constexpr const char* oldest_first = CALLS_WHERE "AND id > ?8 ORDER BY id LIMIT ?9";
#undef CALLS_WHERE

constexpr std::int64_t for_ever = std::int64_t{1} << 60;

} // namespace

result<stored::call_chain> store::parts::chain() { return read_chain(db); }

const crypto::signing_key& store::parts::call_key() {
    if (!signs_calls) signs_calls.emplace(chain_key(instance));
    return *signs_calls;
}

// Threat: somebody cuts the trail off, and the next call has the server sign what is left. Defence:
// a head that was not ours at the start is signed no more, so that the trail says so for ever. A
// database that never had a call gets its head here, and one that had some and no head lost it.
result<done> store::parts::open_chain() {
    TRY(found, chain());
    if (!found.signature.empty()) {
        trail_altered =
            !crypto::is_signed(call_key().public_half(), found.signed_text(), found.signature);
    } else {
        TRY(begun, had_calls(db));
        trail_altered = begun;
        if (!begun) return keep_chain(found);
    }
    if (trail_altered)
        logging::event(logging::level::error, "trail_altered",
                       {{"last", found.last},
                        {"hint", "calls were changed or cut off outside of the server; compare "
                                 "with a backup"}});
    return done{};
}

void store::parts::sign_chain(stored::call_chain& chain) {
    sign(chain, call_key());
    if (trail_altered) chain.signature.clear();
}

result<done> store::parts::keep_chain(stored::call_chain& chain) {
    sign_chain(chain);
    return write_chain(db, chain);
}

// A call's id follows the last one that the chain knows, not the largest row: an end that somebody
// cut off leaves a gap.
result<done> store::note_calls(std::vector<stored::call_record> calls) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    TRY(chain, p.chain());
    for (auto& r : calls) {
        r.id = ++chain.last;
        if (chain.first == 0) chain.first = r.id;
        // As the row has it: a second is all that is kept.
        r.at = time_of(seconds(r.at));
        chain.hash = link_of(chain.hash, r);
        CHECK_OK(p.db.run("INSERT INTO calls (id, at, grant_id, label, key_id, client, tool, "
                          "object, ids, rows, outcome, bytes, ms, request, hash) VALUES (?, ?, ?, "
                          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          r.id, seconds(r.at), r.grant_id, r.label, r.key_id, r.client, r.tool,
                          r.object, r.ids, r.rows, r.outcome, r.bytes, r.ms, r.request_id,
                          blob{chain.hash}));
        fault_point("calls.row");
    }
    CHECK_OK(p.keep_chain(chain));
    return call.keep();
}

result<std::vector<stored::call_record>> store::calls(const stored::call_query& q) {
    const auto since = q.since ? seconds(*q.since) : 0;
    const auto until = q.until ? seconds(*q.until) : for_ever;
    std::vector<stored::call_record> out;
    TRY(row, parts_->db.query(q.after ? oldest_first : newest_first, since, until, q.grant_id,
                              q.key_id, q.tool, q.object, q.outcome, q.after ? *q.after : q.before,
                              static_cast<std::int64_t>(q.limit)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back(read_call(row));
    }
}

result<stored::call_chain> store::call_chain() {
    auto& p = *parts_;
    TRY(chain, p.chain());
    p.sign_chain(chain);
    return chain;
}

// trim_calls() takes from the beginning alone, and no row behind one that is young enough: a clock
// that jumped for a while must not empty the trail. Those before a new beginning are no part of the
// chain; when all of them have gone, the head says no more of them.
result<std::size_t> store::parts::trim_calls(std::int64_t now) {
    TRY(chain, this->chain());
    if (chain.first == 0 && !chain.anew) return std::size_t{0};
    const auto oldest = now - std::chrono::seconds(opts.calls.age).count();
    const auto ended = chain.anew ? chain.anew->ended : 0;
    const auto surplus = chain.last - opts.calls.rows;
    std::int64_t cut = 0;
    {
        TRY(row, db.query("SELECT id, at, hash FROM calls ORDER BY id LIMIT ?",
                          static_cast<std::int64_t>(sweep_batch)));
        for (;;) {
            TRY(more, row.next());
            if (!more || (row.integer(1) > oldest && row.integer(0) > surplus)) break;
            cut = row.integer(0);
            if (cut > ended) chain.before = row.text(2);
        }
    }
    if (cut == 0) return std::size_t{0};
    TRY(gone, db.run("DELETE FROM calls WHERE id <= ?", cut));
    if (cut <= ended) return gone;
    chain.first = cut < chain.last ? cut + 1 : 0;
    chain.anew.reset();
    CHECK_OK(keep_chain(chain));
    return gone;
}

result<chain_check> store::check_calls(std::string_view public_key) {
    return check_chain(parts_->db, public_key);
}

} // namespace store
