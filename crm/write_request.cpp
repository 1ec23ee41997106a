#include "crm/write_request.hpp"

#include "crm/reading.hpp"
#include "twenty/many.hpp"
#include "twenty/names.hpp"
#include "twenty/restricted.hpp"

#include <algorithm>
#include <utility>

namespace crm {

// ended() takes a hint where to look for the sign that a write may have happened: failed_write()
// keeps it in no other case.
write_end ended(crm_outcome failure) {
    write_end out;
    out.perhaps = !failure.more.is_null();
    out.failure = std::move(failure.failure);
    out.more = std::move(failure.more);
    out.stale_schema = failure.stale_schema;
    out.unsent = failure.unsent;
    return out;
}

namespace {

constexpr std::string_view perhaps_created =
    "The record may have been created all the same: get_record this id, and create again only "
    "if it is not found.";
constexpr std::string_view perhaps_changed =
    "The change may have happened all the same: get_record this id before repeating.";

// look_at() says where to look when the answer to a write was lost.
json::object look_at(const twenty::object& of, const std::string& id, write_kind what) {
    json::object more;
    more.append("object", of.name_singular);
    if (!id.empty()) more.append("id", id);
    more.append("hint", what == write_kind::create ? perhaps_created : perhaps_changed);
    return more;
}

// refused() names the record that has the value of a duplicate, as far as the grant may know it.
write_end refused(const twenty::answer& answer, json::object if_done, const twenty::access& may) {
    write_end out = ended(failed_write(answer, std::move(if_done)));
    const auto& first = answer.errors.front();
    out.broken_rules = first.broken_rules;
    if (first.message.starts_with("Provided phone number is invalid")) // [phones/004]
        out.failure->message += " Write it with its country: +49 30 901820, or give the country "
                                "code (\"DE\") beside it.";
    if (first.conflict_id.empty()) return out;
    const auto* holder = may.schema().by_singular(first.conflict_object);
    // Threat: a duplicate tells a limited grant the id of a hidden record, and of which object it
    // is. Defence: both go, and the sentence says no more than that the value is taken.
    if (!holder || !may.can_read(*holder)) {
        out.failure->message = "Another record has this unique value already.";
        return out;
    }
    out.more = existing_record(*holder, first.conflict_id,
                               "get_record reads the existing record and update_record changes "
                               "it; when it is not found, it is deleted and restore_record "
                               "brings it back.");
    return out;
}

} // namespace

result<twenty::request> request_for(const twenty::writable_object& of, write_kind what,
                                    const std::string& id, const json::object& values,
                                    const std::string& selection) {
    switch (what) {
    case write_kind::create:
        return twenty::create_request(of, id, values, selection);
    case write_kind::update:
        return twenty::update_request(of, id, values, selection);
    case write_kind::remove:
        return twenty::delete_request(of, id, selection);
    case write_kind::restore:
        return twenty::restore_request(of, id, selection);
    case write_kind::merge: // of several, with a request of its own
        break;
    }
    return error(errc::internal, "No such write.");
}

result<twenty::request> request_for_all(const twenty::writable_object& of, write_kind what,
                                        const std::vector<std::string>& ids,
                                        const json::object& values, const std::string& selection) {
    switch (what) {
    case write_kind::update:
        return twenty::update_many_request(of, ids, values, selection);
    case write_kind::remove:
        return twenty::delete_many_request(of, ids, selection);
    case write_kind::restore:
        return twenty::restore_many_request(of, ids, selection);
    case write_kind::create:
    case write_kind::merge:
        break;
    }
    return error(errc::internal, "No such write.");
}

write_end unsent_write(error why) { return ended(failed(std::move(why))); }

namespace {

// root_of() is the only root field of an answer, whatever its name; null when there is none.
json::value root_of(json::value data) {
    auto* roots = data.if_object();
    return roots && !roots->empty() ? std::move(roots->begin()->second) : json::value();
}

// unconfirmed() is for an answer without errors that does not show what was written: it counts as a
// lost one.
error unconfirmed() {
    return {errc::upstream_timeout, "Twenty answered without saying what it wrote."};
}

// refused_create() is no failure where an earlier attempt of the same request was done and its
// answer was lost. Twenty names no record when the id itself is taken [twenty-golden-2
// uniqueness/039], nor when a deleted record has the value [030], so the ids are looked for: they
// are ours, and all or none of them were created.
async<write_end> refused_create(call_slot& slot, const twenty::writable_object& of,
                                const twenty::access& may, std::vector<std::string> ids,
                                const twenty::answer& answer) {
    json::object look = look_at(of, ids.size() == 1 ? ids.front() : "", write_kind::create);
    write_end out = refused(answer, look, may);
    const auto& first = answer.errors.front();
    const bool another =
        !first.conflict_id.empty() && std::ranges::find(ids, first.conflict_id) == ids.end();
    if (first.meaning != errc::conflict || another) co_return out;
    twenty::wanted_fields want;
    want.fields.emplace_back("id");
    request_maker make = [&of, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(of, ids, selection, true));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    // A key that may write and not read finds nothing, and what was refused is most likely refused.
    if (read.failure && read.failure->code == errc::not_allowed) co_return out;
    if (read.failure) {
        out.more = std::move(look);
        out.perhaps = true;
    } else if (read.take_nodes().size() == ids.size()) {
        out = write_end();
    }
    co_return out;
}

} // namespace

async<write_end> send_one(call_slot& slot, const twenty::writable_object& of,
                          const twenty::access& may, write_kind what, std::string id,
                          twenty::request request) {
    auto answer = co_await ask(slot, std::move(request));
    if (!answer) co_return ended(failed_write(answer.failure(), look_at(of, id, what)));
    write_end out;
    if (!answer->ok() && what == write_kind::create) {
        std::vector<std::string> ids(1, id);
        out = co_await refused_create(slot, of, may, std::move(ids), *answer);
        co_return out;
    }
    if (!answer->ok()) {
        out = refused(*answer, look_at(of, id, what), may);
        // Both find deleted records too.
        const bool any = what == write_kind::restore || what == write_kind::remove;
        if (any && out.failure->code == errc::not_found) out.failure = missing_record(of);
        co_return out;
    }
    out.record = root_of(std::move(answer->data));
    if (!out.record.is_object())
        co_return ended(failed_write(unconfirmed(), look_at(of, id, what)));
    co_return out;
}

async<write_end> send_together(call_slot& slot, const twenty::writable_object& of,
                               const twenty::access& may, write_kind what,
                               twenty::request request) {
    auto answer = co_await ask(slot, std::move(request));
    if (!answer) co_return ended(failed_write(answer.failure(), look_at(of, "", what)));
    if (!answer->ok()) co_return refused(*answer, look_at(of, "", what), may);
    write_end out;
    out.record = root_of(std::move(answer->data));
    if (!out.record.is_array()) co_return ended(failed_write(unconfirmed(), look_at(of, "", what)));
    co_return out;
}

async<write_end> send_new(call_slot& slot, const twenty::writable_object& of,
                          const twenty::access& may, std::vector<std::string> ids,
                          twenty::request request) {
    auto answer = co_await ask(slot, std::move(request));
    if (!answer)
        co_return ended(failed_write(answer.failure(), look_at(of, "", write_kind::create)));
    write_end out;
    if (!answer->ok()) {
        out = co_await refused_create(slot, of, may, std::move(ids), *answer);
        co_return out;
    }
    out.record = root_of(std::move(answer->data));
    const auto* listed = out.record.if_array();
    // An empty list confirms nothing.
    const bool confirmed =
        out.record.is_object() || (listed && !listed->empty() && listed->front().is_object());
    if (!confirmed)
        co_return ended(failed_write(unconfirmed(), look_at(of, "", write_kind::create)));
    co_return out;
}

} // namespace crm
