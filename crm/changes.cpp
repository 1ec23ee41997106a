#include "crm/changes.hpp"

#include "base/text.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace crm {

namespace {

constexpr std::array<std::string_view, 5> effects{"create", "update", "delete", "restore", "merge"};

// Below mcp::most_change_body, with the labels and ids of most_change_ids records beside.
constexpr std::size_t most_values = std::size_t{900} * 1024;
constexpr std::size_t longest_kept_label = 120;

constexpr std::string_view updated = "updatedAt";
constexpr std::string_view deleted = "deletedAt";

void append_text(json::object& to, std::string_view name, const json::value& from) {
    if (const auto text = from.text(name); !text.empty()) to.append(std::string(name), text);
}

// The stored values of the fields that are written, and no others: the rest of a record is nobody's
// business here, unless it goes.
void write_stored(json::writer& out, const changing& row, const json::object& written) {
    out.key("before").begin_object();
    const auto& names = row.is_gone ? *row.before->if_object() : written;
    for (const auto& [name, _] : names)
        if (const auto* v = row.before->find(name); v && name != "id" && name != updated)
            out.member(name, *v);
    out.end_object();
}

std::size_t stored_bytes(const changing& row, const json::object& written) {
    if (!row.before || !row.before->is_object()) return 0;
    if (row.is_gone) return json::dumped_size(*row.before);
    std::size_t bytes = 0;
    for (const auto& [name, _] : written)
        if (const auto* v = row.before->find(name)) bytes += name.size() + json::dumped_size(*v);
    return bytes;
}

std::size_t values_bytes(const std::vector<changing>& rows, const json::object& for_all) {
    std::size_t bytes = json::dumped_size(for_all);
    for (const auto& r : rows) {
        const auto& written = r.written ? *r.written : for_all;
        if (r.written) bytes += json::dumped_size(written);
        bytes += stored_bytes(r, written);
    }
    return bytes;
}

// begun_body() leaves all values out where they are too long to be kept: the change is known then,
// and cannot be taken back. Nothing is copied, for a call may write a megabyte.
std::string begun_body(const std::vector<changing>& rows, const json::object& for_all,
                       std::size_t most) {
    const bool fits = values_bytes(rows, for_all) <= most;
    json::writer out;
    out.begin_object();
    if (!fits) out.member("tooLong", true);
    if (fits && !for_all.empty()) out.key("written").members(for_all);
    out.key("rows").begin_array();
    for (const auto& r : rows) {
        out.begin_object().member("id", r.id);
        if (!r.label.empty()) out.member("label", text::cut_utf8(r.label, longest_kept_label));
        const auto& written = r.written ? *r.written : for_all;
        if (r.before)
            if (const auto seen = r.before->text(updated); !seen.empty()) out.member("seen", seen);
        if (fits && r.before && r.before->is_object()) write_stored(out, r, written);
        if (r.is_gone) out.member("gone", true);
        if (fits && r.written) out.key("written").members(*r.written);
        out.end_object();
    }
    return out.end_array().end_object().take();
}

std::string ended_body(const std::vector<const json::value*>& stored, const json::object& written,
                       const twenty::object& of, const twenty::access& may) {
    json::array rows;
    std::size_t bytes = 0;
    for (const auto* record : stored) {
        json::object row;
        row.append("id", text::lower(record->text("id")));
        append_text(row, updated, *record);
        append_text(row, deleted, *record);
        auto kept = written.empty() ? std::nullopt : kept_values(*record, written, of, may);
        if (kept) row.append("after", *std::move(kept));
        bytes += json::dumped_size(json::value(row));
        rows.emplace_back(std::move(row));
    }
    if (bytes > most_values)
        for (auto& row : rows)
            row.if_object()->erase("after");
    json::object body;
    body.append("rows", std::move(rows));
    return json::dump(json::value(std::move(body)));
}

std::vector<const json::value*> answered_records(const json::value& answered) {
    std::vector<const json::value*> out;
    if (const auto* listed = answered.if_array())
        for (const auto& record : *listed)
            out.push_back(&record);
    else if (answered.is_object())
        out.push_back(&answered);
    return out;
}

// No more records are written than the person was told of. One that is sent again, by itself or
// with others, counts once.
bool stays_within_plan(call_slot& slot, const std::vector<changing>& rows, std::size_t at_least) {
    for (const auto& row : rows)
        slot.written.insert(row.id);
    if (at_least > rows.size()) slot.written_unnamed += at_least - rows.size();
    const auto written = slot.written.size() + slot.written_unnamed;
    return slot.cleared && static_cast<std::int64_t>(written) <= *slot.cleared;
}

// The only copy of what a write destroys is in the journal.
error cannot_be_kept() {
    return {errc::too_large,
            "The records are too long for the change journal, so nothing could bring them back; "
            "their person does this in Twenty.",
            std::string(twenty::not_sent)};
}

async<result<std::string>> tell_begin(call_slot& slot, change_begun told) {
    need what = need_change_begun(std::move(told));
    need_awaiter<result<std::string>> wait(slot, std::move(what));
    co_return co_await wait;
}

async<done> tell_end(call_slot& slot, change_ended told) {
    need what = need_change_ended(std::move(told));
    need_awaiter<result<done>> wait(slot, std::move(what));
    (void)co_await wait; // an end that is lost is looked up when it is asked for
    co_return done();
}

} // namespace

std::string_view effect_word(write_kind what) noexcept {
    return effects.at(static_cast<std::size_t>(what));
}

std::optional<write_kind> write_of(std::string_view effect) noexcept {
    const auto at = std::ranges::find(effects, effect);
    if (at == effects.end()) return std::nullopt;
    return static_cast<write_kind>(at - effects.begin());
}

