#include "crm/write_single.hpp"

#include "base/text.hpp"
#include "crm/about.hpp"
#include "crm/asking.hpp"
#include "crm/before.hpp"
#include "crm/changes.hpp"
#include "crm/columns.hpp"
#include "crm/fit.hpp"
#include "crm/named_records.hpp"
#include "crm/record.hpp"
#include "crm/similar.hpp"
#include "crm/tools.hpp"
#include "crm/upsert.hpp"
#include "crm/write_shown.hpp"

#include "twenty/shape.hpp"

#include <utility>

namespace crm {

namespace {

// find_names() puts ids in the place of names in `data` and `about`, with one look at each object.
async<result<done>> find_names(call_slot& slot, const twenty::access& may,
                               twenty::prepared_data& data, about_list& about, name_book& book) {
    wanted_names names;
    add_names(names, data);
    add_names(names, about);
    co_await book.look_up(slot, may, std::move(names));
    CO_CHECK_OK(resolve(data, book));
    co_return resolve(about, book);
}

write_plan plan_for(std::string verb, const twenty::object& of, std::string id,
                    const json::value* before, const json::object* written) {
    write_plan plan;
    plan.verb = std::move(verb);
    plan.of = &of;
    planned_record record;
    record.id = std::move(id);
    record.before = before;
    record.written = written;
    if (before)
        record.label = twenty::record_label(*before, of);
    else if (written)
        record.label = twenty::record_label(json::value(*written), of);
    plan.records.push_back(std::move(record));
    return plan;
}

// Creates or restores one record and shows it.
async<crm_outcome> write_and_show(call_slot& slot, write_kind what,
                                  const twenty::writable_object& of, std::string id,
                                  const twenty::prepared_data& data, const call_context& context,
                                  const twenty::access& may,
                                  const stored_record* before = nullptr) {
    std::string selection = before ? before->selection : "id";
    const json::value* stored = before ? &before->record : nullptr;
    write_end end =
        co_await write_one(slot, of, may, what, id, data.values, std::move(selection), stored);
    if (end.failure) {
        // Twenty names the record in the way only while that is not deleted.
        co_await name_holder(slot, of, may, data.values, end);
        co_return failed(std::move(end));
    }
    crm_outcome out = co_await show_written(slot, what, of, id, data, context, may);
    co_return out;
}

// Creates one record and shows it, with stored ones that it probably repeats.
async<crm_outcome> create_and_show(call_slot& slot, const twenty::writable_object& of,
                                   const twenty::prepared_data& data, std::size_t links,
                                   const call_context& context, const twenty::access& may) {
    write_plan plan = plan_for("Create", *of, "", nullptr, &data.values);
    plan.links = static_cast<std::int64_t>(links);
    auto no = co_await ask_before(slot, context, may, std::move(plan));
    if (no) co_return std::move(*no);
    std::vector<const json::object*> created;
    created.push_back(&data.values);
    std::vector<json::array> similar = co_await find_similar(slot, of, may, std::move(created));
    // The id is ours, so that a repetition after a lost answer cannot make a second record.
    const std::string id = context.new_id();
    crm_outcome made =
        co_await write_and_show(slot, write_kind::create, of, id, data, context, may);
    if (!made.failure && !similar.front().empty()) {
        made.body.set("similar", std::move(similar.front()));
        made.notes.push_back(similar_note(of));
    }
    co_return made;
}

// Updates one record and shows it.
async<crm_outcome> update_and_show(call_slot& slot, const twenty::writable_object& of,
                                   std::string id, twenty::prepared_data& data, std::size_t links,
                                   const call_context& context, const twenty::access& may) {
    // The read comes first for three reasons: parts that are not given are kept, a deleted record
    // is refused, and the answer can say what was replaced.
    stored_record before = co_await read_before(slot, of, may, id, data);
    if (before.failure) co_return std::move(*before.failure);
    write_plan plan = plan_for("Change", *of, id, &before.record, &data.values);
    plan.links = static_cast<std::int64_t>(links);
    auto no = co_await ask_before(slot, context, may, std::move(plan));
    if (no) co_return std::move(*no);
    if (data.values.empty()) // links alone
        co_return show_updated(of, id, data, before, before.record, context, may);
    std::string selection = before.selection;
    write_end end = co_await write_one(slot, of, may, write_kind::update, id, data.values,
                                       std::move(selection), &before.record);
    if (end.failure) {
        co_await name_holder(slot, of, may, data.values, end, id);
        co_return failed(std::move(end));
    }
    co_return show_updated(of, id, data, before, end.record, context, may);
}

// holder is the record that has the unique value, with what an update of it has to write.
struct holder {
    std::string id; // empty: none
    twenty::prepared_data data;
    std::optional<crm_outcome> failure;
    holder() = default;
    explicit holder(crm_outcome why) : failure(std::move(why)) {}
};
async<holder> find_holder(call_slot& slot, const json::value& arguments,
                          const twenty::readable_object& of, const json::object& values,
                          const twenty::access& may, const name_book& book) {
    auto key = unique_field(of, may, arguments.text("upsertBy"));
    if (!key) co_return holder(failed(key.failure()));
    auto value = unique_value(**key, values);
    if (!value) co_return holder(failed(value.failure()));
    // The update is prepared before it is known whether there will be one: both forms of the data
    // are judged, so that the outcome does not depend on what is stored.
    auto update =
        twenty::prepare_update(*arguments.find("data"), of, may, arguments.flag("replace"));
    if (!update) co_return holder(failed(update.failure()));
    std::vector<json::value> wanted;
    wanted.push_back(std::move(value).value());
    auto found = co_await find_holders(slot, of, may, **key, std::move(wanted));
    if (!found) co_return holder(failed(found.failure()));
    const json::value& record = found->front();
    holder out;
    if (record.is_null()) co_return out;
    if (!record.text("deletedAt").empty()) co_return holder(failed(deleted_already(of, record)));
    out.id = text::lower(record.text("id"));
    out.data = std::move(update).value();
    auto named = resolve(out.data, book);
    if (!named) co_return holder(failed(named.failure()));
    keep_primary(**key, record, out.data);
    co_return out;
}

} // namespace

async<crm_outcome> create_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of) {
    json::value data = *arguments.find("data");
    auto about = take_about(data, arguments.find("about"), of, may);
    if (!about) co_return failed(about.failure());
    auto prepared = twenty::prepare_create(data, of, may);
    if (!prepared) co_return failed(prepared.failure());
    name_book book;
    auto named = co_await find_names(slot, may, *prepared, *about, book);
    if (!named) co_return failed(named.failure());
    // A record that cannot be linked is deleted again, which is no second record.
    crm_outcome made = co_await create_and_show(slot, of, *prepared, about->size(), context, may);
    crm_outcome out = co_await link_created(slot, of, std::move(made), *about, may);
    co_return out;
}

