// The writes of a batch. A row begins as waiting. read_before() settles rows that are missing,
// deleted or as they shall be; write_rows() moves the others to done, to failed, or to unknown
// where no answer came. read_back() makes an unknown create done when its record is there.
// link_rows() takes done back where links were not written: from a new record that was deleted
// again for that, and from a row that was for links alone. A row that still waits in the end was
// not written.
#include "crm/batch.hpp"

#include "base/text.hpp"
#include "mcp/interaction.hpp"
#include "twenty/many.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

// One refused record sends all of its request again, one by one, so they are not more (decision
// 0006).
constexpr std::size_t together = 20; // creates in one request
constexpr std::size_t reported = 10; // writes between two reports of progress
// most_rule_refusals bounds how often the rows that broke no rule go again without those that did.
constexpr std::size_t most_rule_refusals = 3;

// most_refused_alone refusals of one kind in a row say that the others would hardly fare better.
constexpr std::size_t most_refused_alone = 10;
// most_answered bounds the answer to a change of several: Twenty repeats what was written for each
// of them, and a write whose answer is too large to be read is not known to be done.
constexpr std::size_t most_answered = 512'000;

void tell(call_slot& slot, const batch& all) {
    const auto total = all.rows.size();
    const auto done = total - all.count(state::waiting);
    report_progress(slot, static_cast<std::int64_t>(done), static_cast<std::int64_t>(total),
                    std::to_string(done) + " of " + std::to_string(total) + " records");
}

bool goes_on_in_time(batch& all, const call_context& context) {
    if (has_time(context)) return true;
    all.stopped = out_of_time();
    return false;
}

// Twenty names the records that break its rules, and writes none of the others. True: those have
// failed, each with its own sentence, and the others can go again.
bool fail_rule_breakers(batch& all, const std::vector<batch_row*>& rows, const write_end& end) {
    if (end.broken_rules.empty() || all.rule_refusals == most_rule_refusals) return false;
    bool named = false;
    for (auto* row : rows) {
        auto sentence = twenty::rules_sentence(end.broken_rules, row->id);
        if (sentence.empty()) continue;
        all.fail(*row, error(end.failure->code, std::move(sentence)));
        named = true;
    }
    if (named) ++all.rule_refusals;
    return named;
}

// perhaps_for_one() is true of a refusal that says nothing of the other rows: Twenty changes all or
// none, so one of them may be meant. The key's role and the size of the data are of all.
bool perhaps_for_one(const write_end& end) {
    const auto code = end.failure->code;
    return !end.perhaps && !end.stale_schema && !meets_all(*end.failure) &&
           code != errc::not_allowed && code != errc::too_large;
}

void count_refusal(batch& all, const batch_row& row, std::string& last) {
    const bool again = row.alone && row.now == state::failed && row.end.failure &&
                       row.end.failure->message == last;
    all.refused_alone = again ? all.refused_alone + 1 : 1;
    last = row.end.failure ? row.end.failure->message : std::string();
    if (again && all.refused_alone >= most_refused_alone && !all.stopped)
        all.stopped = row.end.failure;
}

std::vector<batch_row*> next_creates(batch& all) {
    std::vector<batch_row*> rows;
    for (auto& row : all.rows)
        if (row.now == state::waiting && row.what == write_kind::create && rows.size() < together)
            rows.push_back(&row);
    return rows;
}

// create_together() is false where Twenty refused all of them for what may be the fault of one:
// then they go singly. It is true where they are settled, and also where no other request would
// fare better.
async<bool> create_together(call_slot& slot, batch& all, std::vector<batch_row*> rows) {
    std::vector<json::object> records;
    for (const auto* row : rows) {
        auto record = row->data.values;
        record.set("id", row->id);
        records.push_back(std::move(record));
    }
    write_end end = co_await write_new(slot, all.of, all.may, std::move(records));
    if (end.failure && fail_rule_breakers(all, rows, end)) co_return true;
    // take_down() settles what all of them meet, and knows a schema that is out of date.
    if (end.failure && !meets_all(*end.failure) && !end.stale_schema) co_return false;
    for (auto* row : rows)
        all.take_down(*row, end);
    co_return true;
}

// next_group() is the first row that waits, with all others that are changed in the same way (equal
// `keys`). A create is always alone.
std::vector<batch_row*> next_group(batch& all, const std::vector<std::string>& keys,
                                   bool creates_only) {
    std::vector<batch_row*> group;
    std::size_t first = 0;
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        auto& row = all.rows[i];
        if (row.now != state::waiting || (creates_only && row.what != write_kind::create)) continue;
        if (group.empty()) first = i;
        const bool equal = row.what != write_kind::create && row.what == all.rows[first].what &&
                           keys[i] == keys[first] && !row.alone && !all.rows[first].alone;
        if (group.empty() || (equal && group.size() < twenty::most_changed)) group.push_back(&row);
    }
    return group;
}

