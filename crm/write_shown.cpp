#include "crm/write_shown.hpp"

#include "base/text.hpp"
#include "crm/changes.hpp"
#include "crm/columns.hpp"
#include "crm/fit.hpp"
#include "crm/record.hpp"
#include "crm/tools.hpp"
#include "twenty/shape.hpp"

#include <utility>

namespace crm {

namespace {

constexpr std::size_t longest_before = 8'000;

} // namespace

async<crm_outcome> show_written(call_slot& slot, write_kind what, const twenty::readable_object& of,
                                std::string id, const twenty::prepared_data& data,
                                const call_context& context, const twenty::access& may) {
    crm_outcome out;
    out.body.set(std::string(done_word(what)), true);
    out.body.set("object", of->name_singular);
    out.body.set("id", id);
    out.notes = data.notes;
    twenty::wanted_fields want = written_fields(of, may, data.values);
    record_reading read = co_await read_record(slot, of, may, id, std::move(want), true);
    if (!read.failure) co_await keep_read(slot, id, *of, read, data.values);
    if (read.failure) {
        out.notes.push_back("It is stored, but could not be read back: " + read.failure->message);
    } else {
        fit(read, longest_in_list, record_budget);
        remember_used(context.memory, of, json::value(data.values));
        // A compact record has no empty values any more; `empty` is what Twenty answered as null.
        add_notes(out, links_to_deleted(json::value(read.empty), data.values, of));
        if (!read.label.empty()) out.body.set("label", read.label);
        out.body.set("record", std::move(read.record));
        add_notes(out, read.notes);
    }
    if (const auto url = record_url(context, of, id); !url.empty()) out.body.set("url", url);
    co_return out;
}

crm_outcome show_updated(const twenty::object& of, const std::string& id,
                         const twenty::prepared_data& data, const stored_record& before,
                         const json::value& after, const call_context& context,
                         const twenty::access& may) {
    crm_outcome out;
    out.body.set("updated", true);
    out.body.set("object", of.name_singular);
    out.body.set("id", id);
    out.notes = data.notes;
    add_notes(out, before.notes);
    add_notes(out, links_to_deleted(after, data.values, of));
    record_reading read;
    read.record = twenty::compact_record(after, of, may);
    show_cleared(read.record, after, data.values);
    fit(read, longest_in_list, record_budget);
    remember_used(context.memory, of, json::value(data.values));
    if (const auto label = twenty::record_label(after, of); !label.empty())
        out.body.set("label", text::cut_utf8(label, longest_written_label));
    out.body.set("record", std::move(read.record));
    json::value was = changed_from(before.record, after, data.values, of, may);
    const auto cut = fit(was, longest_in_list, longest_before);
    out.body.set("before", std::move(was));
    add_notes(out, read.notes);
    for (const auto& part : cut.cut)
        out.notes.push_back("before." + part.path + " was cut; it had " +
                            std::to_string(part.bytes) + " bytes.");
    if (const auto url = record_url(context, of, id); !url.empty()) out.body.set("url", url);
    return out;
}

} // namespace crm
