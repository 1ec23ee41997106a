// The result of a batch: a line for each record, with what is stored now.
#include "base/text.hpp"
#include "crm/batch.hpp"
#include "crm/before.hpp"
#include "crm/fit.hpp"
#include "crm/reading.hpp"
#include "crm/similar.hpp"
#include "crm/tools.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

constexpr std::size_t longest_batch_text = 300;
constexpr std::size_t longest_batch_label = 100;
constexpr std::size_t longest_record = 1'000;
constexpr std::string_view perhaps =
    "It may have been written all the same: get_record this id before repeating.";

json::value fault(const batch_row& row) {
    json::object out;
    out.append("code", to_string(row.end.failure->code));
    out.append("message", row.end.failure->message);
    if (const auto* existing = row.end.more.find("existing")) out.append("existing", *existing);
    return out;
}

// seen is what a line shows beside its outcome.
struct seen {
    json::value record, before;
};

class report {
  public:
    explicit report(const batch& all) : all_(all) {}

    json::array lines() {
        find_shared();
        json::array out;
        for (const auto& row : all_.rows) {
            if (row.now == state::waiting) continue;
            json::object line;
            // An id tells which record is meant.
            if (!by_id() || row.id.empty()) line.append("index", row.index);
            if (row.now == state::done) {
                line.append("outcome", done_word(row.what));
                line.append("id", row.id);
                show(line, row);
                if (!row.similar.empty()) line.append("similar", row.similar);
            } else {
                const bool unknown = row.now == state::unknown;
                line.append("outcome", unknown ? "unknown" : "failed");
                if (!row.id.empty() && (unknown || row.what != write_kind::create))
                    line.append("id", row.id);
                line.append("error", fault(row));
                if (unknown) line.append("hint", perhaps);
            }
            bytes_ += json::dumped_size(line);
            out.emplace_back(std::move(line));
        }
        return out;
    }
    // shared() is what all changed rows have in common.
    [[nodiscard]] const seen& shared() const { return shared_; }
    // cut() says what of it is not shown whole.
    [[nodiscard]] const std::vector<std::string>& cut() const { return cut_; }
    [[nodiscard]] bool left_out() const { return left_out_; }
    [[nodiscard]] bool deleted() const { return deleted_; }

  private:
    [[nodiscard]] bool by_id() const { return all_.argument == "ids"; }

    [[nodiscard]] seen look(const batch_row& row) const {
        seen out;
        if (row.what == write_kind::remove || row.stored.is_null()) return out;
        out.record = twenty::compact_record(row.stored, all_.of, all_.may);
        show_cleared(out.record, row.stored, row.data.values);
        if (auto* members = out.record.if_object()) {
            const bool labelled = all_.of->label_field != "id";
            if (labelled && (!by_id() || !row.data.values.contains(all_.of->label_field)))
                members->erase(all_.of->label_field);
            for (const auto* known : {"id", "createdAt", "updatedAt"})
                if (!row.data.values.contains(known)) members->erase(known);
        }
        if (row.what == write_kind::update && !row.before.is_null())
            out.before = changed_from(row.before, row.stored, row.data.values, all_.of, all_.may);
        return out;
    }

    // Equal changes are shown once.
    void find_shared() {
        if (!by_id()) return;
        const batch_row* first = nullptr;
        bool same_record = true;
        bool same_before = true;
        for (const auto& row : all_.rows) {
            if (row.now != state::done || row.what != write_kind::update) continue;
            auto one = look(row);
            if (!first) {
                first = &row;
                shared_ = std::move(one);
                continue;
            }
            same_record = same_record && one.record == shared_.record;
            same_before = same_before && one.before == shared_.before;
        }
        if (!same_record) shared_.record = json::value();
        if (!same_before) shared_.before = json::value();
        fit(shared_.record, longest_batch_text, longest_record);
        const auto cut = fit(shared_.before, longest_batch_text, longest_record);
        for (const auto& part : cut.cut)
            cut_.push_back("before." + part.path + " was cut; it had " +
                           std::to_string(part.bytes) + " bytes.");
    }

    void show(json::object& line, const batch_row& row) {
        auto label = twenty::record_label(row.stored, all_.of);
        if (label.empty() && !row.data.values.contains(all_.of->label_field))
            label = twenty::record_label(row.before, all_.of);
        if (!label.empty() && bytes_ <= page_budget)
            line.append("label", text::cut_utf8(label, longest_batch_label));
        auto one = look(row);
        const auto* members = one.record.if_object();
        if (members && members->contains("deletedAt")) deleted_ = true;
        if (shared_.record.is_null()) append(line, "record", std::move(one.record));
        if (shared_.before.is_null()) append(line, "before", std::move(one.before));
    }

    void append(json::object& line, const char* name, json::value what) {
        if (!what.if_object() || what.if_object()->empty()) return;
        if (bytes_ > page_budget) {
            left_out_ = true;
            return;
        }
        const auto cut = fit(what, longest_batch_text, longest_record);
        left_out_ = left_out_ || !cut.cut.empty() || !cut.left_out.empty();
        line.append(name, std::move(what));
    }

    const batch& all_;
    seen shared_;
    std::vector<std::string> cut_;
    std::size_t bytes_ = 0;
    bool left_out_ = false;
    bool deleted_ = false;
};

// note_links_to_deleted() says each sentence once, for all rows that it is true of.
void note_links_to_deleted(const batch& all, std::vector<std::string>& notes) {
    std::map<std::string, std::vector<std::size_t>> rows;
    for (const auto& row : all.rows)
        if (row.now == state::done && row.what != write_kind::remove)
            for (auto& note : links_to_deleted(row.stored, row.data.values, all.of))
                rows[std::move(note)].push_back(row.index);
    for (const auto& [note, indexes] : rows)
        notes.push_back(named_rows(all, indexes) + ": " + note);
}

