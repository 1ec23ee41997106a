// The part of demo::records about records that are alike: duplicates and merging.
#include "demo/errors.hpp"
#include "demo/input.hpp"
#include "demo/records.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>

namespace demo {

namespace {

constexpr std::size_t fewest_merged = 2;
constexpr std::size_t most_merged = 9;

// The value behind a criterion's name: "emailsPrimaryEmail" is emails.primaryEmail.
const json::value& flattened(const object& on, const json::object& row, std::string_view name) {
    static const json::value null;
    for (const auto& f : on.fields) {
        if (f.name == name) return stored(row, name);
        for (const auto& part : f.type->parts)
            if (f.name + capitalised(part.name) == name) {
                const json::value* v = stored(row, f.name).find(part.name);
                return v ? *v : null;
            }
    }
    return null;
}

bool alike(const object& on, const json::object& a, const json::object& b) {
    return std::any_of(
        on.duplicate_criteria.begin(), on.duplicate_criteria.end(), [&](const auto& criterion) {
            return std::all_of(criterion.begin(), criterion.end(), [&](const auto& name) {
                const json::value& v = flattened(on, a, name);
                return !v.is_null() && v == flattened(on, b, name);
            });
        });
}

bool is_blank(const json::value& v) {
    if (v.is_null()) return true;
    if (const auto* a = v.if_array()) return a->empty();
    if (const auto* o = v.if_object())
        return std::all_of(o->begin(), o->end(),
                           [](const auto& part) { return is_blank(part.second); });
    return false;
}

} // namespace

result<std::vector<rows>> records::duplicates(const object& on, const json::value* ids,
                                              const json::value* data) {
    CHECK_OK(enter(action::read, on));
    if (ids && data)
        return refuse(refusal::bad_query, "You cannot provide both \"data\" and \"ids\" arguments");
    const json::value* given = ids ? ids : data;
    if (!given || !given->if_array())
        return refuse(refusal::bad_query,
                      "You have to provide either \"data\" or \"ids\" argument");
    std::vector<rows> out;
    for (const auto& item : *given->if_array()) {
        json::object wanted;
        if (data) {
            TRY(columns, read_input({model_, data_, rights_}, on, item, nullptr));
            wanted = std::move(columns);
        } else if (const record* row =
                       item.if_string() ? data_.find(on, *item.if_string()) : nullptr) {
            wanted = *row;
        }
        rows found;
        for (const auto& [id, row] : data_.of(on))
            if (!is_deleted(row) && stored(wanted, "id") != json::value(id) &&
                alike(on, wanted, row))
                found.push_back(&row);
        out.push_back(std::move(found));
    }
    return out;
}

result<record> records::merge(const object& on, const std::vector<std::string>& ids,
                              std::int64_t priority, bool dry_run) {
    // The others are destroyed, so merging needs that right; a dry run changes nothing.
    CHECK_OK(enter(dry_run ? action::read : action::destroy, on));
    if (on.duplicate_criteria.empty())
        return refuse(refusal::bad_query, "Merge is only available for objects with duplicate "
                                          "criteria. Object '" +
                                              on.singular +
                                              "' does not have duplicate criteria defined.");
    if (ids.size() < fewest_merged)
        return refuse(refusal::bad_query, "At least " + std::to_string(fewest_merged) +
                                              " record IDs are required for merge");
    if (ids.size() > most_merged)
        return refuse(refusal::bad_query,
                      "Maximum " + std::to_string(most_merged) + " records can be merged at once");
    if (priority < 0 || static_cast<std::size_t>(priority) >= ids.size())
        return refuse(refusal::bad_query, "Invalid conflict priority '" + std::to_string(priority) +
                                              "'. Valid options for " + std::to_string(ids.size()) +
                                              " records: 0-" + std::to_string(ids.size() - 1));
    for (const auto& id : ids)
        if (!data_.find(on, id)) return refuse(refusal::not_found, "One or more records not found");
    TRY(winner, existing(on, ids[static_cast<std::size_t>(priority)]));
    record merged = *winner;
    for (const auto& id : ids) {
        TRY(other, existing(on, id));
        for (const auto& [name, value] : *other)
            if (is_blank(stored(merged, name))) merged.set(name, value);
    }
    if (dry_run) {
        merged.set("id", data_.new_id());
        merged.set("deletedAt", iso_date_time(now_));
        return merged;
    }
    for (const auto& id : ids) {
        if (id == id_of(merged)) continue;
        data_.of(on).erase(id);
        unlink(on, id);
    }
    touch(merged);
    *winner = merged;
    return merged;
}

} // namespace demo
