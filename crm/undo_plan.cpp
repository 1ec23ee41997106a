// Undo as a person is asked for it.
#include "crm/asking.hpp"
#include "crm/undo.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

std::string fate_by(write_kind back) {
    switch (back) {
    case write_kind::remove:
        return "delete again";
    case write_kind::restore:
        return "bring back";
    case write_kind::create:
        return "make anew";
    case write_kind::update:
    case write_kind::merge:
        break;
    }
    return "put back";
}

// plan_of_undo() tells of the rows that would be taken back, as a look has found them.
write_plan plan_of_undo(const std::vector<undo_row>& rows) {
    write_plan plan;
    const auto ready =
        static_cast<std::size_t>(std::ranges::count(rows, undo_fate::ready, &undo_row::fate));
    plan.verb =
        "Take back changes of " + std::to_string(ready) + (ready == 1 ? " record" : " records");
    for (const auto& row : rows) {
        if (row.fate != undo_fate::ready) continue;
        const auto back = back_of(row.what);
        plan.kind.deletes = plan.kind.deletes || back == write_kind::remove;
        // What a merge destroyed comes back in part only: its person is told.
        plan.kind.always = plan.kind.always || row.what == write_kind::merge;
        planned_record record;
        record.id = row.id;
        record.before = &row.now;
        record.fate = fate_by(back) + " " + row.object;
        record.label = row.label;
        plan.records.push_back(std::move(record));
    }
    return plan;
}

} // namespace

// ask_for_undo() looks first where the person has to be asked: to say what would be taken back.
async<std::optional<crm_outcome>> ask_for_undo(call_slot& slot, const call_context& context,
                                               const twenty::access& may,
                                               const std::vector<undo_row>& rows) {
    std::vector<undo_row> looked = rows;
    write_plan plan = plan_of_undo(looked);
    auto kind = plan.kind;
    kind.records = static_cast<std::int64_t>(plan.records.size());
    if (twenty::needs_asking(context.caution, kind)) {
        co_await take_rows_back(slot, context, may, looked, true);
        plan = plan_of_undo(looked);
    }
    if (plan.records.empty()) { // nothing is going to be written
        slot.cleared = 0;
        co_return std::nullopt;
    }
    co_return co_await ask_before(slot, context, may, std::move(plan));
}

} // namespace crm
