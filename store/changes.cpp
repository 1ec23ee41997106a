// The journal of changes: a change is written down before its request leaves, and once more when it
// is known how it ended.
//
//     begun ────▶ done ──▶ done    once more: what was read back since
//       │ ╰─────▶ refused          its values go
//       ▼
//     unknown ──▶ done, refused    it was looked up; its values stay, for a look may err
//         ╰─────▶ unknown          it was looked up in vain
//
// A change is begun for as long as a call of this process says that it is. Whatever else is open
// when the store opens was left by a process that is gone, and is unknown.
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/change_seal.hpp"
#include "store/parts.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>

namespace store {

namespace {

using stored::change_state;

constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

// ?1 to ?6 are the same in both. `ids` comes first: rows of other records are not read further.
#define CHANGES_WHERE                                                                              \
    "SELECT ids, number, id, call, request, tool, object, effect, undoes, at, state, begun, "      \
    "ended FROM changes WHERE grant_id = ?1 AND number < ?2 AND at >= ?3 AND at <= ?4 AND "        \
    "(?5 = '' OR call = ?5) AND (?6 = '' OR object = ?6) "
constexpr const char* newest_changes = CHANGES_WHERE "ORDER BY number DESC";
constexpr const char* one_change = CHANGES_WHERE "AND id = ?7";
#undef CHANGES_WHERE

// A change as its row says it.
struct change_row {
    std::string id, call, request, tool, object, effect, undoes, ids, state, begun, ended;
    std::int64_t number = 0;
    std::int64_t at = 0;
    bool has_begun = false;
    bool has_ended = false;

