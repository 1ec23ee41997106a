// What a batch shows: a line for each record, with what is stored now.
#include "base/text.hpp"
#include "mcp/batch.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/fit.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mcp {

namespace {

using state = batch_row::state;

constexpr std::size_t longest_text = 300;
constexpr std::size_t longest_label = 100;
constexpr std::size_t longest_record = 1'000;
constexpr std::string_view perhaps =
    "It may have been written all the same: get_record this id before repeating.";

using records = std::map<std::string, json::value, std::less<>>; // by id

// The stored records of what was written, and of creates of which it is not known. Their ids
// are ours, so that what is found was created.
task<records> read_back(exchange& slot, batch& all) {
    records found;
    std::vector<std::string> ids;
    json::object written;
    for (const auto& row : all.rows) {
        const bool may_exist = row.now == state::unknown && row.what == write_kind::create;
        if (row.what == write_kind::remove || (row.now != state::done && !may_exist)) continue;
        ids.push_back(row.id);
        for (const auto& [name, _] : row.data.values)
            written.set(name, json::value());
    }
    if (ids.empty()) co_return found;
    twenty::wanted_fields want = written_fields(all.of, all.may, written);
    std::erase_if(want.fields, [](const auto& f) { return f == "createdAt" || f == "updatedAt"; });
    request_maker make = [&all, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(all.of, ids, selection, true));
    };
    reading read = co_await read_root(slot, all.of, all.may, std::move(want), std::move(make),
                                      twenty::root_many(all.of));
    if (read.failure) {
        all.notes.push_back("What is written is stored, but could not be read back: " +
                            read.failure->message);
        co_return found;
    }
    all.notes.insert(all.notes.end(), read.notes.begin(), read.notes.end());
    const auto nodes = twenty::connection_nodes(read.root);
    if (const auto* listed = nodes.if_array())
        for (const auto& node : *listed)
            found.emplace(text::lower(node.text("id")), node);
    for (auto& row : all.rows)
        if (row.now == state::unknown && found.contains(row.id)) row.now = state::done;
    co_return found;
}

json::value fault(const batch_row& row) {
    json::object out;
    out.append("code", to_string(row.end.failure->code));
    out.append("message", row.end.failure->message);
    if (const auto* existing = row.end.more.find("existing")) out.append("existing", *existing);
    return out;
}

class report {
  public:
    explicit report(const batch& all) : all_(all) {}

    json::array lines(const records& stored) {
        json::array out;
        for (const auto& row : all_.rows) {
            if (row.now == state::waiting) continue;
            json::object line;
            line.append("index", row.index);
            if (row.now == state::done) {
                line.append("outcome", done_word(row.what));
                line.append("id", row.id);
                const auto record = stored.find(row.id);
                if (record != stored.end()) show(line, record->second);
            } else {
                const bool unknown = row.now == state::unknown;
                line.append("outcome", unknown ? "unknown" : "failed");
                if (!row.id.empty() && (unknown || row.what != write_kind::create))
                    line.append("id", row.id);
                line.append("error", fault(row));
                if (unknown) line.append("hint", perhaps);
            }
            bytes_ += json::dump(line).size();
            out.emplace_back(std::move(line));
        }
        return out;
    }
    [[nodiscard]] bool left_out() const { return left_out_; }
    [[nodiscard]] bool deleted() const { return deleted_; }

  private:
    void show(json::object& line, const json::value& stored) {
        const auto label = twenty::record_label(stored, all_.of);
        if (!label.empty()) line.append("label", text::cut_utf8(label, longest_label));
        auto record = twenty::compact_record(stored, all_.of, all_.may);
        if (auto* members = record.if_object()) {
            members->erase("id");
            if (members->contains("deletedAt")) deleted_ = true;
            if (all_.of.label_field != "id") members->erase(all_.of.label_field);
        }
        if (!record.if_object() || record.if_object()->empty()) return;
        if (bytes_ > page_budget) {
            left_out_ = true;
            return;
        }
        const auto cut = fit(record, longest_text, longest_record);
        left_out_ = left_out_ || !cut.cut.empty() || !cut.left_out.empty();
        line.append("record", std::move(record));
    }

    const batch& all_;
    std::size_t bytes_ = 0;
    bool left_out_ = false;
    bool deleted_ = false;
};

// The caller's words for what was repaired are the same for many rows: each once.
void add_repairs(batch& all) {
    constexpr std::size_t most = 12;
    for (const auto& row : all.rows)
        for (const auto& note : row.data.notes)
            if (all.notes.size() < most && std::ranges::find(all.notes, note) == all.notes.end())
                all.notes.push_back(note);
}

json::array waiting_of(const batch& all) {
    json::array out;
    for (const auto& row : all.rows)
        if (row.now == state::waiting) out.emplace_back(row.index);
    return out;
}

// Nothing was written: the first reason, and each row's own.
crm_outcome nothing_done(const batch& all, json::array lines) {
    crm_outcome out;
    const auto first =
        std::ranges::find_if(all.rows, [](const auto& row) { return row.now == state::failed; });
    out.failure = all.stopped || first == all.rows.end() ? all.stopped : first->end.failure;
    if (!out.failure) out.failure = error(errc::internal, "Nothing was written.");
    out.failure->message = "None of the " + std::to_string(all.rows.size()) +
                           " records was written. " + out.failure->message;
    json::object more;
    if (!lines.empty()) more.append("results", std::move(lines));
    if (auto waiting = waiting_of(all); !waiting.empty())
        more.append("notDone", std::move(waiting));
    out.more = std::move(more);
    return out;
}

} // namespace

task<crm_outcome> sum_up(exchange& slot, batch& all) {
    if (all.stale) co_return failed(std::move(*all.stale));
    const records stored = co_await read_back(slot, all);
    report shown(all);
    json::array lines = shown.lines(stored);
    const auto done = all.count(state::done);
    if (done == 0 && all.count(state::unknown) == 0) co_return nothing_done(all, std::move(lines));
    crm_outcome out;
    add_repairs(all);
    out.notes = std::move(all.notes);
    out.body.set("object", all.of.name_singular);
    out.body.set("done", done);
    if (const auto failures = all.count(state::failed); failures > 0)
        out.body.set("failed", failures);
    if (auto waiting = waiting_of(all); !waiting.empty()) {
        out.body.set("notDone", std::move(waiting));
        out.notes.push_back("notDone lists the indexes of " + std::string(all.argument) +
                            " that were not sent; a call with those alone goes on." +
                            (all.stopped ? " Stopped because: " + all.stopped->message : ""));
    }
    out.body.set("results", std::move(lines));
    if (shown.left_out())
        out.notes.emplace_back("Not all of what is stored is shown; find_records shows more.");
    if (shown.deleted())
        out.notes.emplace_back("Records with deletedAt are deleted and no list shows them; "
                               "restore_record brings them back.");
    if (all.rows.front().what == write_kind::remove)
        out.notes.emplace_back("Soft delete: restore_record with these ids brings them back.");
    co_return out;
}

} // namespace mcp
