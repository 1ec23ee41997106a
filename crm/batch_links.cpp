// The links of a batch: the rows of noteTarget or taskTarget for all of its records, together as
// long as that succeeds.
#include "crm/batch.hpp"

#include "twenty/query.hpp"

#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

constexpr std::string_view again =
    " update_record with the same about alone writes those that are missing.";

// Rows that failed, or of which nothing is known, are not linked: there may be no record.
bool is_linked(const batch_row& row) { return row.now == state::done && !row.about.empty(); }

std::vector<batch_row*> linked_rows(batch& all) {
    std::vector<batch_row*> out;
    for (auto& row : all.rows)
        if (is_linked(row)) out.push_back(&row);
    return out;
}

// leave_unlinked() is for rows whose records are as they shall be, without all of their links. A
// row that was to link alone was not done; without an `answer` of Twenty that is not known.
void leave_unlinked(batch& all, const std::vector<batch_row*>& rows, const error& why,
                    bool answered) {
    std::vector<std::size_t> stored;
    for (auto* row : rows) {
        if (!row->changes_nothing()) {
            stored.push_back(row->index);
            continue;
        }
        row->now = answered ? state::failed : state::unknown;
        row->end.failure = why;
    }
    if (stored.empty()) return;
    all.notes.push_back(named_rows(all, stored) +
                        (answered ? ": the links of \"about\" were not written: "
                                  : ": it is not known whether the links of \"about\" were "
                                    "written: ") +
                        why.message + std::string(again));
}

void leave_unlinked(batch& all, batch_row& row, const error& why, bool answered) {
    const std::vector<batch_row*> one(1, &row);
    leave_unlinked(all, one, why, answered);
}

// take_back() deletes the new records of `rows`, which cannot be linked: half of what was asked for
// is worse than an error.
async<done> take_back(call_slot& slot, batch& all, std::vector<batch_row*> rows) {
    std::vector<std::string> ids;
    for (const auto* row : rows)
        ids.push_back(row->id);
    if (ids.empty()) co_return done();
    const json::object nothing;
    // write_kind::remove deletes softly, so even a record that was taken back can be restored.
    write_end undone = co_await write_together(slot, all.of, all.may, write_kind::remove,
                                               std::move(ids), nothing, "id");
    for (auto* row : rows) {
        error why = *row->end.failure;
        if (undone.failure) {
            leave_unlinked(all, *row, why, true);
            continue;
        }
        why.message = "It could not be linked and was deleted again (softly, as delete_record "
                      "does): " +
                      why.message;
        all.fail(*row, std::move(why));
        row->taken_back = true;
    }
    co_return done();
}

// Twenty's refusal of a row's links: a new record goes again, one that was to be linked alone has
// failed, of the others it is said.
void refuse_links(batch& all, batch_row& row, const error& why, std::vector<batch_row*>& unlinked) {
    if (row.what == write_kind::create) {
        row.end.failure = why;
        unlinked.push_back(&row);
        return;
    }
    leave_unlinked(all, row, why, true);
}

// link_singly() writes the links of each row by itself, after they were refused together. What is
// refused for all, or is not answered, is not tried further.
async<done> link_singly(call_slot& slot, batch& all, std::vector<batch_row*> rows,
                        const call_context& context, bool look_first) {
    std::vector<batch_row*> unlinked;
    std::vector<batch_row*> untried;
    std::optional<error> stopped;
    for (auto* row : rows) {
        if (!stopped && !has_time(context)) stopped = out_of_time();
        if (stopped) {
            untried.push_back(row);
            continue;
        }
        std::vector<linked_record> one;
        one.push_back({row->id, &row->about});
        // A new record has no links yet, unless an earlier request of this call may have written
        // some.
        const bool look = look_first || row->what != write_kind::create;
        write_end end = co_await link_records(slot, all.of, all.may, std::move(one), look);
        if (!end.failure) continue;
        if (end.perhaps || meets_all(*end.failure)) {
            leave_unlinked(all, *row, *end.failure, !end.perhaps);
            stopped = end.failure;
            continue;
        }
        refuse_links(all, *row, *end.failure, unlinked);
    }
    if (stopped) leave_unlinked(all, untried, *stopped, true);
    co_await take_back(slot, all, std::move(unlinked));
    co_return done();
}

} // namespace

async<done> link_rows(call_slot& slot, batch& all, const call_context& context) {
    std::vector<batch_row*> rows = linked_rows(all);
    if (rows.empty()) co_return done();
    if (!has_time(context)) {
        leave_unlinked(all, rows, out_of_time(), true);
        co_return done();
    }
    std::vector<linked_record> records;
    bool look_first = false;
    std::size_t links = 0;
    for (const auto* row : rows) {
        records.push_back({row->id, &row->about});
        links += row->about.size();
        look_first = look_first || row->what != write_kind::create;
    }
    write_end end = co_await link_records(slot, all.of, all.may, std::move(records), look_first);
    if (!end.failure) co_return done();
    // The first ones of several requests may have written theirs.
    const bool several = links > twenty::max_page;
    if (end.perhaps || meets_all(*end.failure)) {
        leave_unlinked(all, rows, *end.failure, !end.perhaps && !several);
        co_return done();
    }
    // A refusal by the role or by names is the same for each of them, so it is not tried singly.
    if (end.failure->code == errc::not_allowed || end.stale_schema) { // so for each of them
        std::vector<batch_row*> unlinked;
        for (auto* row : rows)
            refuse_links(all, *row, *end.failure, unlinked);
        co_await take_back(slot, all, std::move(unlinked));
        co_return done();
    }
    co_await link_singly(slot, all, std::move(rows), context, several);
    co_return done();
}

} // namespace crm