async<crm_outcome> upsert_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of) {
    auto prepared = twenty::prepare_create(*arguments.find("data"), of, may);
    if (!prepared) co_return failed(prepared.failure());
    about_list none;
    name_book book;
    auto named = co_await find_names(slot, may, *prepared, none, book);
    if (!named) co_return failed(named.failure());
    holder found = co_await find_holder(slot, arguments, of, prepared->values, may, book);
    if (found.failure) co_return std::move(*found.failure);
    if (!found.id.empty()) {
        crm_outcome out = co_await update_and_show(slot, of, found.id, found.data, 0, context, may);
        co_return out;
    }
    crm_outcome out = co_await create_and_show(slot, of, *prepared, 0, context, may);
    co_return out;
}

async<crm_outcome> update_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    const auto* given = arguments.find("data");
    json::value written = given ? *given : json::value(json::object());
    auto about = take_about(written, arguments.find("about"), of, may);
    if (!about) co_return failed(about.failure());
    auto data = prepare_beside(*about, written, of, may, arguments.flag("replace"));
    if (!data) co_return failed(data.failure());
    name_book book;
    auto named = co_await find_names(slot, may, *data, *about, book);
    if (!named) co_return failed(named.failure());
    const bool alone = data->values.empty();
    crm_outcome done = co_await update_and_show(slot, of, *id, *data, about->size(), context, may);
    crm_outcome out = co_await link_stored(slot, of, std::move(done), *about, may, alone);
    co_return out;
}

// A delete and a restore look first: Twenty takes both for a record that is so already, and the
// journal would call that a change which can be taken back.
async<crm_outcome> delete_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    stored_record before = co_await read_state(slot, of, may, *id);
    if (before.failure) co_return std::move(*before.failure);
    const bool already = !before.record.text("deletedAt").empty();
    if (!already) {
        write_plan plan = plan_for("Delete", *of, *id, &before.record, nullptr);
        plan.kind.deletes = true;
        auto no = co_await ask_before(slot, context, may, std::move(plan));
        if (no) co_return std::move(*no);
        const json::object nothing;
        std::string selection = before.selection;
        write_end end = co_await write_one(slot, of, may, write_kind::remove, *id, nothing,
                                           std::move(selection), &before.record);
        if (end.failure) co_return failed(std::move(end));
    }
    crm_outcome out;
    out.body.set("deleted", true);
    out.body.set("object", of->name_singular);
    out.body.set("id", *id);
    if (const auto label = twenty::record_label(before.record, of); !label.empty())
        out.body.set("label", text::cut_utf8(label, longest_written_label));
    if (already) out.notes.emplace_back("It was deleted already.");
    out.notes.emplace_back("Soft delete: restore_record with this id brings it back.");
    co_return out;
}

async<crm_outcome> restore_single(call_slot& slot, const json::value& arguments,
                                  const call_context& context, const twenty::access& may,
                                  const twenty::writable_object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    stored_record before = co_await read_state(slot, of, may, *id);
    if (before.failure) co_return std::move(*before.failure);
    const twenty::prepared_data nothing;
    const auto* deleted_at = before.record.find("deletedAt");
    const bool already = deleted_at && deleted_at->is_null();
    if (!already) {
        write_plan plan = plan_for("Restore", *of, *id, &before.record, nullptr);
        auto no = co_await ask_before(slot, context, may, std::move(plan));
        if (no) co_return std::move(*no);
        crm_outcome out = co_await write_and_show(slot, write_kind::restore, of, *id, nothing,
                                                  context, may, &before);
        co_return out;
    }
    crm_outcome out =
        co_await show_written(slot, write_kind::restore, of, *id, nothing, context, may);
    out.notes.emplace_back("It was not deleted.");
    co_return out;
}

} // namespace crm
