// Writing the rows that link a record to what it is about. They go in requests of their own after
// the record, each all or nothing, because two mutations of one document run at once. An update
// looks first which rows are there: Twenty takes the same link a second time.
#include "base/text.hpp"
#include "crm/about.hpp"
#include "crm/about_rows.hpp"
#include "crm/reading.hpp"
#include "twenty/names.hpp"
#include "twenty/query.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace crm {

namespace {

using row_key = std::pair<std::string, std::string>; // the record's id; column and linked id

// wanted_rows() finds the rows of these records that lead to one of these ends. The pairs need not
// be wanted ones: link_records() looks for each of those in what is found.
json::value wanted_rows(const target_rows& in, const std::vector<linked_record>& records) {
    json::array owners;
    std::map<std::string, json::array> ends;
    std::set<row_key> known; // column and id
    for (const auto& r : records) {
        owners.emplace_back(r.id);
        for (const auto& item : *r.about)
            if (known.emplace(item.column, item.id).second) ends[item.column].emplace_back(item.id);
    }
    const auto among = [](const std::string& column, json::array ids) {
        json::object test;
        test.append("in", std::move(ids));
        json::object out;
        out.append(column, std::move(test));
        return out;
    };
    json::array any;
    for (auto& [column, ids] : ends)
        any.emplace_back(among(column, std::move(ids)));
    json::object to_any;
    to_any.append("or", std::move(any));
    json::array both;
    both.emplace_back(among(in.owner, std::move(owners)));
    both.emplace_back(std::move(to_any));
    json::object out;
    out.append("and", std::move(both));
    return out;
}

void add_rows(std::set<row_key>& out, const json::array& rows, const target_rows& in,
              const std::vector<std::string>& columns) {
    for (const auto& row : rows)
        for (const auto& column : columns)
            if (column != in.owner && column != "id")
                out.emplace(text::lower(row.text(in.owner)),
                            column + " " + text::lower(row.text(column)));
}

async<result<std::set<row_key>>> stored_rows(call_slot& slot, const target_rows& in,
                                             const twenty::access& may,
                                             const std::vector<linked_record>& records) {
    constexpr int most_pages = 20; // 60 records about 20 each fill six; the rest are doubles
    twenty::wanted_fields want;
    want.fields = {"id", in.owner};
    for (const auto& r : records)
        for (const auto& item : *r.about)
            if (std::ranges::find(want.fields, item.column) == want.fields.end())
                want.fields.push_back(item.column);
    twenty::page page;
    page.filter = wanted_rows(in, records);
    page.first = twenty::max_page;
    std::set<row_key> out;
    for (int n = 0; n < most_pages; ++n) {
        twenty::wanted_fields columns = want;
        twenty::page next = page;
        reading read = co_await read_list(slot, in.rows, may, std::move(columns), std::move(next));
        if (read.failure) co_return std::move(*read.failure);
        // A note says that the key's role may not read one of the columns. Links that cannot be
        // seen would be written twice, so none is written.
        if (!read.notes.empty()) co_return error(errc::not_allowed, read.notes.front());
        const auto* info = read.root.find("pageInfo");
        page.after = info ? std::string(info->text("endCursor")) : std::string();
        const bool last = !info || !info->flag("hasNextPage") || page.after.empty();
        add_rows(out, read.take_nodes(), in, want.fields);
        if (last) co_return out;
    }
    co_return error(errc::too_large, "There are too many links to look through; link fewer "
                                     "records a call.");
}

} // namespace

