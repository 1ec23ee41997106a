// How much the journal of changes keeps. Where a change needs room, the oldest of its grant go
// first, then the oldest of whichever grant holds most: nobody pushes out those who hold little.
// Threat: somebody writes so much that nobody else can. Defence: a bound for each grant, one for
// all, and work in proportion to what the change brings along.
#include "store/parts.hpp"

#include <algorithm>
#include <limits>

namespace store {

namespace {

constexpr std::int64_t swept_bytes = 4 * 1024 * 1024; // in one sweep()

// ?1 is the grant, ?2 a change that stays.
constexpr const char* oldest_of_grant = "SELECT number, bytes FROM changes WHERE grant_id = ?1 "
                                        "AND id <> ?2 ORDER BY number LIMIT ?3";
constexpr const char* largest_grant = "SELECT grant_id FROM change_sums WHERE grant_id <> '' "
                                      "ORDER BY bytes DESC LIMIT 1";

} // namespace

std::int64_t store::parts::most_bytes_of_grant() const noexcept {
    return opts.changes.bytes / stored::grants_part_of_changes;
}

result<store::parts::change_sum> store::parts::sum_of_changes(const std::string& grant_id) {
    TRY(row, db.query("SELECT changes, bytes FROM change_sums WHERE grant_id = ?", grant_id));
    TRY(found, row.next());
    return found ? change_sum{row.integer(0), row.integer(1)} : change_sum{};
}

result<store::parts::change_sum>
store::parts::drop_changes(const std::string& grant_id, const std::string& but, change_sum wanted) {
    // The least that a change counts with bounds how many may be needed.
    const auto most = std::max(wanted.changes, wanted.bytes / stored::change_row_bytes + 1);
    change_sum gone;
    std::int64_t last = 0;
    {
        TRY(row, db.query(oldest_of_grant, grant_id, but, most));
        while (gone.changes < wanted.changes || gone.bytes < wanted.bytes) {
            TRY(more, row.next());
            if (!more) break;
            last = row.integer(0);
            ++gone.changes;
            gone.bytes += row.integer(1);
        }
    }
    CHECK_OK(db.run("DELETE FROM changes WHERE grant_id = ?1 AND number <= ?2 AND id <> ?3",
                    grant_id, last, but));
    return gone;
}

result<done> store::parts::drop_of_largest(const std::string& but, std::int64_t bytes) {
    while (bytes > 0) {
        std::string grant_id;
        {
            TRY(row, db.query(largest_grant));
            TRY(found, row.next());
            if (found) grant_id = row.text(0);
        }
        TRY(gone, drop_changes(grant_id, but, {0, bytes}));
        if (gone.changes == 0) break;
        bytes -= gone.bytes;
    }
    return done{};
}

// Where a bound was lowered by much, each change takes twice its own size away, and sweep() the
// rest.
result<done> store::parts::make_room_for_change(const std::string& grant_id,
                                                const std::string& for_change, std::int64_t bytes) {
    TRY(own, sum_of_changes(grant_id));
    const std::int64_t one_more = for_change.empty() ? 1 : 0;
    change_sum surplus;
    surplus.changes =
        std::clamp<std::int64_t>(own.changes + one_more - stored::most_changes_of_grant, 0, 1);
    surplus.bytes =
        std::clamp<std::int64_t>(own.bytes + bytes - most_bytes_of_grant(), 0, 2 * bytes);
    if (surplus.changes > 0 || surplus.bytes > 0)
        CHECK_OK(drop_changes(grant_id, for_change, surplus));
    TRY(all, sum_of_changes({}));
    return drop_of_largest(for_change, std::min(all.bytes + bytes - opts.changes.bytes, 2 * bytes));
}

// A part of what is too old or too much; sweep_batch, however few they were: there is more.
result<std::size_t> store::parts::sweep_changes(std::int64_t now) {
    const auto age = std::chrono::seconds(opts.changes.age).count();
    const auto limit = age == 0 ? std::numeric_limits<std::int64_t>::max() : now - age;
    change_sum old;
    bool more = false;
    {
        TRY(row, db.query("SELECT bytes FROM changes WHERE at <= ? ORDER BY at, number LIMIT ?",
                          limit, static_cast<std::int64_t>(sweep_batch)));
        for (;;) {
            TRY(there, row.next());
            more = there;
            if (!there || old.bytes >= swept_bytes) break;
            ++old.changes;
            old.bytes += row.integer(0);
        }
    }
    CHECK_OK(db.run("DELETE FROM changes WHERE number IN (SELECT number FROM changes WHERE at <= "
                    "? ORDER BY at, number LIMIT ?)",
                    limit, old.changes));
    TRY(all, sum_of_changes({}));
    const auto surplus = all.bytes - opts.changes.bytes;
    CHECK_OK(drop_of_largest({}, std::min(surplus, swept_bytes)));
    return more || surplus > swept_bytes ? sweep_batch : static_cast<std::size_t>(old.changes);
}

} // namespace store
