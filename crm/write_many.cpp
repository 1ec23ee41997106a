#include "crm/write_many.hpp"

#include "base/text.hpp"
#include "crm/batch.hpp"
#include "crm/before.hpp"
#include "crm/named_records.hpp"
#include "crm/tools.hpp"
#include "crm/upsert.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

// most_equal_bytes bounds the same data for many records, in all: each row keeps a copy, with what
// is stored merged in.
constexpr std::size_t most_equal_bytes = std::size_t{4} << 20U;

// begin() makes a row for each item of the caller's list; a row keeps its place there for good,
// because results, notes and errors speak of it by that index.
const json::array& begin(batch& all, const json::value& arguments) {
    const auto& items = *arguments.find(all.argument)->if_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        batch_row row;
        row.index = i;
        all.rows.push_back(std::move(row));
    }
    return items;
}

// refuse() fails a row before anything is written. A name that the schema lacks ends the batch: the
// schema may be out of date, and the other rows mostly have the same fault.
void refuse(batch& all, batch_row& row, error why) {
    if (why.detail == twenty::unknown_name && !all.stale) {
        write_end end;
        end.stale_schema = true;
        end.failure = why;
        end.failure->message = "Nothing was written. " + std::string(all.argument) + "[" +
                               std::to_string(row.index) + "]: " + why.message;
        all.stale = std::move(end);
    }
    all.fail(row, std::move(why));
}

void prepare(batch& all, batch_row& row, result<twenty::prepared_data> data) {
    if (data)
        row.data = std::move(data).value();
    else
        refuse(all, row, std::move(data).failure());
}

// take_about_of() takes "about" out of a row's data; false: the row is faulty.
bool take_about_of(batch& all, batch_row& row, json::value& data) {
    auto about = take_about(data, nullptr, all.of, all.may);
    if (!about) {
        refuse(all, row, about.failure());
        return false;
    }
    row.about = std::move(about).value();
    return true;
}

// identify() takes over a row's id, each one once: a second change of the same record would undo or
// double the first, in an order that nobody chose.
void identify(batch& all, batch_row& row, std::string_view given) {
    auto id = checked_id(given);
    if (!id) return all.fail(row, id.failure());
    const auto twin = std::ranges::find_if(all.rows, [&](const batch_row& other) {
        return other.id == *id && other.now != state::failed;
    });
    row.id = std::move(id).value();
    if (twin == all.rows.end()) return;
    std::vector<std::size_t> first;
    first.push_back(twin->index);
    all.fail(row, error(errc::bad_request,
                        named_rows(all, first) + " is the same " + all.of->name_singular +
                            "; that one was tried, this one was not. Join them."));
}

// {"id", "data": {…}} or {"id", field: value, …}; "about" may stand beside either.
json::value data_of(const json::value& record) {
    auto fields = *record.if_object();
    fields.erase("id");
    const auto* about = fields.find("about");
    const auto* data = fields.find("data");
    if (!data || !data->is_object() || fields.size() != (about ? 2U : 1U)) return fields;
    auto inner = *data->if_object();
    if (about) inner.set("about", *about);
    return inner;
}

// refuse_twin() fails a row whose unique value, in any spelling, an earlier one of `rows` has:
// Twenty takes https://x.example beside x.example, and refuses all for an e-mail address that comes
// twice.
void refuse_twin(batch& all, const std::vector<batch_row*>& rows,
                 const std::vector<json::value>& values, std::size_t at, const twenty::field& key) {
    for (std::size_t i = 0; i < at && rows[at]->now == state::waiting; ++i)
        if (rows[i]->now == state::waiting && same_value(key, values[i], values[at]))
            all.fail(*rows[at],
                     error(errc::bad_request, "records[" + std::to_string(rows[i]->index) +
                                                  "] has the same " + key.name +
                                                  "; that one was tried, this one was not. Join "
                                                  "them."));
}