// kept_values() takes compact values, as changed_from() does: one value may come back in several
// forms. A position is in no compact record.
std::optional<json::object> kept_values(const json::value& stored, const json::object& written,
                                        const twenty::object& of, const twenty::access& may) {
    json::object out;
    const auto compact = twenty::compact_record(stored, of, may);
    for (const auto& [name, _] : written) {
        if (name == "id") continue;
        const auto* raw = stored.find(name);
        if (!raw) return std::nullopt;
        const auto* shown = compact.find(name);
        out.append(name, shown ? *shown : raw->is_number() ? *raw : json::value());
    }
    return out;
}

async<result<std::string>> begin_change(call_slot& slot, const twenty::object& of,
                                        std::string_view effect, std::vector<changing> rows,
                                        const json::object& for_all, std::size_t at_least) {
    const bool keeps = slot.context->keeps_changes;
    if (!keeps && !slot.context->counts_changes) co_return std::string();
    if (!stays_within_plan(slot, rows, at_least))
        co_return error(errc::internal, "More would be written than was judged.",
                        std::string(twenty::not_sent));
    const bool destroys = keeps && std::ranges::any_of(rows, &changing::is_gone);
    if (destroys && values_bytes(rows, for_all) > most_values) co_return cannot_be_kept();
    change_begun told;
    told.object = of.name_singular;
    told.records = std::max(rows.size(), at_least);
    told.effect = effect;
    for (const auto& r : rows)
        told.ids.push_back(r.id);
    told.undoes = slot.undoes;
    if (keeps) told.body = begun_body(rows, for_all, most_values);
    mcp::own_change own;
    own.records = told.ids;
    change_begun short_one;
    short_one.object = told.object;
    short_one.effect = told.effect;
    short_one.ids = told.ids;
    short_one.records = told.records;
    short_one.undoes = told.undoes;
    auto id = co_await tell_begin(slot, std::move(told));
    if (!id && destroys && id.failure().code == errc::too_large) co_return cannot_be_kept();
    // A small journal has no room for the values: then without.
    if (!id && id.failure().code == errc::too_large) {
        short_one.body = begun_body(rows, for_all, 0);
        id = co_await tell_begin(slot, std::move(short_one));
    }
    if (!id) {
        error why = std::move(id).failure();
        if (why.code != errc::quota_used)
            why.message =
                "The change could not be written down in the change journal first: " + why.message;
        why.detail = std::string(twenty::not_sent) + why.detail;
        co_return std::move(why);
    }
    own.id = *id;
    if (!own.id.empty()) slot.changes.push_back(std::move(own));
    co_return id;
}

async<done> end_change(call_slot& slot, std::string change, const write_end& end,
                       const twenty::object& of, const twenty::access& may,
                       const json::object& written) {
    if (change.empty()) co_return done();
    change_ended told;
    told.id = std::move(change);
    if (end.failure) {
        told.state = end.perhaps ? change_state::unknown : change_state::refused;
    } else {
        told.state = change_state::done;
        const auto records = answered_records(end.record);
        if (!records.empty() && records.front()->is_object())
            told.body = ended_body(records, written, of, may);
    }
    co_return co_await tell_end(slot, std::move(told));
}

async<std::string> tell_settled(call_slot& slot, std::string change, change_state now,
                                std::vector<const json::value*> stored) {
    json::array rows;
    for (const auto* record : stored) {
        json::object row;
        row.append("id", text::lower(record->text("id")));
        append_text(row, deleted, *record);
        rows.emplace_back(std::move(row));
    }
    change_ended told;
    told.id = std::move(change);
    told.state = now;
    told.body = json::dump(json::make({{"rows", std::move(rows)}}));
    std::string body = told.body;
    co_await tell_end(slot, std::move(told));
    co_return body;
}

// A field that the key's role may not read is missed and noted, so that what is missing beside a
// note is not known to be empty.
async<done> keep_read(call_slot& slot, std::string id, const twenty::object& of,
                      const record_reading& read, const json::object& written) {
    if (slot.changes.empty() || written.empty() || !read.notes.empty()) co_return done();
    const auto& own = slot.changes.back();
    if (std::ranges::find(own.records, id) == own.records.end()) co_return done();
    json::object after;
    for (const auto& [name, _] : written) {
        // A position is in no compact record.
        const auto* field = of.find_field(name);
        if (name == "id" || (field && field->type == twenty::field_type::position)) continue;
        const auto* v = read.record.find(name);
        after.append(name, v ? *v : json::value());
    }
    json::object row;
    row.append("id", std::move(id));
    row.append("after", std::move(after));
    change_ended told;
    told.id = own.id;
    told.state = change_state::done;
    told.body = json::dump(json::make({{"rows", json::list({std::move(row)})}}));
    if (told.body.size() <= most_values) co_await tell_end(slot, std::move(told));
    co_return done();
}

async<done> keep_after(call_slot& slot, const twenty::object& of, const twenty::access& may,
                       std::vector<const json::value*> stored, const json::object& written) {
    std::map<std::string_view, const std::string*> change_of; // by the record's id
    for (const auto& change : slot.changes)
        for (const auto& id : change.records)
            change_of[id] = &change.id;
    std::map<std::string, std::vector<const json::value*>> by_change;
    for (const auto* record : stored)
        if (const auto at = change_of.find(text::lower(record->text("id"))); at != change_of.end())
            by_change[*at->second].push_back(record);
    for (const auto& [change, records] : by_change) {
        change_ended told;
        told.id = change;
        told.state = change_state::done;
        told.body = ended_body(records, written, of, may);
        co_await tell_end(slot, std::move(told));
    }
    co_return done();
}

} // namespace crm