// The caller's words for what was repaired are the same for many rows: each once.
void add_repairs(batch& all) {
    constexpr std::size_t most = 12;
    for (const auto& row : all.rows)
        for (const auto& note : row.data.notes)
            if (all.notes.size() < most && std::ranges::find(all.notes, note) == all.notes.end())
                all.notes.push_back(note);
}

// note_twins() pairs new records of this call that probably repeat an earlier one of it.
void note_twins(const batch& all, std::vector<std::string>& notes) {
    constexpr std::size_t most = 10;
    std::string pairs;
    std::size_t count = 0;
    for (const auto& row : all.rows) {
        if (row.now != state::done || !row.twin || row.twin->now != state::done) continue;
        if (++count <= most)
            pairs += (pairs.empty() ? "" : ", ") + std::to_string(row.index) + " of " +
                     std::to_string(row.twin->index);
    }
    if (count == 0) return;
    if (count > most) pairs += " and " + std::to_string(count - most) + " more";
    notes.push_back("Some new records are probably the same as an earlier one of this call (by "
                    "index: " +
                    pairs + "). If so, delete_record the later one.");
}

json::array waiting_of(const batch& all) {
    json::array out;
    for (const auto& row : all.rows)
        if (row.now == state::waiting) out.emplace_back(row.index);
    return out;
}

// No row is known to be written: the first reason, and each row's own.
crm_outcome nothing_done(const batch& all, json::array lines) {
    crm_outcome out;
    const auto first =
        std::ranges::find_if(all.rows, [](const auto& row) { return row.now != state::waiting; });
    out.failure = all.stopped || first == all.rows.end() ? all.stopped : first->end.failure;
    if (!out.failure) out.failure = error(errc::internal, "Nothing was written.");
    const auto count = all.rows.size();
    const std::string none =
        count == 1 ? "The record" : "None of the " + std::to_string(count) + " records";
    const std::string known = count == 1 ? " is not known to be" : " is known to be";
    const std::string not_done = count == 1 ? " was not" : " was";
    const bool back = std::ranges::any_of(all.rows, [](const auto& row) { return row.taken_back; });
    out.failure->message = none + (all.count(state::unknown) > 0 ? known : not_done) +
                           (back ? " kept. " : " written. ") + out.failure->message;
    json::object more;
    if (!all.notes.empty()) {
        json::array notes;
        for (const auto& note : all.notes)
            notes.emplace_back(note);
        more.append("notes", std::move(notes));
    }
    if (!lines.empty()) more.append("results", std::move(lines));
    if (auto waiting = waiting_of(all); !waiting.empty())
        more.append("notDone", std::move(waiting));
    out.more = std::move(more);
    return out;
}

} // namespace

std::string named_rows(const batch& all, const std::vector<std::size_t>& indexes) {
    constexpr std::size_t most = 10;
    std::vector<std::string> shown;
    for (const auto index : indexes)
        if (shown.size() < most) shown.push_back(std::to_string(index));
    const auto more = indexes.size() - shown.size();
    return std::string(all.argument) + "[" + text::join(shown, ", ") + "]" +
           (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

crm_outcome nothing_written(batch& all) {
    crm_outcome out = failed(std::move(*all.stale));
    report shown(all);
    json::object more;
    more.append("results", shown.lines());
    out.more = std::move(more);
    return out;
}

crm_outcome sum_up(batch& all) {
    if (all.stale) return nothing_written(all);
    report shown(all);
    json::array lines = shown.lines();
    const auto done = all.count(state::done);
    if (done == 0) return nothing_done(all, std::move(lines));
    crm_outcome out;
    add_repairs(all);
    out.notes = std::move(all.notes);
    out.body.set("object", all.of->name_singular);
    out.body.set("done", done);
    if (const auto failures = all.count(state::failed); failures > 0)
        out.body.set("failed", failures);
    if (auto waiting = waiting_of(all); !waiting.empty()) {
        out.body.set("notDone", std::move(waiting));
        out.notes.push_back("notDone lists the indexes of " + std::string(all.argument) +
                            " that were not sent; a call with those alone goes on." +
                            (all.stopped ? " Stopped because: " + all.stopped->message : ""));
    }
    if (!shown.shared().record.is_null()) out.body.set("record", shown.shared().record);
    if (!shown.shared().before.is_null()) out.body.set("before", shown.shared().before);
    out.body.set("results", std::move(lines));
    const bool similar = std::ranges::any_of(all.rows, [](const batch_row& row) {
        return row.now == state::done && !row.similar.empty();
    });
    if (similar) out.notes.push_back(similar_note(all.of));
    note_twins(all, out.notes);
    note_links_to_deleted(all, out.notes);
    if (all.so_already > 0)
        out.notes.push_back(
            std::to_string(all.so_already) + " of them were " +
            (all.rows.front().what == write_kind::remove ? "deleted already." : "not deleted."));
    if (all.shown_in_part)
        out.notes.emplace_back("What was written is too long to be shown for all of them; "
                               "get_record shows one.");
    out.notes.insert(out.notes.end(), shown.cut().begin(), shown.cut().end());
    if (shown.left_out())
        out.notes.emplace_back("Not all of what is stored, or was before, is shown; find_records "
                               "shows what is stored.");
    if (shown.deleted())
        out.notes.emplace_back("Records with deletedAt are deleted and no list shows them; "
                               "restore_record brings them back.");
    if (all.rows.front().what == write_kind::remove)
        out.notes.emplace_back("Soft delete: restore_record with these ids brings them back.");
    return out;
}

} // namespace crm
