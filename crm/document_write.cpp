#include "crm/document_write.hpp"

#include "base/text.hpp"
#include "crm/before.hpp"
#include "crm/changes.hpp"
#include "twenty/shape.hpp"

#include <utility>

namespace crm {

json::object perhaps_ran() {
    json::object more;
    more.append("hint", "The mutation may have run all the same: read what it changes before "
                        "repeating it.");
    return more;
}

async<result<done>> begin_document(call_slot& slot, const twenty::access& may,
                                   document_write& out) {
    const auto& what = out.what;
    if (!what.of || !slot.context->keeps_changes) co_return done{};
    stored_record before;
    const json::object none;
    const json::object& values = what.records.empty() ? none : what.records.front();
    auto of = may.readable(what.of->name_singular);
    if (!what.id.empty() && of)
        before = co_await read_stored(slot, *of, may, what.id, values, false);
    // Twenty takes a delete and a restore of what is so already, and there is nothing to take back.
    const auto* deleted_at = before.record.find("deletedAt");
    if (deleted_at && ((what.verb == "delete" && !deleted_at->is_null()) ||
                       (what.verb == "restore" && deleted_at->is_null())))
        co_return done{};
    std::vector<changing> rows;
    const bool is_new = what.verb == "create" || what.verb == "upsert";
    if (is_new) {
        // Ids that Twenty gives are known behind its answer.
        for (const auto& record : what.records)
            if (const auto* id = record.find("id"); id && id->if_string()) {
                changing row;
                row.id = text::lower(*id->if_string());
                row.written = &record;
                rows.push_back(std::move(row));
            }
    } else {
        changing row;
        row.id = what.id;
        row.before = &before.record;
        row.label = twenty::record_label(before.record, *what.of);
        rows.push_back(std::move(row));
    }
    const json::object& for_all = is_new ? none : values;
    auto change = co_await begin_change(slot, *what.of, what.verb, std::move(rows), for_all);
    if (!change) co_return std::move(change).failure();
    out.change = std::move(change).value();
    co_return done{};
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
