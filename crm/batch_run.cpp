// A batch from its prepared rows to its outcome: what is stored, the person's yes, the writes, what
// is stored then.
#include "crm/asking.hpp"
#include "crm/batch.hpp"
#include "crm/before.hpp"
#include "crm/upsert.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

// settle_unchanged() settles rows of an update that change nothing of their record, which is read,
// as all are.
void settle_unchanged(batch& all) {
    for (auto& row : all.rows) {
        if (row.now != state::waiting || !row.changes_nothing()) continue;
        row.now = state::done;
        row.stored = row.before;
    }
}

std::string verb_of(const batch& all) {
    std::set<write_kind> kinds;
    for (const auto& row : all.rows)
        if (row.now == state::waiting) kinds.insert(row.what);
    if (kinds.size() > 1) return "Create or change";
    switch (kinds.empty() ? write_kind::update : *kinds.begin()) {
    case write_kind::create:
        return "Create";
    case write_kind::update:
        return "Change";
    case write_kind::remove:
        return "Delete";
    case write_kind::restore:
        return "Restore";
    case write_kind::merge: // no batch has one
        break;
    }
    return "Change";
}

// plan_of() has the rows that are going to be written, and the links of all.
write_plan plan_of(const batch& all) {
    write_plan plan;
    plan.verb = verb_of(all);
    plan.of = &*all.of;
    for (const auto& row : all.rows) {
        if (row.now == state::waiting || row.now == state::done)
            plan.links += static_cast<std::int64_t>(row.about.size());
        if (row.now != state::waiting) continue;
        const bool is_new = row.what == write_kind::create;
        plan.kind.deletes = plan.kind.deletes || row.what == write_kind::remove;
        planned_record record;
        if (!is_new) record.id = row.id;
        record.before = &row.before;
        if (is_new || row.what == write_kind::update) record.written = &row.data.values;
        record.label =
            twenty::record_label(is_new ? json::value(row.data.values) : row.before, *all.of);
        plan.records.push_back(std::move(record));
    }
    return plan;
}

// has_lost_links() is true when it is not known of records that shall be linked whether they were
// created.
bool has_lost_links(const batch& all) {
    return std::ranges::any_of(all.rows, [](const batch_row& row) {
        return row.now == state::unknown && row.what == write_kind::create && !row.about.empty();
    });
}

} // namespace

// carry_out() moves the rows on. What is stored is read first, and settles those that are missing,
// deleted or as they shall be; the others are written. New records of which no answer came are
// looked for before links are written, because only what is there can be linked. Records in the way
// of a conflict are looked for while there is time, and what is stored now is read last: the writes
// are done by then.
async<crm_outcome> carry_out(call_slot& slot, batch& all, const call_context& context) {
    co_await read_before(slot, all);
    if (all.goes_on()) {
        settle_unchanged(all);
        write_plan plan = plan_of(all);
        auto no = co_await ask_before(slot, context, all.may, std::move(plan));
        if (no) co_return std::move(*no);
    }
    co_await write_rows(slot, all, context);
    if (!all.stale) {
        if (has_lost_links(all)) co_await read_back(slot, all);
        co_await link_rows(slot, all, context);
        if (has_time(context)) co_await name_holders(slot, all);
        co_await read_back(slot, all);
    }
    co_return sum_up(all);
}

} // namespace crm
