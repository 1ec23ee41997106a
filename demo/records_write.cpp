// The writing half of demo::records.
#include "demo/errors.hpp"
#include "demo/input.hpp"
#include "demo/newer.hpp"
#include "demo/records.hpp"
#include "demo/unique_values.hpp"
#include "demo/values.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <iterator>

namespace demo {

namespace {

result<done> require_filter(const json::value& filter, std::string_view operation) {
    const auto* members = filter.if_object();
    if (members && !members->empty()) return done{};
    return refuse(refusal::bad_query, "Filters are mandatory for bulk " + std::string(operation) +
                                          " operations. Please provide at least one filter to "
                                          "prevent accidental deletion of all records.");
}

// creatable_by_key() refuses what no key may create, whatever its role.
result<done> creatable_by_key(const object& on) {
    if (on.singular == "workspaceMember") return no_permission();
    if (on.singular == "blocklist") return refuse(refusal::no_user, "User id is required");
    if (on.singular == "workflowVersion" || on.singular == "workflowRun")
        return refuse(refusal::not_allowed, "Method not allowed.");
    return done{};
}

} // namespace

json::object records::actor() const {
    json::object out;
    out.append("source", "API");
    out.append("workspaceMemberId", nullptr);
    out.append("name", caller_.name);
    out.append("context", json::object());
    return out;
}

// duplicate_error() names the other record only while it lives.
error records::duplicate_error(const object& on, const clash& found) const {
    if (!found.on || found.among_several || is_deleted(*found.with))
        return refuse(refusal::duplicate, "A duplicate entry was detected",
                      "This record already exists. Please check your data and try again.");
    json::object more;
    more.append("conflictingRecordId", id_of(*found.with));
    more.append("conflictingObjectNameSingular", on.singular);
    return refuse(refusal::duplicate, "A duplicate entry was detected",
                  "This " + found.on->label +
                      " value is already in use. Please check your data and try again.",
                  std::move(more));
}

void records::touch(record& row) {
    row.set("updatedAt", iso_date_time(now_));
    row.set("updatedBy", actor());
}

// change() works on a copy and puts it in place last: what is refused leaves the record as it was.
result<done> records::change(const object& on, record& row, const json::value& data,
                             bool one_of_several) {
    TRY(columns, read_input({model_, data_, rights_}, on, data, &row));
    columns.erase("id");
    columns.erase("updatedBy");
    if (auto found = find_clash(data_, on, columns, id_of(row))) {
        found->among_several = one_of_several;
        return duplicate_error(on, *found);
    }
    record after = row;
    for (auto& [name, value] : columns)
        after.set(name, std::move(value));
    CHECK_OK(check_rules(model_, on, after));
    row = std::move(after);
    touch(row);
    return done{};
}

result<const record*> records::create_one(const object& on, const json::value& data, bool upsert,
                                          const std::vector<std::string>& twins) {
    TRY(columns, read_input({model_, data_, rights_}, on, data, nullptr));
    if (auto found = find_clash(data_, on, columns, {})) {
        found->among_several =
            std::find(twins.begin(), twins.end(), id_of(*found->with)) != twins.end();
        if (!upsert || found->among_several) return duplicate_error(on, *found);
        TRY(row, existing(on, id_of(*found->with)));
        CHECK_OK(change(on, *row, data, false));
        row->set("deletedAt", nullptr); // a deleted one comes back without a word
        return row;
    }
    record made = defaults_of(on);
    made.set("createdAt", iso_date_time(now_));
    made.set("createdBy", actor());
    double lowest = 1;
    for (const auto& [id, row] : data_.of(on))
        lowest = std::min(lowest, stored(row, "position").as_double().value_or(0));
    made.set("position", json::value::of_double(lowest - 1));
    for (auto& [name, value] : columns) {
        if (name == "createdBy" && value.if_object()) {
            json::object whole = actor();
            for (const auto& [part, v] : *value.if_object())
                if (!v.is_null()) whole.set(part, v);
            made.set(name, std::move(whole));
        } else {
            made.set(name, std::move(value));
        }
    }
    if (stored(made, "id").is_null()) made.set("id", data_.new_id());
    CHECK_OK(check_rules(model_, on, made));
    touch(made);
    const std::string id(id_of(made));
    return &data_.of(on).emplace(id, std::move(made)).first->second;
}

result<rows> records::create(const object& on, const json::array& data, bool upsert) {
    // Twenty has no right to create apart from the one to update.
    CHECK_OK(enter(action::update, on));
    CHECK_OK(creatable_by_key(on));
    if (data.size() > most_created)
        return refuse(refusal::too_many_created, "Maximum number of records to upsert is " +
                                                     std::to_string(most_created) + ".");
    table before; // all or nothing
    if (data.size() > 1) before = data_.of(on);
    std::vector<std::string> ids;
    for (const auto& item : data) {
        auto made = create_one(on, item, upsert, ids);
        if (!made) {
            if (data.size() > 1) data_.of(on) = std::move(before);
            return std::move(made).failure();
        }
        ids.emplace_back(id_of(**made));
    }
    rows out;
    for (const auto& id : ids)
        out.push_back(data_.find(on, id));
    return out;
}

result<rows> records::update(const object& on, std::string_view id, const json::value& data) {
    CHECK_OK(enter(action::update, on));
    TRY(row, existing(on, id));
    CHECK_OK(change(on, *row, data, false));
    return rows{row};
}

result<rows> records::update_many(const object& on, const json::value& filter,
                                  const json::value& data, bool lenient) {
    CHECK_OK(enter(action::update, on));
    TRY(found, written(on, filter, lenient));
    if (found.size() > most_updated)
        return refuse(refusal::too_many, "Cannot update more than " + std::to_string(most_updated) +
                                             " records at once");
    table before; // all or nothing [twenty-golden-2 many/017]
    if (found.size() > 1) before = data_.of(on);
    for (const record* row : found) {
        TRY(mutable_row, existing(on, id_of(*row)));
        if (auto changed = change(on, *mutable_row, data, found.size() > 1); !changed) {
            if (found.size() > 1) data_.of(on) = std::move(before);
            return changed.failure();
        }
    }
    return found;
}

result<rows> records::soft_delete(const object& on, std::string_view id) {
    CHECK_OK(enter(action::soft_delete, on));
    TRY(row, existing(on, id));
    touch(*row);
    row->set("deletedAt", iso_date_time(now_));
    return rows{row};
}

result<rows> records::soft_delete_many(const object& on, const json::value& filter, bool lenient) {
    CHECK_OK(enter(action::soft_delete, on));
    CHECK_OK(require_filter(filter, "delete"));
    TRY(found, written(on, filter, lenient));
    for (const record* row : found) {
        TRY(mutable_row, existing(on, id_of(*row)));
        touch(*mutable_row);
        mutable_row->set("deletedAt", iso_date_time(now_));
    }
    return found;
}

result<rows> records::restore(const object& on, std::string_view id) {
    CHECK_OK(enter(action::soft_delete, on));
    TRY(row, existing(on, id));
    touch(*row);
    row->set("deletedAt", nullptr);
    return rows{row};
}

result<rows> records::restore_many(const object& on, const json::value& filter, bool lenient) {
    CHECK_OK(enter(action::soft_delete, on));
    TRY(found, written(on, filter, lenient));
    for (const record* row : found) {
        TRY(mutable_row, existing(on, id_of(*row)));
        touch(*mutable_row);
        mutable_row->set("deletedAt", nullptr);
    }
    return found;
}

// `meet` is asked about each row that points at a record, by which field and column: true, it goes.
void records::each_reference(const object& on, std::string_view id, const reference_use& meet) {
    for (const auto& other : model_.objects())
        for (const auto& f : other.fields) {
            if (f.relation != relation_kind::many_to_one) continue;
            for (const auto& target : f.targets) {
                if (target.object != on.singular) continue;
                table& all = data_.of(other);
                for (auto row = all.begin(); row != all.end();) {
                    const auto* value = stored(row->second, target.column).if_string();
                    const bool goes = value && *value == id && meet(f, target.column, row->second);
                    row = goes ? all.erase(row) : std::next(row);
                }
            }
        }
}

// unlink() does what the database does to the records that point at one that goes.
void records::unlink(const object& on, std::string_view id) {
    each_reference(on, id, [](const field& f, const std::string& column, record& row) {
        if (f.on_delete == "CASCADE") return true;
        row.set(column, nullptr);
        return false;
    });
}

result<std::vector<record>> records::destroy(const object& on, std::string_view id) {
    CHECK_OK(enter(action::destroy, on));
    TRY(row, existing(on, id));
    std::vector<record> gone{*row};
    data_.of(on).erase(std::string(id));
    unlink(on, id);
    return gone;
}

result<std::vector<record>> records::destroy_many(const object& on, const json::value& filter,
                                                  bool lenient) {
    CHECK_OK(enter(action::destroy, on));
    CHECK_OK(require_filter(filter, "destroy"));
    TRY(found, written(on, filter, lenient));
    std::vector<record> gone;
    for (const record* row : found)
        gone.push_back(*row);
    for (const auto& row : gone) {
        data_.of(on).erase(std::string(id_of(row)));
        unlink(on, id_of(row));
    }
    return gone;
}

} // namespace demo
