#include "crm/write.hpp"

#include "crm/changes.hpp"
#include "crm/write_request.hpp"
#include "twenty/many.hpp"
#include "twenty/names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

crm_outcome failed(write_end ended) {
    crm_outcome out;
    out.failure = std::move(ended.failure);
    out.more = std::move(ended.more);
    out.stale_schema = ended.stale_schema;
    out.unsent = ended.unsent;
    return out;
}

std::string_view done_word(write_kind what) noexcept {
    switch (what) {
    case write_kind::create:
        return "created";
    case write_kind::update:
        return "updated";
    case write_kind::remove:
        return "deleted";
    case write_kind::restore:
        return "restored";
    case write_kind::merge:
        return "merged";
    }
    return "";
}

namespace {

std::string label_of(const json::value* record, const twenty::object& of) {
    return record ? twenty::record_label(*record, of) : std::string();
}

// is_unread() is true of an update that is made, and whose answer is too long to be read.
bool is_unread(const write_end& end, write_kind what, std::string_view selection) {
    return end.perhaps && end.failure->code == errc::too_large && what == write_kind::update &&
           selection != "id";
}

// What could not be written down was not sent.
write_end not_begun(error why) {
    write_end out;
    out.failure = std::move(why);
    out.unsent = true;
    return out;
}

} // namespace

async<write_end> write_one(call_slot& slot, const twenty::writable_object& of,
                           const twenty::access& may, write_kind what, std::string id,
                           const json::object& values, std::string selection,
                           const json::value* before) {
    auto request = request_for(of, what, id, values, selection);
    if (!request) co_return unsent_write(request.failure());
    std::vector<changing> rows(1);
    rows.front().id = id;
    rows.front().before = before;
    const json::value given = values;
    rows.front().label = label_of(what == write_kind::create ? &given : before, of);
    auto change = co_await begin_change(slot, of, effect_word(what), std::move(rows), values);
    if (!change) co_return not_begun(change.failure());
    twenty::request sent = std::move(request).value();
    write_end out = co_await send_one(slot, of, may, what, std::move(id), std::move(sent));
    co_await end_change(slot, *change, out, of, may, values);
    co_return out;
}

async<write_end> write_together(call_slot& slot, const twenty::writable_object& of,
                                const twenty::access& may, write_kind what,
                                std::vector<std::string> ids, const json::object& values,
                                std::string selection, std::vector<const json::value*> before) {
    auto request = request_for_all(of, what, ids, values, selection);
    if (!request) co_return unsent_write(request.failure());
    std::vector<changing> rows(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        rows[i].id = ids[i];
        if (i < before.size()) rows[i].before = before[i];
        rows[i].label = label_of(rows[i].before, of);
    }
    auto change = co_await begin_change(slot, of, effect_word(what), std::move(rows), values);
    if (!change) co_return not_begun(change.failure());
    twenty::request sent = std::move(request).value();
    write_end out = co_await send_together(slot, of, may, what, std::move(sent));
    // One change, whatever its answer: the same is written twice.
    if (is_unread(out, what, selection)) {
        const std::string short_one = "id";
        request = request_for_all(of, what, ids, values, short_one);
        if (request) {
            sent = std::move(request).value();
            out = co_await send_together(slot, of, may, what, std::move(sent));
            out.short_answer = true;
        }
    }
    co_await end_change(slot, *change, out, of, may, values);
    co_return out;
}

async<write_end> write_new(call_slot& slot, const twenty::writable_object& of,
                           const twenty::access& may, std::vector<json::object> records) {
    // Only the id is selected: Twenty would refuse the whole create for a field that the key's role
    // may not read.
    auto request = twenty::create_many_request(of, records, "id");
    if (!request) co_return unsent_write(request.failure());
    std::vector<std::string> ids;
    std::vector<changing> rows(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        rows[i].id = *records[i].find("id")->if_string();
        rows[i].written = &records[i];
        rows[i].label = twenty::record_label(json::value(records[i]), of);
        ids.push_back(rows[i].id);
    }
    const json::object nothing;
    auto change =
        co_await begin_change(slot, of, effect_word(write_kind::create), std::move(rows), nothing);
    if (!change) co_return not_begun(change.failure());
    twenty::request sent = std::move(request).value();
    write_end out = co_await send_new(slot, of, may, std::move(ids), std::move(sent));
    co_await end_change(slot, *change, out, of, may, nothing);
    co_return out;
}

const twenty::field* written_label(const twenty::object& of, const twenty::access& may) {
    const auto* label = may.label(of);
    if (label && twenty::is_checked_at_root(of.name_singular, label->name)) return nullptr;
    return label;
}

twenty::wanted_fields written_fields(const twenty::object& of, const twenty::access& may,
                                     const json::object& values) {
    twenty::wanted_fields want;
    want.fields.emplace_back("id");
    if (const auto* label = written_label(of, may)) want.fields.push_back(label->name);
    for (const auto& [name, _] : values)
        if (name != "id" && name != of.label_field) want.fields.push_back(name);
    // The stamps show when it was written, and whether the record is deleted.
    for (const auto* stamp : {"createdAt", "updatedAt", "deletedAt"})
        if (of.find_field(stamp) && !values.contains(stamp)) want.fields.emplace_back(stamp);
    return want;
}

} // namespace crm
