// How many records each connection may change in an hour and in a day. They are counted when a
// change begins, in its transaction, so that calls side by side and a restart make no difference;
// those of a change that Twenty refused are given back.
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

constexpr std::int64_t hour = 3'600 / stored::quota_piece; // pieces
constexpr std::int64_t day = 24 * hour;

// "12:40"
std::string clock_time(std::int64_t unix_seconds) {
    return text::iso_time(unix_seconds).substr(11, 5);
}

struct span {
    std::int64_t pieces;
    std::int64_t most;
    const char* word;
};

} // namespace

result<std::int64_t> store::parts::changed_since(const std::string& grant_id, std::int64_t piece) {
    TRY(row, db.query("SELECT coalesce(sum(records), 0) FROM change_counts WHERE grant_id = ? AND "
                      "piece > ?",
                      grant_id, piece));
    CHECK_OK(row.next());
    return row.integer(0);
}

// The end of the piece behind which so many records fit.
result<std::int64_t> store::parts::free_again(const std::string& grant_id, std::int64_t since,
                                              std::int64_t pieces, std::int64_t wanted) {
    TRY(row, db.query("SELECT piece, records FROM change_counts WHERE grant_id = ? AND piece > ? "
                      "ORDER BY piece",
                      grant_id, since));
    std::int64_t last = since;
    for (std::int64_t free = 0; free < wanted;) {
        TRY(more, row.next());
        if (!more) break;
        last = row.integer(0);
        free += row.integer(1);
    }
    return (last + pieces + 1) * stored::quota_piece;
}

result<bool> store::parts::count_changed(const std::string& grant_id, std::int64_t records,
                                         const stored::change_quota& quota, std::int64_t now) {
    if (quota.hour == 0 && quota.day == 0) return false;
    const auto piece = now / stored::quota_piece;
    const span spans[] = {{hour, quota.hour, "an hour"}, {day, quota.day, "a day"}};
    for (const auto& [pieces, most, word] : spans) {
        if (most == 0) continue;
        TRY(before, changed_since(grant_id, piece - pieces));
        if (before + records <= most) continue;
        const auto left = std::max<std::int64_t>(most - before, 0);
        std::string message = "This connection may change " + std::to_string(most) + " records " +
                              word + "; " + std::to_string(left) + " are left, and this would be " +
                              std::to_string(records) + ". ";
        if (records > most) {
            message += "Give fewer records.";
        } else {
            TRY(at, free_again(grant_id, piece - pieces, pieces, records - left));
            message += "So many may be changed again from " + clock_time(at) + " UTC on.";
        }
        return error{errc::quota_used, message + " The person can choose more when connecting "
                                                 "again, as far as the administrator allows."};
    }
    CHECK_OK(
        db.run("INSERT INTO change_counts VALUES (?, ?, ?, ?, ?) ON CONFLICT (grant_id, piece) "
               "DO UPDATE SET records = records + excluded.records, hour = excluded.hour, "
               "day = excluded.day",
               grant_id, piece, records, quota.hour, quota.day));
    return true;
}

result<done> store::parts::uncount_change(const std::string& id) {
    CHECK_OK(db.run("UPDATE change_counts SET records = max(0, change_counts.records - c.records) "
                    "FROM changes AS c WHERE c.id = ?1 AND change_counts.grant_id = c.grant_id AND "
                    "change_counts.piece = c.at / ?2",
                    id, stored::quota_piece));
    return done{};
}

result<done> store::parts::drop_old_counts(std::int64_t now) {
    CHECK_OK(db.run("DELETE FROM change_counts WHERE piece <= ?", now / stored::quota_piece - day));
    return done{};
}

result<stored::change_quota> store::quota_left(const std::string& grant_id,
                                               const stored::change_quota& quota,
                                               oauth::time_point now) {
    auto& p = *parts_;
    const auto piece = seconds(now) / stored::quota_piece;
    TRY(in_hour, p.changed_since(grant_id, piece - hour));
    TRY(in_day, p.changed_since(grant_id, piece - day));
    const auto left = [](std::int64_t most, std::int64_t used) {
        return std::max<std::int64_t>(most - used, 0);
    };
    return stored::change_quota{left(quota.hour, in_hour), left(quota.day, in_day)};
}

result<std::vector<stored::quota_use>> store::quota_uses(const std::vector<std::string>& grant_ids,
                                                         oauth::time_point now) {
    auto& p = *parts_;
    std::vector<stored::quota_use> out;
    for (const auto& id : grant_ids) {
        TRY(row, p.db.query("SELECT hour, day FROM change_counts WHERE grant_id = ? ORDER BY piece "
                            "DESC LIMIT 1",
                            id));
        TRY(found, row.next());
        if (!found) continue;
        stored::quota_use use;
        use.grant_id = id;
        use.most = {row.integer(0), row.integer(1)};
        TRY(left, quota_left(id, use.most, now));
        use.left = left;
        out.push_back(std::move(use));
    }
    return out;
}

} // namespace store