    [[nodiscard]] change_place place(std::string_view grant_id) const {
        return {id, grant_id, call, request, tool, object, effect, undoes, ids, at};
    }
};

change_row read_change(const statement& row) {
    change_row out;
    std::string* const texts[] = {&out.id,     &out.call,   &out.request, &out.tool,
                                  &out.object, &out.effect, &out.undoes};
    int column = 0;
    out.ids = row.text(column++);
    out.number = row.integer(column++);
    for (auto* text : texts)
        *text = row.text(column++);
    out.at = row.integer(column++);
    out.state = row.text(column++);
    out.has_begun = !row.is_null(column);
    out.begun = row.text(column++);
    out.has_ended = !row.is_null(column);
    out.ended = row.text(column);
    return out;
}

// A state of a newer program is one that nothing is known of.
change_state change_state_named(std::string_view name) {
    const auto& names = stored::change_state_names;
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return change_state::unknown;
    return static_cast<change_state>(found - names.begin());
}

bool may_become(change_state from, const stored::change_end& end) {
    switch (from) {
    case change_state::begun:
        return end.state != change_state::begun;
    case change_state::unknown:
        return end.state == change_state::done || end.state == change_state::refused ||
               (end.state == change_state::unknown && !end.body.empty());
    case change_state::done:
        return end.state == change_state::done && !end.body.empty();
    case change_state::refused:
        return false;
    }
    return false;
}

// Threat: a row that says it is done or refused, and was made to by somebody else. Defence: such a
// state is believed with the end that was sealed with it; without one the change is as if it were
// sealed away. Only a change that nobody has told the end of has none.
stored::change_record opened_change(change_row row, const stored::change_owner& who,
                                    const secret& key) {
    stored::change_record out;
    out.state = change_state_named(row.state);
    const bool is_open = out.state == change_state::begun || out.state == change_state::unknown;
    const auto place = row.place(who.grant_id);
    auto begun = row.has_begun ? open_begun(row.begun, key, place) : std::string();
    auto ended = row.has_ended ? open_ended(row.ended, key, place, row.state) : std::string();
    const bool is_whole =
        (row.has_begun || out.state == change_state::refused) && (row.has_ended || is_open);
    if (begun && ended && is_whole) {
        out.begun = *std::move(begun);
        out.ended = *std::move(ended);
    } else {
        out.sealed_away = true;
        report_altered("change");
    }
    for (const auto& id : text::split(row.ids, ','))
        if (!id.empty()) out.ids.emplace_back(id);
    out.number = row.number;
    out.id = std::move(row.id);
    out.call = std::move(row.call);
    out.tool = std::move(row.tool);
    out.object = std::move(row.object);
    out.effect = std::move(row.effect);
    out.undoes = std::move(row.undoes);
    out.at = row.at;
    return out;
}

std::int64_t size_of(std::size_t sealed, std::string_view ids) {
    return stored::change_row_bytes + static_cast<std::int64_t>(sealed + ids.size());
}

} // namespace

result<done> store::parts::leave_changes_open() {
    CHECK_OK(db.run("UPDATE changes SET state = 'unknown' WHERE state = 'begun'"));
    return done{};
}

result<bool> store::begin_change(const stored::new_change& what, const stored::change_owner& who,
                                 oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    TRY(counted, p.count_changed(who.grant_id, what.records, what.quota, seconds(now)));
    if (p.opts.changes.age.count() == 0) {
        if (counted) CHECK_OK(call.keep());
        return false;
    }
    std::string fingerprint;
    {
        TRY(row, p.db.query("SELECT fingerprint FROM grants WHERE id = ?", who.grant_id));
        TRY(found, row.next());
        if (!found) return error{errc::not_found, "This connection has ended; connect again."};
        fingerprint = row.text(0);
    }
    const auto ids = text::join(what.ids, ",");
    const change_place place{what.id,   who.grant_id, what.call,   what.request_id,
                             what.tool, what.object,  what.effect, what.undoes,
                             ids,       seconds(now)};
    const auto sealed = seal_begun(what.body, change_key(p.instance, who), place);
    const auto bytes = size_of(sealed.size(), ids);
    if (bytes > p.most_bytes_of_grant())
        return error{errc::too_large,
                     "The change is larger than what the journal of changes keeps."};
    CHECK_OK(p.make_room_for_change(who.grant_id, {}, bytes));
    fault_point("change.room_made");
    CHECK_OK(p.db.run("INSERT INTO changes (id, grant_id, fingerprint, call, request, tool, "
                      "object, effect, undoes, at, state, records, bytes, ids, begun) VALUES "
                      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'begun', ?, ?, ?, ?)",
                      what.id, who.grant_id, fingerprint, what.call, what.request_id, what.tool,
                      what.object, what.effect, what.undoes, seconds(now), what.records, bytes, ids,
                      blob{sealed}));
    fault_point("change.row");
    CHECK_OK(call.keep());
    return true;
}

// An end that does not fit is kept without its body: how it ended matters more than what it found.
result<bool> store::end_change(const stored::change_end& end, const stored::change_owner& who) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    change_row row;
    {
        TRY(found,
            p.db.query(one_change, who.grant_id, no_end, std::int64_t{0}, no_end, "", "", end.id));
        TRY(there, found.next());
        if (!there) return false;
        row = read_change(found);
    }
    const auto from = change_state_named(row.state);
    if (!may_become(from, end)) return false;
    const auto before = size_of(row.begun.size() + row.ended.size(), row.ids);
    // A refused change changed nothing: there is nothing to take back.
    const bool is_void = from == change_state::begun && end.state == change_state::refused;
    if (is_void) {
        row.begun.clear();
        CHECK_OK(p.uncount_change(end.id));
    }
    const auto key = change_key(p.instance, who);
    const auto place = row.place(who.grant_id);
    const auto state = stored::name_of(end.state);
    row.ended = seal_ended(end.body, key, place, state);
    if (size_of(row.begun.size() + row.ended.size(), row.ids) > p.most_bytes_of_grant())
        row.ended = seal_ended({}, key, place, state);
    const auto bytes = size_of(row.begun.size() + row.ended.size(), row.ids);
    if (bytes > before) CHECK_OK(p.make_room_for_change(who.grant_id, end.id, bytes - before));
    CHECK_OK(p.db.run("UPDATE changes SET state = ?, ended = ?, begun = iif(?, NULL, begun), bytes "
                      "= ? WHERE id = ?",
                      state, blob{row.ended}, std::int64_t{is_void}, bytes, end.id));
    fault_point("change.ended");
    CHECK_OK(call.keep());
    return true;
}

