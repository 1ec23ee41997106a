#include "crm/merging.hpp"

#include "base/text.hpp"
#include "crm/batch.hpp"
#include "crm/changes.hpp"
#include "crm/reading.hpp"
#include "crm/write_request.hpp"
#include "twenty/data.hpp"
#include "twenty/duplicates.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

using twenty::field_type;

// is_merged() is true of a field whose value a merge carries over: Twenty takes those that are
// selected. A file belongs to one record for good.
bool is_merged(const twenty::field& f) {
    return f.type != field_type::files && f.type != field_type::ts_vector;
}

// Both forms of a text, since the one that is not selected would not be carried over.
twenty::wanted_fields merged_selection(const twenty::object& of, const twenty::access& may) {
    twenty::wanted_fields want;
    for (const auto* f : may.fields(of)) {
        if (!is_merged(*f)) want.without.insert(of.name_singular + "." + f->name);
        if (f->type == field_type::rich_text) want.also.push_back(f->name + ".blocknote");
    }
    return want;
}

// The names under which an object's own values and links are written.
std::vector<std::string> written_names(const twenty::object& of, const twenty::access& may) {
    std::vector<std::string> out;
    for (const auto* f : may.fields(of)) {
        if (!is_merged(*f) || !twenty::writable(*f) || f->type == field_type::position) continue;
        if (f->relations.empty()) {
            out.push_back(f->name);
            continue;
        }
        for (const auto* r : may.relations(*f))
            if (r->kind == twenty::relation_kind::many_to_one) out.push_back(r->join_column);
    }
    return out;
}

json::object changed_values(const json::value& stored, const json::value& merged,
                            const twenty::object& of, const twenty::access& may) {
    json::object out;
    const auto before = twenty::compact_record(stored, of, may);
    const auto after = twenty::compact_record(merged, of, may);
    for (const auto& name : written_names(of, may)) {
        const auto* is = merged.find(name);
        const auto* was = stored.find(name);
        if (!is || !was || name == "createdAt") continue;
        const auto* a = before.find(name);
        const auto* b = after.find(name);
        const bool is_link = of.find_join(name).has_value();
        const bool same = is_link ? *is == *was : (!a && !b) || (a && b && *a == *b);
        if (!same) out.append(name, *is);
    }
    return out;
}

// One that is not there, or is deleted, is named.
result<std::vector<json::value>> in_order(const std::vector<std::string>& ids, json::array nodes,
                                          const twenty::object& of) {
    std::vector<json::value> out(ids.size());
    for (auto& node : nodes) {
        const auto at = std::ranges::find(ids, text::lower(node.text("id")));
        if (at != ids.end()) out[static_cast<std::size_t>(at - ids.begin())] = std::move(node);
    }
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (out[i].is_null())
            return error(errc::not_found, "There is no " + of.name_singular + " " + ids[i] +
                                              ": it is deleted, or was merged before "
                                              "(list_changes tells).");
    return out;
}

merge_view broken(crm_outcome why) {
    merge_view out;
    out.failure = std::move(why);
    return out;
}

// What no merge carries over.
void warn_of_files(merge_view& view, const twenty::object& of) {
    for (const auto& f : of.fields)
        if (f.type == field_type::files)
            view.warnings.push_back("Files in the field " + f.name +
                                    " of the others are not carried over.");
}

async<write_end> send_merge(call_slot& slot, const twenty::writable_object& of,
                            const merge_view& view) {
    write_end out;
    auto request = twenty::merge_request(of, view.ids, view.selection);
    if (!request) {
        out.failure = request.failure();
        co_return out;
    }
    json::object look;
    look.append("object", of->name_singular);
    look.append("id", view.ids.front());
    look.append("hint", "The records may have been merged all the same: list_changes tells.");
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return ended(failed_write(answer.failure(), std::move(look)));
    if (!answer->ok()) co_return ended(failed_write(*answer, std::move(look)));
    if (auto* roots = answer->data.if_object(); roots && !roots->empty())
        out.record = std::move(roots->begin()->second);
    co_return out;
}

// One that gets nothing is not changed.
std::vector<changing> rows_of_merge(const merge_view& view, const std::vector<json::value>& kept,
                                    const twenty::object& of) {
    std::vector<changing> rows;
    for (std::size_t i = view.written.empty() ? 1 : 0; i < view.ids.size(); ++i) {
        changing row;
        row.id = view.ids[i];
        row.label = twenty::record_label(view.stored[i], of);
        row.before = i == 0 ? &view.stored[i] : &kept[i];
        row.is_gone = i > 0;
        if (i == 0) row.written = &view.written;
        rows.push_back(std::move(row));
    }
    return rows;
}

