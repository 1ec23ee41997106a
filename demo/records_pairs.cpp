// The part of demo::records about records that are alike: duplicates and merging.
#include "demo/errors.hpp"
#include "demo/input.hpp"
#include "demo/records.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>
#include <set>
#include <utility>

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

result<done> check_merge(const object& on, const std::vector<std::string>& ids,
                         std::int64_t priority) {
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
    return done{};
}

// What is not selected is not there for a merge, be it a field or a part of one: additional numbers
// come without the country that was not asked for [merge/022, phones/025].
json::value selected(const field& f, const json::value& v, const merged_parts& parts) {
    const auto* members = v.if_object();
    const auto wanted = parts.by_field.find(f.name);
    if (!members || parts.all || wanted == parts.by_field.end() || wanted->second.empty()) return v;
    json::object out;
    for (const auto& name : wanted->second)
        out.append(name, stored(*members, name));
    return json::value(std::move(out));
}

// The members of an additional item that belong to selected parts: countryCode to
// primaryPhoneCountryCode.
json::value item_of(const json::object& value, std::string_view primary,
                    const std::vector<std::pair<std::string_view, std::string_view>>& members) {
    if (members.empty()) return stored(value, primary);
    json::object out;
    for (const auto& [part, name] : members)
        if (const auto* v = value.find(part); v && !is_blank(*v)) out.append(std::string(name), *v);
    return json::value(std::move(out));
}

// Addresses, numbers and links of all, the first of them the survivor's.
json::value joined_of_all(const std::vector<json::value>& values, const json::value& first,
                          std::string_view primary, std::string_view additional,
                          const std::vector<std::pair<std::string_view, std::string_view>>& members,
                          bool whole) {
    json::object out = *first.if_object();
    const json::value main = stored(out, primary);
    json::array others;
    const auto key = [&](const json::value& item) {
        return members.empty()                     ? item
               : item.find(members.front().second) ? *item.find(members.front().second)
                                                   : json::value();
    };
    const auto add = [&](const json::value& item) {
        if (is_blank(item) || key(item) == main) return;
        for (const auto& known : others)
            if (key(known) == key(item)) return;
        others.push_back(item);
    };
    for (const auto& value : values) {
        const auto& object = *value.if_object();
        add(item_of(object, primary, members));
        if (const auto* more = stored(object, additional).if_array())
            for (const auto& item : *more)
                add(item);
    }
    if (out.contains(additional) || whole)
        out.set(std::string(additional), others.empty() ? json::value() : json::value(others));
    return json::value(std::move(out));
}

json::value united(const std::vector<json::value>& values) {
    json::array out;
    for (const auto& value : values)
        if (const auto* list = value.if_array())
            for (const auto& item : *list)
                if (std::find(out.begin(), out.end(), item) == out.end()) out.push_back(item);
    return json::value(std::move(out));
}

json::value merged_value(const field& f, const std::vector<json::value>& values,
                         const json::value& first, bool whole) {
    const auto type = f.type->name;
    if (type == "EMAILS")
        return joined_of_all(values, first, "primaryEmail", "additionalEmails", {}, whole);
    if (type == "LINKS")
        return joined_of_all(values, first, "primaryLinkUrl", "secondaryLinks",
                             {{"primaryLinkUrl", "url"}, {"primaryLinkLabel", "label"}}, whole);
    if (type == "PHONES")
        return joined_of_all(values, first, "primaryPhoneNumber", "additionalPhones",
                             {{"primaryPhoneNumber", "number"},
                              {"primaryPhoneCallingCode", "callingCode"},
                              {"primaryPhoneCountryCode", "countryCode"}},
                             whole);
    if (type == "MULTI_SELECT" || type == "ARRAY") return united(values);
    return first;
}

// The survivor's value, or the first that there is; of several the lists are joined.
void merge_field(const field& f, const std::vector<const record*>& rows, std::size_t priority,
                 const merged_parts& parts, record& merged) {
    if (f.system && !f.is_relation()) return;
    if (f.relation == relation_kind::one_to_many) return;
    std::vector<std::string> columns{f.name};
    if (f.is_relation()) {
        columns.clear();
        for (const auto& target : f.targets)
            columns.push_back(target.column);
    }
    for (const auto& column : columns) {
        if (!parts.all && !parts.by_field.contains(column)) continue;
        std::vector<json::value> values;
        json::value first;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            auto v = selected(f, stored(*rows[i], column), parts);
            if (is_blank(v)) continue;
            if (first.is_null() || i == priority) first = v;
            values.push_back(std::move(v));
        }
        if (values.empty()) continue;
        auto made = values.size() == 1 ? values.front() : merged_value(f, values, first, parts.all);
        // The parts that were not selected stay as they are.
        if (const auto* members = made.if_object(); members && stored(merged, column).is_object()) {
            auto whole = *stored(merged, column).if_object();
            for (const auto& [name, v] : *members)
                whole.set(name, v);
            made = json::value(std::move(whole));
        }
        merged.set(column, std::move(made));
    }
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
                              std::int64_t priority, bool dry_run, const merged_parts& parts) {
    // The others are destroyed, so merging needs that right; a dry run changes nothing.
    CHECK_OK(enter(dry_run ? action::read : action::destroy, on));
    CHECK_OK(check_merge(on, ids, priority));
    std::vector<const record*> rows;
    std::set<std::string> seen;
    for (const auto& id : ids) {
        const record* row = data_.find(on, id);
        if (!row || is_deleted(*row) || !seen.insert(id).second)
            return refuse(refusal::not_found, "One or more records not found");
        rows.push_back(row);
    }
    const auto& keeps = ids[static_cast<std::size_t>(priority)];
    TRY(winner, existing(on, keeps));
    record merged = *winner;
    for (const auto& f : on.fields)
        merge_field(f, rows, static_cast<std::size_t>(priority), parts, merged);
    if (dry_run) {
        merged.set("id", data_.new_id());
        merged.set("deletedAt", iso_date_time(now_));
        return merged;
    }
    for (const auto& id : ids) {
        if (id == keeps) continue;
        hand_over(on, id, keeps);
        data_.of(on).erase(id);
        unlink(on, id);
    }
    touch(merged);
    *winner = merged;
    return merged;
}

// hand_over() gives the survivor what leads to one object alone. What may lead to one of several
// goes with the record, in 2.19 [twenty-golden-2 merge/058, 059, 072].
void records::hand_over(const object& on, std::string_view from, const std::string& to) {
    each_reference(on, from, [&](const field& f, const std::string& column, record& row) {
        if (f.is_morph()) return true;
        row.set(column, to);
        return false;
    });
}

} // namespace demo
