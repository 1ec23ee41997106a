// merge_records: what it would come to, the person's yes, and the merge.
#include "base/text.hpp"
#include "crm/asking.hpp"
#include "crm/fit.hpp"
#include "crm/merging.hpp"
#include "crm/tools.hpp"
#include "twenty/duplicates.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

// The one that stays first.
result<std::vector<std::string>> merged_ids(const json::value& arguments) {
    std::vector<std::string> out;
    TRY(keeps, checked_id(arguments.text("id")));
    out.push_back(std::move(keeps));
    for (const auto& item : *arguments.find("ids")->if_array()) {
        TRY(id, checked_id(*item.if_string()));
        if (std::ranges::find(out, id) != out.end())
            return error(errc::bad_request, id == out.front()
                                                ? "\"ids\" are the others, without the \"id\" "
                                                  "that stays."
                                                : "\"ids\" has " + id + " twice.");
        out.push_back(std::move(id));
    }
    return out;
}

// Threat: a connection that sees some objects only merges, and what hangs on the others in hidden
// ones is lost, or moved unseen. Defence: whoever merges sees all.
result<twenty::writable_object> mergeable(const json::value& arguments, const twenty::access& may) {
    TRY(of, may.writable(arguments.text("objectName")));
    if (may.restricted())
        return error(errc::not_allowed, "A connection that is limited to certain objects cannot "
                                        "merge: it does not see all that would be lost.");
    return of;
}

write_plan plan_of_merge(const merge_view& view, const twenty::object& of, bool is_kept) {
    write_plan plan;
    plan.verb = "Merge";
    plan.of = &of;
    plan.told = twenty::most_merged;
    plan.kind.always = true;
    plan.kind.deletes = true;
    plan.links = moving(view.kinds);
    for (std::size_t i = 0; i < view.ids.size(); ++i) {
        planned_record record;
        record.id = view.ids[i];
        record.before = &view.stored[i];
        record.label = twenty::record_label(view.stored[i], of);
        record.fate = i == 0 ? "stays" : "goes for good";
        if (i == 0) record.written = &view.written;
        plan.records.push_back(std::move(record));
    }
    for (auto& line : hanging_lines(view.kinds))
        plan.more.push_back(std::move(line));
    for (const auto& warning : view.warnings)
        plan.more.push_back(warning);
    if (!is_kept)
        plan.more.emplace_back("Changes are not kept on this server: nothing brings them back.");
    return plan;
}

// A quota that ends in the middle would leave a part of the moves done.
async<std::optional<error>> lacks_quota(call_slot& slot, const call_context& context,
                                        const merge_view& view) {
    if (!context.counts_changes || context.caution.by_person) co_return std::nullopt;
    const auto left = co_await quota_left(slot);
    if (!left) co_return std::nullopt; // the write itself will tell
    // With the way back, for a merge that Twenty refuses.
    const auto wanted = 2 * moving(view.kinds) + static_cast<std::int64_t>(view.ids.size());
    const auto most = std::min(left->hour, left->day);
    if (wanted <= most) co_return std::nullopt;
    co_return error(errc::quota_used,
                    "This merge may change " + std::to_string(wanted) +
                        " records, what is moved counted there and back, and this connection may "
                        "change " +
                        std::to_string(most) + " now. Nothing was written.");
}

json::array told_lines(const std::vector<std::string>& lines) {
    json::array out;
    for (const auto& line : lines)
        out.emplace_back(line);
    return out;
}

// What the record is, or would be, and what became of the others.
void show_merge(crm_outcome& out, const merge_view& view, const json::value& record,
                const twenty::object& of, const twenty::access& may) {
    json::value shown = twenty::compact_record(record, of, may);
    (void)fit(shown, longest_in_list, record_budget);
    json::array others;
    for (std::size_t i = 1; i < view.ids.size(); ++i) {
        json::object one;
        one.append("id", view.ids[i]);
        const auto label = twenty::record_label(view.stored[i], of);
        if (!label.empty()) one.append("label", text::cut_utf8(label, longest_in_list));
        others.emplace_back(std::move(one));
    }
    out.body.set("object", of.name_singular);
    out.body.set("id", view.ids.front());
    out.body.set("record", std::move(shown));
    out.body.set("merged", std::move(others));
    if (auto lines = hanging_lines(view.kinds); !lines.empty())
        out.body.set("belongings", told_lines(lines));
}

} // namespace

async<crm_outcome> merge_records(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    auto found = mergeable(arguments, may);
    if (!found) co_return failed(found.failure());
    const twenty::writable_object& of = *found;
    auto ids = merged_ids(arguments);
    if (!ids) co_return failed(ids.failure());
    merge_view view = co_await look_at_merge(slot, of, may, std::move(ids).value());
    if (view.failure) co_return std::move(*view.failure);
    crm_outcome out;
    if (arguments.flag("preview")) {
        show_merge(out, view, view.merged, of, may);
        out.body.set("preview", true);
        for (auto& warning : view.warnings)
            out.notes.push_back(std::move(warning));
        co_return out;
    }
    auto lacking = co_await lacks_quota(slot, context, view);
    if (lacking) co_return failed(std::move(*lacking));
    write_plan plan = plan_of_merge(view, of, context.keeps_changes);
    auto no = co_await ask_before(slot, context, may, std::move(plan));
    if (no) co_return std::move(*no);
    write_end end = co_await carry_out_merge(slot, context, of, may, view, out.notes);
    if (end.failure) co_return failed(std::move(end));
    show_merge(out, view, end.record, of, may);
    if (context.keeps_changes)
        out.notes.emplace_back("undo_changes makes the others anew, with their ids and values.");
    co_return out;
}

} // namespace crm
