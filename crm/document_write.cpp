#include "crm/document_write.hpp"

#include "base/text.hpp"
#include "crm/asking.hpp"
#include "crm/before.hpp"
#include "crm/changes.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

json::object perhaps_ran() {
    json::object more;
    more.append("hint", "The mutation may have run all the same: read what it changes before "
                        "repeating it.");
    return more;
}

namespace {

constexpr std::size_t longest_shown_document = 600; // bytes, for the person

// Whose values do not matter is read only where somebody keeps or is asked for them.
bool looks_before(const call_context& context, const twenty::document_change& what) {
    return what.of && !what.id.empty() &&
           (context.keeps_changes || context.caution.ask != twenty::asking::nothing);
}

// Twenty takes a delete and a restore of what is so already, and there is nothing to take back.
bool changes_nothing(const twenty::document_change& what, const json::value& before) {
    const auto* deleted_at = before.find("deletedAt");
    return deleted_at && ((what.verb == "delete" && !deleted_at->is_null()) ||
                          (what.verb == "restore" && deleted_at->is_null()));
}

write_plan plan_of_document(const document_write& write, const json::value& before) {
    write_plan plan;
    plan.verb = write.is_metadata ? "Change the data model by hand"
                                  : "Run a mutation that was written by hand";
    plan.more.push_back("The mutation: " +
                        std::string(text::cut_utf8(write.text, longest_shown_document)));
    plan.kind.alters_model = write.is_metadata || !write.what.of;
    plan.kind.deletes = write.what.verb == "delete";
    plan.kind.records =
        write.what.of
            ? std::max<std::int64_t>(1, static_cast<std::int64_t>(write.what.records.size()))
            : 0;
    if (write.what.of && !write.what.id.empty()) {
        planned_record record;
        record.id = write.what.id;
        record.before = &before;
        record.label = twenty::record_label(before, *write.what.of);
        if (write.what.verb == "update" && !write.what.records.empty())
            record.written = &write.what.records.front();
        plan.records.push_back(std::move(record));
    }
    return plan;
}

std::vector<changing> rows_of_document(const document_write& write, const json::value& before) {
    const auto& what = write.what;
    std::vector<changing> rows;
    if (what.verb != "create" && what.verb != "upsert") {
        changing row;
        row.id = what.id;
        row.before = &before;
        row.label = twenty::record_label(before, *what.of);
        rows.push_back(std::move(row));
        return rows;
    }
    // Ids that Twenty gives are known behind its answer.
    for (const auto& record : what.records)
        if (const auto* id = record.find("id"); id && id->if_string()) {
            changing row;
            row.id = text::lower(*id->if_string());
            row.written = &record;
            rows.push_back(std::move(row));
        }
    return rows;
}

} // namespace

async<std::optional<crm_outcome>> begin_document(call_slot& slot, const call_context& context,
                                                 const twenty::access& may, document_write& out) {
    const auto& what = out.what;
    stored_record before;
    const json::object none;
    const json::object& values = what.records.empty() ? none : what.records.front();
    if (looks_before(context, what)) {
        auto of = may.readable(what.of->name_singular);
        if (of) before = co_await read_stored(slot, *of, may, what.id, values, false);
    }
    write_plan plan = plan_of_document(out, before.record);
    auto no = co_await ask_before(slot, context, may, std::move(plan));
    if (no) co_return no;
    if (!what.of || changes_nothing(what, before.record)) co_return std::nullopt;
    std::vector<changing> rows = rows_of_document(out, before.record);
    const bool is_new = what.verb == "create" || what.verb == "upsert";
    const json::object& for_all = is_new ? none : values;
    auto change = co_await begin_change(slot, *what.of, what.verb, std::move(rows), for_all,
                                        std::max<std::size_t>(1, what.records.size()));
    if (!change) co_return failed(change.failure());
    out.change = std::move(change).value();
    co_return std::nullopt;
}

async<done> end_document(call_slot& slot, const twenty::access& may, const document_write& write,
                         const result<twenty::answer>& answer) {
    if (write.change.empty()) co_return done();
    write_end end;
    // Data beside errors is of a mutation that ran.
    const auto* roots = answer ? answer->data.if_object() : nullptr;
    const json::value* root = nullptr;
    if (roots)
        for (const auto& [_, each] : *roots)
            if (each.is_object() || each.is_array()) root = &each;
    if (!answer || (!answer->ok() && !root)) {
        crm_outcome failure = answer ? failed_write(*answer, perhaps_ran())
                                     : failed_write(answer.failure(), perhaps_ran());
        end.failure = std::move(failure.failure);
        end.perhaps = !failure.more.is_null();
    } else if (root) {
        end.record = *root;
    }
    const json::object none;
    const auto& records = write.what.records;
    const json::object& written = records.size() == 1 ? records.front() : none;
    std::string change = write.change;
    co_return co_await end_change(slot, std::move(change), end, *write.what.of, may, written);
}

} // namespace crm
