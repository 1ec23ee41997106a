#include "base/text.hpp"
#include "mcp/columns.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/record.hpp"
#include "mcp/upsert.hpp"
#include "mcp/write.hpp"
#include "mcp/write_many.hpp"
#include "twenty/names.hpp"

#include <utility>

namespace mcp {

namespace {

// The stored record after a write. The write has happened: a failure to read is only a note.
task<crm_outcome> show_written(exchange& slot, write_kind what, const twenty::object& of,
                               std::string id, const twenty::prepared_data& data,
                               const call_context& context, const twenty::access& may) {
    crm_outcome out;
    out.body.set(std::string(done_word(what)), true);
    out.body.set("object", of.name_singular);
    out.body.set("id", id);
    out.notes = data.notes;
    twenty::wanted_fields want = written_fields(of, may, data.values);
    record_reading read = co_await read_record(slot, of, may, id, std::move(want), true);
    if (read.failure) {
        out.notes.push_back("It is stored, but could not be read back: " + read.failure->message);
    } else {
        fit(read, longest_in_list, record_budget);
        remember_used(context.memory, of, json::value(data.values));
        if (!read.label.empty()) out.body.set("label", read.label);
        // Twenty changes deleted records without a word.
        if (read.record.find("deletedAt"))
            out.notes.emplace_back("This record is deleted and no list shows it; restore_record "
                                   "brings it back.");
        out.body.set("record", std::move(read.record));
        add_notes(out, read.notes);
    }
    if (const auto url = record_url(context, of, id); !url.empty()) out.body.set("url", url);
    co_return out;
}

// What the caller did not name of EMAILS, LINKS and PHONES is taken from the stored record.
task<result<done>> fill_composites(exchange& slot, const twenty::object& of, std::string id,
                                   twenty::prepared_data& data, const twenty::access& may) {
    twenty::wanted_fields want;
    want.fields = data.merge;
    request_maker make = [&of, &id](const std::string& selection) {
        return twenty::get_request(of, id, selection, true);
    };
    reading stored =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_one(of));
    if (stored.failure) co_return std::move(*stored.failure);
    // Without the stored parts an update would silently clear them.
    if (!stored.notes.empty()) co_return unreadable(stored.notes.front());
    twenty::merge_stored(data, of, stored.root);
    co_return done{};
}

// Writes one record and shows it.
task<crm_outcome> write_and_show(exchange& slot, write_kind what, const twenty::object& of,
                                 std::string id, const twenty::prepared_data& data,
                                 const call_context& context, const twenty::access& may) {
    write_end end = co_await write_one(slot, of, may, what, id, data.values);
    if (end.failure) co_return failed(std::move(end));
    crm_outcome out = co_await show_written(slot, what, of, id, data, context, may);
    co_return out;
}

// Which record has the unique value, and what an update of it has to write.
struct holder {
    std::string id; // empty: none
    twenty::prepared_data data;
    std::optional<crm_outcome> failure;
    holder() = default;
    explicit holder(crm_outcome why) : failure(std::move(why)) {}
};
task<holder> find_holder(exchange& slot, const json::value& arguments, const twenty::object& of,
                         const json::object& values, const twenty::access& may) {
    auto key = unique_field(of, may, arguments.text("upsertBy"));
    if (!key) co_return holder(failed(key.failure()));
    auto value = unique_value(**key, values);
    if (!value) co_return holder(failed(value.failure()));
    auto update =
        twenty::prepare_update(*arguments.find("data"), of, may, arguments.flag("replace"));
    if (!update) co_return holder(failed(update.failure()));
    std::vector<json::value> wanted;
    wanted.push_back(std::move(value).value());
    auto found = co_await find_holders(slot, of, may, **key, std::move(wanted), update->merge);
    if (!found) co_return holder(failed(found.failure()));
    const json::value& record = found->front();
    holder out;
    if (record.is_null()) co_return out;
    if (!record.text("deletedAt").empty()) co_return holder(failed(deleted_already(of, record)));
    out.id = text::lower(record.text("id"));
    out.data = std::move(update).value();
    twenty::merge_stored(out.data, of, record);
    co_return out;
}

task<crm_outcome> create_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::object& of) {
    auto prepared = twenty::prepare_create(*arguments.find("data"), of, may);
    if (!prepared) co_return failed(prepared.failure());
    // The id is ours, so that a repetition after a lost answer cannot make a second record.
    const std::string id = context.new_id();
    crm_outcome out =
        co_await write_and_show(slot, write_kind::create, of, id, *prepared, context, may);
    co_return out;
}