result<std::optional<std::int64_t>> store::parts::number_of_change(const std::string& id,
                                                                   const std::string& grant_id) {
    TRY(row, db.query("SELECT number FROM changes WHERE id = ? AND grant_id = ?", id, grant_id));
    TRY(found, row.next());
    return found ? std::optional(row.integer(0)) : std::nullopt;
}

// Those of `ids` that are the grant's, the newest first.
result<std::vector<std::string>>
store::parts::newest_changes_first(const std::vector<std::string>& ids,
                                   const std::string& grant_id) {
    std::map<std::int64_t, std::string, std::greater<>> by_number;
    for (const auto& id : ids) {
        TRY(number, number_of_change(id, grant_id));
        if (number) by_number.emplace(*number, id);
    }
    std::vector<std::string> out;
    for (auto& [number, id] : by_number)
        out.push_back(std::move(id));
    return out;
}

// list_changes() reads changes until they are enough, or their bodies too many.
struct store::parts::change_list {
    parts& of;
    const stored::change_query& query;
    const stored::change_owner& who;
    std::int64_t below;
    std::int64_t until;
    secret key;
    std::set<std::string, std::less<>> records;
    std::vector<stored::change_record> found;
    std::size_t bytes = 0;
    bool is_full = false;

    [[nodiscard]] bool wants(std::string_view ids) const {
        if (records.empty()) return true;
        const auto listed = text::split(ids, ',');
        return std::ranges::any_of(listed, [&](auto id) { return records.contains(id); });
    }
    // Of what `rows` is at, and behind it.
    result<done> take(statement& rows) {
        while (!is_full) {
            TRY(more, rows.next());
            if (!more) break;
            if (!wants(rows.text(0))) continue;
            auto row = read_change(rows);
            bytes += row.begun.size() + row.ended.size();
            is_full = !found.empty() && bytes > stored::most_listed_bytes;
            if (is_full) break;
            found.push_back(opened_change(std::move(row), who, key));
            is_full = found.size() >= query.limit;
        }
        return done{};
    }
};

result<std::vector<stored::change_record>> store::changes(const stored::change_query& q,
                                                          const stored::change_owner& who) {
    auto& p = *parts_;
    if (p.opts.changes.age.count() == 0)
        return error{errc::unsupported, "This server keeps no journal of changes."};
    parts::change_list list{
        p, q, who, no_end, q.until == 0 ? no_end : q.until, change_key(p.instance, who), {}, {}};
    if (!q.before.empty()) {
        TRY(number, p.number_of_change(q.before, who.grant_id));
        if (!number) return error{errc::not_found, "`before` is no change of this connection."};
        list.below = *number;
    }
    list.records.insert(q.records.begin(), q.records.end());
    if (q.ids.empty()) {
        TRY(rows, p.db.query(newest_changes, who.grant_id, list.below, q.since, list.until, q.call,
                             q.object));
        CHECK_OK(list.take(rows));
    } else {
        TRY(ids, p.newest_changes_first(q.ids, who.grant_id));
        for (const auto& id : ids) {
            TRY(row, p.db.query(one_change, who.grant_id, list.below, q.since, list.until, q.call,
                                q.object, id));
            CHECK_OK(list.take(row));
        }
    }
    for (auto& change : list.found)
        CHECK_OK(p.note_undone(change, who.grant_id));
    return std::move(list.found);
}

} // namespace store
