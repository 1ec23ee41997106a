#include "crm/upsert.hpp"

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/data.hpp"
#include "twenty/identity.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace crm {

namespace {

// main_part() is the part that is unique in Twenty: of addresses the primary one alone.
std::string_view main_part(const twenty::field& key) {
    const auto* parts = twenty::composite_of(key.type);
    return parts ? parts->main : std::string_view();
}

// holder_filter() finds records whose value means one of these. Its alternatives stand inside of
// "and", because deleted_too() adds an "or" of its own.
json::object holder_filter(const twenty::field& key, const std::vector<json::value>& values) {
    json::object filter;
    if (twenty::identifies(key.type)) {
        std::vector<std::string> written;
        for (const auto& v : values)
            if (const auto* s = v.if_string()) written.push_back(*s);
        json::object any;
        any.append("or", twenty::holding(key, written));
        json::array both;
        both.emplace_back(std::move(any));
        filter.append("and", std::move(both));
        return filter;
    }
    json::object test;
    test.append("in", values);
    filter.append(key.name, std::move(test));
    return filter;
}

bool holds_as_primary(const twenty::field& key, const json::value& record,
                      const json::value& wanted) {
    const auto part = main_part(key);
    const auto* v = part.empty() ? record.find(key.name) : record.at(key.name, part);
    if (!v) return false;
    return same_value(key, *v, wanted);
}

bool holds(const twenty::field& key, const json::value& record, const json::value& wanted) {
    if (holds_as_primary(key, record, wanted)) return true;
    const auto others = twenty::additional_part(key.type);
    const auto* listed = others.empty() ? nullptr : record.at(key.name, others);
    if (!listed || !listed->if_array() || !wanted.if_string()) return false;
    return std::ranges::any_of(*listed->if_array(), [&](const json::value& item) {
        const auto* text = item.if_string();
        return twenty::same_primary(key.type, text ? *text : item.text("url"), *wanted.if_string());
    });
}

// pick() is the best of several records that have a value: one that has it as its primary one,
// which is the one in the way of a create, then one that is not deleted.
json::value pick(const twenty::field& key, const std::vector<const json::value*>& found,
                 const json::value& wanted) {
    const json::value* best = nullptr;
    int best_rank = 0;
    for (const auto* record : found) {
        if (record == best || !holds(key, *record, wanted)) continue;
        const int rank = (holds_as_primary(key, *record, wanted) ? 2 : 0) +
                         (record->text("deletedAt").empty() ? 1 : 0);
        if (!best || rank > best_rank) best = record;
        best_rank = std::max(best_rank, rank);
    }
    return best ? *best : json::value();
}

// holders_by_key are the stored records by what may identify them, in their order, so that each
// value is compared with few. Threat: sixty values, each compared with a hundred addresses of sixty
// records.
using holders_by_key = std::map<std::string, std::vector<const json::value*>, std::less<>>;

// Values of other types are compared as they are, with all.
std::string key_of(const twenty::field& key, const json::value& item) {
    return twenty::identifies(key.type) ? twenty::item_key(key.type, item) : std::string();
}

holders_by_key by_key(const twenty::field& key, const json::array& stored) {
    holders_by_key out;
    const auto part = main_part(key);
    const auto others = twenty::additional_part(key.type);
    for (const auto& record : stored) {
        const auto* primary = part.empty() ? record.find(key.name) : record.at(key.name, part);
        if (primary) out[key_of(key, *primary)].push_back(&record);
        const auto* listed = others.empty() ? nullptr : record.at(key.name, others);
        if (!listed || !listed->if_array()) continue;
        for (const auto& item : *listed->if_array()) {
            const auto* text = item.if_string();
            const json::value value(std::string(text ? *text : item.text("url")));
            out[key_of(key, value)].push_back(&record);
        }
    }
    return out;
}

} // namespace

result<const twenty::field*> unique_field(const twenty::object& of, const twenty::access& may,
                                          std::string_view name) {
    const auto written = text::trim(name);
    const auto dot = written.find('.');
    const auto field_name = twenty::exact_name(may, of, written.substr(0, dot));
    const auto* f = of.find_field(field_name);
    const auto part = dot == written.npos ? std::string_view() : written.substr(dot + 1);
    // A part other than the main one is not unique in Twenty.
    if (f && f->is_unique && may.visible(*f) && (part.empty() || part == main_part(*f))) return f;
    std::vector<std::string> unique;
    for (const auto* each : may.fields(of))
        if (each->is_unique && twenty::writable(*each)) {
            const auto main = main_part(*each);
            unique.push_back(each->name + (main.empty() ? "" : "." + std::string(main)));
        }
    return error(errc::bad_request,
                 "\"upsertBy\" takes a unique field of " + of.name_singular + "; " +
                     (unique.empty() ? "it has none that can be written."
                                     : "it has: " + text::join(unique, ", ") + "."));
}