async<write_end> link_records(call_slot& slot, const twenty::object& of, const twenty::access& may,
                              std::vector<linked_record> records, bool look_first) {
    write_end out;
    auto in = about_rows_of(of, may);
    if (!in) {
        out.failure = in.failure();
        co_return out;
    }
    std::set<row_key> known;
    if (look_first) {
        auto stored = co_await stored_rows(slot, *in, may, records);
        if (!stored) {
            out.failure = stored.failure();
            co_return out;
        }
        known = std::move(stored).value();
    }
    std::vector<json::object> rows;
    for (const auto& r : records)
        for (const auto& item : *r.about) {
            // The wanted rows join those that are stored, so that a link that is asked for twice is
            // written once.
            if (!known.emplace(r.id, item.column + " " + item.id).second) continue;
            json::object row;
            row.append("id", slot.context->new_id());
            row.append(in->owner, r.id);
            row.append(item.column, item.id);
            rows.push_back(std::move(row));
        }
    // Twenty refuses more than 200 new records at once.
    for (std::size_t from = 0; from < rows.size() && !out.failure; from += twenty::max_page) {
        const auto end = std::min(rows.size(), from + twenty::max_page);
        std::vector<json::object> some(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                       rows.begin() + static_cast<std::ptrdiff_t>(end));
        out = co_await write_new(slot, in->rows, may, std::move(some));
    }
    co_return out;
}

async<crm_outcome> link_created(call_slot& slot, const twenty::writable_object& of,
                                crm_outcome made, const about_list& about,
                                const twenty::access& may) {
    if (made.failure || about.empty()) co_return made;
    std::string id(made.body.find("id")->if_string() ? *made.body.find("id")->if_string() : "");
    std::vector<linked_record> records;
    records.push_back({id, &about});
    write_end linked = co_await link_records(slot, of, may, std::move(records), false);
    if (!linked.failure) {
        made.body.set("about", shown(about));
        co_return made;
    }
    // work_in_workspace() runs a call again when its schema proved out of date.
    linked.stale_schema = false; // a second run of the call would create a second record
    // Taking the record back would meet the same failure; and where no answer came, it may be
    // linked.
    if (linked.perhaps || meets_all(*linked.failure)) {
        made.notes.push_back(std::string("The record is stored, ") +
                             (linked.perhaps ? "but of its links no answer came: "
                                             : "but its links were not written: ") +
                             linked.failure->message +
                             " update_record with this id and the same about writes those that "
                             "are missing.");
        co_return made;
    }
    const json::object nothing;
    write_end undone = co_await write_one(slot, of, may, write_kind::remove, id, nothing, "id");
    linked.failure->message =
        "The links of \"about\" could not be written: " + linked.failure->message +
        (undone.perhaps ? " It is not known whether the " + of->name_singular + " " + id +
                              " was deleted again; get_record tells."
         : undone.failure ? " The " + of->name_singular + " is stored without them: " + id + "."
                          : " The new " + of->name_singular +
                                " was deleted again (softly, as delete_record does).");
    co_return failed(std::move(linked));
}

async<crm_outcome> link_stored(call_slot& slot, const twenty::writable_object& of, crm_outcome done,
                               const about_list& about, const twenty::access& may, bool alone) {
    if (done.failure || about.empty()) co_return done;
    std::vector<linked_record> records;
    records.push_back({*done.body.find("id")->if_string(), &about});
    write_end linked = co_await link_records(slot, of, may, std::move(records), true);
    if (!linked.failure) {
        done.body.set("about", shown(about));
        co_return done;
    }
    const std::string why = std::string(linked.perhaps ? "It is not known whether the" : "The") +
                            " links of \"about\" were " + (linked.perhaps ? "" : "not ") +
                            "written: " + linked.failure->message;
    // An update that was to do nothing else has failed with its links. Any other has happened, so
    // its links are a note beside it.
    if (alone) {
        linked.failure->message = why;
        if (linked.perhaps) {
            json::object look;
            look.append("object", of->name_singular);
            look.append("id", *done.body.find("id")->if_string());
            look.append("hint", "The same call again writes those that are missing.");
            linked.more = std::move(look);
        }
        co_return failed(std::move(linked));
    }
    done.notes.push_back(why + " A call with the same about alone writes those that are missing.");
    co_return done;
}

} // namespace crm
