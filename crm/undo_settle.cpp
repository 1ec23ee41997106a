// Changes of which no answer came: whether they happened is seen in their records.
#include "crm/changes.hpp"
#include "crm/undo_judge.hpp"

#include <utility>

namespace crm {

namespace {

// settle_unknown() leaves a change alone while the request that makes it may still be under way.
constexpr std::int64_t settled_after = 90; // seconds: twice what a call may take
constexpr std::size_t most_settled = 10;   // of one call: each may cost a request

enum class evidence { none, happened, not_happened };

// evidence_of() tells by a record whether its change happened. A value that was there before, too,
// says nothing, nor does one that somebody else has written since.
evidence evidence_of(const undo_row& row, const json::value* now, const twenty::object& of,
                     const twenty::access& may) {
    if (row.what == write_kind::create) return now ? evidence::happened : evidence::not_happened;
    if (row.what == write_kind::merge) return now ? evidence::not_happened : evidence::happened;
    if (!now) return evidence::none;
    if (row.what == write_kind::remove && is_deleted(*now) && was_deleted_then(row, *now))
        return evidence::happened;
    if (row.what == write_kind::restore && !is_deleted(*now)) return evidence::happened;
    // What nobody has written to since is as the change left it.
    if (!row.seen.empty() && now->text("updatedAt") == row.seen) return evidence::not_happened;
    if (row.before.empty()) return evidence::none;
    const bool is_before = holds_before(row, *now, of, may);
    const bool is_written = holds_written(row, *now);
    if (is_before == is_written) return evidence::none;
    return is_written ? evidence::happened : evidence::not_happened;
}

// All or none of the records of one request are written, so one that tells of it speaks for all.
change_state state_by(const std::vector<undo_row>& rows, present& now, const twenty::object& of,
                      const twenty::access& may) {
    auto out = change_state::unknown;
    for (const auto& row : rows) {
        const auto seen = evidence_of(row, now.find(row.id), of, may);
        if (seen == evidence::happened) return change_state::done;
        if (seen == evidence::not_happened) out = change_state::refused;
    }
    return out;
}

json::object written_fields_of(const std::vector<undo_row>& rows, const twenty::object& of) {
    json::object fields;
    for (const auto& row : rows)
        for (const auto& [name, _] : row.written)
            if (name != "id" && !fields.contains(name) &&
                (of.find_field(name) || of.find_join(name)))
                fields.append(name, json::value());
    return fields;
}

bool is_open(const change_record& change, const call_context& context) {
    return change.state == change_state::unknown && !change.sealed_away && !change.ids.empty() &&
           change.ended.empty() && context.now - change.at >= settled_after &&
           write_of(change.effect);
}

} // namespace

async<done> settle_unknown(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<change_record>& changes) {
    std::size_t looked_at = 0;
    for (auto& change : changes) {
        if (!is_open(change, context) || looked_at == most_settled) continue;
        auto of = may.readable(change.object);
        if (!of) continue;
        ++looked_at;
        const auto rows = undo_rows(change);
        const json::object fields = written_fields_of(rows, **of);
        present now;
        std::vector<std::string> ids = change.ids;
        co_await read_present(slot, *of, may, std::move(ids), fields, now);
        if (now.failure) continue;
        change.state = state_by(rows, now, **of, may);
        std::vector<const json::value*> stored;
        for (const auto& id : change.ids)
            if (const auto* record = now.find(id)) stored.push_back(record);
        change.ended = co_await tell_settled(slot, change.id, change.state, std::move(stored));
    }
    co_return done();
}

} // namespace crm