// Whoever may write may not destroy, and a dry run does not tell.
error explained(error why) {
    if (why.code == errc::not_allowed)
        why.message += " A merge deletes the other records for good, so the API key's role needs "
                       "the right to destroy.";
    return why;
}

} // namespace

json::value lasting_values(const json::value& record, const twenty::object& of,
                           const twenty::access& may) {
    json::object out;
    for (const auto& name : written_names(of, may))
        if (const auto* v = record.find(name); v && !v->is_null()) out.append(name, *v);
    if (const auto at = record.text("updatedAt"); !at.empty()) out.append("updatedAt", at);
    return json::value(std::move(out));
}

async<merge_view> look_at_merge(call_slot& slot, const twenty::writable_object& of,
                                const twenty::access& may, std::vector<std::string> ids) {
    merge_view out;
    request_maker make = [&of, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(of, ids, selection));
    };
    twenty::wanted_fields want = merged_selection(of, may);
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    if (read.failure) co_return broken(failed(read));
    out.selection = read.selection;
    // What the key's role may not read, Twenty does not merge either.
    for (const auto& note : read.notes)
        out.warnings.push_back(note + " It is not carried over.");
    auto stored = in_order(ids, read.take_nodes(), of);
    if (!stored) co_return broken(failed(stored.failure()));
    out.stored = std::move(stored).value();
    auto request = twenty::dry_merge_request(of, ids, out.selection);
    if (!request) co_return broken(failed(request.failure()));
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return broken(failed(answer.failure()));
    if (!answer->ok()) co_return broken(failed(*answer));
    auto merged = twenty::root_of(std::move(*answer), twenty::mutation_many("merge", of));
    if (!merged) co_return broken(failed(merged.failure()));
    out.merged = std::move(merged).value();
    if (!out.merged.is_object()) co_return broken(failed(twenty::unexpected_form()));
    out.merged.if_object()->set("id", ids.front());
    out.written = changed_values(out.stored.front(), out.merged, of, may);
    out.kinds = kinds_of_hanging(of, may);
    const std::vector<std::string> others(ids.begin() + 1, ids.end());
    co_await read_hanging(slot, may, ids.front(), others, out.kinds);
    if (auto why = unmovable(out.kinds)) co_return broken(failed(std::move(*why)));
    warn_of_files(out, of);
    out.ids = std::move(ids);
    co_return out;
}

async<write_end> carry_out_merge(call_slot& slot, const call_context& context,
                                 const twenty::writable_object& of, const twenty::access& may,
                                 merge_view& view, std::vector<std::string>& notes) {
    if (!has_time(context)) co_return unsent_write(out_of_time());
    write_end end = co_await move_hanging(slot, may, view.ids.front(), view.kinds, notes);
    bool was_sent = false;
    if (!end.failure && !has_time(context)) end = unsent_write(out_of_time());
    if (!end.failure) {
        std::vector<json::value> kept;
        for (const auto& record : view.stored)
            kept.push_back(lasting_values(record, of, may));
        std::vector<changing> rows = rows_of_merge(view, kept, of);
        const json::object nothing;
        auto change = co_await begin_change(slot, of, effect_word(write_kind::merge),
                                            std::move(rows), nothing);
        if (change) {
            was_sent = true;
            end = co_await send_merge(slot, of, view);
            co_await end_change(slot, *change, end, of, may, view.written);
        } else {
            end.failure = std::move(change).failure();
        }
    }
    if (!end.failure) co_return end;
    end.failure = explained(std::move(*end.failure));
    end.stale_schema = false; // the call is not run again: it has moved something
    end.unsent = !was_sent && moving(view.kinds) == 0;
    if ((was_sent && end.perhaps) || moving(view.kinds) == 0) co_return end;
    // Of a move without an answer nobody knows, and moving it back is right either way.
    write_end back = co_await move_back(slot, may, view.ids.front(), view.kinds);
    end.failure->message +=
        back.failure ? " What was moved before could not be moved back: " + back.failure->message +
                           " undo_changes does it."
                     : " What was moved before was moved back.";
    co_return end;
}

} // namespace crm
