#include "base/text.hpp"
#include "mcp/crm_tools.hpp"
#include "mcp/record.hpp"
#include "twenty/data.hpp"

#include <utility>

namespace mcp {

namespace {

// Where to look when the answer to a write was lost.
json::object look_at(const twenty::object& of, const std::string& id, std::string_view hint) {
    json::object more;
    more.append("object", of.name_singular);
    more.append("id", id);
    more.append("hint", hint);
    return more;
}

constexpr std::string_view perhaps_created =
    "The record may have been created all the same: get_record this id, and create again only "
    "if it is not found.";
constexpr std::string_view perhaps_changed =
    "The change may have happened all the same: get_record this id before repeating.";

// A duplicate names the record that has the value, as far as the grant may know it.
crm_outcome refused_write(const twenty::answer& answer, json::object if_done,
                          const twenty::access& may) {
    crm_outcome out = failed_write(answer, std::move(if_done));
    const auto& first = answer.errors.front();
    if (first.conflict_id.empty()) return out;
    const auto* holder = may.schema().by_singular(first.conflict_object);
    if (!holder || !may.can_read(*holder)) {
        out.failure->message = "Another record has this unique value already.";
        return out;
    }
    json::object existing;
    existing.append("object", holder->name_singular);
    existing.append("id", first.conflict_id);
    json::object more;
    more.append("existing", std::move(existing));
    more.append("hint", "get_record reads the existing record and update_record changes it; "
                        "when it is not found, it is deleted and restore_record brings it back.");
    out.more = std::move(more);
    return out;
}

// What a write's answer shows: the record's name, what was written, when it changed.
twenty::wanted_fields written_fields(const twenty::object& of, const json::object& values) {
    twenty::wanted_fields want;
    want.fields.emplace_back("id");
    if (!of.label_field.empty() && of.label_field != "id") want.fields.push_back(of.label_field);
    for (const auto& [name, _] : values)
        if (name != "id" && name != of.label_field) want.fields.push_back(name);
    for (const auto* stamp : {"createdAt", "updatedAt", "deletedAt"})
        if (of.find_field(stamp) && !values.contains(stamp)) want.fields.emplace_back(stamp);
    return want;
}

// The stored record after a write. The write has happened: a failure to read is only a note.
task<crm_outcome> show_written(exchange& slot, std::string done, const twenty::object& of,
                               std::string id, twenty::wanted_fields want,
                               std::vector<std::string> notes, const call_context& context,
                               const twenty::access& may) {
    crm_outcome out;
    out.body.set(std::move(done), true);
    out.body.set("object", of.name_singular);
    out.body.set("id", id);
    out.notes = std::move(notes);
    record_reading read = co_await read_record(slot, of, may, id, std::move(want), true);
    if (read.failure) {
        out.notes.push_back("It is stored, but could not be read back: " + read.failure->message);
    } else {
        fit(read, longest_in_list);
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

struct target {
    const twenty::object* of = nullptr;
    std::string id;
};
result<target> read_target(const json::value& arguments, const twenty::access& may) {
    target t;
    TRY(of, may.writable(arguments.text("objectName")));
    TRY(id, checked_id(arguments.text("id")));
    t.of = of;
    t.id = std::move(id);
    return t;
}

// Twenty replaces the whole of EMAILS, LINKS and PHONES: what the caller did not name is taken
// from the stored record.
task<result<done>> fill_composites(exchange& slot, const twenty::object& of, std::string id,
                                   twenty::prepared_data& data, const twenty::access& may) {
    twenty::wanted_fields want;
    want.fields = data.merge;
    request_maker make = [&of, &id](const std::string& selection) {
        return twenty::get_request(of, id, selection, true);
    };
    reading stored =
        co_await read_root(slot, of, may, std::move(want), std::move(make), of.name_singular);
    if (stored.failure) co_return std::move(*stored.failure);
    // Without the stored parts an update would silently clear them.
    if (!stored.notes.empty())
        co_return error(errc::not_allowed,
                        stored.notes.front() + " Give all of its parts to overwrite it.");
    twenty::merge_stored(data, of, stored.root);
    co_return done{};
}

} // namespace

task<crm_outcome> create_record(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto found = may.writable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    const twenty::object& of = **found;
    auto prepared = twenty::prepare_create(*arguments.find("data"), of, may);
    if (!prepared) co_return failed(prepared.failure());
    twenty::prepared_data data = std::move(prepared).value();

    // The id is ours, so that a repetition after a lost answer cannot make a second record.
    const std::string id = context.new_id();
    auto request = twenty::create_request(of, id, data.values, "id");
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed_write(answer.failure(), look_at(of, id, perhaps_created));
    const bool already_ours = !answer->ok() && answer->errors.front().conflict_id == id;
    if (!answer->ok() && !already_ours)
        co_return refused_write(*answer, look_at(of, id, perhaps_created), may);

    twenty::wanted_fields want = written_fields(of, data.values);
    std::string word = "created";
    crm_outcome out = co_await show_written(slot, std::move(word), of, id, std::move(want),
                                            std::move(data.notes), context, may);
    co_return out;
}

task<crm_outcome> update_record(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto read = read_target(arguments, may);
    if (!read) co_return failed(read.failure());
    const target t = std::move(read).value();
    auto prepared =
        twenty::prepare_update(*arguments.find("data"), *t.of, may, arguments.flag("replace"));
    if (!prepared) co_return failed(prepared.failure());
    twenty::prepared_data data = std::move(prepared).value();
    if (!data.merge.empty()) {
        auto filled = co_await fill_composites(slot, *t.of, t.id, data, may);
        if (!filled) co_return failed(filled.failure());
    }
    auto request = twenty::update_request(*t.of, t.id, data.values, "id");
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed_write(answer.failure(), look_at(*t.of, t.id, perhaps_changed));
    if (!answer->ok()) co_return refused_write(*answer, look_at(*t.of, t.id, perhaps_changed), may);

    twenty::wanted_fields want = written_fields(*t.of, data.values);
    std::string word = "updated";
    crm_outcome out = co_await show_written(slot, std::move(word), *t.of, t.id, std::move(want),
                                            std::move(data.notes), context, may);
    co_return out;
}

task<crm_outcome> delete_record(exchange& slot, const json::value& arguments, const call_context&,
                                const twenty::access& may) {
    auto read = read_target(arguments, may);
    if (!read) co_return failed(read.failure());
    const target t = std::move(read).value();
    auto request = twenty::delete_request(*t.of, t.id);
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed_write(answer.failure(), look_at(*t.of, t.id, perhaps_changed));
    if (!answer->ok()) co_return failed_write(*answer, look_at(*t.of, t.id, perhaps_changed));
    crm_outcome out;
    out.body.set("deleted", true);
    out.body.set("object", t.of->name_singular);
    out.body.set("id", t.id);
    out.notes.emplace_back("Soft delete: restore_record with this id brings it back.");
    co_return out;
}

task<crm_outcome> restore_record(exchange& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may) {
    auto read = read_target(arguments, may);
    if (!read) co_return failed(read.failure());
    const target t = std::move(read).value();
    auto request = twenty::restore_request(*t.of, t.id, "id");
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed_write(answer.failure(), look_at(*t.of, t.id, perhaps_changed));
    if (!answer->ok()) co_return refused_write(*answer, look_at(*t.of, t.id, perhaps_changed), may);
    twenty::wanted_fields want = written_fields(*t.of, {});
    std::string word = "restored";
    std::vector<std::string> notes;
    crm_outcome out = co_await show_written(slot, std::move(word), *t.of, t.id, std::move(want),
                                            std::move(notes), context, may);
    co_return out;
}

} // namespace mcp