// Updates the record that has the unique value, or creates one.
task<crm_outcome> upsert_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::object& of) {
    auto prepared = twenty::prepare_create(*arguments.find("data"), of, may);
    if (!prepared) co_return failed(prepared.failure());
    holder found = co_await find_holder(slot, arguments, of, prepared->values, may);
    if (found.failure) co_return std::move(*found.failure);
    const bool exists = !found.id.empty();
    const write_kind what = exists ? write_kind::update : write_kind::create;
    const std::string id = exists ? found.id : context.new_id();
    const twenty::prepared_data& data = exists ? found.data : *prepared;
    crm_outcome out = co_await write_and_show(slot, what, of, id, data, context, may);
    co_return out;
}

task<crm_outcome> update_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    auto prepared =
        twenty::prepare_update(*arguments.find("data"), of, may, arguments.flag("replace"));
    if (!prepared) co_return failed(prepared.failure());
    twenty::prepared_data data = std::move(prepared).value();
    if (!data.merge.empty()) {
        auto filled = co_await fill_composites(slot, of, *id, data, may);
        if (!filled) co_return failed(filled.failure());
    }
    crm_outcome out =
        co_await write_and_show(slot, write_kind::update, of, *id, data, context, may);
    co_return out;
}

task<crm_outcome> delete_single(exchange& slot, const json::value& arguments,
                                const twenty::access& may, const twenty::object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    const json::object nothing;
    write_end end = co_await write_one(slot, of, may, write_kind::remove, *id, nothing);
    if (end.failure) co_return failed(std::move(end));
    crm_outcome out;
    out.body.set("deleted", true);
    out.body.set("object", of.name_singular);
    out.body.set("id", *id);
    out.notes.emplace_back("Soft delete: restore_record with this id brings it back.");
    co_return out;
}

task<crm_outcome> restore_single(exchange& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::object& of) {
    auto id = checked_id(arguments.text("id"));
    if (!id) co_return failed(id.failure());
    const twenty::prepared_data nothing;
    crm_outcome out =
        co_await write_and_show(slot, write_kind::restore, of, *id, nothing, context, may);
    co_return out;
}

// The object to write to, and the one form of arguments: a single record or a list of them.
result<const twenty::object*> writing_to(const json::value& arguments, const twenty::access& may,
                                         const char* single, const char* many) {
    TRY(of, may.writable(arguments.text("objectName")));
    const bool one = arguments.find(single) != nullptr;
    const auto* list = arguments.find(many);
    const bool stray = list && (arguments.find("id") || arguments.find("data"));
    if (one == (list != nullptr) || stray)
        return error(errc::bad_request, "Give either \"" + std::string(single) + "\" or \"" + many +
                                            "\", as the tool's schema shows.");
    if (list && list->if_array()->empty())
        return error(errc::bad_request, "\"" + std::string(many) + "\" is empty.");
    return of;
}

} // namespace

task<crm_outcome> create_record(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "data", "records");
    if (!of) co_return failed(of.failure());
    if (arguments.find("records")) {
        crm_outcome out = co_await create_many(slot, arguments, context, may, **of);
        co_return out;
    }
    crm_outcome out = co_await create_single(slot, arguments, context, may, **of);
    co_return out;
}

task<crm_outcome> update_record(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "data", "records");
    if (!of) co_return failed(of.failure());
    if (!arguments.text("upsertBy").empty()) {
        if (arguments.find("id"))
            co_return failed(error(errc::bad_request, "Give either \"id\" or \"upsertBy\"."));
        if (arguments.find("records")) {
            crm_outcome out = co_await create_many(slot, arguments, context, may, **of);
            co_return out;
        }
        crm_outcome out = co_await upsert_single(slot, arguments, context, may, **of);
        co_return out;
    }
    if (arguments.find("records")) {
        crm_outcome out = co_await update_many(slot, arguments, context, may, **of);
        co_return out;
    }
    crm_outcome out = co_await update_single(slot, arguments, context, may, **of);
    co_return out;
}

task<crm_outcome> delete_record(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "id", "ids");
    if (!of) co_return failed(of.failure());
    if (arguments.find("ids")) {
        crm_outcome out =
            co_await change_many(slot, write_kind::remove, arguments, context, may, **of);
        co_return out;
    }
    crm_outcome out = co_await delete_single(slot, arguments, may, **of);
    co_return out;
}

task<crm_outcome> restore_record(exchange& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    auto of = writing_to(arguments, may, "id", "ids");
    if (!of) co_return failed(of.failure());
    if (arguments.find("ids")) {
        crm_outcome out =
            co_await change_many(slot, write_kind::restore, arguments, context, may, **of);
        co_return out;
    }
    crm_outcome out = co_await restore_single(slot, arguments, context, may, **of);
    co_return out;
}

} // namespace mcp
