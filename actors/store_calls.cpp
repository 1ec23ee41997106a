// Calls on their way into the trail, in the store's actor.
#include "actors/store.hpp"
#include "base/text.hpp"
#include "metrics/metrics.hpp"

#include <algorithm>
#include <utility>

namespace actors {

namespace {

// A label is what its person wrote, and a client's name what it says of itself.
constexpr std::size_t longest_name = 80;

// Some 300 bytes each. Tried again after a while, because a disk that is full stays so for a while.
constexpr std::size_t most_unsettled = 10'000;
constexpr std::chrono::seconds retry_calls{5};

stored::call_record row_of(const noted_call& call) {
    const auto& r = call.report;
    stored::call_record row;
    row.at = call.at;
    row.grant_id = call.who->grant_id;
    row.label = text::cut_utf8(call.who->connection.label, longest_name);
    row.key_id = text::cut_utf8(call.who->connection.key_id, longest_name);
    row.client = text::cut_utf8(call.who->client_name, longest_name);
    row.tool = r.tool.empty() ? r.method : r.tool;
    row.object = r.object;
    row.ids = text::join(r.ids, ",");
    row.rows = static_cast<std::int64_t>(r.rows);
    row.outcome = r.outcome();
    row.bytes = static_cast<std::int64_t>(r.bytes);
    row.ms = std::chrono::round<std::chrono::milliseconds>(r.total).count();
    row.request_id = call.request_id;
    return row;
}

} // namespace

// Nobody waits for calls to be written down, so they wait here for their COMMIT; after one that
// failed they are tried again, all of them and in order. What is too much to keep is counted and
// said.
void store_logic::note(const note_calls& m) {
    std::vector<stored::call_record> rows;
    rows.reserve(m.calls.size());
    for (const auto& call : m.calls)
        rows.push_back(row_of(call));
    const auto room = most_unsettled - std::min(most_unsettled, unsettled_calls_.size());
    const auto lost = rows.size() - std::min(rows.size(), room);
    rows.resize(rows.size() - lost);
    unsettled_calls_.insert(unsettled_calls_.end(), rows.begin(), rows.end());
    if (lost > 0) {
        metrics::count(metrics::id::calls_lost, {}, static_cast<double>(lost));
        logging::event(logging::level::error, "calls_not_written_down", {{"calls", lost}});
    }
    if (retry_sent_) return;
    if (const auto noted = database_->note_calls(std::move(rows)))
        settle();
    else
        hold_calls(noted.failure());
}

// hold_calls() says once why calls wait, and tries again until they are in the database.
void store_logic::hold_calls(const error& why) {
    if (unsettled_calls_.empty() || retry_sent_) return;
    retry_sent_ = true;
    tell_later(self_, retry_calls, retry_noting{});
    if (std::exchange(calls_held_, true)) return;
    logging::event(
        logging::level::warning, "calls_wait",
        {{"calls", unsettled_calls_.size()}, {"reason", why.message}, {"detail", why.detail}});
}

void store_logic::retry() {
    retry_sent_ = false;
    if (const auto noted = database_->note_calls(unsettled_calls_))
        settle();
    else
        hold_calls(noted.failure());
}

// After each COMMIT, or the failure in its place.
void store_logic::calls_settled(const std::optional<error>& failure) {
    if (failure) return hold_calls(*failure);
    if (retry_sent_) return;
    unsettled_calls_.clear();
    calls_held_ = false;
}

} // namespace actors