async<done> change_together(call_slot& slot, batch& all, std::vector<batch_row*> rows) {
    std::vector<std::string> ids;
    std::vector<const json::value*> before;
    for (const auto* row : rows) {
        ids.push_back(row->id);
        before.push_back(&row->before);
    }
    // Twenty's answer repeats the values for every record, so long values are answered by the ids
    // alone.
    const batch_row& first = *rows.front();
    std::string selection = all.selection;
    if (json::dumped_size(first.data.values) * rows.size() > most_answered) {
        all.shown_in_part = true;
        selection = "id";
    }
    write_end end =
        co_await write_together(slot, all.of, all.may, first.what, std::move(ids),
                                first.data.values, std::move(selection), std::move(before));
    all.shown_in_part = all.shown_in_part || end.short_answer;
    if (end.failure && fail_rule_breakers(all, rows, end)) co_return done();
    if (end.failure && perhaps_for_one(end)) {
        for (auto* row : rows)
            row->alone = true;
        co_return done();
    }
    const json::value answered = std::move(end.record);
    std::map<std::string, const json::value*> changed;
    if (const auto* listed = answered.if_array())
        for (const auto& record : *listed)
            changed.emplace(text::lower(record.text("id")), &record);
    for (auto* row : rows) {
        if (end.failure) {
            all.take_down(*row, end);
            continue;
        }
        // Twenty leaves out ids that it lacks [twenty-golden-2 many/013].
        const auto found = changed.find(row->id);
        if (found == changed.end()) {
            all.fail(*row, missing_record(all.of));
            continue;
        }
        row->now = state::done;
        row->stored = *found->second;
    }
    co_return done();
}

} // namespace

bool has_time(const call_context& context) {
    // The reserve is for a slow last write, for the links and for what is read behind them.
    constexpr std::chrono::milliseconds reserve(20'000);
    return context.time_left() >= reserve;
}

error out_of_time() { return {errc::upstream_timeout, "The call's time was nearly over."}; }

void batch::fail(batch_row& row, error why) {
    row.now = state::failed;
    row.end.failure = std::move(why);
}

void batch::take_down(batch_row& row, write_end end) {
    if (!end.failure) {
        row.now = state::done;
        return;
    }
    const auto code = end.failure->code;
    // A schema that is out of date ends the batch only while nothing is written: the whole call is
    // then run again by work_in_workspace(), which would write a second time what is written.
    if (end.stale_schema && count(state::done) == 0 && count(state::unknown) == 0) {
        stale = std::move(end);
        return;
    }
    // A role that may not do this to one record may not do it to the others.
    const bool never = code == errc::not_allowed && count(state::done) == 0;
    const bool all_alike = meets_all(*end.failure);
    if ((all_alike || never) && !stopped) stopped = end.failure;
    // A row without an answer is unknown. A failure that all would meet leaves its row waiting: it
    // was certainly not written, and can be sent by a later call.
    if (end.perhaps)
        row.now = state::unknown;
    else if (!all_alike)
        row.now = state::failed;
    row.end = std::move(end);
}

std::size_t batch::count(state now) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [&](const auto& row) { return row.now == now; }));
}

async<done> write_rows(call_slot& slot, batch& all, const call_context& context) {
    // write_rows() sends new records first, twenty at a time, while several wait. `singly` counts
    // those of a refused request that still go by themselves, and while it counts no others are
    // taken. Then come changes: equal ones together, all else alone.
    std::size_t singly = 0; // creates to send one by one, after they failed together
    std::size_t since = 0;
    std::string last_refusal;
    std::vector<std::string> keys;
    for (const auto& row : all.rows)
        keys.push_back(row.what == write_kind::create ? "" : json::dump(row.data.values));
    while (all.goes_on()) {
        if (singly == 0) {
            std::vector<batch_row*> rows = next_creates(all);
            if (rows.size() > 1) {
                if (!goes_on_in_time(all, context)) break;
                const std::size_t tried = rows.size();
                const bool settled = co_await create_together(slot, all, std::move(rows));
                if (!settled) singly = tried;
                tell(slot, all);
                continue;
            }
        }
        std::vector<batch_row*> group = next_group(all, keys, singly > 0);
        if (group.empty() || !goes_on_in_time(all, context)) break;
        if (group.size() > 1) {
            co_await change_together(slot, all, std::move(group));
            tell(slot, all);
            continue;
        }
        batch_row& next = *group.front();
        const bool creates = next.what == write_kind::create;
        std::string selection = creates ? "id" : all.selection;
        write_end end = co_await write_one(slot, all.of, all.may, next.what, next.id,
                                           next.data.values, std::move(selection), &next.before);
        if (!end.failure && !creates) next.stored = std::move(end.record);
        all.take_down(next, std::move(end));
        count_refusal(all, next, last_refusal);
        if (singly > 0) --singly;
        if (++since % reported == 0) tell(slot, all);
    }
    co_return done();
}

} // namespace crm
