// Changes of which no answer came: whether they happened is seen in their records.
#include "crm/changes.hpp"
#include "crm/undo_judge.hpp"

#include <utility>

namespace crm {

namespace {

// settle_unknown() leaves a change alone while the request that makes it may still be under way.
constexpr std::int64_t settled_after = 90; // seconds: twice what a call may take
constexpr std::size_t most_settled = 10;   // of one call: each may cost a request

// happened() tells by the record whether the change happened; nullopt: that says nothing.
std::optional<bool> happened(const change_record& change, const json::value& told,
                             const json::value* now, const twenty::object& of,
                             const twenty::access& may) {
    const auto what = write_of(change.effect);
    if (!what) return std::nullopt;
    if (*what == write_kind::create) return now != nullptr;
    if (!now) return std::nullopt;
    if (*what == write_kind::remove) return is_deleted(*now);
    if (*what == write_kind::restore) return !is_deleted(*now);
    undo_row row;
    if (const auto* before = told.find("before"); before && before->if_object())
        row.before = *before->if_object();
    if (row.before.empty()) return std::nullopt;
    return !holds_before(row, *now, of, may);
}

json::object written_fields_of(const json::value& begun) {
    json::object fields;
    const auto* for_all = begun.find("written");
    for (const auto& row : rows_in(begun)) {
        const auto* written = row.find("written") ? row.find("written") : for_all;
        if (!written || !written->if_object()) continue;
        for (const auto& [name, _] : *written->if_object())
            if (name != "id" && !fields.contains(name)) fields.append(name, json::value());
    }
    return fields;
}

} // namespace

async<done> settle_unknown(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<change_record>& changes) {
    std::size_t looked_at = 0;
    for (auto& change : changes) {
        if (change.state != change_state::unknown || change.sealed_away || change.ids.empty() ||
            context.now - change.at < settled_after || looked_at == most_settled)
            continue;
        auto of = may.readable(change.object);
        if (!of) continue;
        ++looked_at;
        const auto begun = parsed_body(change.begun);
        const json::object fields = written_fields_of(begun);
        present now;
        std::vector<std::string> ids = change.ids;
        co_await read_present(slot, *of, may, std::move(ids), fields, now);
        if (now.failure) continue;
        // All or none of the records of one request are written, so the first that tells, tells
        // all.
        std::optional<bool> did;
        for (const auto& row : rows_in(begun))
            if (!did) did = happened(change, row, now.find(std::string(row.text("id"))), **of, may);
        if (!did) continue;
        change.state = *did ? change_state::done : change_state::refused;
        std::vector<const json::value*> stored;
        for (const auto& id : change.ids)
            if (const auto* record = now.find(id)) stored.push_back(record);
        change.ended =
            co_await tell_settled(slot, change.id, *did, *of, may, std::move(stored), fields);
    }
    co_return done();
}

} // namespace crm