result<json::value> unique_value(const twenty::field& key, const json::object& values) {
    const auto* v = values.find(key.name);
    const auto part = main_part(key);
    if (v && !part.empty()) v = v->find(part);
    const bool empty = !v || v->is_null() || (v->if_string() && v->if_string()->empty());
    if (empty || v->is_object() || v->is_array())
        return error(errc::bad_request, "The record lacks " + key.name +
                                            (part.empty() ? "" : "." + std::string(part)) +
                                            ", which upsertBy names.");
    return *v;
}

bool same_value(const twenty::field& key, const json::value& a, const json::value& b) {
    const auto* x = a.if_string();
    const auto* y = b.if_string();
    return x && y ? twenty::same_primary(key.type, *x, *y) : a == b;
}

async<result<std::vector<json::value>>>
find_holders(call_slot& slot, const twenty::readable_object& of, const twenty::access& may,
             const twenty::field& key, std::vector<json::value> values) {
    twenty::wanted_fields want;
    for (const auto& name : {std::string("id"), std::string("deletedAt"), key.name})
        if (of->find_field(name) && std::ranges::find(want.fields, name) == want.fields.end())
            want.fields.push_back(name);
    twenty::page page;
    // A deleted record keeps its unique values, so it stands in the way of a create as well.
    page.filter = twenty::deleted_too(holder_filter(key, values));
    page.first = twenty::max_page;
    reading read = co_await read_list(slot, of, may, std::move(want), std::move(page));
    if (read.failure) co_return std::move(*read.failure);
    // A key that may not read the field cannot tell who has a value, and a create would be a guess.
    if (!read.notes.empty()) co_return error(errc::not_allowed, read.notes.front());
    const json::array stored = read.take_nodes();
    const auto candidates = by_key(key, stored);
    std::vector<json::value> holders;
    for (const auto& wanted : values) {
        const auto found = candidates.find(key_of(key, wanted));
        holders.push_back(found == candidates.end() ? json::value()
                                                    : pick(key, found->second, wanted));
    }
    co_return holders;
}

// keep_primary() takes the key's value out of an update that would make a former additional address
// the primary one: the value was given to find the record, not to change it.
void keep_primary(const twenty::field& key, const json::value& holder,
                  twenty::prepared_data& data) {
    auto* given = data.values.find(key.name);
    auto* parts = given ? given->if_object() : nullptr;
    const auto* value = given ? given->find(main_part(key)) : nullptr;
    if (!parts || !value || holds_as_primary(key, holder, *value)) return;
    twenty::add_note(data.notes, "\"" + key.name +
                                     "\": the record has this one already, beside "
                                     "its primary one, which is kept");
    parts->erase(main_part(key));
    if (!parts->empty()) return;
    data.values.erase(key.name);
    std::erase(data.merge, key.name);
}

async<done> name_holder(call_slot& slot, const twenty::readable_object& of,
                        const twenty::access& may, const json::object& values, write_end& end,
                        std::string_view own_id) {
    if (!end.failure || end.failure->code != errc::conflict || end.more.find("existing"))
        co_return done();
    for (const auto* key : may.fields(of)) {
        // No answer of Twenty names the value here, so each unique field that was written is looked
        // for.
        if (!key->is_unique || key->name == "id" || !values.contains(key->name)) continue;
        auto value = unique_value(*key, values);
        if (!value) continue;
        std::vector<json::value> wanted;
        wanted.push_back(std::move(value).value());
        auto found = co_await find_holders(slot, of, may, *key, std::move(wanted));
        if (!found || found->front().is_null()) continue;
        const json::value& holder = found->front();
        if (text::iequals(holder.text("id"), own_id)) continue; // a value that it keeps
        if (!holder.text("deletedAt").empty()) {
            end.failure->message = "A deleted " + of->name_singular + " has the same " + key->name +
                                   " already: " + std::string(holder.text("id")) + ".";
            end.more = existing_record(of, holder.text("id"),
                                       "restore_record brings it back; then update_record "
                                       "changes it.");
        } else {
            end.more = existing_record(of, holder.text("id"),
                                       "update_record changes the existing record.");
        }
        co_return done();
    }
    co_return done();
}

async<done> name_holders(call_slot& slot, batch& all) {
    constexpr int most = 5; // one request each
    int looked = 0;
    for (auto& row : all.rows) {
        const auto& end = row.end;
        // Deleting and restoring write no value, and a record that was deleted before has its own
        // error.
        const bool conflict = row.now == batch_row::state::failed && end.failure &&
                              end.failure->code == errc::conflict && !end.more.find("existing") &&
                              row.what != write_kind::remove && row.what != write_kind::restore &&
                              row.before.text("deletedAt").empty();
        if (!conflict || ++looked > most) continue;
        co_await name_holder(slot, all.of, all.may, row.data.values, row.end, row.id);
    }
    co_return done();
}

} // namespace crm