// Rows whose unique value a stored record has become updates of that record.
async<result<done>> match_holders(call_slot& slot, batch& all, const json::array& items,
                                  const twenty::field& key, bool replace, const name_book& book) {
    std::vector<json::value> values;
    std::vector<batch_row*> rows;
    for (auto& row : all.rows) {
        if (row.now != state::waiting) continue;
        auto value = unique_value(key, row.data.values);
        if (!value) {
            all.fail(row, value.failure());
            continue;
        }
        values.push_back(std::move(value).value());
        rows.push_back(&row);
    }
    if (rows.empty()) co_return done{};
    auto found = co_await find_holders(slot, all.of, all.may, key, values);
    if (!found) co_return std::move(found).failure();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const json::value& record = (*found)[i];
        batch_row& row = *rows[i];
        if (!record.text("deletedAt").empty()) {
            row.now = state::failed;
            row.end = deleted_already(all.of, record);
            continue;
        }
        refuse_twin(all, rows, values, i, key);
        if (row.now != state::waiting || record.is_null()) continue;
        row.what = write_kind::update;
        identify(all, row, record.text("id"));
        if (row.now != state::waiting) continue;
        json::value data = items[row.index];
        // The row has its links already, with the ids of those that were named; an empty list of
        // them leaves the data as well.
        if (auto links = take_about(data, nullptr, all.of, all.may); !links) {
            all.fail(row, links.failure());
            continue;
        }
        prepare(all, row, twenty::prepare_update(data, all.of, all.may, replace));
        if (row.now != state::waiting) continue;
        if (auto named = resolve(row.data, book); !named) all.fail(row, named.failure());
        keep_primary(key, record, row.data);
    }
    co_return done{};
}

// find_names_of_batch() puts ids in the place of names, for the links in data and in "about".
async<done> find_names_of_batch(call_slot& slot, batch& all, name_book& book) {
    wanted_names names;
    for (const auto& row : all.rows)
        if (row.now == state::waiting) {
            add_names(names, row.data);
            add_names(names, row.about);
        }
    co_await book.look_up(slot, all.may, std::move(names));
    for (auto& row : all.rows) {
        if (row.now != state::waiting) continue;
        auto found = resolve(row.data, book);
        if (found) found = resolve(row.about, book);
        if (!found) all.fail(row, found.failure());
    }
    co_return done();
}

} // namespace

async<crm_outcome> create_many(call_slot& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of) {
    batch all(of, may, "records");
    const auto& items = begin(all, arguments);
    for (auto& row : all.rows) {
        json::value data = items[row.index];
        if (take_about_of(all, row, data)) prepare(all, row, twenty::prepare_create(data, of, may));
    }
    if (all.stale) co_return nothing_written(all);
    name_book book;
    co_await find_names_of_batch(slot, all, book);
    if (const auto by = arguments.text("upsertBy"); !by.empty()) {
        auto key = unique_field(of, may, by);
        if (!key) co_return failed(key.failure());
        auto matched =
            co_await match_holders(slot, all, items, **key, arguments.flag("replace"), book);
        if (!matched) co_return failed(matched.failure());
    }
    // Similar records are looked for among what was there before this call.
    co_await note_similar(slot, all);
    // The ids are ours, so that a repetition after a lost answer cannot make second records.
    for (auto& row : all.rows)
        if (row.id.empty()) row.id = context.new_id();
    crm_outcome out = co_await carry_out(slot, all, context);
    co_return out;
}

async<crm_outcome> update_many(call_slot& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of) {
    batch all(of, may, "records");
    const auto& items = begin(all, arguments);
    for (auto& row : all.rows) {
        row.what = write_kind::update;
        identify(all, row, items[row.index].text("id"));
        if (row.now != state::waiting) continue;
        json::value data = data_of(items[row.index]);
        if (take_about_of(all, row, data))
            prepare(all, row, prepare_beside(row.about, data, of, may, arguments.flag("replace")));
    }
    if (all.stale) co_return nothing_written(all);
    name_book book;
    co_await find_names_of_batch(slot, all, book);
    crm_outcome out = co_await carry_out(slot, all, context);
    co_return out;
}

async<crm_outcome> update_equally(call_slot& slot, const json::value& arguments,
                                  const call_context& context, const twenty::access& may,
                                  const twenty::writable_object& of) {
    batch all(of, may, "ids");
    const auto& items = begin(all, arguments);
    if (json::dumped_size(*arguments.find("data")) * items.size() > most_equal_bytes)
        co_return failed(error(errc::too_large, "The data is too long to be written to so many "
                                                "records at once; give fewer ids a call."));
    auto data = twenty::prepare_update(*arguments.find("data"), of, may, arguments.flag("replace"));
    if (!data) co_return failed(data.failure());
    name_book book;
    wanted_names names;
    add_names(names, *data);
    co_await book.look_up(slot, may, std::move(names));
    auto found = resolve(*data, book);
    if (!found) co_return failed(found.failure());
    for (auto& row : all.rows) {
        row.what = write_kind::update;
        identify(all, row, *items[row.index].if_string());
        row.data = *data;
    }
    crm_outcome out = co_await carry_out(slot, all, context);
    co_return out;
}

async<crm_outcome> change_many(call_slot& slot, write_kind what, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of) {
    batch all(of, may, "ids");
    const auto& items = begin(all, arguments);
    for (auto& row : all.rows) {
        row.what = what;
        identify(all, row, *items[row.index].if_string());
    }
    crm_outcome out = co_await carry_out(slot, all, context);
    co_return out;
}

} // namespace crm
